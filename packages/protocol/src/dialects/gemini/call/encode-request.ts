import type { Note, Translated, UpstreamModel } from '../../../dialect.js'
import { isKnownItem, type PivotItem, type PivotRequest } from '../../../pivot/index.js'
import { noteForeignFields, noteUnknownFields } from '../../foreign-fields.js'
import { given, text, without, type Json } from '../../json.js'
import type { Noting } from '../../refusing.js'
import { BETWEEN_TEXTS, geminiFields, KEPT } from '../wire.js'
import { encodeConfig } from './encode-config.js'
import { encodeContents } from './encode-contents.js'
import { encodeTools } from './encode-tools.js'
import { modelRules } from './model-rules.js'

/**
 * A request of the pivot as the body of `generateContent`; the model and whether to stream stand in the URL. What a Gemini client said
 * and the pivot has no place for goes back as it came; what Gemini cannot do is noted when it asks for something.
 * Calls of custom tools come back as calls of functions; `restoreCalls(request, 'compatible')` turns them back.
 * Source: Gemini API reference, `GenerateContentRequest`.
 */
export function encodeRequest(request: PivotRequest, to: UpstreamModel): Translated<Json> {
  const receipt: Note[] = []
  const note: Noting = (pointer, what, why) => void receipt.push({ pointer, what, why })
  const rules = modelRules(request, to.model)
  const own = geminiFields(request)
  const tools = encodeTools(request, rules, note)
  const { generationConfig, instruction } = encodeConfig(request, to, rules, tools, note)
  const { texts, rest } = leadingInstructions(request.input)
  const system = [ownInstructions(request), ...texts, instruction ?? ''].filter((one) => one !== '')
  const value: Json = {
    contents: encodeContents(request.input, rest, rules, note),
    ...(system.length > 0 ? { systemInstruction: { parts: [{ text: system.join(BETWEEN_TEXTS) }] } } : {}),
    ...tools.body,
    ...(Object.keys(generationConfig).length > 0 ? { generationConfig } : {}),
    ...given({ safetySettings: request.extra?.[KEPT]?.['safetySettings'] }),
    ...labels(request, rules.native, note),
    ...tier(request, rules.native, note),
    ...without(own, ELSEWHERE),
  }
  noteUnknown(request, note)
  noteForeignFields(request, 'gemini', note)
  return { value, receipt }
}

/** Without the words that stand for fields which a Gemini client sent and which go back themselves. */
function ownInstructions(request: PivotRequest): string {
  const instructions = request.instructions ?? ''
  const words = text(request.extra?.[KEPT]?.['words'])
  if (words === undefined || !instructions.endsWith(words)) return instructions
  const before = instructions.slice(0, -words.length)
  return before.endsWith(BETWEEN_TEXTS) ? before.slice(0, -BETWEEN_TEXTS.length) : before
}

/** Instructions before everything else; the last of them stays when there is nothing else, for Gemini wants something to answer. */
function leadingInstructions(input: readonly PivotItem[]): { texts: string[]; rest: number } {
  const texts: string[] = []
  for (const item of input) {
    if (!isKnownItem(item) || item.type !== 'message' || (item.role !== 'system' && item.role !== 'developer')) break
    const parts = typeof item.content === 'string' ? [{ type: 'input_text', text: item.content }] : item.content
    const words = parts.map((part) => ('text' in part && typeof part.text === 'string' ? part.text : undefined))
    if (words.includes(undefined) || texts.length + 1 === input.length) break
    texts.push(words.join(BETWEEN_TEXTS))
  }
  return { texts, rest: texts.length }
}

/** Google's API for keys refuses labels, the one for its cloud takes them; a Gemini client knows which it means. */
function labels(request: PivotRequest, native: boolean, note: Noting): Json {
  const told = request.metadata
  if (told === undefined || told === null || Object.keys(told).length === 0) return {}
  if (native) return { labels: told }
  note('/metadata', 'dropped', 'the Gemini API keeps no metadata')
  return {}
}

const TIERS: ReadonlySet<string> = new Set(['flex', 'priority'])

function tier(request: PivotRequest, native: boolean, note: Noting): Json {
  const asked = request.service_tier
  if (asked === undefined || asked === null || asked === 'auto' || asked === 'default') return {}
  if (native || TIERS.has(asked)) return { serviceTier: asked }
  note('/service_tier', 'dropped', `Gemini has no service tier '${asked}'`)
  return {}
}

/** Fields that only Gemini has and that are told with the tools and the configuration. */
const ELSEWHERE: ReadonlySet<string> = new Set(['generationConfig', 'tools', 'toolConfig'])

/** Fields that are translated, and those that ask a server's memory or the gateway itself for something. */
const SPOKEN: ReadonlySet<string> = new Set([
  'include',
  'model',
  'input',
  'instructions',
  'stream',
  'stream_options',
  'tools',
  'tool_choice',
  'reasoning',
  'text',
  'max_output_tokens',
  'temperature',
  'top_p',
  'metadata',
  'service_tier',
  'extra',
  'prompt_cache_key',
  'prompt_cache_retention',
  'client_metadata',
])
/** What an answer brings anyway. */
const INCLUDED: ReadonlySet<unknown> = new Set(['reasoning.encrypted_content', 'web_search_call.action.sources'])

function noteUnknown(request: PivotRequest, note: Noting): void {
  const verbosity = request.text?.verbosity
  if (verbosity !== undefined && verbosity !== null && verbosity !== 'medium') {
    note('/text/verbosity', 'dropped', 'Gemini knows no verbosity')
  }
  if (request.parallel_tool_calls === false && (request.tools ?? []).length > 0) {
    note('/parallel_tool_calls', 'dropped', 'Gemini calls as many functions as it likes')
  }
  if (request.include?.every((one) => INCLUDED.has(one)) === false) {
    note('/include', 'dropped', 'Gemini has no such field')
  }
  noteUnknownFields(request, SPOKEN, 'Gemini has no such field', note)
}
