import type { Extra } from '../../pivot/index.js'
import { isJson, type Json } from '../json.js'

/**
 * Key in `extra` of what only Gemini knows, its fields under the wire's own (camelCase) names:
 * - of a request: body fields without a place in the pivot (`safetySettings`, `cachedContent`, …), the fields of `generationConfig`
 *   likewise under `generationConfig`, and `tools` = the tool objects that only Gemini has;
 * - of an item or part made from one part: `thoughtSignature` and the part's other fields (`videoMetadata`, …);
 * - of a thought before a call: `callSignature`, the signature of that call, for clients that have no place for it on the call;
 * - of a function call's output: `response`, the object as the client sent it, and `name`;
 * - of a response: `finishReason`, `finishMessage`, `groundingMetadata`, `safetyRatings`, `usage` (counts that the pivot has no field for), …
 */
export const GEMINI = 'gemini'

/** Key of what a Gemini reply must know of its request and no upstream may see: `{ alt }`. */
export const REPLY = 'gemini-reply'

/**
 * Key of what goes back to a Gemini upstream and is no loss anywhere else: `{ thinkingConfig, effort }`, as it was asked for and the effort
 * that was made of it; `{ form, words }`, the fields of `generationConfig` that say what the answer must look like, and what was added to the
 * instructions because of them; and `safetySettings` that only switch filters off.
 */
export const KEPT = 'gemini-kept'

/** An item that stands for one part without any meaning elsewhere: `{ type: PART_ITEM, role, part }`. Foreign encoders leave it out. */
export const PART_ITEM = 'gemini_part'

const FILLER_WORDS = ['skip_thought_signature_validator', 'context_engineering_is_the_way_to_go']

/**
 * What clients put where a signature must be and none is; it says nothing. The Python SDK, for which signatures are bytes, writes it in
 * base64. Source: Gemini API, thought signatures.
 */
export const FILLERS: ReadonlySet<string> = new Set([...FILLER_WORDS, ...FILLER_WORDS.map((words) => btoa(words))])

/** Between the texts of two system parts, and of two thoughts. */
export const BETWEEN_TEXTS = '\n\n'

export function geminiFields(of: { extra?: Extra | undefined } | Json): Readonly<Json> {
  const extra = of['extra' as keyof typeof of] as unknown
  const fields = isJson(extra) ? extra[GEMINI] : undefined
  return isJson(fields) ? fields : {}
}

/** `{ extra }` with fields of this dialect, to be spread; nothing when there are none. */
export function withGemini(fields: Json): { extra?: Extra } {
  return Object.keys(fields).length > 0 ? { extra: { [GEMINI]: fields } } : {}
}

export interface GeminiPart {
  text?: string
  thought?: boolean
  thoughtSignature?: string
  functionCall?: { id?: string; name: string; args: unknown }
  inlineData?: { mimeType: string; data: string }
  [field: string]: unknown
}

export interface GeminiUsage {
  promptTokenCount: number
  candidatesTokenCount: number
  totalTokenCount: number
  cachedContentTokenCount?: number
  thoughtsTokenCount?: number
  [field: string]: unknown
}
