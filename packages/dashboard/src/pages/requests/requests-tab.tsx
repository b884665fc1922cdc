import { Alert, Badge, Button, Group, Skeleton, Stack } from '@mantine/core'
import { IconFileText, IconInfoCircle, IconListDetails, IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react'
import { useCallback, useMemo, useState } from 'react'
import { Link } from 'wouter'
import { useRefreshOn } from '../../api/queries.js'
import { useCommon, useTexts } from '../../i18n/index.js'
import { Empty, Loaded } from '../../parts/page.js'
import { useNow } from '../../parts/use-now.js'
import { queryOf, REQUESTS_PATH, writeAsked, type Asked } from './asked.js'
import { REQUESTS, useLogState, useTotals } from './data.js'
import { Filters } from './filters.js'
import { KeepMenu, useKeep } from './keep-menu.js'
import { RequestList } from './request-list.js'
import { Summary } from './summary.js'
import { TEXTS } from './texts.js'
import { useTail } from './use-tail.js'

export function RequestsTab({
  asked,
  ask,
}: {
  asked: Asked
  ask: (more: Partial<Asked>, how?: { back: boolean }) => void
}) {
  const { t } = useTexts(TEXTS)
  const common = useCommon()
  const minute = Math.floor(useNow(60_000) / 60_000) * 60_000
  const { filter } = asked
  const query = useMemo(() => queryOf(filter, minute), [filter, filter.time === undefined ? 0 : minute])
  const [live, setLive] = useState(true)
  const [away, setAway] = useState(false)
  const { tail, first, loadOlder, loadingOlder, catchUp, clear } = useTail(query, { live, away })
  const totals = useTotals(query)
  useRefreshOn('requests', [...REQUESTS, 'totals'], 2_000)
  useRefreshOn('requests', [...REQUESTS, 'names'], 10_000)
  useRefreshOn('config', [...REQUESTS, 'state'])
  const filtered = Object.keys(filter).length > 0
  const hrefOf = useCallback((id: string) => `${REQUESTS_PATH}?${writeAsked({ ...asked, id })}`, [asked])
  const open = useCallback((id: string) => ask({ id }, { back: true }), [ask])

  return (
    <Stack gap="md">
      <Group justify="space-between" gap="xs">
        <Button
          variant={live ? 'light' : 'filled'}
          leftSection={live ? <IconPlayerPause size={16} /> : <IconPlayerPlay size={16} />}
          onClick={() => setLive(!live)}
        >
          {live ? t('live.pause') : t('live.resume')}
        </Button>
        <Group gap="xs">
          <BodiesKept />
          <KeepMenu cleared={clear} />
        </Group>
      </Group>
      <StateLine />
      <Loaded query={totals} skeleton={<Skeleton height={96} />}>
        {(of) => (of === null ? null : <Summary of={of} />)}
      </Loaded>
      <Filters filter={filter} change={(changed) => ask({ filter: changed })} />
      <Loaded query={first} skeleton={480}>
        {() =>
          tail.items.length === 0 && (filtered || tail.running.length === 0) ? (
            filtered ? (
              <Empty
                icon={<IconListDetails size={36} />}
                title={common.t('state.noMatch')}
                action={
                  <Button variant="light" onClick={() => ask({ filter: {} })}>
                    {t('resetFilters')}
                  </Button>
                }
              >
                {t('noMatchAbout')}
              </Empty>
            ) : (
              <Empty
                icon={<IconListDetails size={36} />}
                title={t('empty')}
                action={
                  <Button component={Link} href="/connect" variant="light">
                    {t('connect')}
                  </Button>
                }
              >
                {t('emptyAbout')}
              </Empty>
            )
          ) : (
            <RequestList
              tail={tail}
              showRunning={!filtered && live}
              loadingOlder={loadingOlder}
              loadOlder={loadOlder}
              onAway={setAway}
              catchUp={catchUp}
              hrefOf={hrefOf}
              open={open}
            />
          )
        }
      </Loaded>
    </Stack>
  )
}

/** Says when what is seen here will be gone, or when more is kept than usual. */
function StateLine() {
  const { t } = useTexts(TEXTS)
  const keep = useKeep()
  const { data: state } = useLogState()
  if (state == null) return null
  if (!state.enabled || state.paused) {
    return (
      <Alert color="orange" variant="light" icon={<IconInfoCircle />} p="xs">
        <Group gap="xs">
          {state.enabled ? t('recordingPaused') : t('off')}
          <Button size="compact-sm" variant="default" onClick={() => void keep({ enabled: true, paused: false })}>
            {t('turnOn')}
          </Button>
        </Group>
      </Alert>
    )
  }
  if (state.dropped > 0) {
    return (
      <Alert color="orange" variant="light" icon={<IconInfoCircle />} p="xs">
        {t('dropped', { count: state.dropped })}
      </Alert>
    )
  }
  return null
}

/** A reminder: it is for finding faults, not for ever. */
function BodiesKept() {
  const { t } = useTexts(TEXTS)
  const { data: state } = useLogState()
  if (state?.captureBodies !== true || !state.enabled) return null
  return (
    <Badge variant="light" color="blue" size="lg" tt="none" leftSection={<IconFileText size={14} />}>
      {t('keep.bodiesOn')}
    </Badge>
  )
}
