import { hash } from 'node:crypto'
import { FailureError, refusing, safeText } from '@dragoman/protocol'
import { nearestNames, withoutTag, type ListedModel } from '../../routing/index.js'
import { readJson } from '../read-body.js'
import type { Asked } from '../route-table.js'
import { sendJson } from '../send.js'
import type { ExchangeHouse } from './exchange.js'
import { maySee, modelsOf, type ModelsHouse } from './models.js'

export interface OllamaModelsHouse extends ModelsHouse, Omit<ExchangeHouse, 'relay'> {
  /** Read at every request. */
  ollama(): OllamaAnswers
}

/** What the settings say of the answers. */
export interface OllamaAnswers {
  /** The Ollama version that is named to clients. */
  version: string
  /** Do not tell that models see pictures. */
  disableVision: boolean
}

/** 2026-01-01; nobody tells when a model was changed, and clients only sort by it. */
const MODIFIED = '2026-01-01T00:00:00Z'

/** `GET /api/tags`: every model that the key may use, by the names that routing knows. */
export function listTags(house: OllamaModelsHouse): (asked: Asked) => void {
  return ({ res, headers, key }) => {
    const models = modelsOf(house, key).map(({ name, model }) => ({
      name,
      model: name,
      ...(name === model ? {} : { remote_model: model }),
      modified_at: MODIFIED,
      size: 0,
      digest: hash('sha256', name),
      details: detailsOf(model),
    }))
    sendJson(res, 200, headers, { models })
  }
}

/** `GET /api/ps`: the models in memory. None is, for none runs here. */
export function listRunning(): (asked: Asked) => void {
  return ({ res, headers }) => sendJson(res, 200, headers, { models: [] })
}

/** `POST /api/show`. Source: Ollama API reference, show model information. */
export function showModel(house: OllamaModelsHouse): (asked: Asked) => Promise<void> {
  return async (asked) => {
    const { model } = await namedModel(house, asked)
    const details = detailsOf(model.model)
    const context = model.contextWindow
    sendJson(asked.res, 200, asked.headers, {
      license: '',
      modelfile: `# A model behind this gateway; nothing of it is on this machine.\nFROM ${model.model}\n`,
      parameters: context === undefined ? '' : `num_ctx ${context}`,
      template: '{{ .Prompt }}',
      system: '',
      details,
      model_info: {
        'general.architecture': details.family,
        'general.basename': model.model,
        ...(context === undefined ? {} : { [`${details.family}.context_length`]: context }),
      },
      capabilities: capabilitiesOf(model, house.ollama().disableVision),
      modified_at: MODIFIED,
      ...(model.name === model.model ? {} : { remote_model: model.model }),
    })
  }
}

/** `POST /api/pull`: what exists here is there already; nothing else can be fetched. */
export function pullModel(house: OllamaModelsHouse): (asked: Asked) => Promise<void> {
  return async (asked) => {
    const { body } = await namedModel(house, asked)
    const { res, headers } = asked
    if (refusing.optional(body, 'stream', refusing.boolean) === false) {
      return sendJson(res, 200, headers, { status: 'success' })
    }
    const lines = ['pulling manifest', 'success'].map((status) => `${JSON.stringify({ status })}\n`).join('')
    res.writeHead(200, { ...NDJSON, ...headers, 'content-length': Buffer.byteLength(lines) })
    res.end(lines)
  }
}

const NDJSON = {
  'content-type': 'application/x-ndjson',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
} as const

/** Making, copying, removing and publishing models: an Ollama server's own business. */
export function noSuchCraft(what: string): (asked: Asked) => void {
  const error = `${what} is not possible here: models come from the providers of this gateway, not from files`
  return ({ req, res, headers }) => {
    // The body, perhaps gigabytes of a model, is not read, and must not be taken for the next request.
    if (!req.complete) res.shouldKeepAlive = false
    sendJson(res, 501, headers, { error })
  }
}

/** The model that a body names by `model` or, as older clients do, by `name`. @throws FailureError when this key has none of that name */
async function namedModel(
  house: OllamaModelsHouse,
  asked: Asked,
): Promise<{ body: Record<string, unknown>; model: ListedModel }> {
  const { value } = await readJson(asked.req, house.limits(), house.budget)
  const body = refusing.object(value, '')
  const name = refusing.name([body['model'], body['name']].find(isNamed), '/model')
  return { body, model: ollamaModel(house, asked, name) }
}

function isNamed(value: unknown): boolean {
  return value !== undefined && value !== null && value !== ''
}

/** @throws FailureError as an Ollama server says it, with the names that this key may use and that are nearest */
export function ollamaModel(house: ModelsHouse, { key }: Asked, name: string): ListedModel {
  const model = house.routing.model(name)
  if (!('kind' in model) && maySee(key, model)) return model
  const names = modelsOf(house, key).map((known) => known.name)
  const near = nearestNames(withoutTag(name), names, 3)
  const hint = near.length === 0 ? '' : `; the nearest names are ${near.join(', ')}`
  throw new FailureError({
    kind: 'not_found',
    scope: 'request',
    phase: 'unsent',
    retry: 'never',
    code: 'model_not_found',
    message: safeText(`model '${name}' not found${hint}`),
  })
}

/** Format, size and quantisation are those of a file; a model behind a gateway has none, as Ollama's own cloud models. */
function detailsOf(model: string) {
  const family = /^[a-z]+/i.exec(model)?.[0].toLowerCase() ?? 'unknown'
  return {
    parent_model: '',
    format: '',
    family,
    families: [family],
    parameter_size: '',
    quantization_level: '',
  }
}

function capabilitiesOf(model: ListedModel, disableVision: boolean): string[] {
  if (!model.capabilities.includes('chat')) return model.capabilities.includes('embeddings') ? ['embedding'] : []
  const modalities: unknown = model.codex?.raw?.['input_modalities']
  const blind = disableVision || (Array.isArray(modalities) && !modalities.includes('image'))
  const thinks = model.codex === undefined || model.efforts.length > 0
  return ['completion', 'tools', ...(blind ? [] : ['vision']), ...(thinks ? ['thinking'] : [])]
}
