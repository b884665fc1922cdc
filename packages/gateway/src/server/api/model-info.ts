import { FailureError } from '@dragoman/protocol'
import type { Catalog, CatalogModel, Routing } from '../../routing/index.js'
import { percentDecoded } from '../gemini-path.js'
import type { Asked } from '../route-table.js'
import { sendJson } from '../send.js'
import { maySee, missingModel, type ModelsHouse } from './models.js'

/** `GET /v1/models/catalog`: every model that the key may use, with all that is known of it. */
export function modelCatalog({ catalog, routing }: ModelsHouse): (asked: Asked) => void {
  return ({ res, headers, key }) => {
    const standard = defaultOf(routing)
    const entries = routing.names().flatMap((name) => {
      const route = routing.resolve(name)
      if ('kind' in route) return []
      const [target] = route.targets
      if (!maySee(key, name, target.model)) return []
      return [modelInfo(name, target.model, catalog, standard)]
    })
    sendJson(res, 200, headers, entries)
  }
}

/** `GET /v1/models/{id}/info`: one entry of the catalog. */
export function getModelInfo({ catalog, routing }: ModelsHouse): (asked: Asked) => void {
  return ({ res, id, headers, key }) => {
    const name = percentDecoded(id)
    const route = routing.resolve(name)
    if ('kind' in route) throw new FailureError(route)
    const [target] = route.targets
    if (!maySee(key, name, target.model)) throw new FailureError(missingModel(name))
    sendJson(res, 200, headers, modelInfo(name, target.model, catalog, defaultOf(routing)))
  }
}

function defaultOf(routing: Routing): string | undefined {
  const route = routing.resolve('')
  return 'kind' in route ? undefined : route.targets[0].model
}

/** In camelCase, for people and dashboards; what the backend does not tell is left out. */
function modelInfo(
  id: string,
  target: string,
  catalog: Catalog,
  standard: string | undefined,
): Record<string, unknown> {
  const model = catalog.find(target)
  const raw = model?.raw ?? {}
  return {
    id,
    ...(id === target ? {} : { model: target }),
    displayName: id === target ? (model?.displayName ?? id) : id,
    description: typeof raw['description'] === 'string' ? raw['description'] : (model?.displayName ?? id),
    isDefault: id === standard,
    supportedReasoningEfforts: efforts(model),
    ...(model?.defaultEffort === undefined ? {} : { defaultReasoningEffort: model.defaultEffort }),
    inputModalities: words(raw['input_modalities']) ?? ['text', 'image'],
    outputModalities: words(raw['output_modalities']) ?? ['text'],
    supportsPersonality: raw['supports_personality'] === true,
    upgrade: raw['upgrade'] ?? null,
    ...(model?.contextWindow === undefined ? {} : { contextWindow: model.contextWindow }),
    ...(model?.maxContextWindow === undefined ? {} : { maxContextWindow: model.maxContextWindow }),
    ...limit('maxOutputTokens', raw['max_output_tokens']),
    ...limit('autoCompactTokenLimit', raw['auto_compact_token_limit']),
    ...limit('truncationPolicyLimit', (raw['truncation_policy'] as { limit?: unknown } | null | undefined)?.limit),
    source: model?.source ?? 'dragoman',
  }
}

function efforts(model: CatalogModel | undefined): { reasoningEffort: string; description: string }[] {
  const levels = model?.raw?.['supported_reasoning_levels']
  const told = new Map<unknown, unknown>(
    (Array.isArray(levels) ? (levels as unknown[]) : []).map((level) => {
      const { effort, description } = (level ?? {}) as { effort?: unknown; description?: unknown }
      return [effort, description]
    }),
  )
  return (model?.efforts ?? []).map((effort) => {
    const description = told.get(effort)
    return { reasoningEffort: effort, description: typeof description === 'string' ? description : effort }
  })
}

function words(value: unknown): string[] | undefined {
  return Array.isArray(value) && value.length > 0 && value.every((word) => typeof word === 'string') ? value : undefined
}

function limit(name: string, value: unknown): Record<string, number> {
  return typeof value === 'number' && value > 0 ? { [name]: value } : {}
}
