import { Button, Group, Paper, Text } from '@mantine/core'
import {
  IconDownload,
  IconHeartbeat,
  IconPower,
  IconPlayerPlay,
  IconRefresh,
  IconReportAnalytics,
  IconSettings,
  IconTrash,
  IconX,
} from '@tabler/icons-react'
import { useState } from 'react'
import { api, type Schemas } from '../../api/client.js'
import { useTexts } from '../../i18n/index.js'
import { sayFailed } from '../../parts/say.js'
import classes from './accounts.module.css'
import type { Selection } from './selection.js'
import { SetMany } from './set-many.js'
import { TEXTS } from './texts.js'

const background = { params: { query: { background: 'true' as const } } }
type Task = Schemas['Task']

/** One act on many, as a task. */
const BATCH = {
  enable: (ids: string[]) =>
    api.POST('/auth/accounts/batch-status', { ...background, body: { ids, status: 'active' } }),
  disable: (ids: string[]) =>
    api.POST('/auth/accounts/batch-status', { ...background, body: { ids, status: 'disabled' } }),
  refresh: (ids: string[]) => api.POST('/auth/accounts/batch-refresh', { ...background, body: { ids } }),
  quota: (ids: string[]) => api.POST('/auth/accounts/batch-quota', { ...background, body: { ids } }),
  check: (ids: string[]) =>
    api.POST('/auth/accounts/health-check', {
      ...background,
      body: { ids, stagger_ms: 500, concurrency: 2 },
    }),
} as const

const BUTTONS = [
  ['enable', IconPlayerPlay],
  ['disable', IconPower],
  ['refresh', IconRefresh],
  ['quota', IconReportAnalytics],
  ['check', IconHeartbeat],
] as const

export interface BatchBarProps {
  selection: Selection
  /** Of all that are shown. */
  shown: readonly string[]
  onTask(task: Task): void
  onExport(ids: readonly string[]): void
  onRemove(ids: readonly string[]): void
}

/** What can be done with all that are selected. */
export function BatchBar({ selection, shown, onTask, onExport, onRemove }: BatchBarProps) {
  const { t } = useTexts(TEXTS)
  const [setting, setSetting] = useState(false)
  const ids = [...selection.ids]
  if (ids.length === 0) return null
  const start = async (name: keyof typeof BATCH): Promise<void> => {
    const { data } = await BATCH[name](ids)
    if (data !== undefined && 'task' in data) onTask(data.task)
  }
  return (
    <Paper withBorder shadow="md" p="sm" role="region" aria-label={t('batch.label')}>
      <Group justify="space-between" gap="sm">
        <Group gap="xs">
          <Text size="sm" fw={600} role="status">
            {t('batch.selected', { count: ids.length })}
          </Text>
          {shown.length > ids.length ? (
            <Button size="compact-sm" variant="subtle" onClick={() => selection.set(shown)}>
              {t('batch.all', { count: shown.length })}
            </Button>
          ) : null}
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            leftSection={<IconX size={14} />}
            onClick={selection.clear}
          >
            {t('batch.none')}
          </Button>
        </Group>
        <div className={classes.acts}>
          {BUTTONS.map(([name, Icon]) => (
            <Button
              key={name}
              size="xs"
              variant="default"
              leftSection={<Icon size={16} />}
              onClick={() => void start(name).catch((error: unknown) => sayFailed(error))}
            >
              {t(`batch.${name}`)}
            </Button>
          ))}
          <Button size="xs" variant="default" leftSection={<IconSettings size={16} />} onClick={() => setSetting(true)}>
            {t('batch.set')}
          </Button>
          <Button size="xs" variant="default" leftSection={<IconDownload size={16} />} onClick={() => onExport(ids)}>
            {t('batch.export')}
          </Button>
          <Button
            size="xs"
            variant="light"
            color="red"
            leftSection={<IconTrash size={16} />}
            onClick={() => {
              onRemove(ids)
              selection.clear()
            }}
          >
            {t('batch.remove')}
          </Button>
        </div>
      </Group>
      {setting ? <SetMany ids={ids} onClose={() => setSetting(false)} onTask={onTask} /> : null}
    </Paper>
  )
}
