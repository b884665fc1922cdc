import { createCatalog } from '../catalog.js'
import { noKeyModels, type KeyModelEntry, type KeyModels } from '../key-models.js'
import type { RouteRules, RouteTarget } from '../route.js'
import { createRouting, type Routing } from '../routing.js'

/** Names for tests of routing. */
export const rules: RouteRules = {
  defaultModel: 'gpt-5.5',
  aliases: {
    smart: 'gpt-6-astra-high',
    quick: 'gpt-6-luna-fast',
    again: 'smart',
    'my-high': 'gpt-5.5',
    broken: 'gpt-99',
    a: 'b',
    b: 'a',
  },
  routes: {},
  patterns: {},
  fallbacks: {},
  claudeModels: { opus: 'gpt-5.5', sonnet: 'gpt-5.4', haiku: 'gpt-5.4-mini', loop: 'claude-loop' },
  effort: '',
  serviceTier: '',
  demo: true,
  codex: true,
}

/** `provider:model` as listed by a key; `provider:*` is a key that takes every name; `provider:model!` makes embeddings alone. */
export function keysOf(...listed: readonly string[]): KeyModels {
  const parsed = listed.map((text) => {
    const at = text.indexOf(':')
    const embeds = text.endsWith('!')
    return { provider: text.slice(0, at), id: text.slice(at + 1, embeds ? -1 : undefined), embeds }
  })
  const models = parsed
    .filter(({ id }) => id !== '*')
    .map(({ provider, id, embeds }): KeyModelEntry => ({
      provider,
      id,
      capabilities: [embeds ? 'embeddings' : 'chat'],
    }))
  return {
    providers: () => [...new Set(parsed.map(({ provider }) => provider))],
    serves: (model, within) =>
      parsed.some(
        ({ provider, id, embeds }) =>
          !embeds && (within === undefined ? id === model : provider === within && (id === model || id === '*')),
      ),
    models: () => models,
  }
}

export const routingOf = (change: Partial<RouteRules> = {}, keys = noKeyModels): Routing =>
  createRouting(createCatalog(), keys, () => ({ ...rules, ...change }))

const bare = ({ why, ...target }: RouteTarget) => {
  if (why === '') throw new Error(`nothing says why ${target.model}`)
  return target
}
/** The first target, without its reason; or the failure's kind and message. */
export function resolve(name: string, change: Partial<RouteRules> = {}, keys = noKeyModels) {
  const route = routingOf(change, keys).resolve(name)
  if ('kind' in route) return { kind: route.kind, message: route.message }
  return bare(route.targets[0])
}
/** `provider:model`, with what suffixes asked for; or the kind of the failure. */
export function short(name: string, change: Partial<RouteRules> = {}, keys = noKeyModels): string {
  const target = resolve(name, change, keys)
  if ('kind' in target) return target.kind
  const { provider, within, model, effort, serviceTier } = target
  return [`${within ?? provider}:${model}`, effort, serviceTier].filter((word) => word !== undefined).join(' ')
}
