import { Anchor, Card, Group, Title } from '@mantine/core'
import { useMemo } from 'react'
import { Link } from 'wouter'
import { useFormat } from '../../i18n/format.js'
import { useCommon, useTexts } from '../../i18n/index.js'
import { TimeChart } from '../../parts/chart.js'
import type { Overview } from './data.js'
import { TEXTS } from './texts.js'

/** Requests of each minute, the failed ones apart. */
export function LastHour({ view: { minutes } }: { view: Overview }) {
  const { t } = useTexts(TEXTS)
  const common = useCommon()
  const format = useFormat()
  const at = useMemo(() => minutes.at.map((time) => Date.parse(time)), [minutes])
  const lines = useMemo(
    () => [
      {
        id: 'good',
        name: t('rate.requests'),
        values: minutes.requests.map((all, n) => all - (minutes.failed[n] ?? 0)),
      },
      { id: 'failed', name: t('rate.failed'), values: minutes.failed },
    ],
    [minutes, t],
  )
  return (
    <Card withBorder padding="md">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4">
          {t('rate.title')}
        </Title>
        <Anchor component={Link} href="/usage?range=1h" size="sm">
          {common.t('nav.usage')}
        </Anchor>
      </Group>
      <TimeChart
        label={t('rate.label')}
        at={at}
        lines={lines}
        format={(value) => format.number(value, 1)}
        kind="bars"
        height={220}
      />
    </Card>
  )
}
