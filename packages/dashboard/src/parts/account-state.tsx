import { Badge, Text } from '@mantine/core'
import {
  IconCheck,
  IconHourglass,
  IconLogin2,
  IconMoonStars,
  IconPower,
  IconShieldX,
  type IconProps,
} from '@tabler/icons-react'
import type { ComponentType } from 'react'
import type { Schemas } from '../api/client.js'
import { useFormat } from '../i18n/format.js'
import { defineTexts, useTexts } from '../i18n/index.js'
import { useNow } from './use-now.js'

type Account = Schemas['Account']
export type AccountState = Account['state']

const TEXTS = defineTexts(
  'account-state',
  {
    active: 'Active',
    cooling: 'Resting',
    exhausted: 'Used up',
    expired: 'Sign in again',
    suspended: 'Suspended',
    disabled: 'Off',
    why: {
      rate_limited: 'It was asked too often.',
      challenged: 'The backend asked for a proof of being human.',
      refused: 'The backend refused it.',
      fresh_token_refused: 'The backend refused a fresh token.',
      quota_reached: 'A usage limit is reached.',
      credit_used_up: 'Its plan or credit is used up.',
      login_revoked: 'Its login was revoked.',
      login_expired: 'Its login has expired.',
      login_used_elsewhere: 'Its login was used elsewhere, by another program that holds a copy.',
      login_lost: 'Its login was lost during a refresh.',
      login_refused: 'The login server or the backend no longer takes its login.',
      login_ended: 'Its login has ended and cannot be renewed.',
      linked_file: 'The file that it follows holds no good login.',
      deactivated: 'The account was deactivated.',
      refused_often: 'The backend refused it several times in a row.',
      switched_off: 'You switched it off.',
    },
    heals: {
      time: 'Serves again {{when}}',
      time_unknown: 'Serves again when the limit resets',
      probe: 'Tried again {{when}}',
      probe_unknown: 'Tried again soon',
      sign_in: 'Heals by signing in again',
      owner: 'Heals when you enable it',
      owner_suspended: 'Check it in ChatGPT, then enable it or sign in again',
    },
  },
  {
    active: '可用',
    cooling: '休息中',
    exhausted: '额度用尽',
    expired: '需重新登录',
    suspended: '已停用',
    disabled: '已关闭',
    why: {
      rate_limited: '请求过于频繁。',
      challenged: '后端要求进行人机验证。',
      refused: '后端拒绝了它。',
      fresh_token_refused: '后端拒绝了刚刷新的令牌。',
      quota_reached: '已达到用量上限。',
      credit_used_up: '套餐或余额已用尽。',
      login_revoked: '登录已被撤销。',
      login_expired: '登录已过期。',
      login_used_elsewhere: '登录已被持有副本的其他程序使用。',
      login_lost: '登录在刷新过程中丢失。',
      login_refused: '登录服务器或后端不再接受它的登录。',
      login_ended: '登录已失效且无法续期。',
      linked_file: '所跟随的文件中没有有效的登录。',
      deactivated: '账号已被停用。',
      refused_often: '后端连续多次拒绝了它。',
      switched_off: '由你关闭。',
    },
    heals: {
      time: '{{when}}恢复服务',
      time_unknown: '额度重置后恢复服务',
      probe: '{{when}}重试',
      probe_unknown: '稍后重试',
      sign_in: '重新登录即可恢复',
      owner: '启用后恢复',
      owner_suspended: '请先在 ChatGPT 中检查，然后启用或重新登录',
    },
  },
)

const LOOKS: Readonly<Record<AccountState, { color: string; Icon: ComponentType<IconProps> }>> = {
  active: { color: 'teal', Icon: IconCheck },
  cooling: { color: 'blue', Icon: IconMoonStars },
  exhausted: { color: 'orange', Icon: IconHourglass },
  expired: { color: 'red', Icon: IconLogin2 },
  suspended: { color: 'red', Icon: IconShieldX },
  disabled: { color: 'gray', Icon: IconPower },
}

/** How an account is, in one word. */
export function AccountStateBadge({ state, size = 'md' }: { state: AccountState; size?: 'sm' | 'md' | 'lg' }) {
  const { t } = useTexts(TEXTS)
  const { color, Icon } = LOOKS[state]
  return (
    <Badge variant="light" color={color} size={size} tt="none" leftSection={<Icon size={13} aria-hidden />}>
      {t(state)}
    </Badge>
  )
}

export function useStateName(): (state: AccountState) => string {
  const { t } = useTexts(TEXTS)
  return (state) => t(state)
}

/** Why it does not serve, what brings it back, and when, in the reader's language. Undefined for one that serves untroubled. */
export function useWhy(): (account: Account) => { why: string; heals: string; exactly?: string } | undefined {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  const now = useNow()
  return ({ state, reason, reasonCode, heals, attention, attentionCode, linkedTo, expiresAt }) => {
    const sentence = (code: Account['reasonCode'], told: string | null): string => {
      if (code === null || code === 'other') return told ?? ''
      return t(`why.${code}`)
    }
    if (state === 'active') {
      if (attention === null) return undefined
      const until = expiresAt === null ? {} : { exactly: format.dateTime(expiresAt) }
      return {
        why: sentence(attentionCode, attention),
        heals: linkedTo === null ? t('heals.sign_in') : attention,
        ...until,
      }
    }
    const why = sentence(reasonCode, reason)
    if (heals === null) return { why, heals: '' }
    if (heals.how === 'sign_in') return { why, heals: t('heals.sign_in') }
    if (heals.how === 'owner') return { why, heals: t(state === 'suspended' ? 'heals.owner_suspended' : 'heals.owner') }
    if (heals.at === undefined) return { why, heals: t(`heals.${heals.how}_unknown`) }
    return {
      why,
      heals: t(`heals.${heals.how}`, { when: format.relative(heals.at, now) }),
      exactly: format.dateTime(heals.at),
    }
  }
}

/** The same as two lines of text; nothing for one that serves untroubled. */
export function AccountReason({ account, lines }: { account: Account; lines?: number }) {
  const told = useWhy()(account)
  if (told === undefined) return null
  return (
    <Text size="xs" c="dimmed" component="div" {...(lines === undefined ? {} : { lineClamp: lines })}>
      {told.why} {told.heals}
      {told.exactly === undefined ? '' : ` (${told.exactly})`}
    </Text>
  )
}
