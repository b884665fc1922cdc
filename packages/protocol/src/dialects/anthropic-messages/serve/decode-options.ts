import type { PivotRequest, TextFormat } from '../../../pivot/index.js'
import { given, isJson, isSet, type Json } from '../../json.js'
import { name, number, object, optional, refuse, string, type Noting } from '../../refusing.js'

/**
 * How much the model should think, and whether the client wants to see it. `output_config.effort` decides; else a budget becomes the
 * effort that is about as much. `display: 'omitted'` asks for thoughts without their texts: they come back all the same.
 */
export function decodeReasoning(body: Json, note: Noting): PivotRequest['reasoning'] | undefined {
  const config = optional(body, 'output_config', object)
  const told = config === undefined ? undefined : optional(config, 'effort', name, '/output_config')
  const thinking = optional(body, 'thinking', object)
  if (thinking === undefined) return told === undefined ? undefined : { effort: told }
  const display = optional(thinking, 'display', string, '/thinking')
  const summary = display === 'omitted' ? undefined : 'auto'
  switch (thinking['type']) {
    case 'enabled': {
      const budget = number(thinking['budget_tokens'] ?? refuse('/thinking/budget_tokens', 'Field required'), BUDGET)
      return given({ effort: told ?? effortOf(budget, note), summary })
    }
    case 'adaptive':
    case 'between_tools': {
      const asked = given({ effort: told, summary })
      return Object.keys(asked).length > 0 ? asked : undefined
    }
    case 'disabled':
      return { effort: told ?? 'none' }
    default: {
      const type = string(thinking['type'], '/thinking/type')
      note('/thinking/type', 'dropped', `the type '${type}' is not known here; the model thinks as it does by default`)
      return told === undefined ? undefined : { effort: told }
    }
  }
}

const BUDGET = '/thinking/budget_tokens'

function effortOf(budget: number, note: Noting): string {
  const effort = budget < 2_000 ? 'low' : budget < 8_000 ? 'medium' : budget < 20_000 ? 'high' : 'xhigh'
  note(BUDGET, 'approximated', `a budget of ${budget} tokens became the effort '${effort}'`)
  return effort
}

/** `output_config.format`, or `output_format` as it was called in beta. */
export function decodeFormat(body: Json): TextFormat | undefined {
  const config = optional(body, 'output_config', object)
  return (
    (config === undefined ? undefined : optional(config, 'format', format, '/output_config')) ??
    optional(body, 'output_format', format)
  )
}

function format(value: unknown, at: string): TextFormat {
  const told = object(value, at)
  if (told['type'] !== 'json_schema') refuse(`${at}/type`, "expected 'json_schema'")
  const schema = object(told['schema'] ?? refuse(`${at}/schema`, 'Field required'), `${at}/schema`)
  // Anthropic keeps to the schema; others take one without `strict` for a wish.
  return { type: 'json_schema', name: 'response', schema, strict: true }
}

/** Fields that the pivot holds under its own names, or that have been looked at. */
const TRANSLATED: ReadonlySet<string> = new Set([
  'model',
  'messages',
  'system',
  'max_tokens',
  'stream',
  'temperature',
  'top_p',
  'top_k',
  'stop_sequences',
  'tools',
  'tool_choice',
])

/**
 * What is left of the body, under the wire's names: `own` only Anthropic understands, `silent` asks nothing that others do not do anyway.
 */
export function otherFields(body: Json): { own: Json; silent: Json } {
  const own: [string, unknown][] = []
  const silent: [string, unknown][] = []
  for (const [field, value] of Object.entries(body)) {
    if (TRANSLATED.has(field) || !isSet(value)) continue
    const list = asksNothing(field, value) ? silent : own
    list.push([field, value])
  }
  return { own: Object.fromEntries(own), silent: Object.fromEntries(silent) }
}

function asksNothing(field: string, value: unknown): boolean {
  switch (field) {
    case 'output_format': // told as `text.format`
    case 'betas':
    case 'anthropic_version':
      return true
    case 'service_tier':
      return value === 'auto' || value === 'standard_only'
    case 'speed':
      return value === 'standard' || value === 'fast'
    case 'context_management':
      // Claude Code asks with every request that no thought be cleared, and none is.
      return isJson(value) && Array.isArray(value['edits']) && value['edits'].every(keepsThoughts)
    default:
      return Array.isArray(value) && value.length === 0
  }
}

function keepsThoughts(edit: unknown): boolean {
  return isJson(edit) && edit['type'] === 'clear_thinking_20251015' && edit['keep'] === 'all'
}

/** `metadata` carries one thing, who the user is. */
export function decodeUser(body: Json): string | undefined {
  const metadata = optional(body, 'metadata', object)
  return metadata === undefined ? undefined : optional(metadata, 'user_id', string, '/metadata')
}

/**
 * `service_tier` and `speed` are one thing in the pivot: `priority` is what makes other models fast.
 * A word that is not known here goes on to Anthropic alone.
 */
export function decodeTier(body: Json): string | undefined {
  if (optional(body, 'speed', string) === 'fast') return 'priority'
  return optional(body, 'service_tier', string) === 'standard_only' ? 'default' : undefined
}
