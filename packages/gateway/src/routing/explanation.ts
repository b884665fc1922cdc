import type { FallbackCase } from '../config/index.js'
import { plainText } from '../telemetry/index.js'
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
  /** The name or the target, `codex:gpt-5.5`, that it leads to; absent when it leads nowhere. */
  to?: string
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

/** What a rule is called where people read: by its setting, where it has one. */
const RULE_NAMES: Readonly<Record<RuleId, string>> = {
  api_key_model: 'models of API keys',
  provider_prefix: 'provider:model',
  demo: 'the demo',
  alias: 'model.aliases',
  routes: 'model.routes',
  codex_catalog: 'Codex catalog',
  patterns: 'model.patterns',
  claude_models: 'model.claude_models',
}

/** An explanation for a terminal: what was looked at, line by line, then where the name leads. Ends in a line end. */
export function explainText(explanation: RouteExplanation): string {
  const { asked, name, rules, suffixes, targets, leftOut, problem } = explanation
  const wide = Math.max(...Object.values(RULE_NAMES).map(({ length }) => length))
  const lines = [asked === '' ? `No model is named; model.default is ${name}` : name]
  let at: string | undefined
  for (const reading of rules) {
    if (reading.name !== at && (at !== undefined || reading.name !== name)) lines.push(`  as ${reading.name}`)
    at = reading.name
    const sign = reading.outcome === 'decided' ? '→' : reading.outcome === 'shadowed' ? '(' : '·'
    const says = reading.outcome === 'shadowed' ? `would be: ${reading.says})` : reading.says
    lines.push(`  ${sign} ${RULE_NAMES[reading.rule].padEnd(wide)}  ${says}`)
  }
  if (suffixes.length > 0) lines.push(`  read off the name: ${suffixes.join(' ')}`)
  lines.push('', 'Leads to')
  if (problem !== undefined) lines.push(`  nowhere: ${problem}`)
  for (const [place, target] of targets.entries()) {
    const wishes = [
      ...(target.effort === undefined ? [] : [`effort ${target.effort}`]),
      ...(target.serviceTier === undefined ? [] : [`tier ${target.serviceTier}`]),
      ...(target.when === undefined ? [] : [`when: ${target.when.join(', ')}`]),
    ]
    lines.push(`  ${place + 1}. ${[targetName(target), ...wishes].join(', ')}`)
  }
  for (const { step, reason } of leftOut) lines.push(`  left out: ${step}: ${reason}`)
  // Names come from clients; nothing in them may move the cursor.
  return lines.map((line) => `${plainText(line)}\n`).join('')
}

/** `codex:gpt-5.5`, `deepseek:deepseek-chat`; `keys:` where any provider's key will do. */
export function targetName({
  provider,
  within,
  model,
}: Pick<RouteTarget, 'within' | 'model'> & { provider: string }): string {
  return `${within ?? provider}:${model}`
}
