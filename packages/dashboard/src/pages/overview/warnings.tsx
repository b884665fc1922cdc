import { Button, Paper, Stack, Text, Title } from '@mantine/core'
import {
  IconAlertTriangle,
  IconArrowsShuffle,
  IconBug,
  IconChevronRight,
  IconCoinOff,
  IconGauge,
  IconLogin2,
  IconShieldX,
  type IconProps,
} from '@tabler/icons-react'
import { useState, type ComponentType } from 'react'
import { Link } from 'wouter'
import type { Schemas } from '../../api/client.js'
import { useFormat } from '../../i18n/format.js'
import { useTexts } from '../../i18n/index.js'
import { useNow } from '../../parts/use-now.js'
import classes from './overview.module.css'
import { TEXTS } from './texts.js'

type Warning = Schemas['OverviewWarning']

const SHOWN = 4
const ICONS: Readonly<Record<Warning['kind'], ComponentType<IconProps>>> = {
  no_candidate: IconAlertTriangle,
  login: IconLogin2,
  suspended: IconShieldX,
  attention: IconAlertTriangle,
  quota: IconGauge,
  proxy: IconArrowsShuffle,
  errors: IconBug,
  unpriced: IconCoinOff,
}

/** What wants somebody's look, the gravest first; each leads to where it is mended. */
export function Warnings({ warnings }: { warnings: readonly Warning[] }) {
  const { t } = useTexts(TEXTS)
  const sentence = useSentence()
  const [all, setAll] = useState(false)
  if (warnings.length === 0) return null
  const shown = all ? warnings : warnings.slice(0, SHOWN)
  return (
    <Paper withBorder p="sm" component="section" aria-label={t('warnings.title')}>
      <Title order={2} size="h5" px={12} pb={4}>
        {t('warnings.title')}
      </Title>
      <Stack gap={0}>
        {shown.map((warning, n) => {
          const Icon = ICONS[warning.kind]
          return (
            <Link key={n} href={placeOf(warning)} className={classes.warning ?? ''}>
              <Icon
                size={18}
                aria-hidden
                color={isGrave(warning) ? 'var(--mantine-color-red-text)' : 'var(--mantine-color-orange-text)'}
              />
              <Text size="sm" component="span" className={classes.sentence}>
                {sentence(warning)}
              </Text>
              <IconChevronRight size={16} aria-hidden />
            </Link>
          )
        })}
      </Stack>
      {warnings.length > shown.length ? (
        <Button variant="subtle" size="compact-sm" mt={4} ml={4} onClick={() => setAll(true)}>
          {t('warnings.more', { count: warnings.length - shown.length })}
        </Button>
      ) : null}
    </Paper>
  )
}

function isGrave(warning: Warning): boolean {
  switch (warning.kind) {
    case 'no_candidate':
    case 'login':
    case 'suspended':
      return true
    case 'quota':
      return warning.critical
    default:
      return false
  }
}

function placeOf(warning: Warning): string {
  switch (warning.kind) {
    case 'no_candidate':
      return '/accounts'
    case 'login':
    case 'suspended':
    case 'attention':
    case 'quota':
      return `/accounts?account=${encodeURIComponent(warning.account_id)}`
    case 'proxy':
      return '/proxies'
    case 'errors':
      return '/requests?tab=errors'
    case 'unpriced':
      return '/usage'
  }
}

function useSentence(): (warning: Warning) => string {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  const now = useNow()
  return (warning) => {
    switch (warning.kind) {
      case 'no_candidate':
        return t('warnings.no_candidate')
      case 'login':
      case 'suspended':
        return t(`warnings.${warning.kind}`, { name: warning.name })
      case 'attention':
        return t('warnings.attention', { name: warning.name, reason: warning.reason })
      case 'proxy':
        return t('warnings.proxy', { name: warning.name })
      case 'errors':
      case 'unpriced':
        return t(`warnings.${warning.kind}`, { count: warning.count })
      case 'quota': {
        const slot = t(`warnings.${warning.slot}`)
        const window = warning.limit === 'codex' ? slot : t('warnings.limit', { window: slot, limit: warning.limit })
        const told = { name: warning.name, window, used: format.percent(Math.min(1, warning.used_percent / 100)) }
        if (warning.reset_at === null) return t('warnings.quotaNoReset', told)
        const when = format.relative(warning.reset_at, now)
        return t(warning.used_percent >= 100 ? 'warnings.full' : 'warnings.quota', { ...told, when })
      }
    }
  }
}
