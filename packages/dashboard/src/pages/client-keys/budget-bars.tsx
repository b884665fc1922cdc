import { Group, Progress, Stack, Text } from '@mantine/core'
import { useFormat, type Format } from '../../i18n/format.js'
import { useTexts, type Translate } from '../../i18n/index.js'
import { PERIODS, type ClientKey, type Period } from './data.js'
import { TEXTS } from './texts.js'

interface Bar {
  key: string
  period: Period
  share: number
  used: string
  limit: string
  resetsAt: string | null
}

/** Every budget of a key: how much of it is used, and when it begins anew. */
export function BudgetBars({ of, now }: { of: ClientKey; now: number }) {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  const bars = barsOf(of, format, t)
  if (bars.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t('budget.none')}
      </Text>
    )
  }
  return (
    <Stack gap="xs">
      {bars.map(({ key, period, share, used, limit, resetsAt }) => (
        <div key={key}>
          <Group justify="space-between" gap={6}>
            <Text size="xs" fw={500}>
              {t(`budget.${period}`)}
            </Text>
            <Text size="xs" c={share >= 1 ? 'red' : 'dimmed'} fw={share >= 1 ? 600 : 400} className="numbers">
              {t('budget.of', { used, limit })}
              {share >= 1 ? ` · ${t('budget.usedUp')}` : ''}
              {resetsAt === null ? '' : ` · ${t('budget.resets', { when: format.relative(resetsAt, now) })}`}
            </Text>
          </Group>
          <Progress
            mt={4}
            size="md"
            value={Math.min(100, share * 100)}
            color={share >= 0.95 ? 'red' : share >= 0.8 ? 'yellow' : 'teal'}
            aria-label={t('budget.bar', { period: t(`budget.${period}`), used, limit })}
          />
        </div>
      ))}
    </Stack>
  )
}

function barsOf(key: ClientKey, format: Format, t: Translate<typeof TEXTS.en>): Bar[] {
  return PERIODS.flatMap((period) => {
    const { max_budget_usd, used_cost_usd, max_tokens, used_tokens, resets_at } = key.budgets[period]
    const tokens = (count: number): string => t('budget.tokens', { count: format.compact(count) })
    return [
      ...(max_budget_usd === null
        ? []
        : [
            {
              key: `${period} usd`,
              share: used_cost_usd / max_budget_usd,
              used: format.usd(used_cost_usd),
              limit: format.usd(max_budget_usd),
            },
          ]),
      ...(max_tokens === null
        ? []
        : [
            {
              key: `${period} tokens`,
              share: used_tokens / max_tokens,
              used: format.compact(used_tokens),
              limit: tokens(max_tokens),
            },
          ]),
    ].map((bar) => ({ ...bar, period, resetsAt: resets_at }))
  })
}
