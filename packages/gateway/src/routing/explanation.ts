import type { FallbackCase } from '../config/index.js'
import type { RouteTarget } from './route.js'

/** The rules, in the order in which they are looked at. */
export type RuleId =
  'api_key_model' | 'provider_prefix' | 'demo' | 'alias' | 'routes' | 'codex_catalog' | 'patterns' | 'claude_models'

/** One look at one rule. */
export interface RuleReading {
  /** The name that was looked up: as asked, without its suffixes, or what a rule before put in its place. */
  name: string
  rule: RuleId
  /** `shadowed`: it knows the name too, but a rule before it decided. */
  outcome: 'decided' | 'no' | 'shadowed'
  says: string
}

/** How a name became a route. Plain data, for JSON and for {@link explainText}. */
export interface RouteExplanation {
  /** As asked; empty when no model was named. */
  asked: string
  /** What was looked up for it. */
  name: string
  rules: readonly RuleReading[]
  /** What was read off the end of the name: `-high`. */
  suffixes: readonly string[]
  /** The first is what was asked for, the rest its fallbacks. Empty when the name leads nowhere. */
  targets: readonly RouteTarget[]
  /** Steps of model.fallbacks that take no part, and why. */
  leftOut: readonly { step: string; when?: readonly FallbackCase[]; reason: string }[]
  /** Why it leads nowhere. */
  problem?: string
}
