import type { Failure, FailureKind } from '@dragoman/protocol'

/** Why a key, or one model of a key, is left alone for a while. A hypothesis: any answer ends it, and after `until` it is asked again. */
export interface Rest {
  /** What it is resting from. */
  kind: FailureKind
  /** One clause, without the key: `asked too often`. */
  reason: string
  /** Unix ms. */
  until: number
  /** The provider named the time. A time that is only guessed is tried with one request before all others follow. */
  told: boolean
  /** How many times in a row, one incident counting once. */
  strikes: number
  /** Unix ms when, after `until`, a first request went to see whether it is over. */
  triedAt?: number
}

/** What is believed about a key's fitness. Plain data. */
export interface KeyHealth {
  /** The whole key rests. */
  whole?: Rest
  /** Models of it that rest, by the names that clients use. */
  models: Readonly<Record<string, Rest>>
}

export const HEALTHY: KeyHealth = { models: {} }

/** What one request taught about a key. */
export interface Lesson {
  model: string
  /** Undefined: it was answered. */
  failure?: Pick<Failure, 'kind' | 'scope' | 'retryAt'> | undefined
}

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** A refusal comes within seconds; a request that runs longer was let in. */
const TRIAL_MS = 10 * SECOND
/** Trouble that begins so long after the last has ended is new trouble. */
const STRIKES_FORGOTTEN_MS = HOUR
/** A key that takes every name could be asked for any number of models that are not there. */
const MOST_MODELS = 200

/** Which part of a key rests, why, how long at first and at most. */
interface Sentence {
  level: 'key' | 'model'
  reason: string
  firstMs: number
  longestMs: number
}

/**
 * A key's health after a request. Pure; the same table as for accounts (`accounts/state.ts`), for what has no login to renew.
 * Whatever is about the network, the gateway or the request leaves the key alone.
 * @returns the very same health when nothing was learned
 */
export function nextKeyHealth(health: KeyHealth, lesson: Lesson, now: number): KeyHealth {
  const { model, failure } = lesson
  if (failure === undefined) return answered(health, model)
  const sentence = sentenceOf(failure)
  if (sentence === undefined) return withoutTrial(health, model)
  const before = sentence.level === 'key' ? health.whole : restOf(health, model)
  const rest = nextRest(before, failure, sentence, now)
  return sentence.level === 'key' ? { ...health, whole: rest } : withModel(health, model, rest, now)
}

/** The health once a request is on its way: of those who come at the same time only one tries a key that has rested. */
export function withTrial(health: KeyHealth, model: string, now: number): KeyHealth {
  const begin = (rest: Rest): Rest => (rest.told || rest.until > now ? rest : { ...rest, triedAt: now })
  const known = restOf(health, model)
  return {
    ...(health.whole === undefined ? {} : { whole: begin(health.whole) }),
    models: known === undefined ? health.models : { ...health.models, [model]: begin(known) },
  }
}

/** What keeps a key from being asked for a model now: the rest that ends last. */
export function restingFrom(health: KeyHealth, model: string, now: number): Rest | undefined {
  const rests = [health.whole, restOf(health, model)].filter((rest) => rest !== undefined && isResting(rest, now))
  return rests.sort((a, b) => (b?.until ?? 0) - (a?.until ?? 0))[0]
}

export function isResting(rest: Rest, now: number): boolean {
  return askedAgainAt(rest) > now
}

/** Unix ms when it may be asked next. */
export function askedAgainAt({ until, triedAt }: Rest): number {
  return triedAt === undefined ? until : Math.max(until, triedAt + TRIAL_MS)
}

function sentenceOf({ kind, scope }: Pick<Failure, 'kind' | 'scope'>): Sentence | undefined {
  if (scope === 'request' || scope === 'gateway' || scope === 'proxy') return undefined
  switch (kind) {
    case 'rate_limited':
      return { level: 'model', reason: 'asked too often', firstMs: 30 * SECOND, longestMs: 10 * MINUTE }
    case 'quota_exhausted':
      return {
        level: scope === 'model' ? 'model' : 'key',
        reason: 'its quota is used up',
        firstMs: 5 * MINUTE,
        longestMs: 30 * MINUTE,
      }
    case 'payment_required':
      return { level: 'key', reason: 'its credit is used up', firstMs: 30 * MINUTE, longestMs: 2 * HOUR }
    case 'unauthenticated':
    case 'credential_expired':
    case 'credential_revoked':
    case 'account_suspended':
      if (scope !== 'account') return undefined
      return { level: 'key', reason: 'the provider refuses the key', firstMs: 10 * MINUTE, longestMs: 2 * HOUR }
    case 'forbidden':
      return { level: 'model', reason: 'the provider does not let it', firstMs: 10 * MINUTE, longestMs: HOUR }
    case 'challenged':
      return { level: 'model', reason: 'the provider asked for a bot check', firstMs: MINUTE, longestMs: 16 * MINUTE }
    case 'model_unavailable':
    case 'not_found':
      return { level: 'model', reason: 'the provider has no such model', firstMs: 10 * MINUTE, longestMs: HOUR }
    case 'overloaded':
      return { level: 'model', reason: 'the provider is overloaded', firstMs: 10 * SECOND, longestMs: MINUTE }
    case 'invalid_request':
    case 'payload_too_large':
    case 'context_too_long':
    case 'refused':
    case 'unreachable':
    case 'stream_cut':
    case 'timeout':
    case 'cancelled':
    case 'internal':
      return undefined
    default:
      return kind satisfies never
  }
}

function nextRest(
  before: Rest | undefined,
  { kind, retryAt }: Pick<Failure, 'kind' | 'retryAt'>,
  { reason, firstMs, longestMs }: Sentence,
  now: number,
): Rest {
  const told = retryAt !== undefined && retryAt > now
  const same = before?.kind === kind && now - before.until < STRIKES_FORGOTTEN_MS ? before : undefined
  // Ten requests that fail together are one incident, not ten.
  const running = same !== undefined && same.until > now
  const strikes = same === undefined ? 1 : same.strikes + (running ? 0 : 1)
  const until = told ? retryAt : now + Math.min(firstMs * 2 ** (strikes - 1), longestMs)
  // A later end is never shortened: the first answer named the true one.
  if (running && same.until >= until) return same
  return { kind, reason, until, told, strikes }
}

/** An answer proves the key and the model, and nothing about its other models. */
function answered(health: KeyHealth, model: string): KeyHealth {
  if (health.whole === undefined && restOf(health, model) === undefined) return health
  const { [model]: _, ...models } = health.models
  return { models }
}

/** The trial ended without a verdict: the next request may be another. */
function withoutTrial(health: KeyHealth, model: string): KeyHealth {
  const known = restOf(health, model)
  if (health.whole?.triedAt === undefined && known?.triedAt === undefined) return health
  const end = ({ triedAt: _, ...rest }: Rest): Rest => rest
  return {
    ...(health.whole === undefined ? {} : { whole: end(health.whole) }),
    models: known === undefined ? health.models : { ...health.models, [model]: end(known) },
  }
}

function withModel(health: KeyHealth, model: string, rest: Rest, now: number): KeyHealth {
  const entries = Object.entries(health.models).filter(([name]) => name !== model)
  const kept =
    entries.length < MOST_MODELS ? entries : entries.filter((entry) => entry[1].until > now).slice(1 - MOST_MODELS)
  return { ...health, models: Object.fromEntries([...kept, [model, rest]]) }
}

function restOf({ models }: KeyHealth, model: string): Rest | undefined {
  return Object.hasOwn(models, model) ? models[model] : undefined
}
