import { openaiResponses } from '@dragoman/protocol'
import type { Failure } from '@dragoman/protocol'
import { consume, createLimits, limitIdOf, refusalOf, resetEarly, windowsOf } from '@dragoman/simulator'
import type { Limits, LimitsPlan, WindowChoice } from '@dragoman/simulator'

/** One account as the upstream knows it. */
export interface WorldAccount {
  limits: LimitsPlan
  /** Requests that it takes in a minute. Default: any number. */
  requestsAMinute?: number
}

/** What goes wrong in the world. Times are unix ms; `Infinity` is for ever. */
export type WorldEvent =
  /** Nothing can be reached, the login server neither. */
  | { type: 'network_gap'; until: number }
  /** Of all requests this share ends in a 503. */
  | { type: 'storm'; until: number; share: number }
  /** 403 for this account. */
  | { type: 'ban'; account: string; until: number; as: 'deactivated' | 'forbidden' }
  /** A page that asks for a proof of being human. */
  | { type: 'challenge'; account: string; until: number }
  /** 402 for this account. */
  | { type: 'unpaid'; account: string; until: number }
  /** Its access tokens are refused from now on; newer ones are taken. */
  | { type: 'expire_access'; account: string }
  /** Windows are given back before their time. */
  | ({ type: 'early_reset'; account: string } & WindowChoice)
  /** Something else has used the account: so many tokens are gone. */
  | { type: 'used_elsewhere'; account: string; model: string; tokens: number }

/** What one request met. */
export interface WorldReply {
  /** Undefined: it was answered. */
  failure?: Failure
  /** Lower-case names; none when nothing came back. */
  headers: Readonly<Record<string, string>>
  /** Tokens that it used. */
  cost: number
}

/** The upstream of a pool of accounts as a model in simulated time: who would be served, and what the others are told. */
export interface PoolWorld {
  readonly accounts: readonly string[]
  happen(event: WorldEvent, now: number): void
  ask(account: string, about: { model: string; tokens: number; generation: number }, now: number): WorldReply
  /** The body of the account's usage page; undefined when it cannot be read now. */
  usage(account: string, now: number): unknown
  /** True when nothing can be reached. */
  offline(now: number): boolean
  /**
   * Unix ms from which the account would serve this model, as things stand: now when it would at once, `Infinity` for never.
   * Chance and what is wrong with tokens apart.
   */
  opensAt(account: string, model: string, now: number): number
  /** When the quota windows alone let it serve again. */
  quotaOpensAt(account: string, model: string, now: number): number
  /** Tokens that the account's fullest window still has for the model. */
  room(account: string, model: string, now: number): number
}

interface State {
  limits: Limits
  plan: LimitsPlan
  requestsAMinute: number
  /** Unix ms of the requests of the last minute. */
  recent: number[]
  banned: { until: number; as: 'deactivated' | 'forbidden' }
  challengedUntil: number
  unpaidUntil: number
  /** Tokens of this generation and older ones are refused. */
  refusedGeneration: number
  lastGeneration: number
}

const MINUTE = 60_000

/** @param random decides what is left to chance: whom a storm hits */
export function createPoolWorld(accounts: ReadonlyMap<string, WorldAccount>, random: () => number): PoolWorld {
  const states = new Map<string, State>()
  let offlineUntil = 0
  let storm = { until: 0, share: 0 }
  for (const [id, { limits, requestsAMinute = Infinity }] of accounts) {
    states.set(id, {
      limits: createLimits(limits),
      plan: limits,
      requestsAMinute,
      recent: [],
      banned: { until: 0, as: 'forbidden' },
      challengedUntil: 0,
      unpaidUntil: 0,
      refusedGeneration: 0,
      lastGeneration: 0,
    })
  }

  function stateOf(account: string): State {
    const state = states.get(account)
    if (state === undefined) throw new Error(`the world has no account ${account}`)
    return state
  }

  function happen(event: WorldEvent, now: number): void {
    switch (event.type) {
      case 'network_gap':
        offlineUntil = event.until
        return
      case 'storm':
        storm = event
        return
      case 'ban':
        stateOf(event.account).banned = event
        return
      case 'challenge':
        stateOf(event.account).challengedUntil = event.until
        return
      case 'unpaid':
        stateOf(event.account).unpaidUntil = event.until
        return
      case 'expire_access': {
        const state = stateOf(event.account)
        state.refusedGeneration = Math.max(1, state.lastGeneration)
        return
      }
      case 'early_reset': {
        const { type: _, account, ...choice } = event
        const state = stateOf(account)
        state.limits = resetEarly(state.limits, choice)
        return
      }
      case 'used_elsewhere': {
        const state = stateOf(event.account)
        state.limits = consume(state.limits, event, now)
        return
      }
      default:
        event satisfies never
    }
  }

  function ask(
    account: string,
    { model, tokens, generation }: { model: string; tokens: number; generation: number },
    now: number,
  ): WorldReply {
    const state = stateOf(account)
    if (now < offlineUntil) return { failure: UNREACHABLE, headers: {}, cost: 0 }
    state.lastGeneration = Math.max(state.lastGeneration, generation)
    if (now < storm.until && random() < storm.share) {
      return refusal(503, { error: { code: 'server_is_overloaded', message: 'overloaded' } }, {}, now)
    }
    if (now < state.challengedUntil) return refusal(403, undefined, { 'cf-mitigated': 'challenge' }, now)
    if (generation <= state.refusedGeneration) {
      return refusal(401, { error: { code: 'token_expired', message: 'expired' } }, {}, now)
    }
    if (now < state.banned.until) {
      const code = state.banned.as === 'deactivated' ? 'account_deactivated' : 'request_forbidden'
      return refusal(403, { error: { code, message: 'not allowed' } }, {}, now)
    }
    if (now < state.unpaidUntil) return refusal(402, { detail: { code: 'deactivated_workspace' } }, {}, now)
    state.recent = state.recent.filter((at) => now - at < MINUTE)
    const [oldest] = state.recent
    if (state.recent.length >= state.requestsAMinute && oldest !== undefined) {
      const seconds = String(Math.ceil((oldest + MINUTE - now) / 1000))
      const error = { code: 'rate_limit_exceeded', message: 'Rate limit reached for requests.' }
      return refusal(429, { error }, { 'retry-after': seconds }, now)
    }
    const full = refusalOf(state.limits, model, now)
    if (full !== undefined) {
      const error = { type: 'usage_limit_reached', message: 'used up', resets_at: toSeconds(full.resetAtMs) }
      return refusal(429, { error }, limitHeaders(state.limits, model, now), now)
    }
    state.recent.push(now)
    state.limits = consume(state.limits, { model, tokens }, now)
    return { headers: limitHeaders(state.limits, model, now), cost: tokens }
  }

  function quotaOpensAt(account: string, model: string, now: number): number {
    const full = refusalOf(stateOf(account).limits, model, now)
    return full === undefined ? now : toSeconds(full.resetAtMs) * 1000
  }

  return {
    accounts: [...states.keys()],
    happen,
    ask,
    offline: (now) => now < offlineUntil,
    quotaOpensAt,

    usage(account, now) {
      const state = stateOf(account)
      if (now < offlineUntil || now < state.challengedUntil || now < state.banned.until) return undefined
      return usageBody(state.limits, now)
    },

    opensAt(account, model, now) {
      const { banned, challengedUntil, unpaidUntil, recent, requestsAMinute } = stateOf(account)
      const stormEnds = storm.share >= 1 ? storm.until : 0
      const rateEnds = (recent.filter((at) => now - at < MINUTE).at(-requestsAMinute) ?? -Infinity) + MINUTE
      const quota = quotaOpensAt(account, model, now)
      return Math.max(now, offlineUntil, stormEnds, banned.until, challengedUntil, unpaidUntil, rateEnds, quota)
    },

    room(account, model, now) {
      const { limits, plan } = stateOf(account)
      const id = limitIdOf(limits, model)
      const told = windowsOf(limits, now).find((limit) => limit.id === id)
      const granted = plan.additional?.find(({ limitId }) => limitId === id) ?? plan
      const left = (capacity: number | undefined, used: number | undefined): number =>
        capacity === undefined || used === undefined ? Infinity : capacity * (1 - used / 100)
      return Math.min(
        left(granted.primary.capacityTokens, told?.primary.usedPercent),
        left(granted.secondary?.capacityTokens, told?.secondary?.usedPercent),
      )
    },
  }
}

const UNREACHABLE: Failure = {
  kind: 'unreachable',
  scope: 'provider',
  phase: 'unsent',
  retry: 'same',
  message: 'the Codex backend cannot be reached',
}

function refusal(status: number, body: unknown, headers: Record<string, string>, now: number): WorldReply {
  const told = { ...headers, date: new Date(now).toUTCString() }
  const text = body === undefined ? '<!DOCTYPE html><title>Just a moment...</title>' : JSON.stringify(body)
  const failure = openaiResponses.call.decodeError(status, told, new TextEncoder().encode(text))
  return { failure, headers: told, cost: 0 }
}

/** The families of headers as the backend writes them (upstream-codex 5.1). */
function limitHeaders(limits: Limits, model: string, now: number): Record<string, string> {
  const headers: Record<string, string> = { 'x-codex-active-limit': limitIdOf(limits, model) }
  for (const { id, primary, secondary } of windowsOf(limits, now)) {
    const family = id.replaceAll('_', '-')
    for (const [slot, window] of Object.entries({ primary, secondary })) {
      if (window === null) continue
      headers[`x-${family}-${slot}-used-percent`] = String(floor(window.usedPercent))
      headers[`x-${family}-${slot}-window-minutes`] = String(window.windowMinutes)
      headers[`x-${family}-${slot}-reset-at`] = String(toSeconds(window.resetAtMs))
    }
  }
  return headers
}

/** `GET /wham/usage` (upstream-codex 5.2). */
function usageBody(limits: Limits, now: number): unknown {
  const [own, ...others] = windowsOf(limits, now).map(({ id, reached, primary, secondary }) => {
    const window = (one: typeof secondary) =>
      one === null
        ? null
        : {
            used_percent: Math.floor(one.usedPercent),
            limit_window_seconds: one.windowMinutes * 60,
            reset_at: toSeconds(one.resetAtMs),
          }
    const rate_limit = { limit_reached: reached, primary_window: window(primary), secondary_window: window(secondary) }
    return { metered_feature: id, rate_limit: { allowed: !reached, ...rate_limit } }
  })
  return { plan_type: 'plus', rate_limit: own?.rate_limit, additional_rate_limits: others }
}

/** What is told as 100 % refuses: never rounded up. */
function floor(percent: number): number {
  return Math.floor(percent * 100) / 100
}

/** A second after the true end at most: who comes back then is served. */
function toSeconds(ms: number): number {
  return Math.ceil(ms / 1000)
}
