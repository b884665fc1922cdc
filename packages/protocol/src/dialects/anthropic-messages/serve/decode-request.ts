import type { Note, RequestMeta, Translated } from '../../../dialect.js'
import { FailureError, invalidRequest } from '../../../failure.js'
import { samplingExtra, type Extra, type PivotRequest } from '../../../pivot/index.js'
import { given, isJson, type Json } from '../../json.js'
import { array, boolean, name, number, object, optional, refuse, string, type Noting } from '../../refusing.js'
import { THREAD_UNSUPPORTED } from '../errors.js'
import { ANTHROPIC, BETWEEN_TEXTS, KEPT, type KeptFields } from '../wire.js'
import { decodeMessages } from './decode-messages.js'
import { decodeFormat, decodeReasoning, decodeTier, decodeUser, otherFields } from './decode-options.js'
import { decodeTools } from './decode-tools.js'
import { askedStyle } from './thinking-style.js'
import { toolChanges } from './tool-changes.js'

/** Without it the reasoning could not be given back with the next turn, whatever the client shows of it. */
const INCLUDE = ['reasoning.encrypted_content']

/**
 * A `POST /v1/messages` body as a request of the pivot. What the pivot does not hold stands in `extra`, under the keys of `wire.ts`.
 *
 * `cache_control` is kept without a note: other upstreams cache prompts by themselves, so leaving out the marks changes nothing that
 * a client could see.
 * @throws FailureError `invalid_request` with the JSON pointer of what cannot be understood
 */
export function decodeRequest(body: unknown, _from: RequestMeta): Translated<PivotRequest> {
  if (!isJson(body)) refuse('', 'the body must be a JSON object')
  refuseThread(body)
  const receipt: Note[] = []
  const note: Noting = (pointer, what, why) => void receipt.push({ pointer, what, why })
  const system = decodeSystem(body)
  const input = decodeMessages(body['messages'], note)
  const { request, own, deferred } = decodeTools(body, toolChanges(body['messages']))
  const others = otherFields(body)
  const style = askedStyle(body)
  const kept: KeptFields = {
    ...(style === 'shown' ? {} : { thinking: style }),
    ...(system.blocks === undefined ? {} : { system: system.blocks }),
    ...(deferred.length > 0 ? { deferred } : {}),
    ...(Object.keys(others.silent).length > 0 ? { fields: others.silent } : {}),
  }
  const format = decodeFormat(body)
  const value: PivotRequest = {
    model: optional(body, 'model', string) ?? '',
    input,
    ...given({
      instructions: system.text === '' ? undefined : system.text,
      stream: optional(body, 'stream', boolean),
      reasoning: decodeReasoning(body, note),
      text: format === undefined ? undefined : { format },
      max_output_tokens: maxTokens(body),
      temperature: optional(body, 'temperature', number),
      top_p: optional(body, 'top_p', number),
      service_tier: decodeTier(body),
      user: decodeUser(body),
    }),
    ...request,
    include: [...INCLUDE],
    extra: {
      ...samplingExtra(
        given({ stop: optional(body, 'stop_sequences', texts), top_k: optional(body, 'top_k', number) }),
      ),
      ...extraOf(ANTHROPIC, { ...others.own, ...own }),
      ...extraOf(KEPT, kept as Json),
    },
  }
  return { value, receipt }
}

/**
 * A thread is a conversation that Anthropic's server holds, so that a request brings the new messages only. Answering without the old ones
 * would be an answer without memory; after this refusal the official SDK sends the whole conversation, and goes on so.
 * Source: Anthropic SDK for TypeScript 1.11, message threads.
 */
function refuseThread(body: Json): void {
  if (body['thread'] === undefined || body['thread'] === null) return
  throw new FailureError(
    invalidRequest('/thread', 'message threads are not held here; send the whole conversation', THREAD_UNSUPPORTED),
  )
}

function extraOf(key: string, fields: Json): Extra {
  return Object.keys(fields).length > 0 ? { [key]: fields } : {}
}

function maxTokens(body: Json): number {
  const limit = body['max_tokens'] ?? refuse('/max_tokens', 'Field required')
  return Number.isInteger(limit) && (limit as number) >= 1
    ? (limit as number)
    : refuse('/max_tokens', 'expected a whole number of at least 1')
}

function texts(value: unknown, pointer: string): string[] | undefined {
  const list = array(value, pointer).map((one, index) => name(one, `${pointer}/${index}`))
  return list.length > 0 ? list : undefined
}

/** How Claude Code's first system block begins. It names a build, tells the model nothing, and would spoil every prompt cache. */
const BILLING = 'x-anthropic-billing-header'

interface System {
  text: string
  /** The blocks, where they say more than their texts. */
  blocks?: Json[]
}

function decodeSystem(body: Json): System {
  const system = body['system'] ?? ''
  if (typeof system === 'string') {
    return { text: system.startsWith(BILLING) ? system.replace(/^.*\n*/, '') : system }
  }
  if (!Array.isArray(system)) refuse('/system', 'expected a string or an array of text blocks')
  const blocks = system.map((value, index) => {
    const block = object(value, `/system/${index}`)
    if (block['type'] !== 'text') refuse(`/system/${index}/type`, "expected 'text'")
    string(block['text'], `/system/${index}/text`)
    return block
  })
  const said = blocks.filter((block) => !String(block['text']).startsWith(BILLING))
  const marked = said.some((block) => Object.keys(block).length > 2)
  return {
    text: said.map((block) => String(block['text'])).join(BETWEEN_TEXTS),
    ...(said.length > 1 || marked ? { blocks: said } : {}),
  }
}
