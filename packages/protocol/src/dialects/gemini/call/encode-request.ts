import type { Note, Translated, UpstreamModel } from '../../../dialect.js'
import { isKnownItem, samplingOf, type PivotItem, type PivotRequest } from '../../../pivot/index.js'
import { noteForeignFields } from '../../foreign-fields.js'
import { given, isJson, type Json } from '../../json.js'
import type { Noting } from '../../refusing.js'
import { noteSampling } from '../../sampling-losses.js'
import { BETWEEN_TEXTS, geminiFields, KEPT } from '../wire.js'
import { encodeContents } from './encode-contents.js'
import { encodeToolChoice, encodeTools } from './encode-tools.js'

const CAN = new Set(['stop', 'seed', 'top_k', 'presence_penalty', 'frequency_penalty', 'n'] as const)

/** Pivot fields that ask Gemini for nothing, or that are translated. */
const SPOKEN: ReadonlySet<string> = new Set([
  'model',
  'input',
  'instructions',
  'stream',
  'tools',
  'tool_choice',
  'reasoning',
  'text',
  'max_output_tokens',
  'temperature',
  'top_p',
  'metadata',
  'include',
  'prompt_cache_key',
  'client_metadata',
  'extra',
  'store',
  'user',
  'safety_identifier',
])
const NEUTRAL: Readonly<Record<string, unknown>> = {
  parallel_tool_calls: true,
  truncation: 'disabled',
  service_tier: 'auto',
  background: false,
}

/**
 * A request of the pivot as the body of `generateContent`; the model stands in the URL.
 * Source: Gemini API reference, `GenerateContentRequest`.
 */
export function encodeRequest(request: PivotRequest, to: UpstreamModel): Translated<Record<string, unknown>> {
  const receipt: Note[] = []
  const note: Noting = (pointer, what, why) => void receipt.push({ pointer, what, why })
  const own = geminiFields(request)
  const kept = request.extra?.[KEPT] ?? {}
  const { system, rest, moved } = leadingInstructions(request.input)
  const instructions = [request.instructions ?? '', ...system].filter((told) => told !== '')
  const config = generationConfig(request, to, own, note)
  const tools = encodeTools(request.tools ?? [], Array.isArray(own['tools']) ? own['tools'].filter(isJson) : [], note)
  const labels = request.metadata
  const body: Json = {
    contents: encodeContents(rest, /gemini-(?:[3-9]|\d\d)/.test(to.model), (pointer, what, why) =>
      note(shifted(pointer, moved), what, why),
    ),
    ...(instructions.length > 0 ? { systemInstruction: { parts: [{ text: instructions.join(BETWEEN_TEXTS) }] } } : {}),
    ...(tools.length > 0 ? { tools } : {}),
    ...given({ toolConfig: encodeToolChoice(request.tool_choice, note) }),
    ...(Object.keys(config).length > 0 ? { generationConfig: config } : {}),
    ...given({ safetySettings: own['safetySettings'] ?? kept['safetySettings'] }),
    ...(labels != null && Object.keys(labels).length > 0 ? { labels } : {}),
    ...ownFields(own),
  }
  noteSampling(request, CAN, () => 'Gemini cannot do it', note)
  noteForeignFields(request, 'gemini', note)
  for (const [field, value] of Object.entries(request)) {
    if (SPOKEN.has(field) || value === null || value === undefined || NEUTRAL[field] === value) continue
    note(`/${field}`, 'dropped', 'Gemini has no field like it')
  }
  return { value: body, receipt }
}

function shifted(pointer: string, by: number): string {
  return pointer.replace(/^\/input\/(\d+)/, (_, at: string) => `/input/${Number(at) + by}`)
}

/** System texts before anything else belong to the instructions. */
function leadingInstructions(input: readonly PivotItem[]): { system: string[]; rest: PivotItem[]; moved: number } {
  const system: string[] = []
  let at = 0
  for (; at < input.length; at++) {
    const item = input[at]
    if (item === undefined || !isKnownItem(item) || item.type !== 'message') break
    if (item.role !== 'system' && item.role !== 'developer') break
    const parts = typeof item.content === 'string' ? [{ text: item.content }] : item.content
    if (parts.some((part) => !('text' in part))) break
    system.push(parts.map((part) => ('text' in part ? String(part.text) : '')).join(''))
  }
  return { system, rest: input.slice(at), moved: at }
}

function ownFields(own: Readonly<Json>): Json {
  return Object.fromEntries(
    Object.entries(own).filter(
      ([field]) => !field.startsWith('generationConfig.') && field !== 'tools' && field !== 'safetySettings',
    ),
  )
}

function generationConfig(request: PivotRequest, to: UpstreamModel, own: Readonly<Json>, note: Noting): Json {
  const sampling = samplingOf(request)
  const beside = Object.entries(own).flatMap(([field, value]) =>
    field.startsWith('generationConfig.') ? [[field.slice('generationConfig.'.length), value] as const] : [],
  )
  return {
    ...given({
      maxOutputTokens: request.max_output_tokens,
      temperature: request.temperature,
      topP: request.top_p,
      topK: sampling.top_k,
      stopSequences: sampling.stop,
      seed: sampling.seed,
      presencePenalty: sampling.presence_penalty,
      frequencyPenalty: sampling.frequency_penalty,
      candidateCount: sampling.n,
      thinkingConfig: thinkingConfig(request, to),
    }),
    ...responseFormat(request, note),
    ...Object.fromEntries(beside),
  }
}

function responseFormat(request: PivotRequest, note: Noting): Json {
  const verbosity = request.text?.verbosity
  if (verbosity != null) note('/text/verbosity', 'dropped', 'Gemini knows no verbosity')
  const format = request.text?.format
  switch (format?.type) {
    case 'json_object':
      return { responseMimeType: 'application/json' }
    case 'json_schema':
      return { responseMimeType: 'application/json', responseJsonSchema: format.schema }
    default:
      return {}
  }
}

/** Tokens of an effort for models that take a budget. Source: Gemini API, thinking (OpenAI compatibility table). */
const BUDGETS: Readonly<Record<string, number>> = {
  none: 0,
  minimal: 512,
  low: 1_024,
  medium: 8_192,
  high: 24_576,
  xhigh: 32_768,
  max: 32_768,
  ultra: 32_768,
}

function thinkingConfig(request: PivotRequest, to: UpstreamModel): Json | undefined {
  const kept = request.extra?.[KEPT]?.['thinkingConfig']
  if (isJson(kept)) return kept
  const { effort, summary } = request.reasoning ?? {}
  const shown = summary == null || summary === 'none' ? {} : { includeThoughts: true }
  if (effort == null) return Object.keys(shown).length > 0 ? shown : undefined
  // From Gemini 3 on efforts have names, three of them.
  if (/gemini-(?:[3-9]|\d\d)/.test(to.model)) {
    const level =
      effort === 'none' || effort === 'minimal' ? 'low' : effort === 'low' || effort === 'medium' ? effort : 'high'
    return { ...shown, thinkingLevel: level }
  }
  return { ...shown, ...given({ thinkingBudget: BUDGETS[effort] }) }
}
