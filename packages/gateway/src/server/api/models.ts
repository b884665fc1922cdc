import { FailureError, invalidRequest, safeText } from '@dragoman/protocol'
import {
  codexModelInfo,
  mayUse,
  withoutTag,
  type Catalog,
  type ListedModel,
  type Routing,
} from '../../routing/index.js'
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
    const { req, res, headers } = asked
    const query = new URLSearchParams(asked.query)
    const models = modelsOf(house, asked.key)
    switch (shape === 'gemini' ? 'gemini' : shapeOf(req, query)) {
      case 'codex': {
        const etag = house.catalog.etag
        return sendJson(res, 200, etag === undefined ? headers : { ...headers, etag }, {
          models: codexModels(house, asked.key, models),
        })
      }
      case 'anthropic': {
        const page = anthropicPage(models.filter(answers), query)
        return sendJson(res, 200, headers, {
          data: page.models.map(anthropicModel),
          has_more: page.more,
          first_id: page.models[0]?.name ?? null,
          last_id: page.models.at(-1)?.name ?? null,
        })
      }
      case 'gemini': {
        const page = geminiPage(models.filter(answers), query)
        return sendJson(res, 200, headers, {
          models: page.models.map(geminiModel),
          ...(page.next === undefined ? {} : { nextPageToken: page.next }),
        })
      }
      case 'openai':
        return sendJson(res, 200, headers, { object: 'list', data: models.map(openaiModel) })
    }
  }
}

/** `GET /v1/models/{id}`, in the same shapes. */
export function getModel(house: ModelsHouse, shape: Shape = 'by headers'): (asked: Asked) => void {
  return ({ req, res, id, headers, key }) => {
    const model = knownModel(house, key, percentDecoded(id))
    switch (shape === 'gemini' ? 'gemini' : shapeOf(req)) {
      case 'anthropic':
        return sendJson(res, 200, headers, anthropicModel(model))
      case 'gemini':
        return sendJson(res, 200, headers, geminiModel(model))
      default:
        return sendJson(res, 200, headers, openaiModel(model))
    }
  }
}

/** The models that a key may use. */
export function modelsOf({ routing }: ModelsHouse, key: Asked['key']): ListedModel[] {
  return routing.models().filter((model) => maySee(key, model))
}

/** @throws FailureError when there is none of that name for this key */
export function knownModel({ routing }: ModelsHouse, key: Asked['key'], name: string): ListedModel {
  const model = routing.model(name)
  if ('kind' in model) throw new FailureError(model)
  if (name === '' || !maySee(key, model)) throw new FailureError(missingModel(name))
  return model
}

/** A key that is bound to some models sees those alone, by the client's name or the upstream's. */
export function maySee(key: Asked['key'], { name, alsoKnownAs }: ListedModel): boolean {
  return mayUse(key?.allowedModels, name, withoutTag(name), ...alsoKnownAs)
}

/** Models that answer, and not only make embeddings or pictures. */
function answers({ capabilities }: ListedModel): boolean {
  return capabilities.includes('chat')
}

/** Models of Codex, those that only work when named among them, and of API keys. */
function codexModels({ catalog, routing }: ModelsHouse, key: Asked['key'], models: readonly ListedModel[]) {
  const hidden = catalog.list().flatMap(({ slug, listed }) => {
    const model = listed ? undefined : routing.model(slug)
    return model === undefined || 'kind' in model || !maySee(key, model) ? [] : [model]
  })
  return [...models.filter(isItself), ...hidden].map((model, at) =>
    codexModelInfo(model.codex ?? { ...model, slug: model.name, listed: true }, at),
  )
}

/** Not another name of a Codex model: the client would take it for a model of its own. */
function isItself(model: ListedModel): boolean {
  return answers(model) && (model.codex === undefined ? model.source === 'api key' : model.codex.slug === model.name)
}

function shapeOf(req: Asked['req'], query?: URLSearchParams): 'codex' | 'anthropic' | 'gemini' | 'openai' {
  if (query?.has('client_version') === true) return 'codex'
  if (req.headers['anthropic-version'] !== undefined) return 'anthropic'
  return req.headers['x-goog-api-key'] === undefined ? 'openai' : 'gemini'
}

/** `limit` (1 to 1000, default 20), `after_id`, `before_id`. Source: Anthropic API reference, list models. */
function anthropicPage(
  models: readonly ListedModel[],
  query: URLSearchParams,
): { models: readonly ListedModel[]; more: boolean } {
  const limit = wholeNumber(query.get('limit'), '/limit', 1, 1000) ?? 20
  const at = (id: string): number => models.findIndex(({ name }) => name === id)
  const before = query.get('before_id')
  if (before !== null) {
    const end = Math.max(0, at(before))
    return { models: models.slice(Math.max(0, end - limit), end), more: end > limit }
  }
  const after = query.get('after_id')
  const from = after === null ? 0 : at(after) + 1
  return { models: models.slice(from, from + limit), more: models.length > from + limit }
}

/** `pageSize` (default 50, at most 1000) and `pageToken`, which is the place to go on from. */
function geminiPage(
  models: readonly ListedModel[],
  query: URLSearchParams,
): { models: readonly ListedModel[]; next?: string } {
  const size = Math.min(wholeNumber(query.get('pageSize'), '/pageSize', 0, Infinity) || 50, 1000)
  const from = wholeNumber(query.get('pageToken'), '/pageToken', 0, Infinity) ?? 0
  return {
    models: models.slice(from, from + size),
    ...(models.length > from + size ? { next: String(from + size) } : {}),
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

function openaiModel(model: ListedModel): Record<string, unknown> {
  return {
    id: model.name,
    object: 'model',
    created: CREATED,
    owned_by: model.owner,
    ...(model.contextWindow === undefined ? {} : { context_window: model.contextWindow }),
    ...(model.maxContextWindow === undefined ? {} : { max_context_window: model.maxContextWindow }),
    ...(model.maxOutputTokens === undefined ? {} : { max_output_tokens: model.maxOutputTokens }),
  }
}

/** Source: Anthropic API reference, `ModelInfo`. */
function anthropicModel(model: ListedModel): Record<string, unknown> {
  return {
    type: 'model',
    id: model.name,
    display_name: model.displayName,
    created_at: new Date(CREATED * 1000).toISOString(),
    ...(model.contextWindow === undefined ? {} : { max_input_tokens: model.contextWindow }),
    ...(model.maxOutputTokens === undefined ? {} : { max_tokens: model.maxOutputTokens }),
  }
}

/** Source: Gemini API reference, `Model`. */
function geminiModel(model: ListedModel): Record<string, unknown> {
  const made = model.owner === 'dragoman'
  return {
    name: `models/${model.name}`,
    baseModelId: model.model,
    version: '1',
    displayName: model.displayName,
    description: made ? 'A model of this gateway.' : `${model.displayName} through this gateway.`,
    ...(model.contextWindow === undefined ? {} : { inputTokenLimit: model.contextWindow }),
    ...(model.maxOutputTokens === undefined ? {} : { outputTokenLimit: model.maxOutputTokens }),
    supportedGenerationMethods: ['generateContent', 'streamGenerateContent', 'countTokens'],
    thinking: model.efforts.length > 0,
  }
}
