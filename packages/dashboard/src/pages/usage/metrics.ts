import type { Schemas } from '../../api/client.js'
import type { Format } from '../../i18n/format.js'
import type { Metric } from './asked.js'

export type Series = Schemas['UsageSeries']['series'][number]
export type Row = Schemas['UsageRow']
export type Counts = Schemas['UsageCounts']

/** Values over time of one line. */
export function valuesOf(line: Series, metric: Metric): (number | null)[] {
  switch (metric) {
    case 'requests':
      return line.request_count
    case 'tokens':
      return line.input_tokens.map((input, n) => input + (line.output_tokens[n] ?? 0))
    case 'input':
      return line.input_tokens
    case 'output':
      return line.output_tokens
    case 'cached':
      return line.cached_tokens
    case 'reasoning':
      return line.reasoning_tokens
    case 'hit':
      return line.input_tokens.map((input, n) => (input === 0 ? null : (line.cached_tokens[n] ?? 0) / input))
    case 'cost':
      return line.estimated_cost_usd
    case 'ttft_p50':
      return line.ttft_p50_ms
    case 'ttft_p95':
      return line.ttft_p95_ms
    case 'duration_p50':
      return line.duration_p50_ms
    case 'duration_p95':
      return line.duration_p95_ms
    case 'failed':
      return line.request_failed_count
    case 'images':
      return line.image_request_count
    default:
      return metric satisfies never
  }
}

/** The same of one sum. */
export function valueOf(counts: Counts, metric: Metric): number | null {
  switch (metric) {
    case 'requests':
      return counts.request_count
    case 'tokens':
      return counts.input_tokens + counts.output_tokens
    case 'input':
      return counts.input_tokens
    case 'output':
      return counts.output_tokens
    case 'cached':
      return counts.cached_tokens
    case 'reasoning':
      return counts.reasoning_tokens
    case 'hit':
      return counts.input_tokens === 0 ? null : counts.cached_tokens / counts.input_tokens
    case 'cost':
      return counts.estimated_cost_usd
    case 'ttft_p50':
      return counts.ttft_p50_ms
    case 'ttft_p95':
      return counts.ttft_p95_ms
    case 'duration_p50':
      return counts.duration_p50_ms
    case 'duration_p95':
      return counts.duration_p95_ms
    case 'failed':
      return counts.request_failed_count
    case 'images':
      return counts.image_request_count
    default:
      return metric satisfies never
  }
}

/** Can its values be added up? Shares and percentiles cannot. */
export function isSum(metric: Metric): boolean {
  return metric !== 'hit' && !metric.startsWith('ttft') && !metric.startsWith('duration')
}

export function formatOf(format: Format, metric: Metric): (value: number) => string {
  if (metric === 'cost') return format.usd
  if (metric === 'hit') return (value) => format.percent(value)
  if (metric.startsWith('ttft') || metric.startsWith('duration')) return format.duration
  // A tenth of a request may stand at the side of a chart.
  return (value) => (Math.abs(value) >= 10_000 ? format.compact(value) : format.number(value, 1))
}
