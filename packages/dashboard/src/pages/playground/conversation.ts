/** The protocols that the playground speaks. Those of Ollama clients live at an address of their own, which no page may call. */
export const PROTOCOLS = ['chat', 'responses', 'anthropic', 'gemini'] as const
export type Protocol = (typeof PROTOCOLS)[number]

/** What a turn is made of, whatever the protocol. */
export type Part =
  | { kind: 'text'; text: string }
  /** `url` is a data URL, or a place that is only told and never fetched. */
  | { kind: 'image'; url: string }
  | { kind: 'reasoning'; text: string }
  /** `args` is JSON text, perhaps unfinished while it streams. */
  | { kind: 'call'; id: string; name: string; args: string }
  | { kind: 'result'; id: string; name: string; text: string }

export interface Turn {
  role: 'user' | 'assistant'
  parts: readonly Part[]
  /** What the reply was in its own protocol: the same protocol gets it back as it came, signatures and all. */
  wire?: { protocol: Protocol; items: readonly unknown[] }
}

/** A function that the model may call; `parameters` is a JSON schema as text. */
export interface ToolDraft {
  name: string
  description: string
  parameters: string
}

export const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const
export type Effort = (typeof EFFORTS)[number]
export type Tier = 'fast' | 'flex'

export interface Asking {
  model: string
  system: string
  turns: readonly Turn[]
  stream: boolean
  effort?: Effort
  tier?: Tier
  maxTokens?: number
  temperature?: number
  tools: readonly ToolDraft[]
}

/** A request as it goes over the wire; the key is added where it is sent or shown. */
export interface WireRequest {
  path: string
  /** Which header carries the key. */
  keyIn: 'authorization' | 'x-api-key' | 'x-goog-api-key'
  headers: Readonly<Record<string, string>>
  body: Record<string, unknown>
}

export interface TokenUse {
  input?: number
  cached?: number
  output?: number
  reasoning?: number
}

/** What came of a reply until now. */
export interface ReplySoFar {
  parts: readonly Part[]
  wire: readonly unknown[]
  usage?: TokenUse
  /** Why it ended, in the protocol's own word. */
  stop?: string
  /** What went wrong, in the upstream's or the gateway's words. */
  error?: string
}

/** Reads the events of one reply. Never throws: whatever is not understood is only not shown. */
export interface ReplyReader {
  /** One event of a stream. */
  event(data: unknown): void
  /** A reply that came whole. */
  whole(body: unknown): void
  soFar(): ReplySoFar
}

/** @throws SyntaxError when it is no JSON */
export function schemaOf(tool: ToolDraft): Record<string, unknown> {
  const value: unknown = tool.parameters.trim() === '' ? {} : JSON.parse(tool.parameters)
  if (!isObject(value)) throw new SyntaxError('a JSON object is expected')
  return value
}

export type Json = Record<string, unknown>

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function listOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

export function countOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

/** Tokens as they were told; what was not told is left out. */
export function usageOf(told: { [Name in keyof TokenUse]-?: unknown }): TokenUse | undefined {
  const use: TokenUse = {}
  for (const name of ['input', 'cached', 'output', 'reasoning'] as const) {
    const value = countOf(told[name])
    if (value !== undefined) use[name] = value
  }
  return Object.keys(use).length === 0 ? undefined : use
}

/** The message of an error in any of the protocols' forms. */
export function errorIn(body: unknown): string | undefined {
  if (!isObject(body)) return undefined
  const { error } = body
  if (typeof error === 'string') return error
  if (isObject(error)) return textOf(error['message']) || JSON.stringify(error)
  return undefined
}

/** `data:image/png;base64,AAAA` → its two halves; undefined for any other URL. */
export function dataUrl(url: string): { type: string; base64: string } | undefined {
  const found = /^data:([\w.+-]+\/[\w.+-]+);base64,(.*)$/s.exec(url)
  return found?.[1] === undefined || found[2] === undefined ? undefined : { type: found[1], base64: found[2] }
}
