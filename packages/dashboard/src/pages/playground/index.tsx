import { Alert, Button, Collapse, Group, Select, Skeleton, Stack, Tabs, Text } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconAdjustments, IconMessages, IconPencilPlus } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { useTexts } from '../../i18n/index.js'
import { Empty, Loaded, Page } from '../../parts/page.js'
import { sayFailed } from '../../parts/say.js'
import { useConnect, type ConnectView } from '../connect/data.js'
import { CodeView } from './code-view.js'
import { Composer } from './composer.js'
import { PROTOCOLS, type Part, type Protocol } from './conversation.js'
import { ExchangeView } from './exchange-view.js'
import { Options, type Change } from './options.js'
import classes from './playground.module.css'
import { WIRES } from './protocols/index.js'
import { RawReply, RawRequest, WhichExchange } from './raw-views.js'
import { askingOf, FIRST_SETTINGS, toolProblem, withChange, type Settings } from './settings.js'
import { TEXTS } from './texts.js'
import { turnsOf, useChat } from './use-chat.js'

export default function Playground() {
  const query = useConnect()
  const { t } = useTexts(TEXTS)
  return (
    <Page title={t('title')} about={t('about')}>
      <Loaded query={query} skeleton={<Waiting />}>
        {(connect) => <Talk connect={connect} />}
      </Loaded>
    </Page>
  )
}

function Waiting() {
  return (
    <Stack>
      <Skeleton height={60} />
      <Skeleton height={420} />
    </Stack>
  )
}

const VIEWS = ['chat', 'request', 'reply', 'code'] as const
const VIEW_NAMES = { chat: 'tabChat', request: 'tabRequest', reply: 'tabReply', code: 'tabCode' } as const

function Talk({ connect }: { connect: ConnectView }) {
  const { t } = useTexts(TEXTS)
  const wide = useMediaQuery('(min-width: 75em)', undefined, { getInitialValueInEffect: false })
  const [settings, setSettings] = useState<Settings>(FIRST_SETTINGS)
  const [optionsOpen, setOptionsOpen] = useState(false)
  const [view, setView] = useState<(typeof VIEWS)[number]>('chat')
  const [looked, setLooked] = useState<number>()
  const chat = useChat()
  const change: Change = (to) => setSettings((now) => withChange(now, to))
  const model = settings.model ?? connect.default_model
  const seen = chat.exchanges.find(({ id }) => id === looked) ?? chat.exchanges.at(-1)

  function ask(parts: readonly Part[], inPlaceOf?: number): void {
    setView('chat')
    setLooked(undefined)
    chat
      .ask(settings.protocol, askingOf(settings, connect.default_model), parts, inPlaceOf)
      .catch((error: unknown) => sayFailed(error))
  }

  const which =
    seen === undefined ? null : <WhichExchange exchanges={chat.exchanges} chosen={seen} onChoose={setLooked} />
  const shown = wide || optionsOpen
  return (
    <Stack gap="md">
      <Bar connect={connect} settings={settings} model={model} onChange={change}>
        {wide ? null : (
          <Button
            variant="default"
            leftSection={<IconAdjustments size={16} />}
            aria-expanded={optionsOpen}
            onClick={() => setOptionsOpen(!optionsOpen)}
          >
            {optionsOpen ? t('optionsHide') : t('optionsShow')}
          </Button>
        )}
        <Button
          variant="default"
          leftSection={<IconPencilPlus size={16} />}
          disabled={chat.exchanges.length === 0}
          onClick={() => chat.clear()}
        >
          {t('clear')}
        </Button>
      </Bar>
      <div className={`${classes.layout} ${classes.withOptions}`}>
        <div className={classes.options}>
          <Collapse expanded={shown}>
            <Options settings={settings} onChange={change} />
          </Collapse>
        </div>
        <Tabs
          value={view}
          onChange={(value) => setView(VIEWS.find((one) => one === value) ?? 'chat')}
          keepMounted={false}
        >
          <Tabs.List aria-label={t('tabs')}>
            {VIEWS.map((one) => (
              <Tabs.Tab key={one} value={one}>
                {t(VIEW_NAMES[one])}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Tabs.Panel value="chat" pt="md" keepMounted>
            <Conversation chat={chat} onAsk={ask} onTool={() => change({ toolOn: true })} />
            <Composer busy={chat.busy} onSend={(parts) => ask(parts)} onStop={chat.stop} />
          </Tabs.Panel>
          <Tabs.Panel value="request" pt="md">
            <RawRequest exchange={seen}>{which}</RawRequest>
          </Tabs.Panel>
          <Tabs.Panel value="reply" pt="md">
            <RawReply exchange={seen}>{which}</RawReply>
          </Tabs.Panel>
          <Tabs.Panel value="code" pt="md">
            <Code connect={connect} settings={settings} chat={chat} seen={seen} which={which} />
          </Tabs.Panel>
        </Tabs>
      </div>
    </Stack>
  )
}

type Chat = ReturnType<typeof useChat>

function Bar({
  connect,
  settings,
  model,
  onChange,
  children,
}: {
  connect: ConnectView
  settings: Settings
  model: string
  onChange: Change
  children: React.ReactNode
}) {
  const { t } = useTexts(TEXTS)
  return (
    <Stack gap={6}>
      <Group align="flex-end" gap="sm">
        <Select
          label={t('model')}
          placeholder={t('modelSearch')}
          searchable
          limit={200}
          allowDeselect={false}
          data={[...new Set([...connect.models.map(({ id }) => id), model])]}
          value={model}
          onChange={(value) => onChange({ model: value })}
          flex="1 1 200px"
          maw={360}
        />
        <Select
          label={t('protocol')}
          allowDeselect={false}
          data={PROTOCOLS.map((value) => ({ value, label: WIRES[value].name }))}
          value={settings.protocol}
          onChange={(value) => onChange({ protocol: (value ?? 'responses') as Protocol })}
          flex="1 1 180px"
          maw={260}
        />
        {children}
      </Group>
      <Text size="xs" c="dimmed">
        {t('ollamaWhy')}
      </Text>
    </Stack>
  )
}

function Conversation({
  chat,
  onAsk,
  onTool,
}: {
  chat: Chat
  onAsk: (parts: readonly Part[], inPlaceOf?: number) => void
  onTool: () => void
}) {
  const { t } = useTexts(TEXTS)
  const end = useRef<HTMLDivElement>(null)
  const near = useRef(true)
  useEffect(() => {
    const look = (): void => {
      near.current = window.innerHeight + window.scrollY > document.documentElement.scrollHeight - 160
    }
    window.addEventListener('scroll', look, { passive: true })
    return () => window.removeEventListener('scroll', look)
  }, [])
  // Follows what streams in, unless somebody has scrolled up to read.
  useEffect(() => {
    if (near.current) end.current?.scrollIntoView({ block: 'end' })
  }, [chat.exchanges])
  if (chat.exchanges.length === 0) {
    const say = (text: string) => () => onAsk([{ kind: 'text', text }])
    return (
      <Empty
        icon={<IconMessages size={36} stroke={1.4} />}
        title={t('emptyTitle')}
        action={
          <Group gap="xs" justify="center">
            <Button variant="light" size="xs" onClick={say(t('sayHello'))}>
              {t('trySay')}
            </Button>
            <Button variant="light" size="xs" onClick={say(t('sayCode'))}>
              {t('tryCode')}
            </Button>
            <TryTool onTool={onTool} onAsk={say(t('sayTool'))} />
          </Group>
        }
      >
        {t('emptyAbout')}
      </Empty>
    )
  }
  return (
    <Stack gap="xl" pb="md" role="log" aria-label={t('tabChat')}>
      {chat.exchanges.map((exchange, at) => (
        <ExchangeView
          key={exchange.id}
          exchange={exchange}
          last={at === chat.exchanges.length - 1}
          onAnswer={onAsk}
          onRetry={() => onAsk(exchange.asked.parts, exchange.id)}
        />
      ))}
      <div ref={end} className={classes.end} />
    </Stack>
  )
}

/** Offers the tool first, and asks when that has come about. */
function TryTool({ onTool, onAsk }: { onTool: () => void; onAsk: () => void }) {
  const { t } = useTexts(TEXTS)
  const [wanted, setWanted] = useState(false)
  useEffect(() => {
    if (!wanted) return
    setWanted(false)
    onAsk()
  }, [wanted])
  return (
    <Button
      variant="light"
      size="xs"
      onClick={() => {
        onTool()
        setWanted(true)
      }}
    >
      {t('tryTool')}
    </Button>
  )
}

function Code({
  connect,
  settings,
  chat,
  seen,
  which,
}: {
  connect: ConnectView
  settings: Settings
  chat: Chat
  seen: Chat['exchanges'][number] | undefined
  which: React.ReactNode
}) {
  const { t } = useTexts(TEXTS)
  const problem = toolProblem(settings)
  if (seen === undefined && problem !== undefined) {
    return <Alert color="red">{t('toolBroken', { message: problem })}</Alert>
  }
  const protocol = seen?.protocol ?? settings.protocol
  const request =
    seen?.request ??
    WIRES[protocol].request({
      ...askingOf(settings, connect.default_model),
      turns: [...turnsOf(chat.exchanges), { role: 'user', parts: [{ kind: 'text', text: t('sayHello') }] }],
    })
  return (
    <Stack gap="sm">
      {which}
      <CodeView protocol={protocol} request={request} addresses={connect.addresses.map(({ url }) => url)} />
    </Stack>
  )
}
