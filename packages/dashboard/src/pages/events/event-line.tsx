import { Group, Text, ThemeIcon } from '@mantine/core'
import {
  IconAlertTriangle,
  IconArrowsShuffle,
  IconBatteryCharging,
  IconCoin,
  IconGauge,
  IconGitBranch,
  IconLogin2,
  IconPlayerPlay,
  IconPlayerStop,
  IconRefreshAlert,
  IconSettings,
  IconTransfer,
  IconUserCog,
  type Icon,
} from '@tabler/icons-react'
import { Link } from 'wouter'
import { useFormat } from '../../i18n/format.js'
import { useTexts, type Translate } from '../../i18n/index.js'
import type { Event } from './data.js'
import classes from './events.module.css'
import { TEXTS } from './texts.js'

const ICONS: Readonly<Record<Event['type'], Icon>> = {
  account_state: IconUserCog,
  quota_warning: IconGauge,
  quota_back: IconBatteryCharging,
  login_needed: IconLogin2,
  refresh_failed: IconRefreshAlert,
  conversation_moved: IconTransfer,
  fallback_used: IconGitBranch,
  proxy_down: IconArrowsShuffle,
  budget_reached: IconCoin,
  configuration: IconSettings,
  started: IconPlayerPlay,
  stopped: IconPlayerStop,
}

const COLORS = { info: 'blue', warning: 'orange', critical: 'red' } as const

/** One event: what it is, how grave, when, and where more is told. */
export function EventLine({ of }: { of: Event }) {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  const Sign = ICONS[of.type] ?? IconAlertTriangle
  const to = linkOf(of, t)
  return (
    <div className={classes.line}>
      <ThemeIcon variant="light" color={COLORS[of.level]} size={30} radius="xl" aria-hidden>
        <Sign size={17} />
      </ThemeIcon>
      <div className={classes.words}>
        <Text size="sm" fw={of.level === 'critical' ? 600 : 400}>
          {of.sentence}
        </Text>
        <Group gap={6}>
          <Text size="xs" c="dimmed" className="numbers" component="time" dateTime={new Date(of.at).toISOString()}>
            {format.time(of.at)}
          </Text>
          <Text size="xs" c="dimmed">
            {t(`types.${of.type}`)}
          </Text>
          {of.level === 'info' ? null : (
            <Text size="xs" fw={600}>
              {t(`levels.${of.level}`)}
            </Text>
          )}
          {to === undefined ? null : (
            <Text size="xs" component={Link} href={to.href} c="var(--mantine-color-anchor)">
              {to.label}
            </Text>
          )}
        </Group>
      </div>
    </div>
  )
}

function linkOf({ type, data, accountId, clientKeyId }: Event, t: Translate<typeof TEXTS.en>) {
  const requestId: unknown = data['requestId']
  if (typeof requestId === 'string') {
    return { href: `/requests?id=${encodeURIComponent(requestId)}`, label: t('openRequest') }
  }
  if (accountId !== undefined) return { href: `/accounts?id=${encodeURIComponent(accountId)}`, label: t('openAccount') }
  if (type === 'proxy_down') return { href: '/proxies', label: t('openProxies') }
  if (clientKeyId !== undefined) return { href: '/client-keys', label: t('openKeys') }
  return undefined
}
