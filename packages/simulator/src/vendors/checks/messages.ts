import { invalid, VendorRefusal } from '../refusal.js'
import { isJson, objects, type CheckContext, type Json } from '../vendor.js'
import { extraInput, fields, onlyFields } from './known-fields.js'
import { checkTurns } from './message-turns.js'

const BODY = fields(
  'model messages max_tokens system metadata stop_sequences stream temperature top_k top_p tools tool_choice thinking service_tier container context_management mcp_servers output_config output_format cache_control inference_geo speed fallbacks diagnostics user_profile_id workspace_id',
)
/** A count has no limits of an answer. */
const NOT_FOR_COUNTING = ['max_tokens', 'metadata', 'stop_sequences', 'stream', 'temperature', 'top_k', 'top_p']

/**
 * The body of Anthropic's Messages API, in the words in which it refuses one.
 * Sources: Anthropic, Messages API, extended thinking, tool use, prompt caching; error texts as public bug reports quote them.
 * @throws VendorRefusal
 */
export function checkMessages(body: Json, { call, exchange, seals }: CheckContext): void {
  const { headers } = exchange.record
  if (call.vendor === 'anthropic' && headers['anthropic-version'] === undefined) {
    throw invalid('anthropic-version: header is required')
  }
  onlyFields(body, BODY, extraInput)
  if (typeof body['model'] !== 'string') throw invalid('model: Field required')
  if (call.api === 'count') {
    for (const field of NOT_FOR_COUNTING) if (body[field] !== undefined) throw extraInput(field)
  } else {
    checkLimit(body['max_tokens'])
  }
  onlyFields(isJson(body['metadata']) ? body['metadata'] : {}, fields('user_id'), (field) =>
    extraInput(`metadata.${field}`),
  )
  const thinks = checkThinking(body, call.model)
  checkSampling(body, call.model, thinks)
  const names = checkTools(body['tools'])
  checkChoice(body, names, thinks)
  checkSystem(body['system'])
  checkTurns(body, {
    seals,
    model: call.model,
    budgeted: isJson(body['thinking']) && body['thinking']['type'] === 'enabled',
  })
  checkCacheMarks(body)
}

function checkLimit(limit: unknown): void {
  if (limit === undefined) throw invalid('max_tokens: Field required')
  if (!Number.isInteger(limit)) throw invalid('max_tokens: Input should be a valid integer')
  if ((limit as number) < 1) throw invalid('max_tokens: Input should be greater than or equal to 1')
}

/** @returns whether the model is to think */
function checkThinking(body: Json, model: string): boolean {
  const { thinking, max_tokens: limit } = body
  if (thinking === undefined) return false
  const type = isJson(thinking) ? thinking['type'] : undefined
  if (!isJson(thinking) || !['enabled', 'disabled', 'adaptive', 'between_tools'].includes(String(type))) {
    throw invalid(
      `thinking: Input tag '${String(type)}' found using 'type' does not match any of the expected tags: 'adaptive', 'between_tools', 'disabled', 'enabled'`,
    )
  }
  if (type === 'disabled') return false
  if (type === 'between_tools') return true
  if (type === 'adaptive') {
    if (thinking['budget_tokens'] !== undefined) throw extraInput('thinking.adaptive.budget_tokens')
    return true
  }
  if (NEWEST.test(model)) {
    throw invalid(
      '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.',
    )
  }
  const budget = thinking['budget_tokens']
  if (!Number.isInteger(budget)) throw invalid('thinking.enabled.budget_tokens: Field required')
  if ((budget as number) < 1024) {
    throw invalid('thinking.enabled.budget_tokens: Input should be greater than or equal to 1024')
  }
  if (typeof limit === 'number' && limit <= (budget as number)) {
    throw invalid(
      '`max_tokens` must be greater than `thinking.budget_tokens`. Please consult our documentation at https://docs.claude.com/en/docs/build-with-claude/extended-thinking#max-tokens-and-context-window-size',
    )
  }
  return true
}

/** Models that take a temperature or a `top_p`, not both: all since Opus 4.1. */
const ONE_OF_TWO = /claude-[a-z]+-(4[.-][1-9](?!\d)|[5-9](?!\d))/
/** Models that take neither, and no budget of thoughts. Source: Anthropic, Claude Opus 4.7. */
const NEWEST = /claude-[a-z]+-(4[.-][7-9](?!\d)|[5-9](?!\d))/

function checkSampling({ temperature, top_p: topP, top_k: topK }: Json, model: string, thinks: boolean): void {
  if (typeof temperature === 'number' && (temperature < 0 || temperature > 1)) {
    throw invalid(`temperature: range: 0..1`)
  }
  if (thinks) {
    if (temperature !== undefined && temperature !== 1) {
      throw invalid(
        '`temperature` may only be set to 1 when thinking is enabled. Please consult our documentation at https://docs.claude.com/en/docs/build-with-claude/extended-thinking#important-considerations-when-using-extended-thinking',
      )
    }
    if (typeof topP === 'number' && topP < 0.95) {
      throw invalid('`top_p` must be greater than or equal to 0.95 or unset when thinking is enabled.')
    }
    if (topK !== undefined) throw invalid('`top_k` must be unset when thinking is enabled.')
  }
  const odd = Object.entries({ temperature, top_p: topP, top_k: topK }).find(
    ([, value]) => value !== undefined && value !== 1,
  )
  if (odd !== undefined && NEWEST.test(model)) throw invalid(`\`${odd[0]}\` is not supported for this model.`)
  if (temperature !== undefined && topP !== undefined && ONE_OF_TWO.test(model)) {
    throw invalid('`temperature` and `top_p` cannot both be specified for this model. Please use only one.')
  }
}

/** @returns the names of all tools */
function checkTools(tools: unknown): Set<string> {
  const names = new Set<string>()
  if (tools === undefined) return names
  if (!Array.isArray(tools)) throw invalid('tools: Input should be a valid list')
  for (const [index, tool] of objects(tools).entries()) {
    const { type, name, input_schema: schema } = tool
    if (type === 'mcp_toolset') continue
    if (typeof name !== 'string') throw invalid(`tools.${index}: Field required`)
    if (names.has(name)) throw invalid('tools: Tool names must be unique.')
    names.add(name)
    if (type !== undefined && type !== null && type !== 'custom') continue
    const at = `tools.${index}.custom`
    if (!/^[a-zA-Z0-9_-]{1,128}$/.test(name)) {
      throw invalid(`${at}.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'`)
    }
    if (!isJson(schema)) throw invalid(`${at}.input_schema: Field required`)
    if (schema['type'] !== 'object') throw invalid(`${at}.input_schema.type: Input should be 'object'`)
    if (['oneOf', 'allOf', 'anyOf'].some((keyword) => schema[keyword] !== undefined)) {
      throw invalid(`${at}.input_schema: input_schema does not support oneOf, allOf, or anyOf at the top level`)
    }
    const known = fields(
      'type name description input_schema cache_control strict defer_loading allowed_callers input_examples eager_input_streaming',
    )
    onlyFields(tool, known, (field) => extraInput(`${at}.${field}`))
  }
  return names
}

function checkChoice(body: Json, names: ReadonlySet<string>, thinks: boolean): void {
  const choice = body['tool_choice']
  if (choice === undefined) return
  if (!isJson(choice) || !['auto', 'any', 'tool', 'none'].includes(String(choice['type']))) {
    throw invalid('tool_choice: Input should be a valid dictionary or object to extract fields from')
  }
  if (names.size === 0 && body['mcp_servers'] === undefined) {
    throw invalid('tool_choice may only be specified while providing tools.')
  }
  const { type, name } = choice
  if (type === 'tool' && (typeof name !== 'string' || !names.has(name))) {
    throw invalid(`Tool '${String(name)}' not found in provided tools`)
  }
  if (thinks && (type === 'any' || type === 'tool')) {
    throw invalid('Thinking may not be enabled when tool_choice forces tool use.')
  }
}

function checkSystem(system: unknown): void {
  if (system === undefined || typeof system === 'string') return
  if (!Array.isArray(system)) throw invalid('system: Input should be a valid list')
  for (const [index, block] of objects(system).entries()) {
    if (block['type'] !== 'text') throw invalid(`system.${index}.type: Input should be 'text'`)
    if (block['text'] === '') throw invalid('system: text content blocks must be non-empty')
  }
}

/** Source: Anthropic, prompt caching: four breakpoints. */
function checkCacheMarks(body: Json): void {
  const blocks = [
    ...objects(body['tools']),
    ...objects(body['system']),
    ...objects(body['messages'])
      .flatMap(({ content }) => objects(content))
      .flatMap((block) => [block, ...objects(block['content'])]),
  ]
  const marks = blocks.filter((block) => isJson(block['cache_control'])).length
  if (marks > 4) {
    throw new VendorRefusal(
      'invalid_request',
      `A maximum of 4 blocks with cache_control may be provided. Found ${marks}.`,
    )
  }
}
