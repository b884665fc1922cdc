/**
 * Who said it, the surest last: a read of the usage page, a header or a frame of an answer, the refusal of a request. What is
 * less sure never shortens what is surer.
 */
export type QuotaSource = 'usage' | 'header' | 'refusal'

/** The one truth about one window of one limit. */
export interface QuotaWindow {
  /** `codex` is the account's own, `code-review` another; others belong to single models or features. */
  limit: string
  /** As the backend calls the limit: `GPT-5.3-Codex-Spark`. */
  name?: string
  slot: 'primary' | 'secondary'
  usedPercent: number
  /** It refuses requests until `resetAt`. */
  reached: boolean
  windowMinutes?: number
  /** Unix ms. */
  resetAt?: number
  source: QuotaSource
  /** Unix ms when it was told. */
  at: number
  /**
   * Unix ms when a less sure source spoke against the lock, or its owner said that the quota is back: one request may try.
   */
  doubtedAt?: number
}

export interface Credits {
  hasCredits: boolean
  unlimited: boolean
  balance?: string
  source: QuotaSource
  /** Unix ms. */
  at: number
}

/** Everything that is known of an account's limits. Plain data: stored as JSON. */
export interface Quota {
  /** By `limit/slot`. */
  windows: Readonly<Record<string, QuotaWindow>>
  credits?: Credits
  /** Resets that its owner may spend. */
  resetCredits?: { available: number; at: number }
  plan?: string
  /** Which limit a model counts against, where the backend said so: model name to limit. */
  limitOf?: Readonly<Record<string, string>>
  /** Unix ms of the newest reading. */
  at: number
}

/** What one answer, frame or page told. Windows that it does not name stay as they were. */
export interface QuotaReading extends Omit<Quota, 'limitOf'> {
  source: QuotaSource
  /** The limit that the answered request counted against. */
  activeLimit?: string
}
