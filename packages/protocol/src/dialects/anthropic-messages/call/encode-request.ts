import type { Note, Translated, UpstreamModel } from '../../../dialect.js'
import type { PivotRequest } from '../../../pivot/index.js'
import { noteForeignFields, noteUnknownFields } from '../../foreign-fields.js'
import { given, isJson, isSet, text, without, type Json } from '../../json.js'
import { step, type Noting } from '../../refusing.js'
import { noteSampling, type SamplingField } from '../../sampling-losses.js'
import { ANTHROPIC, anthropicFields, BETWEEN_TEXTS, KEPT, keptFields } from '../wire.js'
import { markCache } from './cache-marks.js'
import { encodeFormat } from './encode-format.js'
import { encodeMessages, leadingInstructions, userText, type Message } from './encode-messages.js'
import { encodeSampling, encodeThinking, maxTokens, thinks, wantsUserLast, type Thinking } from './encode-thinking.js'
import { encodeToolChoice, encodeTools } from './encode-tools.js'

const CAN: ReadonlySet<SamplingField> = new Set(['stop', 'top_k'])

/**
 * A request of the pivot as the body of `POST /v1/messages`. What a client of this dialect said goes back as it came; for others
 * the marks of the prompt cache are set here.
 * Source: Anthropic API reference, messages.
 */
export function encodeRequest(request: PivotRequest, to: UpstreamModel): Translated<Json> {
  const receipt: Note[] = []
  const note: Noting = (pointer, what, why) => void receipt.push({ pointer, what, why })
  const own = request.extra?.[ANTHROPIC] !== undefined || request.extra?.[KEPT] !== undefined
  const leading = leadingInstructions(request.input)
  const { enforced, told } = own ? {} : encodeFormat(request.text?.format, to.model, note)
  const system = encodeSystem(request, told === undefined ? leading.texts : [...leading.texts, told])
  const messages = encodeMessages(request.input, leading.count, { own }, note)
  if (!own) userFirstAndLast(messages, to.model, note)
  const tools = encodeTools(request, { own }, note)
  const choice = encodeToolChoice(request, tools, note)
  if (!own) markCache(system, tools, messages)
  const open = !own || isEffortOpen(request)
  const { effort, ...limits }: Thinking = open
    ? encodeThinking(request, to, { forced: isForced(choice), thoughtless: isThoughtless(messages) }, note)
    : { max_tokens: maxTokens(request, to) }
  const unthought = own && isUnthought(request, messages)
  if (unthought) note('/thinking', 'dropped', 'a turn that another model began with a thought goes on without')
  const value: Json = {
    model: to.model,
    ...limits,
    ...(system.length > 0 ? { system } : {}),
    messages,
    ...(tools.length > 0 ? { tools } : {}),
    ...given({ tool_choice: choice }),
    ...encodeSampling(request, to.model, thinks(limits.thinking), own && !thinks(limits.thinking), note),
    ...given({ stream: request.stream }),
    ...(own ? {} : foreignOptions(request, given({ effort, format: enforced }), note)),
    ...without(keptFields(request).fields ?? {}, unthought ? THINKING : NOTHING),
    ...without(anthropicFields(request), unthought ? THINKING_WRITTEN : WRITTEN),
  }
  if (own && effort !== undefined) value['output_config'] = { ...outputConfig(request), effort }
  noteSampling(request, CAN, () => 'Anthropic has no such sampling parameter', note)
  noteUnknown(request, own, note)
  noteForeignFields(request, ANTHROPIC, note)
  return { value, receipt }
}

/** Kept fields that stand elsewhere in the body. */
const WRITTEN: ReadonlySet<string> = new Set(['tools', 'tool_choice'])

/** What cannot stand without thinking: `context_management` is kept among the silent fields when it only keeps thoughts. */
const THINKING: ReadonlySet<string> = new Set(['context_management'])
const THINKING_WRITTEN: ReadonlySet<string> = new Set([...WRITTEN, 'thinking'])
const NOTHING: ReadonlySet<string> = new Set()

function encodeSystem(request: PivotRequest, leading: readonly string[]): Json[] {
  const told = request.instructions ?? ''
  const kept = keptFields(request).system
  const whole = kept?.map((block) => String(block['text'])).join(BETWEEN_TEXTS)
  const blocks: Json[] =
    kept !== undefined && whole === told
      ? kept.map((block) => ({ ...block }))
      : told.trim() === ''
        ? []
        : [textOf(told)]
  for (const one of leading) if (one.trim() !== '') blocks.push(textOf(one))
  return blocks
}

function textOf(told: string): Json {
  return { type: 'text', text: told }
}

/** The first word is the user's, and with newer models the last one too; older ones go on writing, but not behind a blank. */
function userFirstAndLast(messages: Message[], model: string, note: Noting): void {
  if (messages[0]?.role !== 'user') {
    note('/input', 'approximated', 'a conversation begins with the user here, so a word of theirs was put before it')
    messages.unshift(userText('Begin.'))
  }
  const last = messages.at(-1)
  const block = last?.role === 'assistant' ? last.content?.at(-1) : undefined
  if (block?.['type'] !== 'text') return
  if (wantsUserLast(model)) {
    note(
      '/input',
      'approximated',
      'this model answers the user only, so a word of theirs was put behind the conversation',
    )
    messages.push(userText('Continue.'))
    return
  }
  const said = text(block['text'])
  if (said !== undefined) block['text'] = said.trimEnd()
}

function isForced(choice: Json | undefined): boolean {
  return choice?.['type'] === 'any' || choice?.['type'] === 'tool'
}

/** Does a turn go on after tool results that did not begin with a thought? With a budget Anthropic refuses it. */
function isThoughtless(messages: readonly Message[]): boolean {
  const last = messages.at(-1)
  if (last?.role !== 'user' || last.content?.some(isResult) !== true) return false
  // A turn is everything since the user spoke: without thoughts in between its later messages begin with calls.
  const spoke = messages.slice(0, -1).findLastIndex(({ role, content }) => role === 'user' && !content?.every(isResult))
  const first = messages[spoke + 1]?.content?.[0]?.['type']
  return first !== 'thinking' && first !== 'redacted_thinking'
}

function isResult(block: Json): boolean {
  return block['type'] === 'tool_result'
}

/**
 * Has a client of this dialect left open how hard to think, so that another has said it for it (the name of the model, `…-high`)?
 */
function isEffortOpen(request: PivotRequest): boolean {
  const { thinking } = anthropicFields(request)
  const silent = !isJson(thinking) || thinking['type'] === 'adaptive'
  return silent && isSet(request.reasoning?.effort) && !isSet(outputConfig(request)['effort'])
}

function outputConfig(request: PivotRequest): Json {
  const { output_config } = anthropicFields(request)
  return isJson(output_config) ? output_config : {}
}

/** Has a client of this dialect asked for a budget in a turn whose thought was of another model and so had to be left out? */
function isUnthought(request: PivotRequest, messages: readonly Message[]): boolean {
  const thinking = anthropicFields(request)['thinking']
  if (!isJson(thinking) || thinking['type'] !== 'enabled' || !isThoughtless(messages)) return false
  return request.input.some((item) => item.type === 'reasoning' && Object.keys(anthropicFields(item)).length === 0)
}

/** What clients of other dialects ask for and this one has other names for. */
function foreignOptions(request: PivotRequest, config: Json, note: Noting): Json {
  const verbosity = request.text?.verbosity
  if (isSet(verbosity) && verbosity !== 'medium') note('/text/verbosity', 'dropped', 'Anthropic has no such option')
  const user = text(request.metadata?.['user_id']) ?? text(request.user) ?? text(request.safety_identifier)
  for (const field of Object.keys(request.metadata ?? {})) {
    if (field !== 'user_id') note(`/metadata/${step(field)}`, 'dropped', "Anthropic's metadata is the id of the user")
  }
  return {
    ...(Object.keys(config).length > 0 ? { output_config: config } : {}),
    ...(user === undefined ? {} : { metadata: { user_id: user } }),
    ...tier(request.service_tier, note),
  }
}

function tier(asked: string | null | undefined, note: Noting): Json {
  switch (asked) {
    case undefined:
    case null:
    case 'auto':
      return {}
    case 'default':
    case 'standard_only':
      return { service_tier: 'standard_only' }
    case 'priority':
      note('/service_tier', 'approximated', 'Anthropic takes the priority that the account has')
      return { service_tier: 'auto' }
    default:
      note('/service_tier', 'dropped', `Anthropic has no tier '${asked}'`)
      return {}
  }
}

/** Fields of the pivot that are translated, or that ask an Anthropic upstream for nothing. */
const SPOKEN: ReadonlySet<string> = new Set([
  'model',
  'input',
  'instructions',
  'stream',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'reasoning',
  'text',
  'max_output_tokens',
  'temperature',
  'top_p',
  'metadata',
  'service_tier',
  'user',
  'safety_identifier',
  'include',
  'prompt_cache_key',
  'client_metadata',
  'stream_options',
  'extra',
])

function noteUnknown(request: PivotRequest, own: boolean, note: Noting): void {
  if (own) return
  const logprobs = request.include?.indexOf('message.output_text.logprobs') ?? -1
  if (logprobs !== -1) note(`/include/${logprobs}`, 'dropped', 'Anthropic models do not tell probabilities')
  noteUnknownFields(request, SPOKEN, 'Anthropic has no such field', note)
}
