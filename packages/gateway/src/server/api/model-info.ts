import type { ListedModel, Routing } from '../../routing/index.js'
import { percentDecoded } from '../gemini-path.js'
import type { Asked } from '../route-table.js'
import { sendJson } from '../send.js'
import { knownModel, modelsOf, type ModelsHouse } from './models.js'

/** `GET /v1/models/catalog`: every model that the key may use, with all that is known of it. */
export function modelCatalog(house: ModelsHouse): (asked: Asked) => void {
  return ({ res, headers, key }) => {
    const standard = defaultOf(house.routing)
    sendJson(
      res,
      200,
      headers,
      modelsOf(house, key).map((model) => modelInfo(model, standard)),
    )
  }
}

/** `GET /v1/models/{id}/info`: one entry of the catalog. */
export function getModelInfo(house: ModelsHouse): (asked: Asked) => void {
  return ({ res, id, headers, key }) =>
    sendJson(res, 200, headers, modelInfo(knownModel(house, key, percentDecoded(id)), defaultOf(house.routing)))
}

function defaultOf(routing: Routing): string | undefined {
  const model = routing.model('')
  return 'kind' in model ? undefined : model.model
}

/** In camelCase, for people and dashboards; what the upstream does not tell is left out. */
function modelInfo(model: ListedModel, standard: string | undefined): Record<string, unknown> {
  const raw = model.codex?.raw ?? {}
  return {
    id: model.name,
    ...(model.name === model.model ? {} : { model: model.model }),
    provider: model.provider,
    displayName: model.displayName,
    description: typeof raw['description'] === 'string' ? raw['description'] : model.displayName,
    isDefault: model.name === standard,
    capabilities: model.capabilities,
    supportedReasoningEfforts: efforts(model),
    ...(model.defaultEffort === undefined ? {} : { defaultReasoningEffort: model.defaultEffort }),
    inputModalities: words(raw['input_modalities']) ?? ['text', 'image'],
    outputModalities: words(raw['output_modalities']) ?? ['text'],
    supportsPersonality: raw['supports_personality'] === true,
    upgrade: raw['upgrade'] ?? null,
    ...limit('contextWindow', model.contextWindow),
    ...limit('maxContextWindow', model.maxContextWindow),
    ...limit('maxOutputTokens', model.maxOutputTokens),
    ...limit('autoCompactTokenLimit', raw['auto_compact_token_limit']),
    ...limit('truncationPolicyLimit', (raw['truncation_policy'] as { limit?: unknown } | null | undefined)?.limit),
    source: model.source,
    ...(model.codex?.fetchedAt === undefined ? {} : { fetchedAt: new Date(model.codex.fetchedAt).toISOString() }),
  }
}

function efforts(model: ListedModel): { reasoningEffort: string; description: string }[] {
  const levels = model.codex?.raw?.['supported_reasoning_levels']
  const told = new Map<unknown, unknown>(
    (Array.isArray(levels) ? (levels as unknown[]) : []).map((level) => {
      const { effort, description } = (level ?? {}) as { effort?: unknown; description?: unknown }
      return [effort, description]
    }),
  )
  return model.efforts.map((effort) => {
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
