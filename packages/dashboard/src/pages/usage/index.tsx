import { Alert, Anchor, Button, Card, Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import { IconChartHistogram, IconCoinOff } from '@tabler/icons-react'
import { Link } from 'wouter'
import { useRefreshOn } from '../../api/queries.js'
import { useFormat } from '../../i18n/format.js'
import { useCommon, useTexts } from '../../i18n/index.js'
import { TimeChart } from '../../parts/chart.js'
import { Empty, Loaded, Page } from '../../parts/page.js'
import { RANGES, useAsked, type Asked } from './asked.js'
import { Controls } from './controls.js'
import { CsvMenu } from './csv-menu.js'
import { USAGE, useSeries, useSummaries, useTable } from './data.js'
import { GroupTable } from './group-table.js'
import { formatOf, isSum, valuesOf } from './metrics.js'
import { useGroupName } from './names.js'
import { Summary } from './summary.js'
import { TEXTS } from './texts.js'
import { WeekHours } from './week-hours.js'

/** The longer the time, the less a moment changes of it. */
function paceOf({ range }: Asked): number {
  return range in RANGES && RANGES[range as keyof typeof RANGES] <= 24 ? 3_000 : 20_000
}

export default function UsagePage() {
  const { t } = useTexts(TEXTS)
  const common = useCommon()
  const [asked, ask] = useAsked()
  const summaries = useSummaries(asked)
  const table = useTable(asked)
  useRefreshOn('requests', USAGE, paceOf(asked))
  const nothing = table.data?.rows.length === 0 && summaries.data?.now.total_request_count === 0
  return (
    <Page title={common.t('nav.usage')} about={t('about')} actions={<CsvMenu asked={asked} />}>
      <Controls asked={asked} ask={ask} />
      <Loaded query={summaries} skeleton={<Skeleton height={126} />}>
        {({ now, before, ever }) => <Summary now={now} before={before} ever={ever} asked={asked} />}
      </Loaded>
      {nothing ? (
        <Empty
          icon={<IconChartHistogram size={36} />}
          title={t('empty')}
          action={
            <Button component={Link} href="/connect" variant="light">
              {t('connect')}
            </Button>
          }
        >
          {t('emptyAbout')}
        </Empty>
      ) : (
        <>
          <Chart asked={asked} />
          <Card withBorder padding="md">
            <Loaded query={table} skeleton={240}>
              {(data) => <GroupTable data={data} asked={asked} ask={ask} />}
            </Loaded>
          </Card>
          <WeekHours asked={asked} />
        </>
      )}
      <Notes unpriced={summaries.data?.now.total_unpriced_request_count ?? 0} date={summaries.data?.now.prices_as_of} />
    </Page>
  )
}

function Chart({ asked }: { asked: Asked }) {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  const series = useSeries(asked)
  const nameOf = useGroupName()
  const metric = t(`metrics.${asked.metric}`)
  const title = t('over', { metric })
  return (
    <Card withBorder padding="md">
      <Loaded query={series} skeleton={352}>
        {({ timestamps, granularity, series: lines }) => (
          <Stack gap={6}>
            <div>
              <Title order={2} size="h4">
                {title}
              </Title>
              <Text size="xs" c="dimmed">
                {granularity === 'five_min' || granularity === 'hourly' || granularity === 'daily'
                  ? t(`each.${granularity}`)
                  : null}
              </Text>
            </div>
            <TimeChart
              label={title}
              at={timestamps.map((time) => Date.parse(time))}
              lines={lines.map((line) => ({
                id: line.group ?? '',
                name: asked.by === 'none' ? metric : nameOf(asked.by, line.group ?? '', line.name ?? null),
                values: valuesOf(line, asked.metric),
              }))}
              format={formatOf(format, asked.metric)}
              kind={asked.kind === 'line' || !isSum(asked.metric) ? 'line' : 'bars'}
              days={granularity === 'daily'}
              height={280}
            />
          </Stack>
        )}
      </Loaded>
    </Card>
  )
}

function Notes({ unpriced, date }: { unpriced: number; date: string | undefined }) {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  return (
    <Stack gap="xs">
      {unpriced === 0 ? null : (
        <Alert color="yellow" variant="light" icon={<IconCoinOff />}>
          <Group gap="xs">
            <Text size="sm">{t('unpriced', { count: unpriced })}</Text>
            <Anchor component={Link} href="/settings?search=usage.prices" size="sm" underline="always">
              {t('setPrices')}
            </Anchor>
          </Group>
        </Alert>
      )}
      <Text size="xs" c="dimmed">
        {date === undefined ? null : t('prices', { date: format.date(`${date}T12:00:00Z`) })} {t('percentiles')}
      </Text>
    </Stack>
  )
}
