import { SimpleGrid } from '@mantine/core'
import { IconActivity, IconAlertTriangle, IconBolt, IconCash, IconDatabase, IconStack2 } from '@tabler/icons-react'
import { useFormat } from '../../i18n/format.js'
import { useTexts } from '../../i18n/index.js'
import { Stat } from '../../parts/stat.js'
import type { Overview } from './data.js'
import { TEXTS } from './texts.js'

const ICON = { size: 16, stroke: 1.8, 'aria-hidden': true } as const
/** The rate of now is that of the last whole minutes. */
const MINUTES = 5

/** How busy, how fast, how well cached, how well, how much, how dear; each leads to its page. */
export function Numbers({ view }: { view: Overview }) {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  const { minutes, hour, today, yesterday, trend } = view
  const rate = minutes.requests.slice(-1 - MINUTES, -1).reduce((sum, one) => sum + one, 0) / MINUTES
  const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole)
  const hit = share(hour.cached_tokens, hour.input_tokens) ?? share(today.cached_tokens, today.input_tokens)
  const failed = share(hour.request_failed_count, hour.request_count)
  const tokens = today.input_tokens + today.output_tokens
  const against = (now: number, before: number): string[] => {
    if (before === 0 || now === 0) return []
    const change = now / before - 1
    return [t(change >= 0 ? 'stats.more' : 'stats.less', { share: format.percent(Math.abs(change)) })]
  }
  const lines = (...told: string[]) => told.map((line) => <div key={line}>{line}</div>)
  const plans = Math.max(0, today.estimated_cost_usd - today.keys_cost_usd)
  return (
    <SimpleGrid cols={{ base: 2, sm: 3, xl: 6 }} spacing="sm">
      <Stat
        label={t('stats.rate')}
        icon={<IconActivity {...ICON} />}
        value={format.number(rate, 1)}
        note={lines(t('stats.rateNote', { count: format.number(hour.request_count) }))}
        trend={minutes.requests.slice(0, -1)}
        to="/requests?time=1h"
      />
      <Stat
        label={t('stats.ttft')}
        icon={<IconBolt {...ICON} />}
        value={hour.ttft_p50_ms === null ? '–' : format.duration(hour.ttft_p50_ms)}
        note={lines(
          hour.ttft_p95_ms === null
            ? t('stats.nothing')
            : t('stats.ttftNote', { time: format.duration(hour.ttft_p95_ms) }),
        )}
        trend={trend.ttft_p50_ms}
        to="/usage?metric=ttft_p50&kind=line"
      />
      <Stat
        label={t('stats.hit')}
        icon={<IconDatabase {...ICON} />}
        value={hit === null ? '–' : format.percent(hit)}
        note={lines(t('stats.hitNote', { tokens: format.compact(today.cached_tokens) }))}
        trend={trend.input_tokens.map((input, n) => share(trend.cached_tokens[n] ?? 0, input))}
        to="/usage?metric=hit"
      />
      <Stat
        label={t('stats.failures')}
        icon={<IconAlertTriangle {...ICON} />}
        value={failed === null ? '–' : format.percent(failed, 1)}
        note={lines(
          t('stats.failuresNote', {
            failed: format.number(hour.request_failed_count),
            count: format.number(hour.request_count),
          }),
        )}
        trend={trend.request_failed_count}
        to="/requests?status=failed&time=1h"
      />
      <Stat
        label={t('stats.tokens')}
        icon={<IconStack2 {...ICON} />}
        value={format.compact(tokens)}
        note={lines(
          t('stats.tokensNote', {
            input: format.compact(today.input_tokens),
            output: format.compact(today.output_tokens),
          }),
          ...against(tokens, yesterday.input_tokens + yesterday.output_tokens),
        )}
        trend={trend.input_tokens.map((input, n) => input + (trend.output_tokens[n] ?? 0))}
        to="/usage?metric=tokens"
      />
      <Stat
        label={t('stats.cost')}
        icon={<IconCash {...ICON} />}
        value={format.usd(today.estimated_cost_usd)}
        note={lines(
          t('stats.costNote', { paid: format.usd(today.keys_cost_usd), plans: format.usd(plans) }),
          ...against(today.estimated_cost_usd, yesterday.estimated_cost_usd),
        )}
        trend={trend.estimated_cost_usd}
        to="/usage?metric=cost"
      />
    </SimpleGrid>
  )
}
