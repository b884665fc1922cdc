import type { Seals } from '../codex/seal.js'
import type { Exchange } from '../http/recorded-request.js'
import type { Persona, Vendor, VendorApi } from './names.js'

export { PERSONAS, VENDORS } from './names.js'
export type { Persona, Vendor, VendorApi, VendorEndpoint, Wire } from './names.js'

/** One request to a vendor, as its path and body tell it. */
export interface VendorCall {
  vendor: Vendor
  api: VendorApi
  /** Whose manners: the vendor's own, or whom `compatible` plays. */
  persona: Vendor | Persona
  /** As the request names it; empty when it does not. */
  model: string
  /** The client wants its answer as a stream. */
  stream: boolean
  /** Gemini's `alt` parameter. */
  alt?: string
  /** What the path says after the collection: the model of `GET /models/{model}`, or Gemini's method. */
  rest?: string
}

/** What a check may look at besides the body. */
export interface CheckContext {
  call: VendorCall
  exchange: Exchange
  seals: Seals
}

/** A JSON object of a request. */
export type Json = Readonly<Record<string, unknown>>

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The objects of a list; none when it is no list. */
export function objects(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isJson) : []
}

const FAMILIES: readonly (readonly [RegExp, Persona])[] = [
  [/^deepseek-/, 'deepseek'],
  // Groq names open models by their owners.
  [/^(openai|qwen|moonshotai|meta-llama|groq)\/|^llama-3|^gemma2?-/, 'groq'],
  [/^(mistral|codestral|magistral|ministral|pixtral|devstral|open-mi[sx]tral|voxtral|labs-devstral)/, 'mistral'],
  [/^grok-/, 'xai'],
  [/^(kimi|moonshot)-/, 'moonshot'],
  [/^(qwen|qwq|qvq)/, 'qwen'],
]

/** Who has a model of this name. */
export function personaOf(model: string): Persona {
  return FAMILIES.find(([pattern]) => pattern.test(model))?.[1] ?? 'plain'
}

/** Who owns a seal that a vendor made, so that another vendor, or the Codex backend, refuses it. */
export function sealOwner(vendor: Vendor): string {
  return `vendors/${vendor}`
}
