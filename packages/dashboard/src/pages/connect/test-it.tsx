import { Alert, Anchor, Button, Group, List, Loader, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconPlayerPlay } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { Link } from 'wouter'
import { useLive } from '../../api/live.js'
import { useFormat } from '../../i18n/format.js'
import { useTexts } from '../../i18n/index.js'
import type { Recipe } from './clients/index.js'
import { useChoice } from './data.js'
import { fit, readRecord, type LiveRecord } from './records.js'
import { TEXTS } from './texts.js'

/** After so long without a request it is said what to look at; waiting goes on. */
const SLOW_MS = 30_000

type State = { is: 'idle' } | { is: 'waiting' } | { is: 'arrived'; record: LiveRecord; sure: boolean }

/** Waits for the first request of a client, and tells what arrived. */
export function TestIt({ recipe }: { recipe: Recipe }) {
  const { t } = useTexts(TEXTS)
  const [state, setState] = useState<State>({ is: 'idle' })
  return (
    <div aria-live="polite">
      {state.is === 'idle' ? (
        <Button leftSection={<IconPlayerPlay size={16} />} onClick={() => setState({ is: 'waiting' })}>
          {t('test')}
        </Button>
      ) : null}
      {state.is === 'waiting' ? (
        <Waiting
          recipe={recipe}
          onArrival={(record, sure) => setState({ is: 'arrived', record, sure })}
          onStop={() => setState({ is: 'idle' })}
        />
      ) : null}
      {state.is === 'arrived' ? (
        <Stack gap="xs" align="flex-start">
          <Arrived recipe={recipe} record={state.record} sure={state.sure} />
          <Button variant="default" size="xs" onClick={() => setState({ is: 'waiting' })}>
            {t('testAnother')}
          </Button>
        </Stack>
      ) : null}
    </div>
  )
}

function Waiting({
  recipe,
  onArrival,
  onStop,
}: {
  recipe: Recipe
  onArrival: (record: LiveRecord, sure: boolean) => void
  onStop: () => void
}) {
  const { t } = useTexts(TEXTS)
  const [{ keyId }] = useChoice()
  const [slow, setSlow] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), SLOW_MS)
    return () => clearTimeout(timer)
  }, [])
  useLive('requests', (data) => {
    const record = readRecord(data)
    if (record === undefined) return
    const fits = fit(record, recipe, keyId)
    if (fits !== 'no') onArrival(record, fits === 'sure')
  })
  return (
    <Stack gap="sm" data-waiting={recipe.id}>
      <Group gap="sm">
        <Loader size="sm" aria-hidden />
        <div>
          <Text fw={500}>{t('testWaiting', { client: recipe.name })}</Text>
          <Text size="sm" c="dimmed">
            {t('testWaitingAbout')}
          </Text>
        </div>
        <Button variant="default" size="xs" onClick={onStop}>
          {t('testStop')}
        </Button>
      </Group>
      {slow ? (
        <Alert variant="light" color="yellow" icon={<IconAlertTriangle />} title={t('testSlow')}>
          <List size="sm" spacing={4}>
            {(['hintSaved', 'hintAddress', 'hintKey', 'hintOther', 'hintReach'] as const).map((hint) => (
              <List.Item key={hint}>{t(hint)}</List.Item>
            ))}
          </List>
        </Alert>
      ) : null}
    </Stack>
  )
}

/** A request that arrived, in a few words. */
export function Arrived({ recipe, record, sure }: { recipe: Pick<Recipe, 'name'>; record: LiveRecord; sure: boolean }) {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  const failed = record.failure !== undefined
  const facts: (readonly [string, string] | undefined)[] = [
    [t('testModel'), record.model],
    record.status === undefined ? undefined : [t('testStatus'), String(record.status)],
    record.durationMs === undefined ? undefined : [t('testTook'), format.duration(record.durationMs)],
    record.ttftMs === undefined ? undefined : [t('testFirst'), format.duration(record.ttftMs)],
    record.inputTokens === undefined
      ? undefined
      : [t('testTokens'), `${format.number(record.inputTokens)} → ${format.number(record.outputTokens ?? 0)}`],
  ]
  return (
    <Alert
      w="100%"
      variant="light"
      color={failed ? 'orange' : 'teal'}
      icon={failed ? <IconAlertTriangle /> : <IconCircleCheck />}
      title={t(failed ? 'testFailed' : 'testArrived', { client: recipe.name })}
    >
      <Stack gap={6}>
        {failed ? <Text size="sm">{record.failure}</Text> : null}
        {sure ? null : <Text size="sm">{t('testUnknown')}</Text>}
        <Group gap="lg">
          {facts.map((fact) =>
            fact === undefined ? null : (
              <Text key={fact[0]} size="sm">
                {fact[0]}: <b>{fact[1]}</b>
              </Text>
            ),
          )}
        </Group>
        <Anchor
          component={Link}
          href={`/requests?id=${encodeURIComponent(record.logId ?? record.id)}`}
          size="sm"
          underline="always"
        >
          {t('testOpen')}
        </Anchor>
      </Stack>
    </Alert>
  )
}
