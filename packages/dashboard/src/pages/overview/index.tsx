import { Badge, Button, Group, SimpleGrid, Skeleton, Stack } from '@mantine/core'
import { IconRocket } from '@tabler/icons-react'
import { Link } from 'wouter'
import { useRefreshOn } from '../../api/queries.js'
import { useFormat } from '../../i18n/format.js'
import { useCommon, useTexts } from '../../i18n/index.js'
import { Empty, Loaded, Page } from '../../parts/page.js'
import { OVERVIEW, useOverview, type Overview } from './data.js'
import { Events } from './events.js'
import { LastHour } from './last-hour.js'
import { Now } from './now.js'
import { Numbers } from './numbers.js'
import { Quota } from './quota.js'
import { TEXTS } from './texts.js'
import { Warnings } from './warnings.js'
import classes from './overview.module.css'

const STATES = ['active', 'cooling', 'exhausted', 'expired', 'suspended', 'disabled'] as const
const COLORS = {
  active: 'teal',
  cooling: 'blue',
  exhausted: 'orange',
  expired: 'red',
  suspended: 'red',
  disabled: 'gray',
} as const

export default function OverviewPage() {
  const { t } = useTexts(TEXTS)
  const common = useCommon()
  const format = useFormat()
  const overview = useOverview(common.language)
  useRefreshOn('requests', OVERVIEW, 1_500)
  useRefreshOn('accounts', OVERVIEW, 1_000)
  useRefreshOn('quota', OVERVIEW, 1_000)
  useRefreshOn('events', OVERVIEW, 1_000)
  const { data } = overview
  return (
    <Page
      title={common.t('nav.overview')}
      about={
        data === undefined
          ? ' '
          : t('about', {
              time: format.duration(Math.max(60_000, Date.parse(data.now) - Date.parse(data.started_at))),
              version: data.version,
            })
      }
      actions={data === undefined ? null : <States overview={data} />}
    >
      <Loaded query={overview} skeleton={<Shape />}>
        {(view) => (view.pool.total === 0 && view.api_keys.total === 0 ? <Nobody view={view} /> : <All view={view} />)}
      </Loaded>
    </Page>
  )
}

function All({ view }: { view: Overview }) {
  return (
    <Stack gap="lg">
      <Warnings warnings={view.warnings} />
      <Numbers view={view} />
      <div className={classes.halves}>
        <LastHour view={view} />
        <Now view={view} />
      </div>
      <Quota view={view} />
      <Events events={view.events} />
    </Stack>
  )
}

/** How many accounts are how; each leads to them. */
function States({ overview }: { overview: Overview }) {
  const { t } = useTexts(TEXTS)
  const { states } = overview.pool
  return (
    <Group gap={6}>
      {STATES.filter((state) => states[state] > 0).map((state) => (
        <Badge
          key={state}
          component={Link}
          href={`/accounts?state=${state}`}
          color={COLORS[state]}
          variant="light"
          size="lg"
          tt="none"
          className={classes.badge}
        >
          {t('states.label', { count: states[state], state: t(`states.${state}`) })}
        </Badge>
      ))}
      {overview.api_keys.total === 0 ? null : (
        <Badge
          component={Link}
          href="/api-keys"
          color="gray"
          variant="light"
          size="lg"
          tt="none"
          className={classes.badge}
        >
          {t('states.keys', { count: overview.api_keys.enabled })}
        </Badge>
      )}
    </Group>
  )
}

/** A new gateway: what it is not yet, and where to begin. */
function Nobody({ view }: { view: Overview }) {
  const { t } = useTexts(TEXTS)
  return (
    <Stack gap="lg">
      <Empty
        icon={<IconRocket size={40} stroke={1.5} />}
        title={t('empty.title')}
        action={
          <Button component={Link} href="/welcome" size="md">
            {t('empty.start')}
          </Button>
        }
      >
        {t('empty.about')}
      </Empty>
      {view.hour.request_count === 0 && view.today.request_count === 0 ? null : <Numbers view={view} />}
      <Events events={view.events} />
    </Stack>
  )
}

function Shape() {
  return (
    <Stack gap="lg">
      <SimpleGrid cols={{ base: 2, sm: 3, xl: 6 }} spacing="sm">
        {[0, 1, 2, 3, 4, 5].map((n) => (
          <Skeleton key={n} height={142} />
        ))}
      </SimpleGrid>
      <div className={classes.halves}>
        <Skeleton height={330} />
        <Skeleton height={330} />
      </div>
      <Skeleton height={220} />
      <Skeleton height={280} />
    </Stack>
  )
}
