import type { CustomTool, FunctionTool, PivotTool, ToolChoice } from '../../../pivot/index.js'
import { isJson, type Json } from '../../json.js'
import { CUSTOM_INPUT, flatToolName } from '../../openai-chat/call/encode-tools.js'
import type { Noting } from '../../refusing.js'
import { geminiFields } from '../wire.js'

/**
 * Tools as Gemini takes them: declarations together in one tool, the search in one of its own. Declarations and tools that came from a
 * Gemini client go as they came. A custom tool becomes a function with one text, which `restoreCalls` turns back.
 */
export function encodeTools(tools: readonly PivotTool[], own: readonly Json[], note: Noting): Json[] {
  const declarations: Json[] = []
  const others: Json[] = []
  tools.forEach((tool, at) => add(tool, `/tools/${at}`))
  function add(tool: PivotTool, pointer: string, namespace?: string): void {
    if (tool.type === 'function') declarations.push(declaration(tool as FunctionTool, namespace))
    else if (tool.type === 'custom') {
      note(pointer, 'emulated', 'a custom tool became a function with one text parameter')
      declarations.push(customDeclaration(tool as CustomTool, namespace))
    } else if (tool.type.startsWith('web_search')) others.push(search(tool))
    else if (tool.type === 'namespace' && Array.isArray(tool['tools'])) {
      const name = String(tool['name'])
      note(pointer, 'emulated', 'Gemini has no namespaces; the name became a part of the names of its tools')
      for (const inner of tool['tools'] as PivotTool[]) add(inner, pointer, name)
    } else note(pointer, 'dropped', `Gemini has no hosted tool '${tool.type}'`)
  }
  return [...(declarations.length > 0 ? [{ functionDeclarations: declarations }] : []), ...others, ...own]
}

function declaration(tool: FunctionTool, namespace: string | undefined): Json {
  const own = geminiFields(tool)['declaration']
  if (isJson(own)) return own
  const parameters = tool.parameters ?? undefined
  const empty = parameters === undefined || Object.keys(parameters).length === 0
  return {
    name: flatToolName({ name: tool.name, ...(namespace === undefined ? {} : { namespace }) }),
    description: tool.description ?? '',
    ...(empty ? {} : { parametersJsonSchema: parameters }),
  }
}

function customDeclaration(tool: CustomTool, namespace: string | undefined): Json {
  const grammar =
    tool.format?.type === 'grammar'
      ? `\n\nThe input must follow this ${tool.format.syntax} grammar:\n${tool.format.definition}`
      : ''
  return {
    name: flatToolName({ name: tool.name, ...(namespace === undefined ? {} : { namespace }) }),
    description: `${tool.description ?? ''}${grammar}`,
    parametersJsonSchema: {
      type: 'object',
      properties: { [CUSTOM_INPUT]: { type: 'string', description: 'The whole input of the tool, as plain text.' } },
      required: [CUSTOM_INPUT],
    },
  }
}

function search(tool: PivotTool): Json {
  const own = geminiFields(tool as Json)
  for (const kind of ['googleSearch', 'googleSearchRetrieval'])
    if (own[kind] !== undefined) return { [kind]: own[kind] }
  const { filters: given } = tool as Json
  const filters = isJson(given) ? given : {}
  const blocked = filters['blocked_domains']
  return { googleSearch: Array.isArray(blocked) && blocked.length > 0 ? { excludeDomains: blocked } : {} }
}

/** `toolConfig`, undefined for the default. */
export function encodeToolChoice(choice: ToolChoice | undefined, note: Noting): Json | undefined {
  const config = (mode: string, names?: unknown[]): Json => ({
    functionCallingConfig: { mode, ...(names === undefined ? {} : { allowedFunctionNames: names }) },
  })
  if (choice === undefined) return undefined
  if (typeof choice === 'string') {
    return config(choice === 'auto' ? 'AUTO' : choice === 'none' ? 'NONE' : 'ANY')
  }
  const { type, ...fields } = choice as { type: string; [field: string]: unknown }
  switch (type) {
    case 'function':
    case 'custom':
      return config('ANY', [fields['name']])
    case 'allowed_tools': {
      const named = Array.isArray(fields['tools']) ? fields['tools'].filter(isJson) : []
      const names = named.map(({ name }) => name).filter((name) => typeof name === 'string')
      return fields['mode'] === 'none' ? config('NONE') : config(fields['mode'] === 'required' ? 'ANY' : 'AUTO', names)
    }
    default:
      note('/tool_choice', 'dropped', `Gemini cannot be made to use the hosted tool '${type}'`)
      return undefined
  }
}
