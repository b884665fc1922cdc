import { FailureError, invalidRequest, safeText } from '@dragoman/protocol'
import { codexModelInfo, type Catalog, type CatalogModel, type Routing } from '../../routing/index.js'
import type { Asked } from '../route-table.js'
import { sendJson } from '../send.js'
import { percentDecoded } from '../gemini-path.js'

export interface ModelsHouse {
  catalog: Catalog
  routing: Routing
}

/** 2026-01-01; the backend tells no birthday of its models, and clients only sort by it. */
const CREATED = 1_767_225_600

/** The shapes of a model list. `by headers`: Codex by its query, Anthropic, Gemini, else OpenAI. */
type Shape = 'by headers' | 'gemini'

/** `GET /v1/models` in the shape that the client's headers ask for, and Gemini's `GET /v1beta/models`. */
export function listModels(house: ModelsHouse, shape: Shape = 'by headers'): (asked: Asked) => void {
  return (asked) => {
    const { req, res, headers, key } = asked
    const query = new URLSearchParams(asked.query)
    const names = allowed(house.routing.names(), key?.allowedModels)
    switch (shape === 'gemini' ? 'gemini' : shapeOf(req, query)) {
      case 'codex': {
        const models = house.catalog.list().filter(({ slug, listed }) => !listed || names.includes(slug))
        const etag = house.catalog.etag
        return sendJson(res, 200, etag === undefined ? headers : { ...headers, etag }, {
          models: models.map((model, at) => codexModelInfo(model, at)),
        })
      }
      case 'anthropic': {
        const page = anthropicPage(names, query)
        return sendJson(res, 200, headers, {
          data: page.names.map((name) => anthropicModel(name, house.catalog.find(name))),
          has_more: page.more,
          first_id: page.names[0] ?? null,
          last_id: page.names.at(-1) ?? null,
        })
      }
      case 'gemini': {
        const page = geminiPage(names, query)
        return sendJson(res, 200, headers, {
          models: page.names.map((name) => geminiModel(name, house.catalog.find(name))),
          ...(page.next === undefined ? {} : { nextPageToken: page.next }),
        })
      }
      case 'openai':
        return sendJson(res, 200, headers, {
          object: 'list',
          data: names.map((name) => openaiModel(name, house.catalog.find(name))),
        })
    }
  }
}

/** `GET /v1/models/{id}`, in the same shapes. */
export function getModel(house: ModelsHouse, shape: Shape = 'by headers'): (asked: Asked) => void {
  return ({ req, res, id, headers, key }) => {
    const name = percentDecoded(id)
    const route = house.routing.resolve(name)
    if (name === '' || 'kind' in route) throw new FailureError('kind' in route ? route : missingModel(name))
    const [target] = route.targets
    if (!maySee(key, name, target.model)) throw new FailureError(missingModel(name))
    const model = house.catalog.find(target.model)
    switch (shape === 'gemini' ? 'gemini' : shapeOf(req)) {
      case 'anthropic':
        return sendJson(res, 200, headers, anthropicModel(name, model))
      case 'gemini':
        return sendJson(res, 200, headers, geminiModel(name, model))
      default:
        return sendJson(res, 200, headers, openaiModel(name, model))
    }
  }
}

function shapeOf(req: Asked['req'], query?: URLSearchParams): 'codex' | 'anthropic' | 'gemini' | 'openai' {
  if (query?.has('client_version') === true) return 'codex'
  if (req.headers['anthropic-version'] !== undefined) return 'anthropic'
  return req.headers['x-goog-api-key'] === undefined ? 'openai' : 'gemini'
}

/** A key that is bound to some models sees those alone, by the client's name or the upstream's. */
export function maySee(key: Asked['key'], name: string, target: string): boolean {
  const only = key?.allowedModels
  return only === undefined || only.length === 0 || only.includes(name) || only.includes(target)
}

/** `limit` (1 to 1000, default 20), `after_id`, `before_id`. Source: Anthropic API reference, list models. */
function anthropicPage(names: readonly string[], query: URLSearchParams): { names: string[]; more: boolean } {
  const limit = wholeNumber(query.get('limit'), '/limit', 1, 1000) ?? 20
  const before = query.get('before_id')
  if (before !== null) {
    const end = Math.max(0, names.indexOf(before))
    return { names: names.slice(Math.max(0, end - limit), end), more: end > limit }
  }
  const after = query.get('after_id')
  const from = after === null ? 0 : names.indexOf(after) + 1
  return { names: names.slice(from, from + limit), more: names.length > from + limit }
}

/** `pageSize` (default 50, at most 1000) and `pageToken`, which is the place to go on from. */
function geminiPage(names: readonly string[], query: URLSearchParams): { names: string[]; next?: string } {
  const size = Math.min(wholeNumber(query.get('pageSize'), '/pageSize', 0, Infinity) || 50, 1000)
  const from = wholeNumber(query.get('pageToken'), '/pageToken', 0, Infinity) ?? 0
  return {
    names: names.slice(from, from + size),
    ...(names.length > from + size ? { next: String(from + size) } : {}),
  }
}

function wholeNumber(text: string | null, pointer: string, least: number, most: number): number | undefined {
  if (text === null || text === '') return undefined
  const number = Number(text)
  if (Number.isInteger(number) && number >= least && number <= most) return number
  throw new FailureError(
    invalidRequest(pointer, most === Infinity ? 'expected a whole number' : `expected ${least} to ${most}`),
  )
}

export function missingModel(name: string) {
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
    ...(model?.contextWindow === undefined ? {} : { max_input_tokens: model.contextWindow }),
  }
}

/** Source: Gemini API reference, `Model`. */
function geminiModel(id: string, model: CatalogModel | undefined): Record<string, unknown> {
  return {
    name: `models/${id}`,
    baseModelId: model?.slug ?? id,
    version: '1',
    displayName: model?.displayName ?? id,
    description: model === undefined ? 'A model of this gateway.' : `${model.displayName} through this gateway.`,
    ...(model?.contextWindow === undefined ? {} : { inputTokenLimit: model.contextWindow }),
    supportedGenerationMethods: ['generateContent', 'streamGenerateContent', 'countTokens'],
    thinking: (model?.efforts.length ?? 0) > 0,
  }
}
