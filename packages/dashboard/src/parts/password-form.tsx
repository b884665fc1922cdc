import { Button, Group, PasswordInput, Skeleton, Stack, Text } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { api, ApiError } from '../api/client.js'
import { known, readStatus } from '../api/sign-in.js'
import { withFreshSignIn } from '../chrome/confirm-identity.js'
import { useCommon, useTexts } from '../i18n/index.js'
import { Loaded } from './page.js'
import { TEXTS } from './password-form-texts.js'
import { askFirst, sayDone, sayFailed } from './say.js'

/** As the gateway has it; what else it refuses it says itself. */
const SHORTEST = 8

/**
 * Sets, changes or removes the password of the dashboard. `onDone` is called after each.
 * @param props.brief what there is now is told beside it already
 */
export function PasswordForm({ onDone, brief = false }: { onDone?: () => void; brief?: boolean }) {
  const status = useQuery({ queryKey: ['sign-in-status'], queryFn: readStatus })
  return (
    <Loaded query={status} skeleton={<Skeleton height={240} />}>
      {({ passwordSet }) => <Form passwordSet={passwordSet} brief={brief} onDone={onDone ?? (() => undefined)} />}
    </Loaded>
  )
}

function Form({ passwordSet, brief, onDone }: { passwordSet: boolean; brief: boolean; onDone: () => void }) {
  const { t } = useTexts(TEXTS)
  const common = useCommon()
  const client = useQueryClient()
  const [password, setPassword] = useState('')
  const [again, setAgain] = useState('')
  const [wrong, setWrong] = useState<{ field: 'password' | 'again'; message: string }>()
  const [busy, setBusy] = useState(false)

  function changed(): void {
    void client.invalidateQueries({ queryKey: ['sign-in-status'] })
    void client.invalidateQueries({ queryKey: ['sessions'] })
    onDone()
  }

  async function set(event: FormEvent): Promise<void> {
    event.preventDefault()
    if ([...password].length < SHORTEST) return setWrong({ field: 'password', message: t('short') })
    if (password !== again) return setWrong({ field: 'again', message: t('differ') })
    setWrong(undefined)
    setBusy(true)
    try {
      const { data } = await withFreshSignIn(() => api.PUT('/admin/password', { body: { password } }))
      const { ended } = known(data)
      sayDone(ended === 0 ? t('done') : t('doneEnded', { count: ended }))
      setPassword('')
      setAgain('')
      changed()
    } catch (error) {
      if (error instanceof ApiError && error.code === 'weak_password')
        setWrong({ field: 'password', message: error.message })
      else sayFailed(error)
    }
    setBusy(false)
  }

  function remove(): void {
    askFirst({
      title: t('removeTitle'),
      children: <Text size="sm">{t('removeWhy')}</Text>,
      confirm: t('remove'),
      cancel: common.t('act.cancel'),
      async run() {
        await withFreshSignIn(() => api.DELETE('/admin/password'))
        sayDone(t('removed'))
        changed()
      },
    })
  }

  return (
    <form onSubmit={(event) => void set(event)}>
      <Stack gap="md">
        {brief ? null : <Text size="sm">{t(passwordSet ? 'isSet' : 'notSet')}</Text>}
        {/* So that a password manager knows whose password it is. */}
        <input type="text" name="username" autoComplete="username" value="dragoman" readOnly hidden />
        <PasswordInput
          label={t('new')}
          description={t('hint')}
          autoComplete="new-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={wrong?.field === 'password' ? wrong.message : undefined}
        />
        <PasswordInput
          label={t('again')}
          autoComplete="new-password"
          value={again}
          onChange={(event) => setAgain(event.currentTarget.value)}
          error={wrong?.field === 'again' ? wrong.message : undefined}
        />
        <Group justify="space-between" gap="sm">
          <Button type="submit" loading={busy} disabled={password === ''}>
            {t(passwordSet ? 'change' : 'set')}
          </Button>
          {passwordSet ? (
            <Button variant="subtle" color="red" onClick={remove}>
              {t('remove')}
            </Button>
          ) : null}
        </Group>
      </Stack>
    </form>
  )
}
