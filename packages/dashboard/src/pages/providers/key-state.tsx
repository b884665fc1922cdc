import { Badge, Text } from '@mantine/core'
import { IconAlertTriangle, IconCheck, IconLock, IconMoonStars, IconPower } from '@tabler/icons-react'
import { useFormat } from '../../i18n/format.js'
import { useTexts } from '../../i18n/index.js'
import { useNow } from '../../parts/use-now.js'
import type { Key } from './data.js'
import { TEXTS } from './texts.js'

const LOOKS = {
  ready: ['teal', IconCheck],
  resting: ['yellow', IconMoonStars],
  error: ['red', IconAlertTriangle],
  disabled: ['gray', IconPower],
  unreadable: ['red', IconLock],
} as const

function stateOf({ status, health }: Key): keyof typeof LOOKS {
  return status === 'error' && health.state === 'resting' ? 'error' : health.state
}

export function KeyBadge({ entry }: { entry: Key }) {
  const { t } = useTexts(TEXTS)
  const state = stateOf(entry)
  const [color, Icon] = LOOKS[state]
  return (
    <Badge color={color} variant="light" leftSection={<Icon size={12} />} tt="none">
      {t(`state.${state}`)}
    </Badge>
  )
}

/** Why a key, or some of its models, rest; nothing when all is well. */
export function KeyTrouble({ entry }: { entry: Key }) {
  const { t } = useTexts(TEXTS)
  const why = useWhy()
  const { rest, state, models } = entry.health
  if (state === 'disabled') return null
  return (
    <>
      {state === 'unreadable' ? <Text size="sm">{t('unreadable')}</Text> : null}
      {rest === null ? null : <Text size="sm">{why(rest)}</Text>}
      {models.slice(0, 5).map((one) => (
        <Text key={one.model} size="sm">
          {t('modelRests', { model: one.model, why: why(one) })}
        </Text>
      ))}
    </>
  )
}

function useWhy(): (rest: { kind: string; reason: string; until: string }) => string {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  const now = useNow()
  return ({ kind, reason, until }) => {
    const known = kind in TEXTS.en.why ? t(`why.${kind as keyof typeof TEXTS.en.why}`) : `${reason}.`
    return `${known} ${t('resting', { when: format.relative(until, now) })}`
  }
}
