import { invalid } from '../refusal.js'
import { isJson, objects, type CheckContext, type Json } from '../vendor.js'
import { checkChatMessages } from './chat-messages.js'
import { fields, missingParameter, onlyFields, unknownParameter } from './known-fields.js'
import { checkPersona } from './personas.js'
import { strictProblem } from './strict-schema.js'

/** What OpenAI's own chat takes; other makers of the API pass over what they do not know. */
const BODY = fields(
  'messages model audio frequency_penalty function_call functions logit_bias logprobs max_completion_tokens max_tokens metadata modalities moderation n parallel_tool_calls prediction presence_penalty prompt_cache_key prompt_cache_options prompt_cache_retention reasoning_effort response_format safety_identifier seed service_tier stop store stream stream_options temperature tool_choice tools top_logprobs top_p user verbosity web_search_options',
)

/**
 * The body of a chat completion. What is checked for every maker is the shape that all of them share; the rest is OpenAI's own strictness.
 * Sources: OpenAI, create chat completion; the recorded `reasoning-model-legacy-parameter-error`; error texts as public bug reports quote them.
 * @throws VendorRefusal
 */
export function checkChat(body: Json, context: CheckContext): void {
  const { call, seals } = context
  const strict = call.vendor === 'openai'
  if (typeof body['model'] !== 'string' && body['models'] === undefined) {
    throw invalid('you must provide a model parameter')
  }
  if (strict) onlyFields(body, BODY, unknownParameter)
  if (body['stream_options'] !== undefined && body['stream_options'] !== null && body['stream'] !== true && strict) {
    throw invalid("The 'stream_options' parameter is only allowed when 'stream' is enabled.", {
      param: 'stream_options',
    })
  }
  if (strict && isReasoningModel(call.model)) checkReasoningModel(body, call.model)
  if (strict && !isReasoningModel(call.model) && body['reasoning_effort'] !== undefined) {
    throw invalid('Unrecognized request argument supplied: reasoning_effort')
  }
  checkTools(body)
  checkFormat(body['response_format'])
  checkChatMessages(body['messages'], { strict, seals })
  checkPersona(body, call)
}

/** Models that think before they answer. Source: OpenAI, reasoning models. */
export function isReasoningModel(model: string): boolean {
  return /^(o\d|gpt-5(?!.*chat)|gpt-[6-9]|codex-)/.test(model)
}

const NOT_FOR_REASONING = [
  'top_p',
  'presence_penalty',
  'frequency_penalty',
  'logprobs',
  'top_logprobs',
  'logit_bias',
  'stop',
]

function checkReasoningModel(body: Json, model: string): void {
  if (isSet(body['max_tokens'])) {
    throw invalid(
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      { param: 'max_tokens', code: 'unsupported_parameter' },
    )
  }
  // From 5.1 on a model that does not think samples like others.
  if (/^gpt-5\.[1-9]/.test(model) && body['reasoning_effort'] === 'none') return
  const { temperature } = body
  if (isSet(temperature) && temperature !== 1) {
    throw invalid(
      `Unsupported value: 'temperature' does not support ${JSON.stringify(temperature)} with this model. Only the default (1) value is supported.`,
      { param: 'temperature', code: 'unsupported_value' },
    )
  }
  for (const param of NOT_FOR_REASONING) {
    if (!isSet(body[param])) continue
    throw invalid(`Unsupported parameter: '${param}' is not supported with this model.`, {
      param,
      code: 'unsupported_parameter',
    })
  }
}

function checkTools(body: Json): void {
  const { tools, tool_choice: choice } = body
  const names = new Set<string>()
  if (Array.isArray(tools) && tools.length === 0) {
    throw invalid(
      "Invalid 'tools': empty array. Expected an array with minimum length 1, but got an empty array instead.",
      {
        param: 'tools',
        code: 'empty_array',
      },
    )
  }
  for (const [index, tool] of objects(tools).entries()) {
    const at = `tools[${index}]`
    if (tool['type'] !== 'function' && tool['type'] !== 'custom') continue
    const inner = tool[tool['type']]
    // A tool in the shape of the Responses API has its name beside `type`.
    if (!isJson(inner)) throw missingParameter(`${at}.${tool['type']}`)
    if (typeof inner['name'] !== 'string') throw missingParameter(`${at}.${tool['type']}.name`)
    if (!/^[a-zA-Z0-9_-]{1,64}$/.test(inner['name'])) {
      throw invalid(
        `Invalid '${at}.function.name': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.`,
        { param: `${at}.function.name`, code: 'invalid_value' },
      )
    }
    names.add(inner['name'])
    checkParameters(inner, at)
  }
  if (isSet(choice) && names.size === 0 && choice !== 'none' && !Array.isArray(tools)) {
    throw invalid("Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.", {
      param: 'tool_choice',
    })
  }
  if (isJson(choice)) checkChoice(choice, names)
}

function checkParameters({ name, parameters, strict }: Json, at: string): void {
  if (!isSet(parameters)) return
  const refuse = (why: string) =>
    invalid(`Invalid schema for function '${String(name)}': ${why}`, {
      param: `${at}.function.parameters`,
      code: 'invalid_function_parameters',
    })
  if (!isJson(parameters) || (parameters['type'] ?? 'object') !== 'object') {
    throw refuse(
      `schema must be a JSON Schema of 'type: "object"', got 'type: "${String((parameters as Json)['type'])}"'.`,
    )
  }
  const problem = strict === true ? strictProblem(parameters) : undefined
  if (problem !== undefined) throw refuse(problem)
}

function checkChoice(choice: Json, names: ReadonlySet<string>): void {
  const { type } = choice
  if (type === 'allowed_tools') return
  const inner = type === 'function' || type === 'custom' ? choice[type] : undefined
  if (!isJson(inner) || typeof inner['name'] !== 'string') throw missingParameter(`tool_choice.${String(type)}`)
  if (!names.has(inner['name'])) {
    throw invalid(
      `Invalid value for 'tool_choice': no function named '${inner['name']}' was specified in the 'tools' parameter.`,
      {
        param: 'tool_choice',
      },
    )
  }
}

function checkFormat(format: unknown): void {
  if (!isSet(format)) return
  const type = isJson(format) ? format['type'] : undefined
  if (!isJson(format) || !['text', 'json_object', 'json_schema', 'grammar', 'python'].includes(String(type))) {
    throw invalid(`Invalid value: '${String(type)}'. Supported values are: 'json_object', 'json_schema', and 'text'.`, {
      param: 'response_format.type',
      code: 'invalid_value',
    })
  }
  if (type !== 'json_schema') return
  const inner = format['json_schema']
  if (!isJson(inner)) throw missingParameter('response_format.json_schema')
  if (typeof inner['name'] !== 'string') throw missingParameter('response_format.json_schema.name')
  const problem = inner['strict'] === true ? strictProblem(inner['schema']) : undefined
  if (problem !== undefined) {
    throw invalid(`Invalid schema for response_format '${inner['name']}': ${problem}`, { param: 'response_format' })
  }
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null
}
