import type { Json } from '../json.js'

/**
 * The wire of OpenAI's Chat Completions API, as far as the translators name its parts.
 * Source: OpenAI API reference, chat completion object and chunk object; additions of other providers as recorded
 * (`reasoning_content` of DeepSeek and Moonshot, `reasoning` of Groq and OpenRouter, `images` of OpenRouter).
 */

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
  reasoning_details?: Json[]
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
