import { checkInput } from '../../codex/check-input.js'
import { checkFormat, checkReasoning, checkToolChoice, checkTools } from '../../codex/check-request.js'
import { invalid } from '../refusal.js'
import { isJson, objects, sealOwner, type CheckContext, type Json } from '../vendor.js'
import { isReasoningModel } from './chat.js'
import { fields, missingParameter, onlyFields, unknownParameter } from './known-fields.js'
import { strictProblem } from './strict-schema.js'

const BODY = fields(
  'background client_metadata context_management conversation include input instructions max_output_tokens max_tool_calls metadata model moderation parallel_tool_calls previous_response_id prompt prompt_cache_key prompt_cache_options prompt_cache_retention reasoning safety_identifier service_tier store stream stream_options temperature text tool_choice tools top_logprobs top_p truncation user',
)

/**
 * The body of the public Responses API. Its items are checked as those of the Codex backend are, which is the same API.
 * Sources: OpenAI, create response; reasoning, encrypted items. This simulator stores nothing, so nothing can be referred to.
 * @throws VendorRefusal or Refusal
 */
export function checkResponses(body: Json, { call, seals }: CheckContext): void {
  const strict = call.vendor === 'openai'
  if (typeof body['model'] !== 'string') throw missingParameter('model')
  if (strict) onlyFields(body, BODY, unknownParameter)
  const { input, instructions } = body
  if (input === undefined && body['prompt'] === undefined) throw missingParameter('input')
  if (
    instructions !== undefined &&
    instructions !== null &&
    typeof instructions !== 'string' &&
    !Array.isArray(instructions)
  ) {
    throw invalid("Invalid type for 'instructions': expected a string.", {
      param: 'instructions',
      code: 'invalid_type',
    })
  }
  checkLimits(body, call.model, strict)
  const previous = body['previous_response_id']
  if (typeof previous === 'string') {
    throw invalid(`Previous response with id '${previous}' not found.`, {
      param: 'previous_response_id',
      code: 'previous_response_not_found',
    })
  }
  checkReasoning(body['reasoning'])
  checkToolChoice(body['tool_choice'], checkTools(body['tools'], 'tools'))
  checkStrictTools(body['tools'])
  checkFormat(isJson(body['text']) ? body['text']['format'] : undefined)
  if (!Array.isArray(input)) return
  checkInput(input, {
    isOwnSeal: (encrypted) => seals.read(encrypted)?.accountId === sealOwner(call.vendor),
    systemMessages: true,
  })
  checkStored(objects(input), body['store'] === false)
}

function checkLimits(body: Json, model: string, strict: boolean): void {
  const { max_output_tokens: limit, temperature, top_p: topP } = body
  if (typeof limit === 'number' && limit < 16) {
    throw invalid(
      `Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got ${limit} instead.`,
      { param: 'max_output_tokens', code: 'integer_below_min_value' },
    )
  }
  const thinks = isJson(body['reasoning']) ? body['reasoning']['effort'] !== 'none' : true
  if (!strict || !isReasoningModel(model) || !thinks) return
  for (const [param, value] of Object.entries({ temperature, top_p: topP })) {
    if (value === undefined || value === null) continue
    throw invalid(`Unsupported parameter: '${param}' is not supported with this model.`, { param })
  }
}

function checkStrictTools(tools: unknown): void {
  for (const [index, { type, name, strict, parameters }] of objects(tools).entries()) {
    const problem = type === 'function' && strict === true ? strictProblem(parameters) : undefined
    if (problem === undefined) continue
    throw invalid(`Invalid schema for function '${String(name)}': ${problem}`, {
      param: `tools[${index}].parameters`,
      code: 'invalid_function_parameters',
    })
  }
}

/** Items that only name themselves are looked up, and a request that stores nothing has nothing stored. */
function checkStored(input: readonly Json[], stateless: boolean): void {
  for (const { type, id, encrypted_content: encrypted } of input) {
    const bare = type === 'reasoning' && typeof id === 'string' && typeof encrypted !== 'string' && stateless
    if (type !== 'item_reference' && !bare) continue
    const hint = stateless
      ? ' Items are not persisted when `store` is set to false. Try again with `store` set to true, or remove this item from your input.'
      : ''
    throw invalid(`Item with id '${String(id)}' not found.${hint}`, { param: 'input', status: 404 })
  }
}
