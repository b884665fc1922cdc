/**
 * The wire of OpenAI's Chat Completions API, as far as the translators name its parts.
 * Source: OpenAI API reference, chat completion object and chunk object; additions of other providers as recorded
 * (`reasoning_content` of DeepSeek and Moonshot, `reasoning` of Groq and OpenRouter, `images` of OpenRouter).
 */

/** A JSON object whose fields nobody has looked at yet. */
export type Json = Record<string, unknown>

export type ChatFinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter' | 'function_call'

export interface ChatUsage {
  prompt_tokens: number
  completion_tokens: number
  total_tokens: number
  prompt_tokens_details?: Json
  completion_tokens_details?: Json
  [field: string]: unknown
}

export interface ChatFunctionCall {
  id: string
  type: 'function'
  function: { name: string; arguments: string }
  [field: string]: unknown
}
export interface ChatCustomCall {
  id: string
  type: 'custom'
  custom: { name: string; input: string }
  [field: string]: unknown
}
export type ChatToolCall = ChatFunctionCall | ChatCustomCall

export interface ChatImage {
  type: 'image_url'
  image_url: { url: string }
}

export interface ChatAnswer {
  role: 'assistant'
  content: string | null
  refusal: string | null
  reasoning_content?: string
  annotations?: Json[]
  tool_calls?: ChatToolCall[]
  function_call?: { name: string; arguments: string }
  images?: ChatImage[]
}

export interface ChatCompletion {
  id: string
  object: 'chat.completion'
  created: number
  model: string
  choices: [
    {
      index: 0
      message: ChatAnswer
      logprobs: { content: unknown[]; refusal: null } | null
      finish_reason: ChatFinishReason
    },
  ]
  usage?: ChatUsage
  service_tier?: string
  system_fingerprint?: string
}

/** Narrows to a JSON object; arrays and null are none. */
export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value when it is a text with something in it. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A copy without the named fields. Own keys only, so a field called `__proto__` stays a field. */
export function without(object: Json, names: ReadonlySet<string>): Json {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.has(name)))
}

/** Absent and null mean the same on this wire. */
export function isSet<T>(value: T): value is NonNullable<T> {
  return value !== undefined && value !== null
}

/** The fields that have a value, to be spread into an object. */
export function given<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => isSet(value))) as never
}
