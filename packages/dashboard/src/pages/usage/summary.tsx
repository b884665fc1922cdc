import { SimpleGrid } from '@mantine/core'
import type { Schemas } from '../../api/client.js'
import { useFormat } from '../../i18n/format.js'
import { useTexts } from '../../i18n/index.js'
import { Stat } from '../../parts/stat.js'
import { writeAsked, type Asked, type Metric } from './asked.js'
import { TEXTS } from './texts.js'

type Totals = Schemas['UsageSummary']

/** The sums of the time that is looked at, beside those of as long a time before and of all time. */
export function Summary({
  now,
  before,
  ever,
  asked,
}: {
  now: Totals
  before: Totals | undefined
  ever: Totals
  asked: Asked
}) {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  const compared = (of: (totals: Totals) => number): string => {
    if (before === undefined || of(before) === 0) return ''
    const change = of(now) / of(before) - 1
    if (Math.abs(change) < 0.005) return t('cards.same')
    return t(change > 0 ? 'cards.more' : 'cards.less', { share: format.percent(Math.abs(change)) })
  }
  const note = (...parts: string[]): string => parts.filter((part) => part !== '').join(' · ')
  const hit = now.total_input_tokens === 0 ? 0 : now.total_cached_tokens / now.total_input_tokens
  const amount = (value: number): string => (value >= 100_000 ? format.compact(value) : format.number(value))
  const to = (metric: Metric): string => `/usage?${writeAsked({ ...asked, metric })}`
  const everOf = (value: string): string => t('cards.ever', { value })
  return (
    <SimpleGrid cols={{ base: 2, sm: 3, lg: now.total_image_request_count > 0 ? 6 : 5 }} spacing="sm">
      <Stat
        label={t('cards.requests')}
        to={to('requests')}
        value={amount(now.total_request_count)}
        note={
          <Notes
            lines={[
              note(
                compared((one) => one.total_request_count),
                now.total_request_failed_count === 0
                  ? ''
                  : t('cards.failed', { count: now.total_request_failed_count }),
              ),
              everOf(amount(ever.total_request_count)),
            ]}
          />
        }
      />
      <Stat
        label={t('cards.input')}
        to={to('input')}
        value={amount(now.total_input_tokens)}
        note={
          <Notes
            lines={[
              note(
                compared((one) => one.total_input_tokens),
                t('cards.cached', { share: format.percent(hit) }),
              ),
              everOf(amount(ever.total_input_tokens)),
            ]}
          />
        }
      />
      <Stat
        label={t('cards.output')}
        to={to('output')}
        value={amount(now.total_output_tokens)}
        note={
          <Notes
            lines={[
              note(
                compared((one) => one.total_output_tokens),
                now.total_reasoning_tokens === 0
                  ? ''
                  : t('cards.reasoning', { tokens: format.compact(now.total_reasoning_tokens) }),
              ),
              everOf(amount(ever.total_output_tokens)),
            ]}
          />
        }
      />
      <Stat
        label={t('cards.cost')}
        to={to('cost')}
        value={format.usd(now.total_estimated_cost_usd)}
        note={
          <Notes
            lines={[compared((one) => one.total_estimated_cost_usd), everOf(format.usd(ever.total_estimated_cost_usd))]}
          />
        }
      />
      <Stat
        label={t('cards.ttft')}
        to={to('ttft_p50')}
        value={now.ttft_p50_ms === null ? '–' : format.duration(now.ttft_p50_ms)}
        note={
          <Notes lines={now.ttft_p95_ms === null ? [] : [t('cards.p95', { time: format.duration(now.ttft_p95_ms) })]} />
        }
      />
      {now.total_image_request_count === 0 ? null : (
        <Stat
          label={t('cards.images')}
          to={to('images')}
          value={amount(now.total_image_request_count)}
          note={
            <Notes
              lines={[
                t('cards.imageTokens', {
                  input: format.compact(now.total_image_input_tokens),
                  output: format.compact(now.total_image_output_tokens),
                }),
              ]}
            />
          }
        />
      )}
    </SimpleGrid>
  )
}

function Notes({ lines }: { lines: readonly string[] }) {
  return lines.filter((line) => line !== '').map((line) => <div key={line}>{line}</div>)
}
