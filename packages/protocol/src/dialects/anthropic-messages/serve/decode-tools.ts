import type { FunctionTool, PivotRequest, PivotTool, ToolChoice, WebSearchTool } from '../../../pivot/index.js'
import { given, type Json, text, without } from '../../json.js'
import { array, boolean, name, object, optional, refuse, string } from '../../refusing.js'
import { isWebSearchTool } from '../server-tools.js'
import { anthropicFields, withAnthropic, type KeptFields } from '../wire.js'
import { clientTool } from './client-tools.js'
import { beside } from './decode-parts.js'
import type { ToolChanges } from './tool-changes.js'

export interface DecodedTools {
  request: Pick<PivotRequest, 'tools' | 'tool_choice' | 'parallel_tool_calls'>
  /** What only an Anthropic upstream can do, for `extra` under the wire's names. */
  own: Json
  deferred: NonNullable<KeptFields['deferred']>
}

/** Claude Code sends it to make its prompt cacheable; it is never to be called (2.1, 2026-11). */
const PLACEHOLDER = 'DeferredToolPlaceholder'

/**
 * `tools` and `tool_choice`. Tools that Anthropic runs itself, web search aside, have no counterpart and are kept for Anthropic.
 * Tools that its models know by heart and the client runs are written out for others.
 * Tools with `defer_loading` stay out of the prompt until a message names them, unless the search for them is Anthropic's own: then no
 * other model could ever find them, so they all go.
 */
export function decodeTools(body: Json, changes: ToolChanges): DecodedTools {
  const list = optional(body, 'tools', array) ?? []
  const wires = list.map((value, index) => object(value, `/tools/${index}`))
  const choice = optional(body, 'tool_choice', object)
  const forced = choice?.['type'] === 'tool' ? text(choice['name']) : undefined
  const searched = wires.some((tool) => /^tool_search_tool_/.test(text(tool['type']) ?? ''))
  const tools: PivotTool[] = []
  const hosted: { index: number; tool: Json }[] = []
  const deferred: DecodedTools['deferred'] = []
  wires.forEach((tool, index) => {
    const at = `/tools/${index}`
    const type = optional(tool, 'type', string, at) ?? 'custom'
    if (isWebSearchTool(type)) {
      tools.push(webSearch(tool, type, at))
      return
    }
    if (type !== 'custom') {
      const known = clientTool(type)
      if (known === undefined) {
        hosted.push({ index, tool })
        return
      }
      // It goes back to Anthropic as it came; others get its schema.
      deferred.push({ index, tool })
      tools.push({
        type: 'function',
        name: name(tool['name'], `${at}/name`),
        ...known,
        strict: false,
        ...withAnthropic({ added: true }),
      })
      return
    }
    const decoded = customTool(tool, at)
    const named = changes.referred.has(decoded.name) || decoded.name === forced || searched
    const waits = tool['defer_loading'] === true && !named
    if (waits || decoded.name === PLACEHOLDER || changes.removed.has(decoded.name)) deferred.push({ index, tool })
    else tools.push(decoded)
  })
  for (const [index, tool] of changes.added.entries()) {
    const type = text(tool['type']) ?? 'custom'
    if (type !== 'custom' || changes.removed.has(text(tool['name']) ?? '')) continue
    // The definition goes back to Anthropic in its message.
    const decoded = customTool(tool, `/tool_addition/${index}`)
    if (!tools.some((known) => known['name'] === decoded.name))
      tools.push({ ...decoded, ...withAnthropic({ added: true }) })
  }
  const chosen = choice === undefined ? undefined : toolChoice(choice, wires, tools)
  // A demand that only a tool of Anthropic can meet.
  const demands = choice?.['type'] === 'tool' || choice?.['type'] === 'any'
  const serial = choice !== undefined && optional(choice, 'disable_parallel_tool_use', boolean, '/tool_choice') === true
  return {
    request: {
      ...(tools.length > 0 ? { tools } : {}),
      ...given({ tool_choice: chosen }),
      ...(serial ? { parallel_tool_calls: false } : {}),
    },
    own: {
      ...(hosted.length > 0 ? { tools: hosted } : {}),
      ...(demands && chosen === undefined ? { tool_choice: choice } : {}),
    },
    deferred,
  }
}

const TOOL_FIELDS: ReadonlySet<string> = new Set(['type', 'name', 'description', 'input_schema', 'strict'])

function customTool(tool: Json, at: string): FunctionTool {
  const schema = object(tool['input_schema'] ?? refuse(`${at}/input_schema`, 'Field required'), `${at}/input_schema`)
  return {
    type: 'function',
    name: name(tool['name'], `${at}/name`),
    ...given({ description: optional(tool, 'description', string, at) }),
    // Upstreams refuse a schema of an object without properties.
    parameters: { type: 'object', properties: {}, ...schema },
    // The Responses API takes a missing `strict` for true.
    strict: optional(tool, 'strict', boolean, at) ?? false,
    ...beside(tool, TOOL_FIELDS),
  }
}

const SEARCH_FIELDS: ReadonlySet<string> = new Set(['allowed_domains', 'blocked_domains', 'user_location'])

function webSearch(tool: Json, type: string, at: string): WebSearchTool {
  const allowed = optional(tool, 'allowed_domains', domains, at)
  const blocked = optional(tool, 'blocked_domains', domains, at)
  const location = optional(tool, 'user_location', object, at)
  const filters = given({
    allowed_domains: allowed?.length === 0 ? undefined : allowed,
    blocked_domains: blocked?.length === 0 ? undefined : blocked,
  })
  return {
    type: 'web_search',
    ...(Object.keys(filters).length > 0 ? { filters } : {}),
    ...given({ user_location: location === undefined ? undefined : given(location) }),
    ...withAnthropic({ ...given(without(tool, SEARCH_FIELDS)), type }),
  }
}

function domains(value: unknown, at: string): string[] {
  return array(value, at).map((one, index) => name(one, `${at}/${index}`))
}

/** Undefined where there is nothing to choose from, or only an upstream of this dialect has the tool. */
function toolChoice(choice: Json, wires: readonly Json[], tools: readonly PivotTool[]): ToolChoice | undefined {
  switch (choice['type']) {
    case 'auto':
      return tools.length > 0 ? 'auto' : undefined
    case 'none':
      return tools.length > 0 ? 'none' : undefined
    case 'any':
      if (wires.length === 0) refuse('/tool_choice', 'expected tools to choose from')
      return tools.length > 0 ? 'required' : undefined
    case 'tool': {
      const wanted = name(choice['name'], '/tool_choice/name')
      if (tools.some((tool) => isSearchNamed(tool, wanted))) return { type: 'web_search' }
      if (tools.some((tool) => tool.type === 'function' && tool['name'] === wanted)) {
        return { type: 'function', name: wanted }
      }
      if (wires.some((tool) => tool['name'] === wanted)) return undefined
      return refuse('/tool_choice/name', 'expected the name of one of the tools')
    }
    default:
      return refuse('/tool_choice/type', "expected 'auto', 'any', 'tool' or 'none'")
  }
}

function isSearchNamed(tool: PivotTool, wanted: string): boolean {
  return tool.type === 'web_search' && anthropicFields(tool)['name'] === wanted
}
