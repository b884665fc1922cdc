import type { Config } from '../config/index.js'
import type { RouteRules } from './route.js'

/** What the configuration says of names. */
export function rulesOf({ model, demo, codex }: Config): RouteRules {
  return {
    defaultModel: model.default,
    aliases: model.aliases,
    routes: model.routes,
    patterns: model.patterns,
    claudeModels: model.claude_models,
    fallbacks: model.fallbacks,
    effort: model.effort,
    serviceTier: model.service_tier,
    demo: demo.enabled,
    codex: codex.enabled,
  }
}
