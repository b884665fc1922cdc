import type { Note, RequestMeta, Translated } from '../../../dialect.js'
import { samplingExtra, type Extra, type PivotRequest } from '../../../pivot/index.js'
import { given, isJson, text, without, type Json } from '../../json.js'
import { object, refuse, step, string, type Noting } from '../../refusing.js'
import { camelCased } from '../either-case.js'
import { BETWEEN_TEXTS, GEMINI, KEPT, REPLY } from '../wire.js'
import { decodeConfig } from './decode-config.js'
import { decodeContents, partsOf } from './decode-contents.js'
import { decodeTools } from './decode-tools.js'

/** Fields that the pivot carries under its own names. */
const TRANSLATED: ReadonlySet<string> = new Set([
  'model',
  'contents',
  'systemInstruction',
  'tools',
  'toolConfig',
  'generationConfig',
  'labels',
  'safetySettings',
  'serviceTier',
])

/** Without it the reasoning could not be given back with the next turn, whatever the client shows of it. */
const INCLUDE = ['reasoning.encrypted_content']

/**
 * The body of `generateContent`, `streamGenerateContent` or `countTokens` as a request of the pivot. Field names may be in camelCase or
 * snake_case; model and stream come from the path.
 * @throws FailureError `invalid_request` with the JSON pointer of what cannot be understood
 */
export function decodeRequest(body: unknown, from: RequestMeta): Translated<PivotRequest> {
  if (!isJson(body)) refuse('', 'the body must be a JSON object')
  const receipt: Note[] = []
  const note: Noting = (pointer, what, why) => void receipt.push({ pointer, what, why })
  const fields = camelCased(body)
  if (text(fields['cachedContent']) !== undefined) {
    refuse('/cachedContent', "the content of Google's cache is not known here; send the content itself")
  }
  const config = decodeConfig(fields['generationConfig'], note)
  const tools = decodeTools(fields)
  const instructions = [decodeSystem(fields['systemInstruction'], note), config.instruction]
    .filter((told) => told !== undefined && told !== '')
    .join(BETWEEN_TEXTS)
  const offered = [...(tools.request.tools ?? []), ...config.pictures]
  const tier = decodeTier(fields['serviceTier'])
  const value: PivotRequest = {
    model: modelName(from.path?.model ?? text(fields['model']) ?? ''),
    input: decodeContents(fields['contents'], note),
    ...(instructions === '' ? {} : { instructions }),
    stream: from.path?.stream === true,
    ...tools.request,
    ...(offered.length > 0 ? { tools: offered } : {}),
    ...config.request,
    ...(tier === undefined ? {} : { service_tier: tier }),
    ...decodeLabels(fields['labels']),
    include: [...INCLUDE],
    extra: {
      ...samplingExtra(config.sampling),
      ...extraOf(GEMINI, {
        ...ownFields(fields),
        ...extraOf('generationConfig', config.own),
        ...(tools.own.length > 0 ? { tools: tools.own } : {}),
        ...extraOf('toolConfig', tools.config),
      }),
      ...extraOf(KEPT, {
        ...(config.thinking === undefined
          ? {}
          : given({ thinkingConfig: config.thinking, effort: config.request.reasoning?.effort })),
        ...given({ form: config.form, words: config.instruction }),
        ...harmlessSafety(fields['safetySettings']),
      }),
      ...extraOf(REPLY, {
        ...(from.path?.alt === 'sse' ? {} : { array: true }),
        ...(config.showThoughts ? {} : { hideThoughts: true }),
      }),
    },
  }
  return { value, receipt }
}

function extraOf(key: string, fields: Json): Extra {
  return Object.keys(fields).length > 0 ? { [key]: fields } : {}
}

/** `models/gpt-5.5` → `gpt-5.5`. */
function modelName(name: string): string {
  return name.startsWith('models/') ? name.slice('models/'.length) : name
}

function decodeSystem(value: unknown, note: Noting): string | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string') return value
  const at = '/systemInstruction'
  const content = Array.isArray(value) ? { parts: value as unknown[] } : camelCased(object(value, at))
  const parts =
    content['parts'] === undefined && 'text' in content ? [content] : partsOf(content['parts'], `${at}/parts`)
  return parts
    .flatMap((part, index) => {
      if (part['text'] !== undefined) return [string(part['text'], `${at}/parts/${index}/text`)]
      note(`${at}/parts/${index}`, 'dropped', 'system instructions are text')
      return []
    })
    .join(BETWEEN_TEXTS)
}

function ownFields(fields: Json): Json {
  const safety = fields['safetySettings']
  return given({
    ...without(fields, TRANSLATED),
    safetySettings: Object.keys(harmlessSafety(safety)).length === 0 ? safety : undefined,
  })
}

/** By name, and by number as proto JSON writes enums too. Source: Gemini API reference, `HarmBlockThreshold`. */
const OFF: ReadonlySet<string> = new Set(['BLOCK_NONE', 'OFF', '4', '5'])

/** Settings that only switch filters off ask nothing of an upstream that has none. */
function harmlessSafety(settings: unknown): Json {
  if (!Array.isArray(settings)) return {}
  const off = settings.every((one) => isJson(one) && OFF.has(String(one['threshold']).toUpperCase()))
  return off ? { safetySettings: settings } : {}
}

/** `SERVICE_TIER_FLEX`, `flex`, … */
function decodeTier(value: unknown): string | undefined {
  const tier = text(value)
    ?.toLowerCase()
    .replace(/^service_tier_/, '')
  return tier === undefined || tier === 'unspecified' || tier === 'standard' ? undefined : tier
}

function decodeLabels(value: unknown): Pick<Partial<PivotRequest>, 'metadata'> {
  if (value === undefined || value === null) return {}
  const labels = Object.entries(object(value, '/labels')).map(([key, label]) => [
    key,
    string(label, `/labels/${step(key)}`),
  ])
  return labels.length > 0 ? { metadata: Object.fromEntries(labels) as Record<string, string> } : {}
}
