import {
  Alert,
  Anchor,
  Badge,
  Button,
  Code,
  Collapse,
  Group,
  Loader,
  Paper,
  Stack,
  Text,
  Textarea,
  Tooltip,
  UnstyledButton,
} from '@mantine/core'
import {
  IconAlertTriangle,
  IconBrain,
  IconChevronDown,
  IconChevronRight,
  IconRefresh,
  IconTool,
} from '@tabler/icons-react'
import { useState } from 'react'
import { Link } from 'wouter'
import { useFormat } from '../../i18n/format.js'
import { useTexts } from '../../i18n/index.js'
import type { Part } from './conversation.js'
import { PlainText } from './plain-text.js'
import classes from './playground.module.css'
import { WIRES } from './protocols/index.js'
import { TEXTS } from './texts.js'
import type { Exchange } from './use-chat.js'

type Call = Extract<Part, { kind: 'call' }>

/** A question and its answer. */
export function ExchangeView({
  exchange,
  last,
  onAnswer,
  onRetry,
}: {
  exchange: Exchange
  /** Calls of the last answer wait to be answered. */
  last: boolean
  onAnswer: (results: readonly Part[]) => void
  onRetry: () => void
}) {
  const { t } = useTexts(TEXTS)
  const { asked, reply, state, protocol, model } = exchange
  const calls = reply.parts.filter((part) => part.kind === 'call')
  return (
    <Stack gap="md" component="article" data-state={state}>
      <div className={classes.mine}>
        <Stack gap="xs">
          <Parts parts={asked.parts} />
        </Stack>
      </div>
      <Stack gap="xs" className={classes.theirs}>
        <Group gap="xs">
          <Text fw={600} size="sm">
            {model}
          </Text>
          <Badge variant="light" color="gray" size="sm" tt="none">
            {WIRES[protocol].name}
          </Badge>
        </Group>
        <Parts parts={reply.parts} running={state === 'running'} />
        {state === 'running' && reply.parts.length === 0 ? (
          <Group gap="xs" role="status">
            <Loader size="xs" aria-hidden />
            <Text size="sm" c="dimmed">
              {t('waiting')}
            </Text>
          </Group>
        ) : null}
        {state === 'done' && reply.parts.length === 0 ? (
          <Text size="sm" c="dimmed">
            {t('nothingSaid')}
          </Text>
        ) : null}
        {state === 'stopped' ? (
          <Text size="sm" c="dimmed">
            {t('stopped')}
          </Text>
        ) : null}
        {state === 'failed' ? (
          <Alert color="red" variant="light" icon={<IconAlertTriangle />} title={t('failed')}>
            <Text size="sm" className={classes.prose}>
              {reply.error}
            </Text>
          </Alert>
        ) : null}
        {state === 'running' ? null : <Facts exchange={exchange} onRetry={onRetry} />}
        {state === 'done' && last && calls.length > 0 ? <AnswerCalls calls={calls} onAnswer={onAnswer} /> : null}
      </Stack>
    </Stack>
  )
}

function Parts({ parts, running = false }: { parts: readonly Part[]; running?: boolean }) {
  const { t } = useTexts(TEXTS)
  return (
    <>
      {parts.map((part, at) => {
        switch (part.kind) {
          case 'text':
            return <PlainText key={at} text={part.text} />
          case 'image':
            return <Picture key={at} url={part.url} label={t('image', { number: at + 1 })} />
          case 'reasoning':
            return <Thoughts key={at} text={part.text} open={running && at === parts.length - 1} />
          case 'call':
            return (
              <Paper key={at} withBorder p="xs">
                <Group gap={6} mb={4}>
                  <IconTool size={16} aria-hidden />
                  <Text size="sm" fw={500}>
                    {t('call', { name: part.name })}
                  </Text>
                </Group>
                <Code block className={classes.code}>
                  {part.args}
                </Code>
              </Paper>
            )
          case 'result':
            return (
              <div key={at}>
                <Text size="sm" fw={500} mb={4}>
                  {t('result', { name: part.name })}
                </Text>
                <Code block className={classes.code}>
                  {part.text}
                </Code>
              </div>
            )
          default:
            return part satisfies never
        }
      })}
    </>
  )
}

/** Only what came inside the answer is shown; a picture elsewhere is told as its address. */
function Picture({ url, label }: { url: string; label: string }) {
  if (!/^data:image\/(?:png|jpeg|webp|gif);/.test(url)) return <Code className={classes.code}>{url}</Code>
  return <img src={url} alt={label} className={classes.picture} />
}

function Thoughts({ text, open }: { text: string; open: boolean }) {
  const { t } = useTexts(TEXTS)
  const [chosen, setChosen] = useState<boolean>()
  const shown = chosen ?? open
  return (
    <div>
      <UnstyledButton onClick={() => setChosen(!shown)} aria-expanded={shown}>
        <Group gap={6}>
          {shown ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />}
          <IconBrain size={16} aria-hidden />
          <Text size="sm" c="dimmed">
            {t('thinking')}
          </Text>
        </Group>
      </UnstyledButton>
      <Collapse expanded={shown}>
        <Text size="sm" c="dimmed" className={classes.prose} pl={22}>
          {text}
        </Text>
      </Collapse>
    </div>
  )
}

function Facts({ exchange, onRetry }: { exchange: Exchange; onRetry: () => void }) {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  const { reply, record, ttftMs, durationMs, translation, requestId } = exchange
  const { input, output, cached, reasoning } = reply.usage ?? {}
  // As the gateway measured it, once it has told; what this page measured in a busy moment would not fit beside it.
  const took = record?.durationMs ?? durationMs
  const first = record === undefined ? ttftMs : record.ttftMs
  const facts = [
    input === undefined ? undefined : t('usage', { input: format.number(input), output: format.number(output ?? 0) }),
    cached === undefined || cached === 0 ? undefined : t('usageCached', { tokens: format.number(cached) }),
    reasoning === undefined || reasoning === 0 ? undefined : t('usageReasoning', { tokens: format.number(reasoning) }),
    first === undefined ? undefined : t('ttft', { time: format.duration(first) }),
    took === undefined ? undefined : t('took', { time: format.duration(took) }),
    record?.tokensPerSecond === undefined ? undefined : t('speed', { speed: format.number(record.tokensPerSecond, 1) }),
    record?.costUsd === undefined ? undefined : t('cost', { cost: format.usd(record.costUsd) }),
  ]
  return (
    <div className={classes.facts}>
      {facts.map((fact) =>
        fact === undefined ? null : (
          <Text key={fact} size="xs" c="dimmed">
            {fact}
          </Text>
        ),
      )}
      {translation === undefined ? null : (
        <Tooltip label={t('translationAbout')} multiline maw={280}>
          <Text size="xs" c="dimmed" tabIndex={0}>
            {t('translation', { receipt: translation })}
          </Text>
        </Tooltip>
      )}
      {requestId === undefined ? null : (
        <Anchor
          component={Link}
          size="xs"
          underline="always"
          href={`/requests?id=${encodeURIComponent(record?.logId ?? requestId)}`}
        >
          {t('openRequest')}
        </Anchor>
      )}
      <Button size="compact-xs" variant="subtle" color="gray" leftSection={<IconRefresh size={14} />} onClick={onRetry}>
        {t('retry')}
      </Button>
    </div>
  )
}

/** What somebody answers by hand in the place of the tools. */
function AnswerCalls({ calls, onAnswer }: { calls: readonly Call[]; onAnswer: (results: readonly Part[]) => void }) {
  const { t } = useTexts(TEXTS)
  const [answers, setAnswers] = useState<Readonly<Record<string, string>>>({})
  const answerOf = ({ id }: Call): string => answers[id] ?? t('callAnswerDefault')
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        onAnswer(calls.map((call) => ({ kind: 'result', id: call.id, name: call.name, text: answerOf(call) })))
      }}
    >
      <Stack gap="xs" align="flex-start">
        {calls.map((call) => (
          <Textarea
            key={call.id}
            w="100%"
            maw={560}
            autosize
            minRows={1}
            maxRows={8}
            label={calls.length === 1 ? t('callAnswer') : t('result', { name: call.name })}
            value={answerOf(call)}
            onChange={(event) => {
              const { value } = event.currentTarget
              setAnswers((all) => ({ ...all, [call.id]: value }))
            }}
          />
        ))}
        <Button type="submit" size="xs">
          {t('callSend')}
        </Button>
      </Stack>
    </form>
  )
}
