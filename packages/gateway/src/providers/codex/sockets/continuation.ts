import { hash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'

type Json = Readonly<Record<string, unknown>>

/** What of a request must be remembered to know whether the next one continues it. */
export interface Asked {
  /** Of everything that may not change from turn to turn. */
  fields: string
  /** Of each input item; the items themselves would keep every conversation in memory. */
  items: readonly string[]
}

/** The newest response of a connection. */
export interface Continuable {
  responseId: string
  asked: Asked
  /** Its `output_item.done` items. */
  output: readonly unknown[]
}

/** A response may be continued only while all of these stay what they were (upstream-codex 4.2). */
const CONSTANT = [
  'model',
  'instructions',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'reasoning',
  'store',
  'stream',
  'include',
  'service_tier',
  'prompt_cache_key',
  'text',
] as const

export function askedBy(body: Json): Asked {
  const input = Array.isArray(body['input']) ? (body['input'] as unknown[]) : []
  return {
    fields: printOf(CONSTANT.map((field) => body[field] ?? null)),
    items: input.map((item) => printOf(bare(item))),
  }
}

/**
 * How many items at the front of `input` the connection knows already, so that only the rest need be sent; undefined when the whole
 * request must be: a field has changed, or the input does not begin with what was asked and answered before. What was asked must be
 * the same but for ids and bookkeeping. What was answered may come back as another protocol writes it, see {@link isAnswer}. In
 * any doubt: undefined, which costs bytes and nothing else.
 */
export function knownItems(before: Continuable, asked: Asked, input: readonly unknown[]): number | undefined {
  if (before.asked.fields !== asked.fields) return undefined
  const asks = before.asked.items
  if (asked.items.length <= asks.length || !asks.every((print, at) => print === asked.items[at])) return undefined
  let at = asks.length
  for (const answer of before.output) {
    if (isAnswer(answer, input[at])) at += 1
    // A client that cannot carry reasoning leaves it out; the backend still has it, and the model thinks on from there.
    else if (typeOf(answer) !== 'reasoning' || typeOf(input[at]) === 'reasoning') return undefined
  }
  return at < input.length ? at : undefined
}

/**
 * Is this input item what the backend answered? Ids, states, annotations and log probabilities do not count: the model never sees them.
 * Arguments of a call count as the JSON value that they are, for some clients write them anew.
 */
export function isAnswer(answer: unknown, item: unknown): boolean {
  if (!isRecord(answer) || !isRecord(item) || answer['type'] !== item['type']) return false
  switch (answer['type']) {
    case 'message':
      return answer['role'] === item['role'] && isDeepStrictEqual(wordsOf(answer['content']), wordsOf(item['content']))
    case 'reasoning':
      return isText(answer['encrypted_content']) && answer['encrypted_content'] === item['encrypted_content']
    case 'function_call':
      return sameIn(['call_id', 'name', 'namespace'], answer, item) && sameJson(answer['arguments'], item['arguments'])
    case 'custom_tool_call':
      return sameIn(['call_id', 'name', 'namespace', 'input'], answer, item)
    default:
      return isDeepStrictEqual(bare(answer), bare(item))
  }
}

/** A message's parts as far as the model sees them. */
function wordsOf(content: unknown): unknown[] {
  if (typeof content === 'string') return [content]
  if (!Array.isArray(content)) return [content]
  return (content as unknown[]).map((part) => {
    if (!isRecord(part)) return part
    if (part['type'] === 'output_text') return part['text']
    const { annotations: _, logprobs: __, ...rest } = part
    return rest
  })
}

function sameIn(fields: readonly string[], one: Json, other: Json): boolean {
  return fields.every((field) => (one[field] ?? null) === (other[field] ?? null))
}

function sameJson(one: unknown, other: unknown): boolean {
  if (one === other) return true
  if (typeof one !== 'string' || typeof other !== 'string') return false
  try {
    return isDeepStrictEqual(JSON.parse(one), JSON.parse(other))
  } catch {
    return false
  }
}

/** Items whose id only names them; of others it may be all that there is (a reference to something stored). */
const NAMED_ONLY: ReadonlySet<unknown> = new Set([
  'message',
  'reasoning',
  'function_call',
  'function_call_output',
  'custom_tool_call',
  'custom_tool_call_output',
  'additional_tools',
])

/** An item without its bookkeeping, which differs from turn to turn and means nothing to the model (upstream-codex 2.4). */
function bare(item: unknown): unknown {
  if (!isRecord(item)) return item
  const { internal_chat_message_metadata_passthrough: _, status: __, id, ...rest } = item
  return NAMED_ONLY.has(item['type']) ? rest : { ...rest, id }
}

function printOf(value: unknown): string {
  return hash('sha256', JSON.stringify(value) ?? '', 'base64').slice(0, 22)
}

function typeOf(item: unknown): unknown {
  return isRecord(item) ? item['type'] : undefined
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
