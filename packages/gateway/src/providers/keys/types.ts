import type { Failure } from '@dragoman/protocol'
import type { Secret } from '../../telemetry/index.js'

/** Whose API an upstream is. */
export const PROVIDER_KINDS = ['openai', 'anthropic', 'gemini', 'openrouter', 'compatible'] as const
export type ProviderKind = (typeof PROVIDER_KINDS)[number]

/** How an upstream is spoken to. `codex-responses` is Responses by the rules of the Codex backend, for gateways in front of it. */
export const WIRES = ['chat', 'responses', 'codex-responses', 'anthropic', 'gemini'] as const
export type Wire = (typeof WIRES)[number]

export const KEY_CAPABILITIES = ['chat', 'embeddings', 'images', 'transcription'] as const
export type KeyCapability = (typeof KEY_CAPABILITIES)[number]

/** A model that a key serves. */
export interface KeyModel {
  /** As clients name it. */
  id: string
  /** As the upstream names it. Default: `id`. */
  upstream?: string
  displayName?: string
  /** Tokens. */
  contextWindow?: number
  maxOutputTokens?: number
  /** What this model is for, where it is not all that its key is for. */
  capabilities?: readonly KeyCapability[]
}

/** One API key of one provider, without the key. */
export interface ApiKey {
  id: string
  /** The name by which its models are asked for: `deepseek` of `deepseek:deepseek-chat`. Several keys may share it. */
  provider: string
  kind: ProviderKind
  wire: Wire
  /** Without a trailing slash; the wire's paths are appended. */
  baseUrl: string
  label?: string
  /** `all`: every name that is asked for within the provider. */
  models: 'all' | readonly KeyModel[]
  capabilities: readonly KeyCapability[]
  enabled: boolean
  /** Its share of the load beside the other keys that serve the model. */
  weight: number
  createdAt: number
  updatedAt: number
  /** First and last four characters, to recognise it by. Undefined: there is none. */
  hint?: string
}

/** A key that could serve a request. */
export interface KeyCandidate {
  key: ApiKey
  model: KeyModel
  why: string
}

/** The pool of API keys, as the provider that uses them sees it. Everything answers from memory. */
export interface KeyChoice {
  /** Who may serve, in the order in which they are to be asked. A conversation keeps its key; without one (empty) keys take turns. */
  candidates(want: {
    model: string
    within?: string
    capability: KeyCapability
    conversation: string
    tried: ReadonlySet<string>
  }): { ready: readonly KeyCandidate[]; skipped: readonly { label: string; reason: string }[] }
  /** Why nobody can serve it now; names the earliest time when somebody may. */
  whyNobody(want: { model: string; within?: string; capability: KeyCapability }): Failure
  /**
   * What a request carries.
   * @param model the request is about to be sent for it; of those who come at the same time only one tries a key that has just rested
   * @throws Error when there is no such key
   */
  credential(id: string, model?: string): { apiKey?: Secret; headers: Readonly<Record<string, string>> }
  /** What a request taught: a failure, or a success when there is none. Helper calls do not tell. */
  learn(id: string, what: { model: string; failure?: Failure; headers?: Readonly<Record<string, string>> }): void
}
