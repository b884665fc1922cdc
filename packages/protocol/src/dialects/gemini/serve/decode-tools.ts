import type { FunctionTool, PivotRequest, PivotTool, ToolChoice } from '../../../pivot/index.js'
import { given, isJson, text, without, type Json } from '../../json.js'
import { array, name, object, optional, refuse, string } from '../../refusing.js'
import { camelCased } from '../either-case.js'
import { jsonSchemaOf } from '../schema.js'
import { withGemini } from '../wire.js'

export interface Tools {
  request: Pick<Partial<PivotRequest>, 'tools' | 'tool_choice'>
  /** Tool objects that only Gemini has. */
  own: Json[]
  /** Fields of `toolConfig` that only Gemini has. */
  config: Json
}

const CALLING: ReadonlySet<string> = new Set(['functionCallingConfig'])

/** `tools` and `toolConfig`. @throws FailureError for a declaration without a name */
export function decodeTools(body: Json): Tools {
  const told = body['tools']
  const list = told === undefined || told === null ? [] : Array.isArray(told) ? told : [told]
  const tools: PivotTool[] = []
  const own: Json[] = []
  list.forEach((value, at) => {
    const pointer = Array.isArray(told) ? `/tools/${at}` : '/tools'
    const tool = camelCased(object(value, pointer))
    const rest = new Map<string, unknown>()
    for (const [kind, about] of Object.entries(tool)) {
      if (about === undefined || about === null) continue
      switch (kind) {
        case 'functionDeclarations':
          array(about, `${pointer}/functionDeclarations`).forEach((one, index) =>
            tools.push(declaration(one, `${pointer}/functionDeclarations/${index}`)),
          )
          break
        case 'googleSearch':
        case 'googleSearchRetrieval':
          tools.push(webSearch(about, kind))
          break
        default:
          rest.set(kind, about)
      }
    }
    if (rest.size > 0) own.push(Object.fromEntries(rest))
  })
  const { choice, validated = false } = decodeChoice(body['toolConfig'])
  // Calls that are sure to be valid are what others make of strict functions.
  const offered = validated ? tools.map((tool) => (tool.type === 'function' ? { ...tool, strict: true } : tool)) : tools
  return {
    request: { ...(offered.length > 0 ? { tools: offered } : {}), ...given({ tool_choice: choice }) },
    own,
    config: isJson(body['toolConfig']) ? without(camelCased(body['toolConfig']), CALLING) : {},
  }
}

function declaration(value: unknown, at: string): FunctionTool {
  const whole = object(value, at)
  const fields = camelCased(whole)
  const json = optional(fields, 'parametersJsonSchema', object, at)
  const own = optional(fields, 'parameters', object, at)
  const parameters = json ?? (own === undefined ? { type: 'object', properties: {} } : jsonSchemaOf(own))
  return {
    type: 'function',
    name: name(fields['name'], `${at}/name`),
    ...given({ description: optional(fields, 'description', string, at) }),
    parameters,
    strict: false,
    ...withGemini({ declaration: whole }),
  }
}

function webSearch(about: unknown, kind: string): PivotTool {
  const options = isJson(about) ? camelCased(about) : {}
  const blocked = options['excludeDomains']
  return {
    type: 'web_search',
    ...(Array.isArray(blocked) && blocked.length > 0 ? { filters: { blocked_domains: blocked } } : {}),
    ...withGemini({ [kind]: about }),
  }
}

/** Source: Gemini API reference, `FunctionCallingConfig`. */
function decodeChoice(config: unknown): { choice?: ToolChoice; validated?: boolean } {
  if (config === undefined || config === null) return {}
  const options = camelCased(object(config, '/toolConfig'))
  const at = '/toolConfig/functionCallingConfig'
  const calling = options['functionCallingConfig']
  if (calling === undefined || calling === null) return {}
  const fields = camelCased(object(calling, at))
  const names = allowedNames(fields['allowedFunctionNames'], `${at}/allowedFunctionNames`)
  const mode = modeOf(fields['mode'], `${at}/mode`)
  switch (mode) {
    case 'NONE':
      return { choice: 'none' }
    case 'ANY':
      if (names.length === 0) return { choice: 'required' }
      return names.length === 1 && names[0] !== undefined
        ? { choice: { type: 'function', name: names[0] } }
        : { choice: allowed('required', names) }
    case 'VALIDATED':
      return { choice: names.length === 0 ? 'auto' : allowed('auto', names), validated: true }
    default:
      if (names.length > 0) return { choice: allowed('auto', names) }
      return mode === undefined ? {} : { choice: 'auto' }
  }
}

function allowed(mode: 'auto' | 'required', names: readonly string[]): ToolChoice {
  return { type: 'allowed_tools', mode, tools: names.map((one) => ({ type: 'function', name: one })) }
}

function allowedNames(value: unknown, at: string): string[] {
  return value === undefined || value === null ? [] : array(value, at).map((one, index) => name(one, `${at}/${index}`))
}

const MODES: readonly (string | undefined)[] = ['MODE_UNSPECIFIED', 'AUTO', 'ANY', 'NONE', 'VALIDATED']

function modeOf(value: unknown, at: string): string | undefined {
  if (value === undefined || value === null) return undefined
  // Proto JSON also writes enums by number.
  const mode = typeof value === 'number' ? MODES[value] : text(value)?.toUpperCase()
  if (mode === undefined || !MODES.includes(mode)) refuse(at, "expected 'AUTO', 'ANY', 'NONE' or 'VALIDATED'")
  return mode === 'MODE_UNSPECIFIED' ? undefined : mode
}
