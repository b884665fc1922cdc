/** Stands once in each delta, so that a client can count deltas in any protocol without parsing. */
export const MARK = '~'
/** Characters of one delta, the mark included. */
export const DELTA_CHARS = 24
/** After the mark: when the delta was written, microseconds of the machine's monotonic clock, in so many digits. */
export const STAMP_DIGITS = 16

/** A streamed reply of the Codex backend, ready to be written behind the head of a chunked HTTP response. */
export interface CodexReply {
  /** Everything before the first delta. */
  opening: Buffer
  /** One HTTP chunk each, as a server writes that flushes every event. */
  deltas: readonly Buffer[]
  /** Everything after the last delta. */
  closing: Buffer
  /** How often the mark stands in the whole reply: in the deltas, and in the events that repeat the text. */
  marks: number
}

/** Event order and fields as the backend sends them (Responses API, with `obfuscation` and `sequence_number`). */
export function codexReply(deltas: number): CodexReply {
  const texts = Array.from(
    { length: deltas },
    (_, at) => `${MARK}${` token ${at} of the text`.padEnd(DELTA_CHARS - 1, '.').slice(0, DELTA_CHARS - 1)}`,
  )
  const text = texts.join('')
  let sequence = 0
  const event = (type: string, fields: object): string =>
    chunk(`event: ${type}\ndata: ${JSON.stringify({ type, ...fields, sequence_number: sequence++ })}\n\n`)
  const place = { item_id: ITEM, output_index: 0, content_index: 0 }
  const part = (said: string): object => ({ type: 'output_text', annotations: [], logprobs: [], text: said })
  const item = (status: string, content: object[]): object => ({
    id: ITEM,
    type: 'message',
    status,
    content,
    role: 'assistant',
  })

  const opening =
    event('response.created', { response: response('in_progress', []) }) +
    event('response.in_progress', { response: response('in_progress', []) }) +
    event('response.output_item.added', { output_index: 0, item: item('in_progress', []) }) +
    event('response.content_part.added', { ...place, part: part('') })
  const middle = texts.map((delta) =>
    Buffer.from(event('response.output_text.delta', { ...place, delta, logprobs: [], obfuscation: 'Xk2pQ8vT' })),
  )
  const done = [item('completed', [part(text)])]
  const closing =
    event('response.output_text.done', { ...place, text, logprobs: [] }) +
    event('response.content_part.done', { ...place, part: part(text) }) +
    event('response.output_item.done', { output_index: 0, item: done[0] }) +
    event('response.completed', { response: response('completed', done, deltas) })
  return { opening: Buffer.from(opening), deltas: middle, closing: Buffer.from(closing), marks: deltas * 5 }
}

/** Writes the clock into a copy of a delta. */
export function stamped(delta: Buffer, microseconds: bigint): Buffer {
  const copy = Buffer.from(delta)
  copy.write(microseconds.toString().padStart(STAMP_DIGITS, '0'), copy.indexOf(MARK) + 1, 'latin1')
  return copy
}

const ITEM = 'msg_0d5b3f2a7c9e4186b2f4c6d8e0a1b3c5d7e9f0a2b4c6d8e0'

function response(status: string, output: object[], deltas = 0): object {
  return {
    id: 'resp_0d5b3f2a7c9e4186b2f4c6d8e0a1b3c5d7e9f0a2b4c6d8e0',
    object: 'response',
    created_at: 1_790_000_000,
    status,
    background: false,
    error: null,
    incomplete_details: null,
    instructions: 'You are a careful assistant.',
    max_output_tokens: null,
    model: 'gpt-5.5',
    output,
    parallel_tool_calls: true,
    previous_response_id: null,
    prompt_cache_key: '0199e2c4-0000-7000-8000-000000000000',
    reasoning: { effort: 'medium', summary: null },
    service_tier: 'default',
    store: false,
    temperature: 1,
    text: { format: { type: 'text' }, verbosity: 'medium' },
    tool_choice: 'auto',
    tools: [],
    top_p: 1,
    truncation: 'disabled',
    usage:
      status === 'completed'
        ? {
            input_tokens: 42,
            input_tokens_details: { cached_tokens: 0 },
            output_tokens: deltas * 6,
            output_tokens_details: { reasoning_tokens: 0 },
            total_tokens: 42 + deltas * 6,
          }
        : null,
    user: null,
    metadata: {},
  }
}

function chunk(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`
}
