import type { ApiKeyRecord, ApiKeyRows } from '../../store/index.js'
import { apiKeyOf } from './api-key.js'
import { askedAgainAt, HEALTHY, isResting, nextKeyHealth, restingFrom, withTrial } from './key-health.js'
import type { KeyHealth, Rest } from './key-health.js'
import { byConversation, createTurns } from './take-turns.js'
import type { ApiKey, KeyCapability, KeyChoice, KeyModel } from './types.js'
import { everybodyRests, nobodyServes } from './why-no-key.js'

/** What is listed of one model, whoever serves it. */
export interface ListedModel {
  id: string
  provider: string
  displayName?: string
  contextWindow?: number
  maxOutputTokens?: number
  capabilities: readonly KeyCapability[]
}

/** A key and how it is. */
export interface KeyState {
  key: ApiKey
  /** `unreadable`: its secret was sealed by another sealing key. */
  status: 'ready' | 'resting' | 'disabled' | 'unreadable'
  /** The whole key rests. */
  rest?: Rest
  /** Models of it that rest. */
  models: ReadonlyMap<string, Rest>
  /** Unix ms of the last request that it answered since this process began. */
  lastUsedAt?: number
}

/** The API keys, with what is known of their health. Answers from memory. */
export interface KeyPool extends KeyChoice {
  states(): KeyState[]
  find(id: string): ApiKey | undefined
  /** Names of the providers that have an enabled key. */
  providers(): readonly string[]
  /** See `KeyModels` of the routing room. */
  serves(model: string, within?: string): boolean
  /** The same array until a key changes. */
  models(): readonly ListedModel[]
  /** Forgets why a key rests: it was tested, or its owner says so. Editing it does the same. */
  heal(id: string): void
  /** Calls back when a key, or one of its models, begins or ceases to rest. */
  onHealth(listener: (id: string) => void): void
}

export interface KeyPoolOptions {
  rows: Pick<ApiKeyRows, 'list'>
  now?: () => number
  log?: { warn(about: object, message: string): void }
}

interface Known {
  key: ApiKey
  record: ApiKeyRecord
  /** By the names that clients use. Undefined: every name. */
  models: ReadonlyMap<string, KeyModel> | undefined
  health: KeyHealth
  lastUsedAt?: number
}

export function createKeyPool({ rows, now = Date.now, log }: KeyPoolOptions): KeyPool {
  const turns = createTurns()
  const listeners: ((id: string) => void)[] = []
  let read: readonly ApiKeyRecord[] | undefined
  let known = new Map<string, Known>()
  let listed: readonly ListedModel[] = []

  function all(): ReadonlyMap<string, Known> {
    const records = rows.list()
    if (records === read) return known
    read = records
    const before = known
    known = new Map()
    for (const record of records) {
      const key = apiKeyOf(record)
      if (key === undefined) {
        log?.warn({ apiKey: record.id }, 'an API key holds what this version does not know, and is left alone')
        continue
      }
      known.set(key.id, knownOf(key, record, before.get(key.id)))
    }
    for (const id of before.keys()) if (!known.has(id)) turns.forget(id)
    listed = listedModels(enabled().map(({ key }) => key))
    return known
  }

  function setHealth(one: Known, health: KeyHealth): void {
    if (health === one.health) return
    one.health = health
    for (const listener of listeners) listener(one.key.id)
  }

  function enabled(): Known[] {
    return [...all().values()].filter(({ key, record }) => key.enabled && record.unreadable !== true)
  }

  /** Keys that list the model, with its entry. */
  function fitting(want: {
    model: string
    within?: string
    capability: KeyCapability
  }): (Known & { entry: KeyModel })[] {
    return enabled().flatMap((one) => {
      if (want.within !== undefined && one.key.provider !== want.within) return []
      const entry = entryOf(one, want.model, want.within !== undefined)
      if (entry === undefined || !serving(one.key, entry).includes(want.capability)) return []
      return [{ ...one, entry }]
    })
  }

  return {
    candidates(want) {
      const fit = fitting(want)
      const skipped: { label: string; reason: string }[] = []
      const ready = fit.filter(({ key, health }) => {
        const rest = restingFrom(health, want.model, now())
        if (want.tried.has(key.id)) skipped.push({ label: nameOf(key), reason: 'asked already' })
        else if (rest !== undefined) skipped.push({ label: nameOf(key), reason: whyRests(rest, now()) })
        else return true
        return false
      })
      const shares = ready.map((one) => ({ ...one, id: one.key.id, weight: one.key.weight }))
      const order = want.conversation === '' ? turns.next(shares) : byConversation(shares, want.conversation)
      return {
        ready: order.map(({ key, entry }, at) => ({ key, model: entry, why: whyHere(key, at, fit.length) })),
        skipped,
      }
    },

    whyNobody(want) {
      const fit = fitting(want)
      if (fit.length === 0) return nobodyServes(want)
      const rests = fit.flatMap(({ health }) => restingFrom(health, want.model, now()) ?? [])
      return everybodyRests(want, rests, fit.length)
    },

    credential(id, model) {
      const found = all().get(id)
      if (found === undefined) throw new Error(`there is no API key ${id}`)
      if (found.record.unreadable === true) throw new Error(`the API key ${nameOf(found.key)} cannot be unsealed`)
      if (model !== undefined && found.health !== HEALTHY) found.health = withTrial(found.health, model, now())
      const { apiKey, headers } = found.record
      return {
        ...(apiKey === undefined ? {} : { apiKey }),
        headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.reveal()])),
      }
    },

    learn(id, { model, failure }) {
      const found = all().get(id)
      if (found === undefined) return
      if (failure === undefined) found.lastUsedAt = now()
      setHealth(found, nextKeyHealth(found.health, { model, failure }, now()))
    },

    heal(id) {
      const found = all().get(id)
      if (found !== undefined) setHealth(found, HEALTHY)
    },
    onHealth: (listener) => void listeners.push(listener),

    states: () => [...all().values()].map((one) => stateOf(one, now())),
    find: (id) => all().get(id)?.key,
    providers: () => [...new Set(enabled().map(({ key }) => key.provider))],
    serves: (model, within) =>
      fitting({ model, capability: 'chat', ...(within === undefined ? {} : { within }) }).length > 0,

    models() {
      all()
      return listed
    },
  }
}

/** An edited key begins anew: its owner may have mended what was wrong. */
function knownOf(key: ApiKey, record: ApiKeyRecord, before: Known | undefined): Known {
  return {
    key,
    record,
    models: key.models === 'all' ? undefined : new Map(key.models.map((model) => [model.id, model])),
    health: before?.key.updatedAt === key.updatedAt ? before.health : HEALTHY,
    ...(before?.lastUsedAt === undefined ? {} : { lastUsedAt: before.lastUsedAt }),
  }
}

/** @param named the provider was named, so that a key that takes every name counts */
function entryOf({ models }: Known, model: string, named: boolean): KeyModel | undefined {
  if (models !== undefined) return models.get(model)
  return named && model !== '' ? { id: model } : undefined
}

/** What a key does with a model: what the model can, as far as the key is for that. */
function serving({ capabilities }: ApiKey, { capabilities: own }: KeyModel): readonly KeyCapability[] {
  return own === undefined ? capabilities : own.filter((one) => capabilities.includes(one))
}

function listedModels(keys: readonly ApiKey[]): ListedModel[] {
  const found = new Map<string, ListedModel>()
  for (const key of keys) {
    if (key.models === 'all') continue
    const { provider } = key
    for (const model of key.models) {
      const { upstream: _, capabilities: __, ...told } = model
      const name = JSON.stringify([provider, model.id])
      const before = found.get(name)
      const capabilities = [...new Set([...(before?.capabilities ?? []), ...serving(key, model)])]
      // What one key knows of a model, the others need not say.
      found.set(name, { ...before, ...told, provider, capabilities })
    }
  }
  return [...found.values()]
}

function stateOf({ key, record, health, lastUsedAt }: Known, now: number): KeyState {
  const rest = health.whole !== undefined && isResting(health.whole, now) ? health.whole : undefined
  const status = !key.enabled ? 'disabled' : record.unreadable ? 'unreadable' : rest === undefined ? 'ready' : 'resting'
  return {
    key,
    status,
    ...(rest === undefined ? {} : { rest }),
    models: new Map(Object.entries(health.models).filter(([, one]) => isResting(one, now))),
    ...(lastUsedAt === undefined ? {} : { lastUsedAt }),
  }
}

function whyRests(rest: Rest, now: number): string {
  const again = `asked again at ${new Date(askedAgainAt(rest)).toISOString()}`
  return rest.until > now ? `${rest.reason}; ${again}` : `${rest.reason}; another request is trying it now`
}

function whyHere({ provider, weight }: ApiKey, place: number, many: number): string {
  if (many === 1) return `the API key of ${provider}`
  return place === 0
    ? `an API key of ${provider}, by weight ${weight}`
    : `another API key of ${provider}, should the first fail`
}

/** Fit to show. */
export function nameOf({ label, provider, hint, id }: Pick<ApiKey, 'label' | 'provider' | 'hint' | 'id'>): string {
  return label ?? `${provider} ${hint ?? id}`
}
