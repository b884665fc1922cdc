import { ownersOf, type KeyIndex } from './key-index.js'
import type { Catalog, CatalogModel } from './catalog.js'
import { targetName } from './explanation.js'
import type { RouteTarget } from './route.js'

/** A model as lists tell it: a name that clients may use, and what is known of what answers to it. */
export interface ListedModel {
  name: string
  /** What a name stands for, to check it against a client key: the upstream's name, `provider:model`. */
  alsoKnownAs: readonly string[]
  /** The upstream's name. */
  model: string
  /** `codex`, `demo`, or the provider of the API key. */
  provider: string
  /** `openai` for Codex models, the provider of an API key, `dragoman` for names that are made here. */
  owner: string
  displayName: string
  efforts: readonly string[]
  defaultEffort?: string
  /** Tokens. */
  contextWindow?: number
  maxContextWindow?: number
  maxOutputTokens?: number
  /** `chat`, `embeddings`, `images`, `transcription`. */
  capabilities: readonly string[]
  source: string
  /** The entry of the Codex catalog, where Codex answers. */
  codex?: CatalogModel
}

const CHAT = ['chat']

/** What is known of a name that leads to a target. */
export function listedModel(
  name: string,
  target: RouteTarget,
  { catalog, index }: { catalog: Catalog; index: KeyIndex },
): ListedModel {
  const { model, provider } = target
  const isOwn = name === model || name === targetName(target)
  switch (provider) {
    case 'demo':
      return {
        ...named(name, [targetName(target)], model, provider),
        owner: 'dragoman',
        efforts: [],
        source: 'dragoman',
        capabilities: CHAT,
      }
    case 'codex': {
      const codex = catalog.find(model)
      return {
        ...named(name, [model, targetName(target)], model, provider),
        ...(isOwn && codex !== undefined ? { displayName: codex.displayName } : {}),
        owner: isOwn && codex !== undefined ? 'openai' : 'dragoman',
        efforts: codex?.efforts ?? [],
        ...(codex?.defaultEffort === undefined ? {} : { defaultEffort: codex.defaultEffort }),
        ...limits(codex ?? {}),
        capabilities: CHAT,
        source: codex?.source ?? 'dragoman',
        ...(codex === undefined ? {} : { codex }),
      }
    }
    case 'keys': {
      const listed = keyModel(name, model, target.within, index)
      return isOwn ? listed : { ...listed, owner: 'dragoman', displayName: name }
    }
    default:
      return provider satisfies never
  }
}

/** What API keys tell of a model: of several providers that list it the least, for any of them may answer. */
export function keyModel(name: string, model: string, within: string | undefined, index: KeyIndex): ListedModel {
  const entries = (index.get(model) ?? []).filter(({ provider }) => within === undefined || provider === within)
  const owners = within === undefined ? ownersOf(index, model) : [within]
  const least = (of: (entry: (typeof entries)[number]) => number | undefined): number | undefined => {
    const told = entries.map(of).filter((size) => size !== undefined)
    return told.length === 0 ? undefined : Math.min(...told)
  }
  const capabilities = [...new Set(entries.flatMap((entry) => entry.capabilities))]
  return {
    // Whoever may use one provider alone may not ask where another could answer.
    ...named(name, [model, ...(owners.length === 1 ? [`${owners[0]}:${model}`] : [])], model, owners[0] ?? 'keys'),
    displayName: entries.find(({ displayName }) => displayName !== undefined)?.displayName ?? model,
    owner: owners[0] ?? 'dragoman',
    efforts: [],
    ...limits({
      contextWindow: least(({ contextWindow }) => contextWindow),
      maxOutputTokens: least(({ maxOutputTokens }) => maxOutputTokens),
    }),
    capabilities: capabilities.length === 0 ? CHAT : capabilities,
    source: 'api key',
  }
}

function named(name: string, alsoKnownAs: readonly string[], model: string, provider: string) {
  return { name, alsoKnownAs, model, provider, displayName: name }
}

function limits(of: {
  contextWindow?: number | undefined
  maxContextWindow?: number | undefined
  maxOutputTokens?: number | undefined
}): Pick<ListedModel, 'contextWindow' | 'maxContextWindow' | 'maxOutputTokens'> {
  return {
    ...(of.contextWindow === undefined ? {} : { contextWindow: of.contextWindow }),
    ...(of.maxContextWindow === undefined ? {} : { maxContextWindow: of.maxContextWindow }),
    ...(of.maxOutputTokens === undefined ? {} : { maxOutputTokens: of.maxOutputTokens }),
  }
}
