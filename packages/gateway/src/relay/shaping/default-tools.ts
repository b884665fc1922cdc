import type { PivotRequest, PivotTool } from '@dragoman/protocol'
import { bringsToolsInInput } from './native-client.js'

/** How a request says that it wants none: our own header, then those of the predecessors. */
const OPT_OUT: readonly (readonly [header: string, value: RegExp])[] = [
  ['x-dragoman-default-tools', /^(?:off|none|false|0)$/i],
  ['x-codex-default-tools', /^off$/i],
  ['x-codex-no-default-tools', /^(?:1|true)$/i],
]

/**
 * The hosted tools that a request gets without asking: none when a header says so, else the key's list (an empty one means none),
 * else the configuration's.
 */
export function defaultTools(
  headers: Readonly<Record<string, string | undefined>>,
  ofKey: readonly string[] | undefined,
  configured: readonly string[],
): readonly string[] {
  if (OPT_OUT.some(([header, value]) => value.test(headers[header]?.trim() ?? ''))) return []
  return ofKey ?? configured
}

/**
 * The request with hosted tools behind its own, so that the beginning of the tools stays what it was.
 *
 * Nothing is added where it would change what the client asked for: under `none`, and under `required`, which means one of
 * the tools that the client knows how to answer. A choice that names its tool stays right with more tools around.
 */
export function withDefaultTools(request: PivotRequest, wanted: readonly string[]): PivotRequest {
  if (wanted.length === 0 || request.tool_choice === 'none' || request.tool_choice === 'required') return request
  // "The following tools cannot be used with reasoning.effort 'minimal': image_gen, web_search."
  if (request.reasoning?.effort === 'minimal' || bringsToolsInInput(request)) return request
  const own = request.tools ?? []
  const added = [...new Set(wanted)].filter((type) => isWelcome(type, request) && !own.some((tool) => does(tool, type)))
  return added.length === 0 ? request : { ...request, tools: [...own, ...added.map((type) => ({ type }))] }
}

/** "Web Search cannot be used with JSON mode." A JSON schema does not mind. */
function isWelcome(type: string, request: PivotRequest): boolean {
  return type !== 'web_search' || request.text?.format?.type !== 'json_object'
}

/**
 * Is this tool the hosted one already? A preview or dated form of it is (`web_search_preview_2025_03_11`), and so is a client's own
 * tool of that name: a model with two of one name calls the wrong one. The Codex client brings its picture tool as a namespace.
 */
function does(tool: PivotTool, type: string): boolean {
  if (tool.type === type || tool.type.startsWith(`${type}_`)) return true
  if (!('name' in tool)) return false
  return tool['name'] === type || (type === 'image_generation' && tool['name'] === 'image_gen')
}
