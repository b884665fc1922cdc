import { Button, Code, Group, PasswordInput, Skeleton, Stack, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState, type FormEvent } from 'react'
import { api, ApiError } from '../api/client.js'
import { readStatus, tokenIn } from '../api/sign-in.js'
import { defineTexts, useCommon, useTexts } from '../i18n/index.js'

const TEXTS = defineTexts(
  'confirm-form',
  {
    why: 'This shows or changes secrets. Enter your password once more; it then counts for five minutes.',
    whyLink:
      'This shows or changes secrets, and no password is set. Make a new link on the computer of the gateway and paste it here; it then counts for five minutes.',
    password: 'Password',
    link: 'New link',
    linkHint: 'Made there by the command',
    confirm: 'Confirm',
  },
  {
    why: '这会显示或更改机密内容。请再次输入密码；确认后五分钟内有效。',
    whyLink:
      '这会显示或更改机密内容，而您还没有设置密码。请在网关所在的电脑上生成新链接并粘贴到这里；确认后五分钟内有效。',
    password: '密码',
    link: '新链接',
    linkHint: '在那台电脑上用此命令生成',
    confirm: '确认',
  },
)

/** Asks for a fresh proof of who is asking: the password, or, where none is set, a new one-time link. */
export function ConfirmForm({ onConfirmed, onCancel }: { onConfirmed: () => void; onCancel: () => void }) {
  const { t } = useTexts(TEXTS)
  const common = useCommon()
  const status = useQuery({ queryKey: ['sign-in-status'], queryFn: readStatus, staleTime: 0 })
  const [value, setValue] = useState('')
  const [wrong, setWrong] = useState<string>()
  const [busy, setBusy] = useState(false)

  // Whoever opens a new link in another tab of this browser has proven it, too.
  useEffect(() => {
    const signedInElsewhere = (event: StorageEvent): void => {
      if (event.key === 'dragoman-session' && event.newValue !== null) onConfirmed()
    }
    window.addEventListener('storage', signedInElsewhere)
    return () => window.removeEventListener('storage', signedInElsewhere)
  }, [onConfirmed])

  async function confirm(event: FormEvent): Promise<void> {
    event.preventDefault()
    setBusy(true)
    const proof = status.data?.passwordSet === true ? { password: value } : { token: tokenIn(value) }
    try {
      await api.POST('/auth/dashboard-confirm', { body: proof })
      onConfirmed()
    } catch (error) {
      setWrong(error instanceof ApiError ? error.message : String(error))
      setBusy(false)
    }
  }

  if (status.data === undefined) return <Skeleton height={160} />
  const { passwordSet } = status.data
  return (
    <form onSubmit={(event) => void confirm(event)}>
      <Stack>
        <Text size="sm">{t(passwordSet ? 'why' : 'whyLink')}</Text>
        {passwordSet ? (
          <PasswordInput
            label={t('password')}
            autoComplete="current-password"
            value={value}
            onChange={(event) => setValue(event.currentTarget.value)}
            error={wrong}
            data-autofocus
          />
        ) : (
          <TextInput
            label={t('link')}
            description={
              <>
                {t('linkHint')} <Code>dragoman open --print</Code>
              </>
            }
            placeholder="http://127.0.0.1:8080/#token=…"
            autoComplete="off"
            value={value}
            onChange={(event) => setValue(event.currentTarget.value)}
            error={wrong}
            data-autofocus
          />
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            {common.t('act.cancel')}
          </Button>
          <Button type="submit" loading={busy} disabled={value.trim() === ''}>
            {t('confirm')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
