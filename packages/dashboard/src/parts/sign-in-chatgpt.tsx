import { Alert, Anchor, Button, Code, Group, Loader, SegmentedControl, Stack, Text, TextInput } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconExternalLink, IconLogin2 } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { api, type Schemas } from '../api/client.js'
import { useLive } from '../api/live.js'
import { useFormat } from '../i18n/format.js'
import { useTexts } from '../i18n/index.js'
import { Copy } from './copy.js'
import { QrCode } from './qr-code.js'
import classes from './sign-in-chatgpt.module.css'
import { TEXTS } from './sign-in-texts.js'
import { useNow } from './use-now.js'

export { FoundOnComputer, useFoundOnComputer } from './found-on-computer.js'

/** Who signed in. */
export type SignedIn = NonNullable<Schemas['Login']['account']>

export interface SignInProps {
  /** Called once, when somebody has signed in. */
  onDone: (account: SignedIn) => void
}

/** Signing in to ChatGPT: in this browser, by the address that another one ended on, or by a code on any device. */
export function SignInChatGpt({ onDone }: SignInProps) {
  const { t } = useTexts(TEXTS)
  const [way, setWay] = useState<'browser' | 'device'>('browser')
  return (
    <Stack gap="md">
      <SegmentedControl
        value={way}
        onChange={(value) => setWay(value as typeof way)}
        aria-label={t('way')}
        fullWidth
        data={[
          { value: 'browser', label: t('wayBrowser') },
          { value: 'device', label: t('wayDevice') },
        ]}
      />
      {way === 'browser' ? <ByBrowser onDone={onDone} /> : <ByDevice onDone={onDone} />}
    </Stack>
  )
}

/** How a login stands, told live and asked for now and then. It is given up when nobody looks any more. */
function useLogin(id: string | undefined, onDone: SignInProps['onDone']): Schemas['Login'] | undefined {
  const client = useQueryClient()
  const key = ['login', id]
  const { data } = useQuery({
    queryKey: key,
    enabled: id !== undefined,
    queryFn: async () => (await api.GET('/auth/logins/{id}', { params: { path: { id: id ?? '' } } })).data,
    refetchInterval: ({ state }) => (state.data === undefined || state.data.state === 'waiting' ? 3_000 : false),
  })
  useLive('logins', (told) => {
    const which: unknown = typeof told === 'object' && told !== null ? Reflect.get(told, 'id') : undefined
    if (which === id) void client.invalidateQueries({ queryKey: key })
  })
  const done = useRef<string>(undefined)
  useEffect(() => {
    if (data?.state !== 'done' || data.account === null || done.current === data.id) return
    done.current = data.id
    onDone(data.account)
  }, [data])
  useEffect(() => {
    if (id === undefined) return undefined
    return () => {
      const known = client.getQueryData<Schemas['Login']>(key)
      if (known !== undefined && known.state !== 'waiting') return
      // Its port and its place are wanted by the next one; that it is over already is as good.
      void api.DELETE('/auth/logins/{id}', { params: { path: { id } } }).catch(() => undefined)
    }
  }, [id])
  return data
}

/** The gateway listens on its own computer alone: a browser elsewhere cannot come back to it. */
const SAME_COMPUTER = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(location.hostname)

function ByBrowser({ onDone }: SignInProps) {
  const { t } = useTexts(TEXTS)
  const start = useMutation({
    mutationFn: async () => {
      const { data } = await api.POST('/auth/login-start', { body: {} })
      if (data !== undefined) window.open(data.authUrl, '_blank', 'noopener,noreferrer')
      return data
    },
  })
  const login = useLogin(start.data?.id, onDone)
  if (login?.state === 'done') return <Done login={login} again={() => start.reset()} />
  if (start.data === undefined) {
    return (
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{t('browserAbout')}</Text>
        <Button leftSection={<IconLogin2 size={18} />} onClick={() => start.mutate()} loading={start.isPending}>
          {t('start')}
        </Button>
        {start.error === null ? null : <Trouble message={start.error.message} />}
      </Stack>
    )
  }
  if (login?.state === 'failed' || login?.state === 'expired') {
    return <Trouble message={login.error ?? ''} again={() => start.mutate()} />
  }
  const comesBack = start.data.listening && SAME_COMPUTER
  return (
    <Stack gap="sm">
      <Waiting text={comesBack ? t('waitingBrowser') : t('waitingPaste')} />
      <Anchor href={httpOnly(start.data.authUrl)} target="_blank" rel="noopener noreferrer" size="sm">
        <Group gap={6} wrap="nowrap" component="span">
          <IconExternalLink size={16} aria-hidden />
          {t('openAgain')}
        </Group>
      </Anchor>
      <Paste about={comesBack ? t('pasteElse') : t('pasteHere', { address: start.data.redirectUri })} />
      <Button variant="default" size="xs" className={classes.start} onClick={() => start.reset()}>
        {t('giveUp')}
      </Button>
    </Stack>
  )
}

/** The address that a browser ended on, where it could not come back by itself. */
function Paste({ about }: { about: string }) {
  const { t } = useTexts(TEXTS)
  const [pasted, setPasted] = useState('')
  const client = useQueryClient()
  const send = useMutation({
    mutationFn: async (callbackUrl: string) => (await api.POST('/auth/code-relay', { body: { callbackUrl } })).data,
    onSettled: () => client.invalidateQueries({ queryKey: ['login'] }),
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (pasted.trim() !== '') send.mutate(pasted)
      }}
    >
      <TextInput
        label={t('pasteLabel')}
        description={about}
        placeholder="http://127.0.0.1:1455/auth/callback?code=…&state=…"
        value={pasted}
        onChange={(event) => setPasted(event.currentTarget.value)}
        error={send.error?.message}
        autoComplete="off"
        spellCheck={false}
        inputContainer={(input) => (
          <div className={classes.row}>
            <div className={classes.grow}>{input}</div>
            <Button type="submit" variant="light" loading={send.isPending} disabled={pasted.trim() === ''}>
              {t('pasteSend')}
            </Button>
          </div>
        )}
      />
    </form>
  )
}

function ByDevice({ onDone }: SignInProps) {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  const now = useNow(1_000)
  const start = useMutation({
    mutationFn: async () => {
      const { data } = await api.POST('/auth/device-login', { body: {} })
      return data === undefined ? undefined : { ...data, endsAt: Date.now() + data.expiresIn * 1000 }
    },
  })
  const login = useLogin(start.data?.id, onDone)
  if (login?.state === 'done') return <Done login={login} again={() => start.reset()} />
  if (start.data === undefined) {
    return (
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{t('deviceAbout')}</Text>
        <Button leftSection={<IconLogin2 size={18} />} onClick={() => start.mutate()} loading={start.isPending}>
          {t('deviceStart')}
        </Button>
        {start.error === null ? null : <Trouble message={start.error.message} />}
      </Stack>
    )
  }
  if (login?.state === 'failed' || login?.state === 'expired') {
    return <Trouble message={login.error ?? ''} again={() => start.mutate()} />
  }
  const { verificationUri, userCode, endsAt } = start.data
  return (
    <Stack gap="md">
      <div className={classes.device}>
        <QrCode value={verificationUri} label={t('qr', { address: verificationUri })} />
        <Stack gap="sm" className={classes.grow}>
          <div>
            <Text size="sm">{t('deviceOpen')}</Text>
            <Anchor href={httpOnly(verificationUri)} target="_blank" rel="noopener noreferrer" className={classes.long}>
              {verificationUri}
            </Anchor>
          </div>
          <div>
            <Text size="sm">{t('deviceType')}</Text>
            <Group gap="xs" wrap="nowrap">
              <Code className={classes.code} data-testid="user-code">
                {userCode}
              </Code>
              <Copy value={userCode} label={t('copyCode')} />
            </Group>
          </div>
        </Stack>
      </div>
      <Waiting
        text={t('waitingDevice', { time: format.duration(Math.max(0, Math.round((endsAt - now) / 60_000) * 60_000)) })}
      />
      <Button variant="default" size="xs" className={classes.start} onClick={() => start.reset()}>
        {t('giveUp')}
      </Button>
    </Stack>
  )
}

function Waiting({ text }: { text: string }) {
  return (
    <Group gap="sm" wrap="nowrap" role="status">
      <Loader size="sm" aria-hidden />
      <Text size="sm">{text}</Text>
    </Group>
  )
}

function Done({ login, again }: { login: Schemas['Login']; again: () => void }) {
  const { t } = useTexts(TEXTS)
  const { account, outcome } = login
  const name = account?.label ?? account?.email ?? account?.id ?? ''
  return (
    <Alert color="teal" variant="light" icon={<IconCircleCheck />} role="status" title={t('done', { name })}>
      <Group gap="sm">
        <Text size="sm">{t(outcome === 'added' ? 'doneNew' : 'doneAgain', { plan: account?.planType ?? '–' })}</Text>
        <Button size="xs" variant="default" onClick={again}>
          {t('another')}
        </Button>
      </Group>
    </Alert>
  )
}

function Trouble({ message, again }: { message: string; again?: () => void }) {
  const { t } = useTexts(TEXTS)
  return (
    <Alert color="red" variant="light" icon={<IconAlertTriangle />} title={t('failed')} w="100%">
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{message}</Text>
        {again === undefined ? null : (
          <Button size="xs" variant="default" onClick={again}>
            {t('again')}
          </Button>
        )}
      </Stack>
    </Alert>
  )
}

/** What a configuration or a server names as an address is a link only when it is one. */
export function httpOnly(address: string): string | undefined {
  return /^https?:\/\//i.test(address) ? address : undefined
}
