import { Group, Progress, Text } from '@mantine/core'
import type { Schemas } from '../api/client.js'
import { useFormat } from '../i18n/format.js'
import { defineTexts, useTexts } from '../i18n/index.js'
import { useNow } from './use-now.js'

/** One window of one limit, as an account's quota tells it. */
export type QuotaWindow = Schemas['Quota']['windows'][number]

const TEXTS = defineTexts(
  'quota',
  {
    primary: 'Short window',
    secondary: 'Long window',
    review: 'Code review',
    minutes: '{{count}}-minute window',
    hours: '{{count}}-hour window',
    days: '{{count}}-day window',
    left: '{{share}} left',
    reached: 'Used up',
    resets: 'resets {{when}}',
    resetsAt: 'Resets {{when}}',
    noReset: 'no reset known',
    bar: '{{name}}: {{share}} used',
    told_usage: 'Read from the usage page {{when}}',
    told_header: 'Told by an answer {{when}}',
    told_refusal: 'Told by a refusal {{when}}',
  },
  {
    primary: '短窗口',
    secondary: '长窗口',
    review: '代码审查',
    minutes: '{{count}} 分钟窗口',
    hours: '{{count}} 小时窗口',
    days: '{{count}} 天窗口',
    left: '剩余 {{share}}',
    reached: '已用尽',
    resets: '{{when}}重置',
    resetsAt: '{{when}} 重置',
    noReset: '重置时间未知',
    bar: '{{name}}：已用 {{share}}',
    told_usage: '{{when}}读自用量页',
    told_header: '{{when}}由回答告知',
    told_refusal: '{{when}}由拒绝告知',
  },
)

/** What a window is called: by its limit when that is not the account's own, and by its length. */
export function useWindowName(): (window: QuotaWindow) => string {
  const { t } = useTexts(TEXTS)
  return ({ limit, name, slot, limit_window_seconds: seconds }) => {
    const [unit, count] = lengthOf(seconds ?? 0)
    const length = seconds === null ? t(slot) : t(unit, { count })
    if (limit === 'codex') return length
    return `${limit === 'code-review' ? t('review') : (name ?? limit.replace(/^model:/, ''))} · ${length}`
  }
}

function lengthOf(seconds: number): ['minutes' | 'hours' | 'days', number] {
  if (seconds < 3_600) return ['minutes', Math.round(seconds / 60)]
  return seconds < 172_800 ? ['hours', Math.round(seconds / 3_600)] : ['days', Math.round(seconds / 86_400)]
}

/** The account's own windows first, the shorter before the longer. */
export function inOrder(windows: readonly QuotaWindow[]): QuotaWindow[] {
  const rank = ({ limit, slot }: QuotaWindow): string =>
    `${limit === 'codex' ? 0 : limit === 'code-review' ? 2 : 1} ${limit} ${slot}`
  return windows.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1))
}

/** How much of a window is left, and when it begins anew. */
export function QuotaBar({
  window,
  compact = false,
  detailed = false,
}: {
  window: QuotaWindow
  compact?: boolean
  /** With the exact time of its reset, and who told all this. */
  detailed?: boolean
}) {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  const now = useNow()
  const nameOf = useWindowName()
  const name = nameOf(window)
  const used = Math.min(100, Math.max(0, window.used_percent))
  const share = format.percent((100 - used) / 100)
  const resetAt = window.reset_at === null ? undefined : window.reset_at * 1000
  const when = resetAt === undefined ? t('noReset') : t('resets', { when: format.relative(resetAt, now) })
  const exact = resetAt === undefined ? t('noReset') : t('resetsAt', { when: format.dateTime(resetAt) })
  const told = window.told_at === null ? '' : t(`told_${window.source}`, { when: format.relative(window.told_at, now) })
  return (
    <div title={[exact, told].filter((line) => line !== '').join(' · ')}>
      <Group justify="space-between" gap={6}>
        <Text size="xs" fw={500}>
          {name}
        </Text>
        <Text size="xs" c={window.limit_reached ? 'red' : 'dimmed'} fw={window.limit_reached ? 600 : 400}>
          {window.limit_reached ? t('reached') : t('left', { share })}
          {compact ? '' : ` · ${when}`}
        </Text>
      </Group>
      <Progress
        value={used}
        color={colorOf(used, window.limit_reached)}
        size={compact ? 'sm' : 'md'}
        mt={4}
        aria-label={t('bar', { name, share: format.percent(used / 100) })}
      />
      {detailed ? (
        <Text size="xs" c="dimmed" mt={2}>
          {[exact, told].filter((line) => line !== '').join(' · ')}
        </Text>
      ) : null}
    </div>
  )
}

function colorOf(used: number, reached: boolean): string {
  if (reached || used >= 95) return 'red'
  return used >= 75 ? 'yellow' : 'teal'
}
