import type { CustomTool, FunctionTool, PivotRequest, PivotTool, ToolChoice } from '../../../pivot/index.js'
import { given, isJson, isSet, text, without, type Json } from '../../json.js'
import { customAsFunction, flatToolName } from '../../openai-chat/call/encode-tools.js'
import { step, type Noting } from '../../refusing.js'
import { anthropicFields, keptFields } from '../wire.js'
import { inputSchema } from './input-schema.js'
import { strictSchema } from './strict-schema.js'

/** The version of the search that every model of this API can use. */
const WEB_SEARCH = 'web_search_20250305'
const SEARCH_NAME = 'web_search'

export interface ToolRules {
  /** The client spoke this dialect: its schemas go back as they came. */
  own: boolean
}

/**
 * The tools of a request, each of Anthropic's own at the place where it stood. A custom tool becomes a function with one text, which
 * `restoreCalls` turns back.
 */
export function encodeTools(request: PivotRequest, rules: ToolRules, note: Noting): Json[] {
  const allowed = allowedNames(request.tool_choice)
  const tools = (request.tools ?? []).flatMap((tool, index) => encodeTool(tool, `/tools/${index}`, rules, note))
  const left = allowed === undefined ? tools : tools.filter((tool) => allowed.has(text(tool['name']) ?? ''))
  return placed(left, ownTools(request))
}

interface Placed {
  index: number
  tool: Json
}

/** Tools that only Anthropic knows, or that wait until they are named. */
function ownTools(request: PivotRequest): Placed[] {
  const hosted = anthropicFields(request)['tools']
  return [...(Array.isArray(hosted) ? (hosted as Placed[]) : []), ...(keptFields(request).deferred ?? [])].sort(
    (a, b) => a.index - b.index,
  )
}

function placed(tools: readonly Json[], own: readonly Placed[]): Json[] {
  const list = [...tools]
  for (const { index, tool } of own) list.splice(Math.min(index, list.length), 0, tool)
  return list
}

function encodeTool(tool: PivotTool, at: string, rules: ToolRules, note: Noting): Json[] {
  const { added, ...beside } = anthropicFields(tool)
  if (added === true) return []
  if (isFunction(tool)) return [functionTool(tool, beside, at, rules, note)]
  if (isCustom(tool)) {
    note(at, 'emulated', 'a custom tool became a function with one text parameter')
    return [customTool(tool)]
  }
  const name = text(tool['name'])
  if (tool.type === 'namespace' && name !== undefined && Array.isArray(tool['tools'])) {
    note(at, 'emulated', 'the tools of a namespace became functions that carry its name')
    return (tool['tools'] as PivotTool[]).flatMap((inner, index) => {
      const named =
        isFunction(inner) || isCustom(inner)
          ? { ...inner, name: flatToolName({ namespace: name, name: inner.name }) }
          : inner
      return encodeTool(named, `${at}/tools/${index}`, rules, note)
    })
  }
  if (isSearch(tool.type)) return [searchTool(tool as Json, beside, at, note)]
  note(at, 'dropped', `Anthropic has no hosted tool '${tool.type}'`)
  return []
}

function isFunction(tool: PivotTool): tool is FunctionTool {
  return tool.type === 'function'
}

function isCustom(tool: PivotTool): tool is CustomTool {
  return tool.type === 'custom'
}

function isSearch(type: string): boolean {
  return /^web_search(?:_preview)?(?:_\d{4}_\d\d_\d\d)?$/.test(type)
}

/**
 * `defer_loading` of another API is left out: its search for tools is not here, and without one Anthropic refuses tools that wait. A
 * tool of a client of this API keeps it in `beside`.
 */
function functionTool(tool: FunctionTool, beside: Json, at: string, rules: ToolRules, note: Noting): Json {
  return {
    name: tool.name,
    ...given({ description: text(tool.description) }),
    input_schema: schemaOf(tool, at, rules, note),
    ...(tool.strict === true ? { strict: true } : {}),
    ...beside,
  }
}

function schemaOf({ parameters, strict }: FunctionTool, at: string, rules: ToolRules, note: Noting): Json {
  if (rules.own && isJson(parameters)) return parameters
  const schema = inputSchema(parameters, at, note)
  return strict === true ? strictSchema(schema, `${at}/parameters`, note) : schema
}

function customTool(tool: CustomTool): Json {
  const { name, description, parameters } = customAsFunction(tool)['function'] as Json
  return { name, description, input_schema: parameters }
}

const SEARCH_FIELDS: ReadonlySet<string> = new Set(['type', 'name', 'filters', 'user_location', 'extra'])

function searchTool(tool: Json, beside: Json, at: string, note: Noting): Json {
  const filters = isJson(tool['filters']) ? tool['filters'] : {}
  const place = isJson(tool['user_location']) ? given(tool['user_location']) : undefined
  const allowed = list(filters['allowed_domains'])
  const blocked = list(filters['blocked_domains'])
  for (const [field, value] of Object.entries(without(tool, SEARCH_FIELDS))) {
    const usual = value === 'medium' || value === true || (Array.isArray(value) && value.length === 0)
    if (isSet(value) && !usual) note(`${at}/${step(field)}`, 'dropped', "Anthropic's search has no such option")
  }
  if (allowed !== undefined && blocked !== undefined) {
    note(`${at}/filters/blocked_domains`, 'dropped', 'a search has domains to look in or domains to leave out')
  }
  return {
    ...beside,
    type: text(beside['type']) ?? WEB_SEARCH,
    name: text(beside['name']) ?? SEARCH_NAME,
    ...given({ allowed_domains: allowed, blocked_domains: allowed === undefined ? blocked : undefined }),
    ...(place === undefined ? {} : { user_location: { type: 'approximate', ...place } }),
  }
}

function list(value: unknown): unknown[] | undefined {
  return Array.isArray(value) && value.length > 0 ? (value as unknown[]) : undefined
}

/** The names of the tools that `allowed_tools` leaves; undefined when it leaves all. */
function allowedNames(choice: ToolChoice | undefined): ReadonlySet<string> | undefined {
  if (!isJson(choice) || choice['type'] !== 'allowed_tools' || !Array.isArray(choice['tools'])) return undefined
  return new Set(
    choice['tools'].filter(isJson).map((tool) => {
      const name = text(tool['name']) ?? (isSearch(text(tool['type']) ?? '') ? SEARCH_NAME : '')
      return flatToolName({ name, ...given({ namespace: text(tool['namespace']) }) })
    }),
  )
}

/** `tool_choice`, and within it whether calls may be parallel. Undefined when there is nothing to choose from, or nothing to say. */
export function encodeToolChoice(request: PivotRequest, tools: readonly Json[], note: Noting): Json | undefined {
  const own = anthropicFields(request)['tool_choice']
  if (isJson(own)) return own
  if (tools.length === 0) return undefined
  const choice = choiceOf(request.tool_choice, tools, note)
  if (request.parallel_tool_calls !== false || choice?.['type'] === 'none') return choice
  return { type: 'auto', ...choice, disable_parallel_tool_use: true }
}

const BY_MODE: Readonly<Record<string, Json>> = {
  auto: { type: 'auto' },
  none: { type: 'none' },
  required: { type: 'any' },
}

function choiceOf(choice: ToolChoice | undefined, tools: readonly Json[], note: Noting): Json | undefined {
  if (!isSet(choice)) return undefined
  if (typeof choice === 'string') return BY_MODE[choice]
  const { type, ...fields } = choice as { type: string; [field: string]: unknown }
  const named = (name: string) => (tools.some((tool) => tool['name'] === name) ? { type: 'tool', name } : undefined)
  if (type === 'allowed_tools') {
    note('/tool_choice', 'emulated', 'the tools that are not allowed were left out')
    return BY_MODE[text(fields['mode']) ?? 'auto']
  }
  const told =
    type === 'function' || type === 'custom'
      ? named(flatToolName({ name: text(fields['name']) ?? '', ...given({ namespace: text(fields['namespace']) }) }))
      : isSearch(type)
        ? named(searchName(tools))
        : undefined
  if (told === undefined) note('/tool_choice', 'dropped', `an Anthropic upstream cannot be told to use '${type}'`)
  return told
}

function searchName(tools: readonly Json[]): string {
  return text(tools.find((tool) => isSearchWire(tool['type']))?.['name']) ?? SEARCH_NAME
}

function isSearchWire(type: unknown): boolean {
  return typeof type === 'string' && type.startsWith('web_search_')
}
