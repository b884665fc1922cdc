import { randomBytes, randomUUID } from 'node:crypto'
import { createLimits, type Limits, type LimitsPlan } from '../codex/limits.js'
import { accessClaims, CLIENT_ID, idClaims, jwt, type Identity } from './tokens.js'

export interface AccountOptions {
  email?: string
  /** Default `plus`. */
  plan?: string
  accountId?: string
  userId?: string
  /** Life of an access token; the real one lives about ten days. May be negative: born expired. */
  accessExpiresInSeconds?: number
  /** What `accounts/check` says. */
  routing?: Routing
  /** Limits that live: used up by replies, rolling over with `now`. Default none: what `setQuota` says is told. */
  limits?: LimitsPlan
}

/** Where a workspace's requests must go. */
export interface Routing {
  /** Default: the simulator's own origin; null: none is told. */
  origin?: string | null
  /** Default `NO_CONSTRAINT`; with another, requests must name it in `x-openai-account-routing-override`. */
  override?: string
}

/** Tokens as a login hands them out. */
export interface TokenSet {
  accessToken: string
  refreshToken: string
  idToken: string
  /** Lifetime of the access token in seconds. */
  expiresIn: number
}

/** One use of the limits of an account. Times in unix seconds. */
export interface Quota {
  primary: QuotaWindow | null
  secondary: QuotaWindow | null
  /** Refuse every request with 429 `usage_limit_reached`. */
  limitReached: boolean
  credits: { hasCredits: boolean; unlimited: boolean; balance: string | null } | null
}
export interface QuotaWindow {
  usedPercent: number
  windowMinutes: number
  resetAt: number
}

export interface Account extends Identity {
  readonly accessExpiresInSeconds: number
  routing: Routing
  quota: Quota
  limits: Limits | undefined
  readonly resetCredits: ResetCredit[]
  /** Requests to redeem one that did. */
  readonly redeemed: Set<string>
  /** How its requests are refused: 403 with a plain reason, 403 of a closed account, or Cloudflare's challenge page. */
  banned: 'forbidden' | 'deactivated' | 'challenge' | undefined
  gap: Gap | undefined
  refreshes: number
  reuseAttempts: number
}

/** A reset of the account's own limit that its owner may spend. Times in unix ms. */
export interface ResetCredit {
  readonly id: string
  readonly grantedAtMs: number
  readonly expiresAtMs: number
  redeemedAtMs?: number
}

/** How somebody is not answered: the connection is reset, or nothing ever comes. */
export type Gap = 'reset' | 'hang'

/** Why the refresh tokens of an account are worth nothing any more; the login server answers `refresh_token_…`. */
export type EndedBy = 'expired' | 'invalidated' | 'reused'

/** One login: a chain of refresh tokens of which only the newest is alive. */
interface Grant {
  account: Account
  generation: number
  live: string
  /** Why the next refresh fails, when it must. */
  ended?: EndedBy
}

export type RefreshOutcome =
  | { ok: true; tokens: TokenSet; account: Account }
  | {
      ok: false
      code: 'refresh_token_reused' | 'refresh_token_expired' | 'refresh_token_invalidated' | 'token_not_found'
    }

export type AccessState =
  { state: 'valid'; account: Account } | { state: 'expired' | 'invalidated'; account: Account } | { state: 'unknown' }

/**
 * All accounts and their tokens. Every change of state is one synchronous step, so however many requests run at once, a refresh token is
 * redeemed once and every later try counts as a reuse.
 */
export class Accounts {
  readonly #accounts = new Map<string, Account>()
  readonly #grants = new Map<string, Grant>()
  readonly #latest = new Map<string, Grant>()
  readonly #access = new Map<string, { grant: Grant; expiresAt: number; revoked: boolean }>()
  refreshes = 0
  reuses = 0
  /** Nobody is answered. */
  gap: Gap | undefined

  /** @param now unix ms */
  constructor(
    private readonly issuer: () => string,
    private readonly now: () => number,
  ) {}

  add(options: AccountOptions = {}): Account {
    const number = this.#accounts.size + 1
    const reset = Math.floor(this.now() / 1000)
    const account: Account = {
      email: options.email ?? `person${number}@example.com`,
      plan: options.plan ?? 'plus',
      accountId: options.accountId ?? randomUUID(),
      userId: options.userId ?? `user-${randomBytes(12).toString('hex')}`,
      accessExpiresInSeconds: options.accessExpiresInSeconds ?? 864_000,
      routing: options.routing ?? {},
      quota: {
        primary: { usedPercent: 12, windowMinutes: 300, resetAt: reset + 9000 },
        secondary: { usedPercent: 5, windowMinutes: 10_080, resetAt: reset + 400_000 },
        limitReached: false,
        credits: null,
      },
      limits: options.limits && createLimits(options.limits),
      resetCredits: [],
      redeemed: new Set(),
      banned: undefined,
      gap: undefined,
      refreshes: 0,
      reuseAttempts: 0,
    }
    if (this.#accounts.has(account.accountId)) throw new Error(`account ${account.accountId} exists already`)
    this.#accounts.set(account.accountId, account)
    return account
  }

  /** @throws Error when there is no such account */
  get(accountId: string): Account {
    const account = this.#accounts.get(accountId)
    if (account === undefined) throw new Error(`the simulator has no account ${accountId}`)
    return account
  }

  find(accountIdOrEmail: string): Account | undefined {
    return this.all().find(({ accountId, email }) => accountId === accountIdOrEmail || email === accountIdOrEmail)
  }

  all(): Account[] {
    return [...this.#accounts.values()]
  }

  clear(): void {
    for (const map of [this.#accounts, this.#grants, this.#latest, this.#access]) map.clear()
    this.refreshes = 0
    this.reuses = 0
    this.gap = undefined
  }

  /** Is somebody not answered now: the account of this id, or the one that this refresh token was made for? */
  gapOf(who: { accountId?: string | undefined; refreshToken?: unknown }): Gap | undefined {
    const byToken = typeof who.refreshToken === 'string' ? this.#grants.get(who.refreshToken)?.account : undefined
    return this.gap ?? (byToken ?? this.#accounts.get(who.accountId ?? ''))?.gap
  }

  /** A new login: a refresh chain of its own beside those of earlier logins. */
  login(account: Account): TokenSet {
    const grant: Grant = { account, generation: 1, live: '' }
    this.#latest.set(account.accountId, grant)
    return this.#issue(grant)
  }

  refresh(refreshToken: string): RefreshOutcome {
    const grant = this.#grants.get(refreshToken)
    if (grant === undefined) return { ok: false, code: 'token_not_found' }
    if (grant.ended !== undefined) return { ok: false, code: `refresh_token_${grant.ended}` }
    if (grant.live !== refreshToken) {
      this.reuses += 1
      grant.account.reuseAttempts += 1
      return { ok: false, code: 'refresh_token_reused' }
    }
    grant.generation += 1
    grant.account.refreshes += 1
    this.refreshes += 1
    return { ok: true, tokens: this.#issue(grant), account: grant.account }
  }

  /** Makes refresh tokens useless: those of one account's logins. */
  endRefresh(accountId: string, how: EndedBy): void {
    const account = this.get(accountId)
    for (const grant of this.#grants.values()) if (grant.account === account) grant.ended = how
  }

  /** As logout does: the login that this token (of either kind) belongs to ends. Unknown tokens are ignored, as RFC 7009 wants. */
  revoke(token: string): void {
    const grant = this.#grants.get(token) ?? this.#access.get(token)?.grant
    if (grant === undefined) return
    grant.ended = 'invalidated'
    for (const access of this.#access.values()) if (access.grant === grant) access.revoked = true
  }

  /** The backend no longer takes the account's access tokens, whatever `exp` says; refreshing helps. */
  expireAccess(accountId: string): void {
    const account = this.get(accountId)
    for (const access of this.#access.values()) if (access.grant.account === account) access.expiresAt = 0
  }

  access(accessToken: string): AccessState {
    const access = this.#access.get(accessToken)
    if (access === undefined) return { state: 'unknown' }
    const { account } = access.grant
    if (access.revoked) return { state: 'invalidated', account }
    return { state: access.expiresAt * 1000 <= this.now() ? 'expired' : 'valid', account }
  }

  refreshState(accountId: string): {
    generation: number
    liveRefreshToken: string
    refreshes: number
    reuseAttempts: number
  } {
    const account = this.get(accountId)
    const grant = this.#latest.get(accountId)
    return {
      generation: grant?.generation ?? 0,
      liveRefreshToken: grant?.live ?? '',
      refreshes: account.refreshes,
      reuseAttempts: account.reuseAttempts,
    }
  }

  #issue(grant: Grant): TokenSet {
    const { account } = grant
    const issuedAt = Math.floor(this.now() / 1000)
    const expiresAt = issuedAt + account.accessExpiresInSeconds
    const accessToken = jwt(accessClaims(account, this.issuer(), issuedAt, expiresAt))
    grant.live = `rt_${randomBytes(33).toString('base64url')}`
    this.#grants.set(grant.live, grant)
    this.#access.set(accessToken, { grant, expiresAt, revoked: false })
    return {
      accessToken,
      refreshToken: grant.live,
      idToken: jwt(idClaims(account, this.issuer(), issuedAt)),
      expiresIn: account.accessExpiresInSeconds,
    }
  }
}

/** A complete `auth.json` as the Codex CLI writes it. Source: upstream notes 1.7. */
export function authJson(account: Account, tokens: TokenSet, issuer: string, nowMs: number) {
  return {
    auth_mode: 'chatgpt',
    OPENAI_API_KEY: null,
    tokens: {
      id_token: tokens.idToken,
      access_token: tokens.accessToken,
      refresh_token: tokens.refreshToken,
      oauth_provenance: { issuer, client_id: CLIENT_ID },
      login_owner_id: randomBytes(32).toString('base64url'),
      account_id: account.accountId,
    },
    last_refresh: new Date(nowMs).toISOString(),
  }
}
