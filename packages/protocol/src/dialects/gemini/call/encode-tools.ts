import type { CustomTool, FunctionTool, PivotRequest, PivotTool, ToolChoice } from '../../../pivot/index.js'
import { customAsFunction, flatToolName } from '../../openai-chat/call/encode-tools.js'
import { given, isJson, text, type Json } from '../../json.js'
import type { Noting } from '../../refusing.js'
import { geminiFields } from '../wire.js'
import { cleanSchema } from './clean-schema.js'
import type { ModelRules } from './model-rules.js'

export interface EncodedTools {
  /** `tools` and `toolConfig`, as far as there is something to say. */
  body: Json
  /** Functions are offered. */
  functions: boolean
  /** Pictures are wanted. */
  pictures: boolean
}

export function encodeTools(request: PivotRequest, rules: ModelRules, note: Noting): EncodedTools {
  const functions: Json[] = []
  const hosted: { tool: Json; pointer: string }[] = []
  let pictures = false

  function add(tool: PivotTool, pointer: string): void {
    if (isFunction(tool)) functions.push(declaration(tool, pointer, note))
    else if (isCustom(tool)) {
      note(pointer, 'emulated', 'a custom tool became a function with one text parameter')
      functions.push(declared(customAsFunction(tool)))
    } else if (tool.type === 'namespace' && typeof tool['name'] === 'string' && Array.isArray(tool['tools'])) {
      const namespace = tool['name']
      note(pointer, 'emulated', 'the tools of a namespace became functions that carry its name')
      ;(tool['tools'] as PivotTool[]).forEach((inner, at) =>
        add(
          isFunction(inner) || isCustom(inner)
            ? { ...inner, name: flatToolName({ namespace, name: inner.name }) }
            : inner,
          `${pointer}/tools/${at}`,
        ),
      )
    } else if (tool.type.startsWith('web_search')) hosted.push({ tool: webSearch(tool, pointer, note), pointer })
    else if (tool.type === 'image_generation' && rules.pictures) pictures = true
    else note(pointer, 'dropped', `a Gemini upstream has no hosted tool '${tool.type}'`)
  }

  request.tools?.forEach((tool, at) => add(tool, `/tools/${at}`))
  const own = geminiFields(request)['tools']
  const kept = Array.isArray(own) ? own.filter(isJson) : []
  const both = functions.length > 0 && hosted.length > 0 && !rules.native
  if (both && rules.generation < 3) {
    for (const { pointer } of hosted)
      note(pointer, 'dropped', 'this model cannot search and call functions in one request')
    hosted.length = 0
  }
  const tools = [
    ...(functions.length > 0 ? [{ functionDeclarations: functions }] : []),
    ...hosted.map(({ tool }) => tool),
    ...kept,
  ]
  // A Gemini client's functions are strict where it asked for valid calls.
  const validated = rules.native && request.tools?.some((tool) => isFunction(tool) && tool.strict === true) === true
  const config = {
    ...given({ functionCallingConfig: calling(request.tool_choice, functions, validated, note) }),
    // Without it Gemini 3 refuses functions beside its own tools.
    ...(both && rules.generation >= 3 ? { includeServerSideToolInvocations: true } : {}),
    ...(isJson(geminiFields(request)['toolConfig']) ? (geminiFields(request)['toolConfig'] as Json) : {}),
  }
  return {
    body: {
      ...(tools.length > 0 ? { tools } : {}),
      ...(Object.keys(config).length > 0 ? { toolConfig: config } : {}),
    },
    functions: functions.length > 0,
    pictures,
  }
}

function isFunction(tool: PivotTool): tool is FunctionTool {
  return tool.type === 'function'
}

function isCustom(tool: PivotTool): tool is CustomTool {
  return tool.type === 'custom'
}

/** A declaration of a Gemini client goes back as it came. */
function declaration(tool: FunctionTool, pointer: string, note: Noting): Json {
  const own = geminiFields(tool)['declaration']
  if (isJson(own)) return { ...own, name: tool.name }
  const { schema, lost } = cleanSchema(tool.parameters ?? {})
  if (lost.size > 0) {
    note(`${pointer}/parameters`, 'approximated', `Gemini's schemas do not know ${[...lost].join(', ')}`)
  }
  return { name: tool.name, ...given({ description: text(tool.description) }), ...parametersOf(schema) }
}

/** Gemini refuses an object without properties; a function without parameters has no schema. */
function parametersOf(schema: Json): Json {
  const properties = schema['properties']
  const none = !isJson(properties) || Object.keys(properties).length === 0
  if (none && schema['$ref'] === undefined && schema['anyOf'] === undefined && schema['oneOf'] === undefined) return {}
  return { parametersJsonSchema: { ...schema, type: schema['type'] ?? 'object' } }
}

function declared(chat: Json): Json {
  const { name, description, parameters } = chat['function'] as { name: string; description: string; parameters: Json }
  return { name, description, parametersJsonSchema: parameters }
}

function webSearch(tool: Json, pointer: string, note: Noting): Json {
  const own = geminiFields(tool)
  for (const kind of ['googleSearch', 'googleSearchRetrieval'])
    if (own[kind] !== undefined) return { [kind]: own[kind] }
  const filters = isJson(tool['filters']) ? tool['filters'] : {}
  for (const filter of ['allowed_domains', 'blocked_domains']) {
    const domains = filters[filter]
    if (Array.isArray(domains) && domains.length > 0) {
      note(`${pointer}/filters/${filter}`, 'dropped', "Gemini's search takes no domains")
    }
  }
  for (const field of ['user_location', 'search_context_size', 'external_web_access']) {
    const value = tool[field]
    if (value === undefined || value === null || value === 'medium' || value === true) continue
    note(`${pointer}/${field}`, 'dropped', "Gemini's search has no such option")
  }
  return { googleSearch: {} }
}

/** Source: Gemini API reference, `FunctionCallingConfig`. Without functions there is nothing to choose. */
function calling(
  choice: ToolChoice | undefined,
  functions: readonly Json[],
  validated: boolean,
  note: Noting,
): Json | undefined {
  if (choice === undefined || choice === null || functions.length === 0) return undefined
  if (choice === 'none') return { mode: 'NONE' }
  if (choice === 'required') return { mode: 'ANY' }
  if (choice === 'auto') return { mode: validated ? 'VALIDATED' : 'AUTO' }
  if (typeof choice === 'string') return undefined
  const { type, ...fields } = choice as { type: string; [field: string]: unknown }
  if (type === 'function' || type === 'custom') {
    const name = text(fields['name'])
    return name === undefined ? undefined : { mode: 'ANY', allowedFunctionNames: [flatName(fields, name)] }
  }
  if (type !== 'allowed_tools') {
    note('/tool_choice', 'dropped', `a Gemini upstream cannot be told to use '${type}'`)
    return undefined
  }
  if (fields['mode'] === 'none') return { mode: 'NONE' }
  const tools = Array.isArray(fields['tools']) ? fields['tools'].filter(isJson) : []
  const names = tools.flatMap((tool) => (typeof tool['name'] === 'string' ? [flatName(tool, tool['name'])] : []))
  if (names.length < tools.length) note('/tool_choice/tools', 'dropped', 'only functions can be chosen among')
  // AUTO takes no names; VALIDATED is the same choice among some of them.
  return {
    mode: fields['mode'] === 'required' ? 'ANY' : 'VALIDATED',
    ...(names.length > 0 ? { allowedFunctionNames: names } : {}),
  }
}

function flatName(tool: Json, name: string): string {
  return flatToolName({ name, ...given({ namespace: text(tool['namespace']) }) })
}
