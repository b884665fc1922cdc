import { Card, Group, SegmentedControl, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { useFormat } from '../../i18n/format.js'
import { useTexts } from '../../i18n/index.js'
import { HeatMap } from '../../parts/heat-map.js'
import { Loaded } from '../../parts/page.js'
import type { Asked } from './asked.js'
import { useHours, ZONE } from './data.js'
import { formatOf } from './metrics.js'
import { TEXTS } from './texts.js'

const SHOWN = ['requests', 'tokens', 'cost', 'failed'] as const
type Shown = (typeof SHOWN)[number]

/** In which hours of the week the gateway works. */
export function WeekHours({ asked }: { asked: Asked }) {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  const hours = useHours(asked)
  const [shown, setShown] = useState<Shown>('requests')
  const label = t('hoursAbout', { metric: t(`metrics.${shown}`), zone: ZONE })
  return (
    <Card withBorder padding="md">
      <Group justify="space-between" mb="sm" gap="xs">
        <div>
          <Title order={2} size="h4">
            {t('hours')}
          </Title>
          <Text size="xs" c="dimmed">
            {label}
          </Text>
        </div>
        <SegmentedControl
          size="xs"
          aria-label={t('hours')}
          value={shown}
          onChange={(value) => setShown(SHOWN.find((one) => one === value) ?? 'requests')}
          data={SHOWN.map((value) => ({
            value,
            label: value === 'cost' ? t('cards.cost') : t(`metrics.${value}`),
          }))}
        />
      </Group>
      <Loaded query={hours} skeleton={236}>
        {(data) => (
          <HeatMap
            label={label}
            format={formatOf(format, shown)}
            values={
              shown === 'requests'
                ? data.request_count
                : shown === 'failed'
                  ? data.request_failed_count
                  : shown === 'cost'
                    ? data.estimated_cost_usd
                    : data.input_tokens.map((day, n) =>
                        day.map((input, hour) => input + (data.output_tokens[n]?.[hour] ?? 0)),
                      )
            }
          />
        )}
      </Loaded>
    </Card>
  )
}
