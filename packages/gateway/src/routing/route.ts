import type { FallbackCase } from '../config/index.js'

/** One place where a name leads: which provider, under which name there, with what the name's suffixes asked for. */
export interface RouteTarget {
  /** `keys`: the pool of API keys, whosever they are. */
  provider: 'codex' | 'keys' | 'demo'
  /** As the provider's clients name it. */
  model: string
  /** Only keys of this name: `deepseek`. */
  within?: string
  effort?: string
  serviceTier?: string
  /** One line: the rule that decided. */
  why: string
  /** Only of fallbacks: the failures of those before it that it answers for. */
  when?: readonly FallbackCase[]
}

/** The first target is what was asked for, the rest its fallbacks in order. */
export interface Route {
  targets: readonly [RouteTarget, ...RouteTarget[]]
}

/** A fallback as the configuration says it: a name, or one with the cases that it is for. */
export type FallbackStep = string | { to: string; when?: readonly FallbackCase[] | undefined }

export interface RouteRules {
  defaultModel: string
  /** From the configuration; a target may carry a provider prefix and suffixes. */
  aliases: Readonly<Record<string, string>>
  /** Where single names go: a provider, `provider:model` or a model. */
  routes: Readonly<Record<string, string>>
  /** Where names go that nothing else knows, by pattern: a provider or `provider:model`. The first that fits wins. */
  patterns: Readonly<Record<string, string>>
  /** Which model stands in for each family of Claude models: `opus` → `gpt-5.5`. */
  claudeModels: Readonly<Record<string, string>>
  /** Who is asked next, by name or pattern. */
  fallbacks: Readonly<Record<string, readonly FallbackStep[]>>
  /** Used for Codex models when neither the request nor a suffix names one. Empty: leave it to the model. */
  effort: string
  serviceTier: string
  demo: boolean
  codex: boolean
}
