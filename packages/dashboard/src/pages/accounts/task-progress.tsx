import { Button, Group, List, Paper, Progress, Spoiler, Text } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { api, type Schemas } from '../../api/client.js'
import { useLive } from '../../api/live.js'
import { useFormat } from '../../i18n/format.js'
import { useCommon, useTexts } from '../../i18n/index.js'
import { sayFailed } from '../../parts/say.js'
import { nameOf } from './choose.js'
import { KEY, type Listed } from './data.js'
import { TEXTS } from './texts.js'

type Task = Schemas['Task']
const KINDS = [
  'batch-delete',
  'batch-enable',
  'batch-disable',
  'batch-settings',
  'batch-refresh',
  'batch-quota',
  'health-check',
  'import',
] as const

/** How far a long act is; told live, and asked for now and then. */
export function TaskProgress({ task: first, onHide }: { task: Task; onHide: () => void }) {
  const { t } = useTexts(TEXTS)
  const common = useCommon()
  const format = useFormat()
  const client = useQueryClient()
  const key = ['task', first.id]
  const { data: task = first } = useQuery({
    queryKey: key,
    queryFn: async () => (await api.GET('/admin/tasks/{id}', { params: { path: { id: first.id } } })).data ?? first,
    initialData: first,
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? 2_000 : false),
  })
  useLive('tasks', (told) => {
    const view = told as Task
    if (view.id === first.id) client.setQueryData(key, view)
  })
  const over = task.state !== 'running'
  const told = useRef(false)
  useEffect(() => {
    if (!over || told.current) return
    told.current = true
    void client.invalidateQueries({ queryKey: KEY })
  }, [over])
  const kind = KINDS.find((one) => one === task.kind)
  const counts = { done: format.number(task.done), total: format.number(task.total) }
  return (
    <Paper withBorder shadow="md" p="sm" role="group" aria-label={t('task.label')} data-task={task.id}>
      <Group justify="space-between" gap="sm" mb={6}>
        <Text size="sm" fw={600}>
          {kind === undefined ? task.kind : t(`task.${kind}`)}
        </Text>
        <Group gap="xs">
          <Text size="sm" c="dimmed" role="status">
            {sentenceOf(task, counts, t)}
            {task.failed === 0 ? '' : ` · ${t('task.failed', { count: task.failed })}`}
          </Text>
          {over ? (
            <Button size="compact-sm" variant="default" onClick={onHide}>
              {t('task.hide')}
            </Button>
          ) : (
            <Button
              size="compact-sm"
              variant="default"
              onClick={() =>
                void api
                  .POST('/admin/tasks/{id}/cancel', { params: { path: { id: task.id } } })
                  .catch((error: unknown) => sayFailed(error))
              }
            >
              {t('task.stop')}
            </Button>
          )}
        </Group>
      </Group>
      <Progress
        value={task.total === 0 ? 100 : (100 * task.done) / task.total}
        color={task.state === 'failed' ? 'red' : task.failed > 0 ? 'yellow' : 'teal'}
        animated={!over}
        aria-label={t('task.label')}
      />
      {over ? (
        <Failures
          task={task}
          more={(count) => t('task.more', { count })}
          show={common.t('act.show')}
          hide={common.t('act.hide')}
        />
      ) : null}
    </Paper>
  )
}

function sentenceOf(
  task: Task,
  counts: { done: string; total: string },
  t: ReturnType<typeof useTexts<(typeof TEXTS)['en']>>['t'],
): string {
  if (task.state === 'running') return t('task.running', counts)
  if (task.state === 'cancelled') return t('task.cancelled', counts)
  if (task.state === 'failed') return t('task.broken', { why: task.error ?? '' })
  const result = task.result as { summary?: Record<string, number>; added?: number } | null
  if (result?.summary !== undefined) return t('task.health', result.summary)
  if (result?.added !== undefined) return t('task.imported', result)
  return t('task.done', counts)
}

const MOST_FAILURES = 50

/** Which did not work, and why. */
function Failures({
  task,
  more,
  show,
  hide,
}: {
  task: Task
  more: (count: number) => string
  show: string
  hide: string
}) {
  const client = useQueryClient()
  const accounts = client.getQueryData<Listed>(KEY)?.accounts ?? []
  const failures = failuresOf(task)
  if (failures.length === 0) return null
  const called = (id: string): string => {
    const account = accounts.find((one) => one.id === id)
    return account === undefined ? id : nameOf(account)
  }
  return (
    <Spoiler maxHeight={66} showLabel={show} hideLabel={hide} mt="xs">
      <List size="xs">
        {failures.slice(0, MOST_FAILURES).map(({ id, error }, at) => (
          <List.Item key={`${id}${at}`}>
            {called(id)}: {error}
          </List.Item>
        ))}
        {failures.length > MOST_FAILURES ? <List.Item>{more(failures.length - MOST_FAILURES)}</List.Item> : null}
      </List>
    </Spoiler>
  )
}

interface Failure {
  id: string
  error: string
}

/** Of a batch, a health check or an import. */
function failuresOf({ result }: Task): Failure[] {
  const told = result as {
    failed?: Failure[] | number
    results?: { id: string; result: string; error?: string }[]
    entries?: { place: string; name?: string; outcome: string; message?: string }[]
  } | null
  if (told === null) return []
  if (Array.isArray(told.failed)) return told.failed
  if (told.results !== undefined) {
    return told.results.flatMap(({ id, result: how, error = '' }) => (how === 'dead' ? [{ id, error }] : []))
  }
  return (told.entries ?? []).flatMap(({ place, name, outcome, message = '' }) =>
    outcome === 'failed' ? [{ id: name ?? place, error: message }] : [],
  )
}
