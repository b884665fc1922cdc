import { describe, expect, test } from 'vitest'
import { PROTOCOLS, type Asking, type Part, type Protocol, type Turn } from '../conversation.js'
import { WIRES } from './index.js'

const TOOL = { name: 'get_weather', description: 'Tells it.', parameters: '{"type":"object","properties":{"city":{}}}' }
const PICTURE = 'data:image/png;base64,AAAA'

function asking(turns: readonly Turn[], more: Partial<Asking> = {}): Asking {
  return { model: 'gpt-5.5', system: 'Be brief.', turns, stream: true, tools: [TOOL], ...more }
}

const user = (...parts: Part[]): Turn => ({ role: 'user', parts })

/** What each protocol streams for the same answer: a thought, a text, a call. Events as the gateway sends them. */
const STREAMS: Readonly<Record<Protocol, readonly unknown[]>> = {
  chat: [
    { choices: [{ delta: { role: 'assistant', content: null, reasoning_content: 'Hm' } }] },
    { choices: [{ delta: { content: 'Let me ' } }] },
    { choices: [{ delta: { content: 'look' } }] },
    {
      choices: [{ delta: { tool_calls: [{ index: 0, id: 'c1', function: { name: 'get_weather', arguments: '' } }] } }],
    },
    { choices: [{ delta: { tool_calls: [{ index: 0, function: { arguments: '{"city":' } }] } }] },
    {
      choices: [
        { delta: { tool_calls: [{ index: 0, function: { arguments: '"Rome"}' } }] }, finish_reason: 'tool_calls' },
      ],
    },
    { choices: [], usage: { prompt_tokens: 9, completion_tokens: 4, prompt_tokens_details: { cached_tokens: 3 } } },
  ],
  responses: [
    { type: 'response.output_item.added', output_index: 0, item: { type: 'reasoning', id: 'rs', summary: [] } },
    { type: 'response.reasoning_summary_text.delta', output_index: 0, summary_index: 0, delta: 'Hm' },
    { type: 'response.output_item.added', output_index: 1, item: { type: 'message', id: 'msg', content: [] } },
    { type: 'response.output_text.delta', output_index: 1, content_index: 0, delta: 'Let me ' },
    { type: 'response.output_text.delta', output_index: 1, content_index: 0, delta: 'look' },
    {
      type: 'response.output_item.added',
      output_index: 2,
      item: { type: 'function_call', call_id: 'c1', name: 'get_weather', arguments: '' },
    },
    { type: 'response.function_call_arguments.delta', output_index: 2, delta: '{"city":"Rome"}' },
    {
      type: 'response.completed',
      response: {
        status: 'completed',
        output: [],
        usage: { input_tokens: 9, output_tokens: 4, input_tokens_details: { cached_tokens: 3 } },
      },
    },
  ],
  anthropic: [
    { type: 'message_start', message: { usage: { input_tokens: 6, cache_read_input_tokens: 3, output_tokens: 1 } } },
    { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '', signature: '' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'Hm' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'signature_delta', signature: 'sig' } },
    { type: 'content_block_start', index: 1, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: 'Let me ' } },
    { type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: 'look' } },
    {
      type: 'content_block_start',
      index: 2,
      content_block: { type: 'tool_use', id: 'c1', name: 'get_weather', input: {} },
    },
    { type: 'content_block_delta', index: 2, delta: { type: 'input_json_delta', partial_json: '{"city":' } },
    { type: 'content_block_delta', index: 2, delta: { type: 'input_json_delta', partial_json: '"Rome"}' } },
    { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 4 } },
  ],
  gemini: [
    { candidates: [{ content: { parts: [{ text: 'Hm', thought: true }] } }] },
    { candidates: [{ content: { parts: [{ text: 'Let me ' }] } }] },
    { candidates: [{ content: { parts: [{ text: 'look' }] } }] },
    {
      candidates: [
        {
          content: {
            parts: [
              { functionCall: { id: 'c1', name: 'get_weather', args: { city: 'Rome' } }, thoughtSignature: 'sig' },
            ],
          },
          finishReason: 'STOP',
        },
      ],
      usageMetadata: { promptTokenCount: 9, candidatesTokenCount: 4, cachedContentTokenCount: 3 },
    },
  ],
}

describe.each(PROTOCOLS)('%s', (protocol) => {
  const { request, reader } = WIRES[protocol]

  test('reads a thought, a text and a call out of a stream, and what they took', () => {
    const reading = reader()
    STREAMS[protocol].forEach((event) => reading.event(event))
    const { parts, usage, error } = reading.soFar()
    expect(parts).toEqual([
      { kind: 'reasoning', text: 'Hm' },
      { kind: 'text', text: 'Let me look' },
      { kind: 'call', id: 'c1', name: 'get_weather', args: '{"city":"Rome"}' },
    ])
    expect(usage).toEqual({ input: 9, cached: 3, output: 4 })
    expect(error).toBeUndefined()
  })

  test('shows what has come at every moment, and stays calm at whatever comes', () => {
    const reading = reader()
    for (const event of [...STREAMS[protocol], null, 7, {}, { choices: 1, candidates: {}, type: 'x', delta: 3 }]) {
      expect(() => reading.event(event)).not.toThrow()
      expect(() => reading.soFar()).not.toThrow()
    }
  })

  test('tells an error that comes in the stream', () => {
    const reading = reader()
    reading.event({ type: 'error', error: { message: 'the upstream is gone' } })
    expect(reading.soFar().error).toBe('the upstream is gone')
  })

  test('sends the answer back as it came, and the result of the call with it', () => {
    const reading = reader()
    STREAMS[protocol].forEach((event) => reading.event(event))
    const { parts, wire } = reading.soFar()
    const turns: Turn[] = [
      user({ kind: 'text', text: 'Weather?' }),
      { role: 'assistant', parts, wire: { protocol, items: wire } },
      user({ kind: 'result', id: 'c1', name: 'get_weather', text: 'sunny' }),
    ]
    const body = JSON.stringify(request(asking(turns)).body)
    expect(body).toContain('sunny')
    expect(body).toContain('c1')
    if (protocol === 'anthropic' || protocol === 'gemini') expect(body).toContain('sig')
  })

  test('sends what another protocol answered in its own words', () => {
    const parts: Part[] = [
      { kind: 'reasoning', text: 'Hm' },
      { kind: 'text', text: 'Rome it is' },
      { kind: 'call', id: 'c1', name: 'get_weather', args: 'not json' },
    ]
    const other = PROTOCOLS.find((one) => one !== protocol) ?? 'chat'
    const turns: Turn[] = [
      user({ kind: 'text', text: 'Hi' }, { kind: 'image', url: PICTURE }),
      { role: 'assistant', parts, wire: { protocol: other, items: ['ITEMS OF ANOTHER'] } },
    ]
    const { body, path } = request(asking(turns))
    const text = JSON.stringify(body)
    expect(text).toContain('Rome it is')
    expect(text).toContain('AAAA')
    expect(text).toContain('get_weather')
    expect(text).not.toContain('ITEMS OF ANOTHER')
    expect(`${path} ${text}`).toContain('gpt-5.5')
  })

  test('says how to answer, and nothing that nobody chose', () => {
    const set = request(asking([], { effort: 'high', tier: 'fast', maxTokens: 100, temperature: 0.5 }))
    const all = `${set.path} ${JSON.stringify(set.body)}`
    expect(all).toMatch(/"(?:HIGH|high)"/)
    expect(all).toMatch(/priority|"fast"|-fast/)
    expect(all).toContain('100')
    expect(all).toContain('0.5')
    const bare = JSON.stringify(request(asking([], { tools: [], system: '' })).body)
    expect(bare).not.toMatch(/temperature|effort|tier|tools|instructions|system/)
  })

  test('a tool without a JSON object for its parameters is not sent', () => {
    expect(() => request(asking([], { tools: [{ ...TOOL, parameters: '[1]' }] }))).toThrow(SyntaxError)
    expect(() => request(asking([], { tools: [{ ...TOOL, parameters: '{' }] }))).toThrow(SyntaxError)
  })
})
