import { hash } from 'node:crypto'
import { safeText, type Failure } from '@dragoman/protocol'
import type { ApiKeyRecord, ApiKeyRows } from '../../store/index.js'
import { apiKeyOf } from './api-key.js'
import { restAfter, type Rest, type RestLevel } from './key-health.js'
import type { ApiKey, KeyCandidate, KeyCapability, KeyChoice, KeyModel } from './types.js'

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
  /** The whole key rests. */
  rest?: Rest
  /** Single models of it rest. */
  models: ReadonlyMap<string, Rest>
  /** Unix ms of the last request that it answered. */
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
  models(): readonly ListedModel[]
  /** Forgets why a key rests: it was tested, edited, or its owner says so. */
  heal(id: string): void
}

export interface KeyPoolOptions {
  rows: Pick<ApiKeyRows, 'list'>
  now?: () => number
}

interface Health {
  whole?: Rest
  models: Map<string, Rest>
  lastUsedAt?: number
  /** The record that this is about; an edited key begins anew. */
  updatedAt: number
}

export function createKeyPool({ rows, now = Date.now }: KeyPoolOptions): KeyPool {
  const health = new Map<string, Health>()
  let read: readonly ApiKeyRecord[] | undefined
  let keys: readonly { key: ApiKey; record: ApiKeyRecord }[] = []

  function all(): typeof keys {
    const records = rows.list()
    if (records === read) return keys
    read = records
    keys = records.flatMap((record) => {
      const key = apiKeyOf(record)
      return key === undefined ? [] : [{ key, record }]
    })
    for (const [id, { updatedAt }] of health) {
      if (!keys.some(({ key }) => key.id === id && key.updatedAt === updatedAt)) health.delete(id)
    }
    return keys
  }

  const enabled = (): ApiKey[] => all().flatMap(({ key, record }) => (key.enabled && record.unreadable !== true ? [key] : []))

  function healthOf({ id, updatedAt }: ApiKey): Health {
    let found = health.get(id)
    if (found === undefined) health.set(id, (found = { models: new Map(), updatedAt }))
    return found
  }

  /** Why a key may not be asked for a model now. */
  function resting(key: ApiKey, model: string): Rest | undefined {
    const known = health.get(key.id)
    const rests = [known?.whole, known?.models.get(model)].filter((rest) => rest !== undefined && rest.until > now())
    return rests.sort((a, b) => (b?.until ?? 0) - (a?.until ?? 0))[0]
  }

  /** Keys that list the model, with its entry. */
  function fitting(model: string, within: string | undefined, capability: KeyCapability): [ApiKey, KeyModel][] {
    return enabled().flatMap((key): [ApiKey, KeyModel][] => {
      if (within !== undefined && key.provider !== within) return []
      if (!key.capabilities.includes(capability)) return []
      const entry = entryOf(key, model, within !== undefined)
      return entry === undefined ? [] : [[key, entry]]
    })
  }

  return {
    candidates({ model, within, capability, conversation, tried }) {
      const ready: (KeyCandidate & { rank: number })[] = []
      const skipped: { label: string; reason: string }[] = []
      const fit = fitting(model, within, capability)
      for (const [key, entry] of fit) {
        const rest = resting(key, model)
        if (tried.has(key.id)) skipped.push({ label: nameOf(key), reason: 'asked already' })
        else if (rest !== undefined) {
          skipped.push({ label: nameOf(key), reason: `${rest.reason}; asked again at ${new Date(rest.until).toISOString()}` })
        } else {
          const others = fit.length > 1 ? `, the share of this conversation by weight ${key.weight}` : ''
          ready.push({ key, model: entry, why: `API key of ${key.provider}${others}`, rank: rank(key, conversation) })
        }
      }
      ready.sort((a, b) => b.rank - a.rank)
      return { ready: ready.map(({ rank: _, ...candidate }) => candidate), skipped }
    },

    whyNobody({ model, within, capability }) {
      const fit = fitting(model, within, capability)
      if (fit.length === 0) return nobodyServes(model, within, capability)
      const rests = fit.flatMap(([key]) => resting(key, model) ?? [])
      // Whoever did not rest was asked in this very request.
      if (rests.length < fit.length) {
        return failure('overloaded', 'provider', `no API key could serve ${model}: try again in a moment`)
      }
      const first = rests.reduce((earliest, rest) => (rest.until < earliest.until ? rest : earliest))
      const when = new Date(first.until).toISOString()
      const count = `${fit.length} API key${fit.length === 1 ? '' : 's'}`
      return {
        ...failure(first.kind, 'account', `no API key can serve ${model} now (${count}: ${first.reason}); the first is asked again at ${when}`),
        retryAt: first.until,
      }
    },

    credential(id) {
      const found = all().find(({ key }) => key.id === id)
      if (found === undefined) throw new Error(`there is no API key ${id}`)
      const { apiKey, headers } = found.record
      return {
        ...(apiKey === undefined ? {} : { apiKey }),
        headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.reveal()])),
      }
    },

    learn(id, { model, failure: happened }) {
      const key = all().find((one) => one.key.id === id)?.key
      if (key === undefined) return
      const known = healthOf(key)
      if (happened === undefined) {
        known.lastUsedAt = now()
        delete known.whole
        known.models.delete(model)
        return
      }
      const before = (level: RestLevel): Rest | undefined => (level === 'key' ? known.whole : known.models.get(model))
      const learned = restAfter(happened, before, now())
      if (learned === undefined) return
      if (learned.level === 'key') known.whole = learned.rest
      else known.models.set(model, learned.rest)
    },

    heal: (id) => void health.delete(id),

    states: () =>
      all().map(({ key }) => {
        const known = health.get(key.id)
        const live = (rest: Rest | undefined): rest is Rest => rest !== undefined && rest.until > now()
        return {
          key,
          ...(live(known?.whole) ? { rest: known.whole } : {}),
          models: new Map([...(known?.models ?? [])].filter(([, rest]) => live(rest))),
          ...(known?.lastUsedAt === undefined ? {} : { lastUsedAt: known.lastUsedAt }),
        }
      }),

    find: (id) => all().find(({ key }) => key.id === id)?.key,

    providers: () => [...new Set(enabled().map(({ provider }) => provider))],

    serves(model, within) {
      return enabled().some(
        (key) =>
          (within === undefined || key.provider === within) &&
          key.capabilities.includes('chat') &&
          entryOf(key, model, within !== undefined) !== undefined,
      )
    },

    models() {
      const found = new Map<string, ListedModel>()
      for (const { provider, models, capabilities } of enabled()) {
        if (models === 'all') continue
        for (const { upstream: _, ...model } of models) {
          const name = `${provider}:${model.id}`
          const known = found.get(name)
          found.set(name, {
            provider,
            ...model,
            capabilities: [...new Set([...(known?.capabilities ?? []), ...capabilities])],
          })
        }
      }
      return [...found.values()]
    },
  }

  function nobodyServes(model: string, within: string | undefined, capability: KeyCapability): Failure {
    const where = within === undefined ? '' : ` of ${within}`
    const what = capability === 'chat' ? model : `${model} for ${capability}`
    return {
      ...failure('not_found', 'request', `no enabled API key${where} serves ${what}; "dragoman providers list" shows them`),
      code: 'model_not_found',
      pointer: '/model',
    }
  }
}

/** @param named the provider was named, so that a key that takes every name counts */
function entryOf({ models }: ApiKey, model: string, named: boolean): KeyModel | undefined {
  if (models === 'all') return named ? { id: model } : undefined
  return models.find(({ id }) => id === model)
}

/**
 * Weighted rendezvous hashing: a conversation keeps its key, whoever else comes or rests, so that the provider's prompt cache hits; over many
 * conversations each key gets its weight's share.
 */
function rank({ id, weight }: ApiKey, conversation: string): number {
  const drawn = (parseInt(hash('sha256', `${conversation}\n${id}`).slice(0, 12), 16) + 1) / (2 ** 48 + 1)
  return -Math.max(weight, 1e-9) / Math.log(drawn)
}

/** Fit to show. */
export function nameOf({ label, provider, hint, id }: ApiKey): string {
  return label ?? `${provider} ${hint ?? id}`
}

function failure(kind: Failure['kind'], scope: Failure['scope'], message: string): Failure {
  return { kind, scope, phase: 'unsent', retry: 'never', message: safeText(message) }
}
