import { FailureError, safeText } from '@dragoman/protocol'
import { codexModelInfo, type Catalog, type CatalogModel, type Routing } from '../../routing/index.js'
import type { Asked } from '../route-table.js'
import { sendJson } from '../send.js'

export interface ModelsHouse {
  catalog: Catalog
  routing: Routing
}

/** 2026-01-01; the backend tells no birthday of its models, and clients only sort by it. */
const CREATED = 1_767_225_600

/** `GET /v1/models` in the shape that the client's headers ask for: Codex, Anthropic, Gemini, else OpenAI. */
export function listModels(house: ModelsHouse): (asked: Asked) => void {
  return ({ req, res, query, headers, key }) => {
    const names = allowed(house.routing.names(), key?.allowedModels)
    if (new URLSearchParams(query).has('client_version')) {
      const models = house.catalog.list().filter(({ slug, listed }) => !listed || names.includes(slug))
      const etag = house.catalog.etag
      sendJson(res, 200, etag === undefined ? headers : { ...headers, etag }, {
        models: models.map((model, at) => codexModelInfo(model, at)),
      })
    } else if (req.headers['anthropic-version'] !== undefined) {
      sendJson(res, 200, headers, {
        data: names.map((name) => anthropicModel(name, house.catalog.find(name))),
        has_more: false,
        first_id: names[0] ?? null,
        last_id: names.at(-1) ?? null,
      })
    } else if (req.headers['x-goog-api-key'] !== undefined) {
      sendJson(res, 200, headers, { models: names.map((name) => geminiModel(name, house.catalog.find(name))) })
    } else {
      sendJson(res, 200, headers, {
        object: 'list',
        data: names.map((name) => openaiModel(name, house.catalog.find(name))),
      })
    }
  }
}

/** `GET /v1/models/{id}`, in the same shapes. */
export function getModel(house: ModelsHouse): (asked: Asked) => void {
  return ({ req, res, id, headers }) => {
    const name = decoded(id)
    const target = house.routing.resolve(name)
    if (name === '' || 'kind' in target) {
      throw new FailureError('kind' in target ? target : missing(name))
    }
    const model = house.catalog.find(target.model)
    if (req.headers['anthropic-version'] !== undefined) sendJson(res, 200, headers, anthropicModel(name, model))
    else if (req.headers['x-goog-api-key'] !== undefined) sendJson(res, 200, headers, geminiModel(name, model))
    else sendJson(res, 200, headers, openaiModel(name, model))
  }
}

function missing(name: string) {
  return {
    kind: 'not_found',
    scope: 'request',
    phase: 'unsent',
    retry: 'never',
    code: 'model_not_found',
    message: safeText(`there is no model ${JSON.stringify(name)}`),
  } as const
}

function allowed(names: string[], only: readonly string[] | undefined): string[] {
  return only === undefined || only.length === 0 ? names : names.filter((name) => only.includes(name))
}

function decoded(id: string): string {
  try {
    return decodeURIComponent(id)
  } catch {
    return id
  }
}

function openaiModel(id: string, model: CatalogModel | undefined): Record<string, unknown> {
  return {
    id,
    object: 'model',
    created: CREATED,
    owned_by: model === undefined ? 'dragoman' : 'openai',
    ...(model?.contextWindow === undefined ? {} : { context_window: model.contextWindow }),
    ...(model?.maxContextWindow === undefined ? {} : { max_context_window: model.maxContextWindow }),
  }
}

function anthropicModel(id: string, model: CatalogModel | undefined): Record<string, unknown> {
  return {
    type: 'model',
    id,
    display_name: model?.displayName ?? id,
    created_at: new Date(CREATED * 1000).toISOString(),
  }
}

function geminiModel(id: string, model: CatalogModel | undefined): Record<string, unknown> {
  return {
    name: `models/${id}`,
    displayName: model?.displayName ?? id,
    ...(model?.contextWindow === undefined ? {} : { inputTokenLimit: model.contextWindow }),
    supportedGenerationMethods: ['generateContent', 'countTokens'],
  }
}
