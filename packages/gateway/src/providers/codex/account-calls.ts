import { FailureError, openaiResponses, safeText, type Failure, type FailureKind } from '@dragoman/protocol'
import type { AccountPool, Credential } from '../../accounts/index.js'
import { networkFailure, type Cookies, type SimpleResponse, type Transport } from '../../transport/index.js'
import { plainHeaders, type ProfileOptions } from './headers.js'

export interface AccountCallsOptions {
  accounts: Pick<AccountPool, 'credential' | 'recover'>
  request: Transport['request']
  /** What passes the bot check for an account, where something does. */
  cookies?: Pick<Cookies, 'header'>
  /** Read at every call. */
  settings(): { baseUrl: string; profile: ProfileOptions }
}

/** A reset of the own limit that an account may spend. Times are unix ms. */
export interface ResetCredit {
  id: string
  /** An open set: available, redeeming, redeemed, expired. */
  status: string
  /** An open set: codex_rate_limits. */
  type?: string
  grantedAt?: number
  expiresAt?: number
}

export interface ResetCredits {
  available: number
  credits: ResetCredit[]
  /** The reply as it came. */
  raw: unknown
}

/** What became of a wish to spend a reset. `already_redeemed`: the same request had been fulfilled before. */
export const RESET_OUTCOMES = ['reset', 'already_redeemed', 'nothing_to_reset', 'no_credit'] as const
export type ResetOutcome = (typeof RESET_OUTCOMES)[number]

export interface ConsumedCredit {
  outcome: ResetOutcome
  windowsReset: number
}

/**
 * The small calls about one account. Whatever they meet, the pool is not told: they bench nobody.
 *
 * All throw a FailureError whose scope is `account` (the backend refuses it, or its tokens), `provider` or `proxy` (somebody on the
 * way), or the signal's reason.
 */
export interface AccountCalls {
  /** The body of the usage page: an object of the form of upstream-codex 5.2, as it came. */
  fetchUsage(accountId: string, signal?: AbortSignal): Promise<Readonly<Record<string, unknown>>>
  listResetCredits(accountId: string, signal?: AbortSignal): Promise<ResetCredits>
  /** @param wish.redeemRequestId made by the caller and kept: the same one spends at most one credit, however often it is sent */
  consumeResetCredit(
    accountId: string,
    wish: { redeemRequestId: string; creditId?: string },
    signal?: AbortSignal,
  ): Promise<ConsumedCredit>
}

const TIMEOUT_MS = 15_000
/** The largest known reply has some kilobytes. */
const MAX_CHARACTERS = 256 * 1024

/** The second is what older backends and some ways through Cloudflare know (parity 3.5). */
const USAGE_PATHS = ['/wham/usage', '/codex/usage'] as const
const CREDITS_PATH = '/wham/rate-limit-reset-credits'

/** About the account or the way, not about the page: another path would say the same. */
const SAME_ELSEWHERE: ReadonlySet<FailureKind> = new Set([
  'credential_expired',
  'credential_revoked',
  'account_suspended',
  'payment_required',
  'quota_exhausted',
  'rate_limited',
  'unreachable',
  'stream_cut',
  'timeout',
  'cancelled',
])

/** Sources: upstream-codex 5.2; the outcomes of a reset: public clients of the endpoint (2026). */
export function createAccountCalls(options: AccountCallsOptions): AccountCalls {
  const { accounts, cookies, settings } = options

  interface Ask {
    /** In a sentence: "the usage". */
    what: string
    path: string
    /** Makes it a POST. */
    body?: object
    signal: AbortSignal | undefined
  }

  async function send(credential: Credential, { path, body, signal, what }: Ask): Promise<SimpleResponse> {
    const { baseUrl, profile } = settings()
    const url = `${baseUrl}${path}`
    const cookie = cookies?.header(credential.accountId, url)
    try {
      return await options.request({
        url,
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          ...plainHeaders(profile, credential),
          ...(cookie === undefined ? {} : { cookie }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        timeoutMs: TIMEOUT_MS,
        owner: credential.accountId,
        ...(signal === undefined ? {} : { signal }),
      })
    } catch (error) {
      signal?.throwIfAborted()
      const cause = error instanceof Error ? error : new Error(String(error))
      throw about(what, networkFailure(cause, new URL(url).origin, 'sent'))
    }
  }

  /** Asks as the account, once more with new tokens when they were refused. */
  async function ask(accountId: string, wanted: Ask): Promise<SimpleResponse> {
    const credential = await accounts.credential(accountId)
    const reply = await send(credential, wanted)
    if (reply.status !== 401) return reply
    return send(await accounts.recover(accountId, credential.generation), wanted)
  }

  /** @throws FailureError unless the reply is good and a JSON object */
  async function read(accountId: string, wanted: Ask): Promise<Readonly<Record<string, unknown>>> {
    const reply = await ask(accountId, wanted)
    if (reply.status !== 200) throw refused(wanted.what, reply)
    return objectIn(wanted.what, reply)
  }

  return {
    async fetchUsage(accountId, signal) {
      const what = 'the usage'
      let first: unknown
      for (const path of USAGE_PATHS) {
        try {
          const body = await read(accountId, { what, path, signal })
          if (isUsage(body)) return body
          throw about(what, unexpected('it answered with something else than a usage report'))
        } catch (error) {
          if (!(error instanceof FailureError) || SAME_ELSEWHERE.has(error.failure.kind)) throw error
          first ??= error
        }
      }
      throw first
    },

    async listResetCredits(accountId, signal) {
      const what = 'the list of resets'
      const raw = await read(accountId, { what, path: CREDITS_PATH, signal })
      const { credits, available_count: told } = raw
      if (!Array.isArray(credits) && typeof told !== 'number') {
        throw about(what, unexpected('it answered with something else than a list'))
      }
      const list = (Array.isArray(credits) ? (credits as unknown[]) : []).flatMap(creditOf)
      const available = count(told) ?? list.filter(({ status }) => status === 'available').length
      return { available, credits: list, raw }
    },

    async consumeResetCredit(accountId, { redeemRequestId, creditId }, signal) {
      const what = 'the reset'
      const body = { redeem_request_id: redeemRequestId, ...(creditId === undefined ? {} : { credit_id: creditId }) }
      const reply = await ask(accountId, { what, path: `${CREDITS_PATH}/consume`, body, signal })
      // Backends have told the outcomes that spend nothing with a status of their own, too.
      const outcome = reply.status < 500 ? outcomeIn(reply) : undefined
      if (outcome !== undefined) return outcome
      if (reply.status !== 200) throw refused(what, reply)
      throw about(what, unexpected('its reply does not say what became of it; look at the usage before you try again'))
    },
  }
}

/** Both forms in which it is known at least tell a plan or a limit. */
function isUsage(body: Readonly<Record<string, unknown>>): boolean {
  return (
    typeof body['plan_type'] === 'string' || (typeof body['rate_limit'] === 'object' && body['rate_limit'] !== null)
  )
}

function creditOf(told: unknown): ResetCredit[] {
  const one = record(told)
  const { id, status, reset_type: type } = one ?? {}
  if (typeof id !== 'string' || typeof status !== 'string') return []
  const [grantedAt, expiresAt] = [timeOf(one?.['granted_at']), timeOf(one?.['expires_at'])]
  return [
    {
      id,
      status: safeText(status),
      ...(typeof type === 'string' ? { type: safeText(type) } : {}),
      ...(grantedAt === undefined ? {} : { grantedAt }),
      ...(expiresAt === undefined ? {} : { expiresAt }),
    },
  ]
}

/** ISO text or unix seconds, in unix ms. */
function timeOf(told: unknown): number | undefined {
  const ms = typeof told === 'string' ? Date.parse(told) : typeof told === 'number' ? told * 1000 : NaN
  return Number.isFinite(ms) ? ms : undefined
}

/** The outcome stands at the top, or where errors tell their code. */
function outcomeIn({ body }: SimpleResponse): ConsumedCredit | undefined {
  const told = parsed(body)
  const codes = [told, record(told?.['error']), record(told?.['detail'])].map((place) => place?.['code'])
  const outcome = RESET_OUTCOMES.find((one) => codes.includes(one))
  return outcome && { outcome, windowsReset: count(told?.['windows_reset']) ?? 0 }
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : undefined
}

function objectIn(what: string, { body }: SimpleResponse): Readonly<Record<string, unknown>> {
  const value = body.length > MAX_CHARACTERS ? undefined : parsed(body)
  if (value !== undefined) return value
  if (body.length > MAX_CHARACTERS)
    throw about(what, unexpected(`its reply is larger than ${MAX_CHARACTERS} characters`))
  if (/^\s*</.test(body)) throw about(what, { ...unexpected('it answered with a web page'), kind: 'challenged' })
  throw about(what, unexpected('its reply is no JSON object'))
}

/** A bad status, in words. What the protocol blames on the request is of no account's making: nobody wrote these requests but the gateway. */
function refused(what: string, { status, headers, body }: SimpleResponse): FailureError {
  const bytes = new TextEncoder().encode(body.slice(0, MAX_CHARACTERS))
  const failure = openaiResponses.call.decodeError(status, headers, bytes)
  const ofAccount = failure.scope === 'account' || failure.scope === 'model'
  return about(what, { ...failure, scope: ofAccount ? 'account' : 'provider' })
}

/** Says which call failed, and what helps where something does. */
function about(what: string, failure: Failure): FailureError {
  const hint = failure.kind === 'challenged' ? CHALLENGE_HINT : ''
  return new FailureError({ ...failure, message: safeText(`${what}: ${failure.message}${hint}`) })
}

const CHALLENGE_HINT = '; try again later, or give the account another way out or cookies that pass the check'

function unexpected(message: string): Failure {
  return { kind: 'internal', scope: 'provider', phase: 'sent', retry: 'other', message }
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return record(JSON.parse(text))
  } catch {
    return undefined
  }
}

function record(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined
}
