import { SimpleGrid } from '@mantine/core'
import { useFormat } from '../../i18n/format.js'
import { useTexts } from '../../i18n/index.js'
import { Stat } from '../../parts/stat.js'
import type { Totals } from './data.js'
import { shareOf } from './request-row.js'
import { TEXTS } from './texts.js'

/** Sums over everything that fits the filters, not over what is loaded. */
export function Summary({ of }: { of: Totals }) {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  const none = '–'
  const duration = (ms: number | null): string => (ms === null ? none : format.duration(ms))
  return (
    <SimpleGrid cols={{ base: 2, xs: 3, md: 6 }} spacing="sm" aria-label={t('card.overAll')} role="group">
      <Stat
        label={t('card.requests')}
        value={format.number(of.requests)}
        note={
          of.successRate === null
            ? none
            : `${t('card.success', { share: format.percent(of.successRate, of.successRate < 1 && of.successRate > 0.99 ? 1 : 0) })}, ${of.failed === 0 ? t('card.noneFailed') : t('card.failed', { count: of.failed })}`
        }
      />
      <Stat label={t('card.ttft')} value={duration(of.avgTtftMs)} note={' '} />
      <Stat
        label={t('card.speed')}
        value={of.avgTokensPerSecond === null ? none : format.number(of.avgTokensPerSecond)}
        note={' '}
      />
      <Stat label={t('card.latency')} value={duration(of.avgLatencyMs)} note={' '} />
      <Stat
        label={t('card.tokens')}
        value={format.compact(of.inputTokens + of.outputTokens)}
        note={`${t('card.tokensNote', { input: format.compact(of.inputTokens), output: format.compact(of.outputTokens) })}, ${t('cached', { share: shareOf(of, format) })}`}
      />
      <Stat
        label={t('card.cost')}
        value={format.usd(of.costUsd)}
        note={of.unpriced === 0 ? ' ' : t('card.unpriced', { count: of.unpriced })}
      />
    </SimpleGrid>
  )
}
