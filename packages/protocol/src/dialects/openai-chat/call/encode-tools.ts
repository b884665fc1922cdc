import type { CustomTool, FunctionTool, PivotTool, ToolChoice } from '../../../pivot/index.js'
import { chatFields } from '../origin.js'
import type { Noting } from '../../refusing.js'
import { given, type Json } from '../../json.js'

/** How the tools of one request go to a chat upstream. */
export interface ToolRules {
  /** The upstream knows custom tools (OpenAI does, compatible servers do not). */
  custom: boolean
  /** The client spoke chat: it knows which hosted tools its upstream has. */
  hosted: boolean
  /** `web_search_options` goes back as it came, so its tool stays out. */
  webSearchOptions: boolean
}

/** A function name that chat accepts for a tool of a namespace (chat has no namespaces). */
export function flatToolName(tool: { name: string; namespace?: string }): string {
  return tool.namespace === undefined || tool.namespace === '' ? tool.name : `${tool.namespace}__${tool.name}`
}

export function encodeTools(tools: readonly PivotTool[], rules: ToolRules, note: Noting): Json[] {
  return tools.flatMap((tool, index) => encodeTool(tool, `/tools/${index}`, rules, note))
}

function encodeTool(tool: PivotTool, pointer: string, rules: ToolRules, note: Noting): Json[] {
  if (isFunction(tool)) return [functionTool(tool)]
  if (isCustom(tool)) {
    if (rules.custom) return [customTool(tool)]
    note(pointer, 'emulated', 'a custom tool became a function with one text parameter')
    return [customAsFunction(tool)]
  }
  const name = tool['name']
  if (tool.type === 'namespace' && typeof name === 'string' && Array.isArray(tool['tools'])) {
    note(pointer, 'emulated', 'the tools of a namespace became functions that carry its name')
    const inner = tool['tools'] as PivotTool[]
    return inner.flatMap((one, index) =>
      encodeTool(
        isFunction(one) || isCustom(one) ? { ...one, name: flatToolName({ namespace: name, name: one.name }) } : one,
        `${pointer}/tools/${index}`,
        rules,
        note,
      ),
    )
  }
  if (tool.type.startsWith('web_search') && rules.webSearchOptions) return []
  if (rules.hosted) return [{ ...tool }]
  note(pointer, 'dropped', `a chat upstream has no hosted tool '${tool.type}'`)
  return []
}

function isFunction(tool: PivotTool): tool is FunctionTool {
  return tool.type === 'function'
}

function isCustom(tool: PivotTool): tool is CustomTool {
  return tool.type === 'custom'
}

function functionTool(tool: FunctionTool): Json {
  // Chat takes a missing `strict` for false; compatible servers often do not know the field.
  return {
    type: 'function',
    function: {
      name: tool.name,
      ...given({ description: tool.description }),
      parameters: tool.parameters ?? { type: 'object', properties: {} },
      ...(tool.strict === true ? { strict: true } : {}),
    },
    ...chatFields(tool),
  }
}

function customTool(tool: CustomTool): Json {
  const { format } = tool
  return {
    type: 'custom',
    custom: {
      name: tool.name,
      ...given({ description: tool.description }),
      ...(format === undefined
        ? {}
        : {
            format:
              format.type === 'text'
                ? format
                : { type: 'grammar', grammar: { syntax: format.syntax, definition: format.definition } },
          }),
    },
  }
}

/** Name of the one parameter of a function that stands for a custom tool. */
export const CUSTOM_INPUT = 'input'

/** A custom tool as a function of one text; its grammar is told in words. */
export function customAsFunction(tool: CustomTool): Json {
  const grammar =
    tool.format?.type === 'grammar'
      ? `\n\nThe input must follow this ${tool.format.syntax} grammar:\n${tool.format.definition}`
      : ''
  return {
    type: 'function',
    function: {
      name: tool.name,
      description: `${tool.description ?? ''}${grammar}`,
      parameters: {
        type: 'object',
        properties: { [CUSTOM_INPUT]: { type: 'string', description: 'The whole input of the tool, as plain text.' } },
        required: [CUSTOM_INPUT],
      },
    },
  }
}

/** A choice among the tools that are left; undefined when it names one that chat cannot. */
export function encodeToolChoice(choice: ToolChoice, rules: ToolRules, note: Noting): Json | string | undefined {
  if (typeof choice === 'string') return choice
  const { type, ...fields } = choice as { type: string; [field: string]: unknown }
  switch (type) {
    case 'function':
      return { type, function: { name: fields['name'] } }
    case 'custom':
      return rules.custom
        ? { type, custom: { name: fields['name'] } }
        : { type: 'function', function: { name: fields['name'] } }
    case 'allowed_tools': {
      const tools = Array.isArray(fields['tools']) ? (fields['tools'] as Json[]) : []
      if (rules.custom || rules.hosted) {
        return { type, allowed_tools: { mode: fields['mode'], tools: tools.map((tool) => nestedName(tool, rules)) } }
      }
      note('/tool_choice', 'approximated', 'the choice among some tools became a choice among all')
      return typeof fields['mode'] === 'string' ? fields['mode'] : 'auto'
    }
    default:
      if (rules.hosted) return { type, ...fields }
      note('/tool_choice', 'dropped', `a chat upstream cannot be told to use '${type}'`)
      return undefined
  }
}

function nestedName(tool: Json, rules: ToolRules): Json {
  const type = tool['type'] === 'custom' && rules.custom ? 'custom' : 'function'
  return tool['type'] === 'function' || tool['type'] === 'custom' ? { type, [type]: { name: tool['name'] } } : tool
}
