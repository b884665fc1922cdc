import { Alert, Button, Collapse, Divider, PasswordInput, Skeleton, Stack, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconAlertTriangle, IconClock, IconLink } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState, type FormEvent } from 'react'
import { ApiError } from '../api/client.js'
import { enterWithLink, enterWithPassword, readStatus, tokenIn } from '../api/sign-in.js'
import { useTexts } from '../i18n/index.js'
import { CopyBlock } from '../parts/copy.js'
import { Loaded } from '../parts/page.js'
import { Entrance } from './entrance.js'
import { TEXTS } from './sign-in-page-texts.js'

/** The way in: the password, or a one-time link. */
export default function SignIn({ badLink }: { badLink: boolean }) {
  const { t } = useTexts(TEXTS)
  const status = useQuery({ queryKey: ['sign-in-status'], queryFn: readStatus, staleTime: 0 })
  const [linkOpen, { toggle }] = useDisclosure(false)
  return (
    <Entrance title={t('title')} about={t('about')}>
      {badLink ? (
        <Alert color="orange" variant="light" icon={<IconLink />} role="alert">
          {t('badLink')}
        </Alert>
      ) : null}
      <Loaded query={status} skeleton={<Skeleton height={190} />}>
        {({ passwordSet, retryAfterSeconds }) =>
          passwordSet ? (
            <Stack gap="md">
              <PasswordEntry waitAtFirst={retryAfterSeconds} />
              <Divider />
              <Button variant="subtle" size="compact-sm" onClick={toggle} aria-expanded={linkOpen}>
                {t('forgotten')}
              </Button>
              <Collapse expanded={linkOpen}>
                <LinkEntry />
              </Collapse>
            </Stack>
          ) : (
            <Stack gap="md">
              <Text size="sm">{t('noPassword')}</Text>
              <LinkEntry />
            </Stack>
          )
        }
      </Loaded>
    </Entrance>
  )
}

function PasswordEntry({ waitAtFirst }: { waitAtFirst: number }) {
  const { t } = useTexts(TEXTS)
  const [password, setPassword] = useState('')
  const [wrong, setWrong] = useState<string>()
  const [busy, setBusy] = useState(false)
  const [seconds, setSeconds] = useState(waitAtFirst)
  useEffect(() => {
    if (seconds <= 0) return undefined
    const timer = setTimeout(() => setSeconds(seconds - 1), 1000)
    return () => clearTimeout(timer)
  }, [seconds])

  async function enter(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (seconds > 0) return
    setBusy(true)
    setWrong(undefined)
    try {
      await enterWithPassword(password)
    } catch (error) {
      const code = error instanceof ApiError ? error.code : ''
      if (code === 'wrong_password') setWrong(t('wrong'))
      else if (code !== 'too_many_tries') setWrong(error instanceof ApiError ? error.message : t('unreachable'))
      const now = await readStatus().catch(() => undefined)
      setSeconds(now?.retryAfterSeconds ?? 0)
      setBusy(false)
    }
  }

  return (
    <form onSubmit={(event) => void enter(event)}>
      <Stack gap="md">
        {/* So that a password manager knows whose password it is. */}
        <input type="text" name="username" autoComplete="username" value="dragoman" readOnly hidden />
        <PasswordInput
          label={t('password')}
          name="password"
          size="md"
          autoComplete="current-password"
          autoFocus
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={wrong}
        />
        {seconds > 0 ? (
          <Alert color="orange" variant="light" icon={<IconClock />}>
            {t('tooMany', { seconds })}
          </Alert>
        ) : null}
        <Button type="submit" size="md" fullWidth loading={busy} disabled={password === '' || seconds > 0}>
          {seconds > 0 ? t('wait', { seconds }) : t('enter')}
        </Button>
      </Stack>
    </form>
  )
}

function LinkEntry() {
  const { t } = useTexts(TEXTS)
  const [link, setLink] = useState('')
  const [wrong, setWrong] = useState<string>()
  const [busy, setBusy] = useState(false)

  async function enter(event: FormEvent): Promise<void> {
    event.preventDefault()
    setBusy(true)
    setWrong(undefined)
    try {
      await enterWithLink(tokenIn(link))
    } catch (error) {
      const used = error instanceof ApiError && error.code === 'link_used'
      setWrong(used ? t('badLink') : error instanceof ApiError ? error.message : t('unreachable'))
      setBusy(false)
    }
  }

  return (
    <Stack gap="sm">
      <Text size="sm">{t('howLink')}</Text>
      <CopyBlock code="npx dragoman open" />
      <form onSubmit={(event) => void enter(event)}>
        <Stack gap="sm">
          <TextInput
            label={t('pasteLink')}
            placeholder="http://127.0.0.1:8080/#token=…"
            autoComplete="off"
            value={link}
            onChange={(event) => setLink(event.currentTarget.value)}
            error={wrong}
            {...(wrong === undefined ? {} : { rightSection: <IconAlertTriangle size={16} /> })}
          />
          <Button type="submit" variant="light" loading={busy} disabled={link.trim() === ''}>
            {t('useLink')}
          </Button>
        </Stack>
      </form>
    </Stack>
  )
}
