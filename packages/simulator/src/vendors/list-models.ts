import { json, type PlainReply } from '../faults/status-replies.js'
import type { RecordedRequest } from '../http/recorded-request.js'
import type { Catalog, VendorModel } from './catalog.js'
import { invalid, VendorRefusal } from './refusal.js'
import type { VendorCall } from './vendor.js'

/** `GET /models` and `GET /models/{model}` in the vendor's shape. @throws VendorRefusal */
export function modelsReply(call: VendorCall, record: RecordedRequest, catalog: Catalog): PlainReply {
  const { vendor, rest } = call
  const models = catalog.models(vendor)
  const entry = (one: VendorModel) => ENTRIES[vendor](one)
  if (rest !== undefined) {
    const found = models.find(({ id }) => id === rest)
    if (found === undefined) throw new VendorRefusal('model_not_found', '')
    return json(200, entry(found))
  }
  const style = catalog.style(vendor)
  switch (vendor) {
    case 'anthropic':
      return json(200, anthropicPage(models, record.query, style.pageSize ?? 20))
    case 'gemini':
      return json(200, geminiPage(models, record.query, style.pageSize ?? 50))
    case 'openrouter':
      return json(200, { data: models.map(entry) })
    case 'openai':
    case 'compatible':
      return json(200, style.bare === true ? models.map(entry) : { object: 'list', data: models.map(entry) })
  }
}

const BORN = 1_750_000_000

const openaiEntry = ({ id, createdAt = BORN }: VendorModel) => ({
  id,
  object: 'model',
  created: createdAt,
  owned_by: 'system',
})

const anthropicEntry = ({ id, name = id, createdAt = BORN }: VendorModel) => ({
  type: 'model',
  id,
  display_name: name,
  created_at: new Date(createdAt * 1000).toISOString().replace('.000Z', 'Z'),
})

const geminiEntry = ({ id, name = id, contextTokens = 1_048_576, maxOutputTokens = 65_536 }: VendorModel) => ({
  name: `models/${id}`,
  version: '001',
  displayName: name,
  description: `A simulated ${name}`,
  inputTokenLimit: contextTokens,
  outputTokenLimit: maxOutputTokens,
  supportedGenerationMethods: id.includes('embedding') ? ['embedContent'] : ['generateContent', 'countTokens'],
  thinking: /gemini-(2\.5|[3-9])/.test(id),
})

function openrouterEntry({
  id,
  name = id,
  createdAt = BORN,
  contextTokens = 128_000,
  maxOutputTokens,
  price,
}: VendorModel) {
  const { prompt = 0.000001, completion = 0.000002 } = price ?? {}
  const dollars = (value: number) => value.toFixed(12).replace(/\.?0+$/, '')
  return {
    id,
    canonical_slug: id,
    name,
    created: createdAt,
    description: `A simulated ${name}`,
    context_length: contextTokens,
    architecture: {
      modality: 'text->text',
      input_modalities: ['text'],
      output_modalities: ['text'],
      tokenizer: 'Other',
      instruct_type: null,
    },
    pricing: { prompt: dollars(prompt), completion: dollars(completion), request: '0', image: '0' },
    top_provider: {
      context_length: contextTokens,
      max_completion_tokens: maxOutputTokens ?? null,
      is_moderated: false,
    },
    per_request_limits: null,
    supported_parameters: ['max_tokens', 'temperature', 'tools', 'tool_choice', 'reasoning', 'response_format'],
  }
}

const ENTRIES = {
  openai: openaiEntry,
  anthropic: anthropicEntry,
  gemini: geminiEntry,
  openrouter: openrouterEntry,
  compatible: openaiEntry,
} as const

/** Source: Anthropic, list models: `limit` 1 to 1000, `after_id`, `before_id`. */
function anthropicPage(models: readonly VendorModel[], query: URLSearchParams, usual: number) {
  const limit = Number(query.get('limit') ?? usual)
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000) {
    throw invalid('limit: Input should be greater than or equal to 1 and less than or equal to 1000')
  }
  const after = query.get('after_id')
  const before = query.get('before_id')
  const at = (id: string) => models.findIndex((one) => one.id === id)
  const end = before === null ? models.length : Math.max(0, at(before))
  const start = before !== null ? Math.max(0, end - limit) : after === null ? 0 : at(after) + 1
  const page = models.slice(start, Math.min(end, start + limit))
  const more = before === null ? start + limit < models.length : start > 0
  return {
    data: page.map(anthropicEntry),
    has_more: more,
    first_id: page[0]?.id ?? null,
    last_id: page.at(-1)?.id ?? null,
  }
}

/** Source: Gemini API, `models.list`: `pageSize` up to 1000, `pageToken` opaque. */
function geminiPage(models: readonly VendorModel[], query: URLSearchParams, usual: number) {
  const size = Math.min(1000, Number(query.get('pageSize') ?? usual))
  const token = query.get('pageToken')
  const start = token === null ? 0 : Number(Buffer.from(token, 'base64url').toString().replace('from ', ''))
  if (!Number.isInteger(size) || size < 1 || !Number.isInteger(start)) throw invalid('Page token is invalid.')
  const next = start + size
  const nextPageToken = Buffer.from(`from ${next}`).toString('base64url')
  return { models: models.slice(start, next).map(geminiEntry), ...(next < models.length ? { nextPageToken } : {}) }
}
