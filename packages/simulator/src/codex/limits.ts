/** One window of a limit, as the provider grants it. */
export interface WindowPlan {
  windowMinutes: number
  /** Tokens that may be used in it; counted as `countedTokens` says. */
  capacityTokens: number
}

/** The usual pair is 300 and 10,080 minutes. */
export interface LimitPlan {
  primary: WindowPlan
  secondary?: WindowPlan
}

/** A limit of its own for some models; what they use counts against no other. */
export interface ModelLimitPlan extends LimitPlan {
  /** `metered_feature`, e.g. `codex_bengalfox`. */
  limitId: string
  /** As people read it, e.g. `GPT-5.3-Codex-Spark`. */
  limitName: string
  models: readonly string[]
}

/** What an account may use. Its own limit stands at the top and takes every model that no other limit names. */
export interface LimitsPlan extends LimitPlan {
  /** Which requests the real backend counts here is not known; the simulator takes them by model, by default `codex-auto-review`. */
  codeReview?: LimitPlan & { models?: readonly string[] }
  additional?: readonly ModelLimitPlan[]
  /** The share of cached input tokens that is not counted, 0 to 1. A guess after the public prices. Default 0.9. */
  cachedDiscount?: number
}

export const OWN_LIMIT = 'codex'
export const REVIEW_LIMIT = 'code_review'

interface Window extends WindowPlan {
  readonly usedTokens: number
  /** Unix ms; undefined until its first use. */
  readonly startedAtMs: number | undefined
}

interface Limit {
  readonly id: string
  readonly name: string | undefined
  /** Undefined: all that no other limit names. */
  readonly models: readonly string[] | undefined
  readonly primary: Window
  readonly secondary: Window | undefined
}

/** The state of an account's limits. Plain data; every change makes a new one. */
export interface Limits {
  readonly cachedDiscount: number
  readonly all: readonly Limit[]
}

/** One window as it is told. */
export interface WindowNow {
  /** 0 to 100, not rounded. */
  usedPercent: number
  windowMinutes: number
  /** Unix ms. Of a window that nobody has used yet: when it would end if it began now. */
  resetAtMs: number
}

export interface LimitNow {
  /** `codex`, `code_review`, or a model limit's id. */
  id: string
  name: string | undefined
  /** Requests of its models are refused. */
  reached: boolean
  primary: WindowNow
  secondary: WindowNow | null
}

/** Limits of which nothing is used. @throws Error when a plan cannot be meant */
export function createLimits(plan: LimitsPlan): Limits {
  const { codeReview, additional = [], cachedDiscount = 0.9 } = plan
  if (!(cachedDiscount >= 0 && cachedDiscount <= 1)) throw new Error('cachedDiscount must be between 0 and 1')
  const all = [
    limitOf(OWN_LIMIT, undefined, undefined, plan),
    ...(codeReview === undefined
      ? []
      : [limitOf(REVIEW_LIMIT, undefined, codeReview.models ?? ['codex-auto-review'], codeReview)]),
    ...additional.map((one) => limitOf(one.limitId, one.limitName, one.models, one)),
  ]
  const ids = all.map(({ id }) => id)
  const twice = ids.find((id, index) => ids.indexOf(id) !== index)
  if (twice !== undefined) throw new Error(`the limit ${twice} is planned twice`)
  return { cachedDiscount, all }
}

/** What a reply counts: its fresh input, the undiscounted share of its cached input, its output with all reasoning. */
export function countedTokens(
  { cachedDiscount }: Limits,
  usage: { inputTokens: number; cachedTokens: number; outputTokens: number },
): number {
  return usage.inputTokens - usage.cachedTokens * cachedDiscount + usage.outputTokens
}

/** The id of the limit that a model counts against. */
export function limitIdOf(limits: Limits, model: string): string {
  return limits.all.find(({ models }) => models?.includes(model) === true)?.id ?? OWN_LIMIT
}

/**
 * Is a request for this model refused, and until when? It is once a window of its limit is full; the request that fills one is
 * answered to its end.
 */
export function refusalOf(
  limits: Limits,
  model: string,
  nowMs: number,
): { limitId: string; resetAtMs: number } | undefined {
  const id = limitIdOf(limits, model)
  const full = limits.all
    .filter((limit) => limit.id === id)
    .flatMap(({ primary, secondary }) => (secondary === undefined ? [primary] : [primary, secondary]))
    .map((window) => rolled(window, nowMs))
    .filter(isFull)
  if (full.length === 0) return undefined
  return { limitId: id, resetAtMs: Math.max(...full.map((window) => windowNow(window, nowMs).resetAtMs)) }
}

/** Books what one answered request has used. A window begins with its first use. @param use.tokens counted ones */
export function consume(limits: Limits, use: { model: string; tokens: number }, nowMs: number): Limits {
  const id = limitIdOf(limits, use.model)
  const book = (window: Window): Window => {
    const now = rolled(window, nowMs)
    return { ...now, startedAtMs: now.startedAtMs ?? nowMs, usedTokens: now.usedTokens + use.tokens }
  }
  return changed(limits, (limit) => (limit.id === id ? { primary: book, secondary: book } : {}))
}

/** All limits as they are now, the account's own first. Windows whose time has passed are empty again. */
export function windowsOf(limits: Limits, nowMs: number): LimitNow[] {
  return limits.all.map(({ id, name, primary, secondary }) => ({
    id,
    name,
    reached: [primary, secondary].some((window) => window !== undefined && isFull(rolled(window, nowMs))),
    primary: windowNow(rolled(primary, nowMs), nowMs),
    secondary: secondary === undefined ? null : windowNow(rolled(secondary, nowMs), nowMs),
  }))
}

/** Which windows: of one limit by its id, or all; one slot, or both. */
export interface WindowChoice {
  limit?: string
  window?: 'primary' | 'secondary'
}

/** The provider gives windows back before their time: they begin anew with their next use. @throws Error for a limit that is not planned */
export function resetEarly(limits: Limits, choice: WindowChoice = {}): Limits {
  const { limit: wanted, window: slot } = choice
  if (wanted !== undefined && !limits.all.some(({ id }) => id === wanted)) {
    throw new Error(`there is no limit ${wanted}; there are: ${limits.all.map(({ id }) => id).join(', ')}`)
  }
  return changed(limits, ({ id }) => {
    if (wanted !== undefined && id !== wanted) return {}
    return {
      ...(slot === 'secondary' ? {} : { primary: empty }),
      ...(slot === 'primary' ? {} : { secondary: empty }),
    }
  })
}

type Change = (window: Window) => Window

function changed(limits: Limits, changes: (limit: Limit) => { primary?: Change; secondary?: Change }): Limits {
  return {
    ...limits,
    all: limits.all.map((limit) => {
      const { primary = same, secondary = same } = changes(limit)
      return {
        ...limit,
        primary: primary(limit.primary),
        secondary: limit.secondary === undefined ? undefined : secondary(limit.secondary),
      }
    }),
  }
}

const same: Change = (window) => window
const empty: Change = (window) => ({ ...window, usedTokens: 0, startedAtMs: undefined })

function limitOf(id: string, name: string | undefined, models: readonly string[] | undefined, plan: LimitPlan): Limit {
  const window = ({ windowMinutes, capacityTokens }: WindowPlan): Window => {
    if (!(windowMinutes > 0 && capacityTokens > 0)) {
      throw new Error(`a window of the limit ${id} must have minutes and tokens above 0`)
    }
    return { windowMinutes, capacityTokens, usedTokens: 0, startedAtMs: undefined }
  }
  const { primary, secondary } = plan
  return {
    id,
    name,
    models,
    primary: window(primary),
    secondary: secondary === undefined ? undefined : window(secondary),
  }
}

function rolled(window: Window, nowMs: number): Window {
  return window.startedAtMs !== undefined && endOf(window, window.startedAtMs) <= nowMs ? empty(window) : window
}

function isFull({ usedTokens, capacityTokens }: Window): boolean {
  return usedTokens >= capacityTokens
}

function windowNow(window: Window, nowMs: number): WindowNow {
  const { usedTokens, capacityTokens, windowMinutes, startedAtMs } = window
  return {
    usedPercent: Math.min(100, (usedTokens / capacityTokens) * 100),
    windowMinutes,
    resetAtMs: endOf(window, startedAtMs ?? nowMs),
  }
}

function endOf({ windowMinutes }: WindowPlan, startMs: number): number {
  return startMs + windowMinutes * 60_000
}
