import type { AccountStatus } from '../accounts/index.js'
import type { NoticeType } from '../config/index.js'
import type { BudgetPeriod } from '../usage/index.js'

export const NOTICE_LEVELS = ['info', 'warning', 'critical'] as const
/** `info` asks for nothing, `warning` for a look, `critical` for a deed. */
export type NoticeLevel = (typeof NOTICE_LEVELS)[number]

/** What each type of notice tells. Times are unix ms. Reasons are sentences, fit to show. */
export interface NoticeData {
  account_state: { from: AccountStatus; to: AccountStatus; reason?: string; until?: number }
  /** `usedPercent` has come to `threshold`. */
  quota_warning: QuotaSlot & { usedPercent: number; threshold: number; resetAt?: number }
  /** A limit that was reached is not any more. */
  quota_back: QuotaSlot
  /** Nothing but its owner's sign-in makes it serve again. */
  login_needed: { reason?: string }
  /** The tokens could not be renewed, more than once in a row. */
  refresh_failed: { reason: string; retryAt?: number }
  /** `from` and `to` are ids of accounts. Tokens from the prompt cache: of its last turn there, of its first turn here. */
  conversation_moved: {
    from: string
    to: string
    why: string
    cachedTokensBefore?: number
    cachedTokensAfter?: number
  }
  /** `from` and `to` are `provider:model`. */
  fallback_used: { from: string; to: string; why: string; requestId?: string }
  /** `proxy` is its name. */
  proxy_down: { proxy: string; reason: string }
  /** Of the client key of the notice: `unit` of `period`, `tokens` of `day`. */
  budget_reached: { unit: 'USD' | 'tokens'; period: BudgetPeriod; limit: number; used: number; resetAt?: number }
  configuration: { outcome: 'in_force'; settings: readonly string[] } | { outcome: 'refused'; problem: string }
  started: { version: string; url: string }
  stopped: { reason?: string }
}

export interface QuotaSlot {
  /** `codex` is the account's own; others belong to single models or features. */
  limit: string
  /** As the backend calls it. */
  name?: string
  slot: 'primary' | 'secondary'
}

/** How somebody is called. */
export interface Name {
  label?: string
  email?: string
}

interface About {
  /** `acc_…` */
  accountId?: string
  /** `ak_…` */
  apiKeyId?: string
  /** `key_…` */
  clientKeyId?: string
}

interface Made {
  /** `ntc_…`; of two, the later one is greater. */
  id: string
  /** Unix ms. */
  at: number
  level: NoticeLevel
  /** Of those whose ids it holds, as they were called then. */
  names: Readonly<Record<string, Name>>
}

/** Something that the owner of the gateway may want to know. Holds no secret. */
export type NoticeOf<Type extends NoticeType> = {
  [T in Type]: Made & About & { type: T; data: NoticeData[T] }
}[Type]
export type Notice = NoticeOf<NoticeType>

/** A notice before anybody was told: what happened, and to whom. */
export type News = {
  [T in NoticeType]: About & { type: T; data: NoticeData[T]; level?: NoticeLevel }
}[NoticeType]

/** How much it asks of its owner, unless whoever tells it knows better. */
export function levelOf(news: News): NoticeLevel {
  switch (news.type) {
    case 'account_state':
      return levelOfState(news.data.to)
    case 'login_needed':
      return 'critical'
    case 'quota_warning':
    case 'refresh_failed':
    case 'proxy_down':
    case 'budget_reached':
      return 'warning'
    case 'configuration':
      return news.data.outcome === 'refused' ? 'warning' : 'info'
    case 'quota_back':
    case 'conversation_moved':
    case 'fallback_used':
    case 'started':
    case 'stopped':
      return 'info'
    default:
      return news satisfies never
  }
}

function levelOfState(to: AccountStatus): NoticeLevel {
  switch (to) {
    case 'active':
    case 'disabled':
      return 'info'
    case 'cooling':
    case 'exhausted':
      return 'warning'
    case 'expired':
    case 'suspended':
      return 'critical'
    default:
      return to satisfies never
  }
}

/** The ids in it that may have a name. */
export function idsIn(news: News): string[] {
  const { accountId, apiKeyId, clientKeyId } = news
  const moved = news.type === 'conversation_moved' ? [news.data.from, news.data.to] : []
  return [...new Set([accountId, apiKeyId, clientKeyId, ...moved].filter((id) => id !== undefined))]
}
