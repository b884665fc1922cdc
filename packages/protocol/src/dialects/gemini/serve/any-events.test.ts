import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { PivotEvent, PivotItem } from '../../../pivot/index.js'
import { responseReducer } from '../../../pivot/index.js'
import { REPLY } from '../wire.js'
import { encodeResponse } from './encode-response.js'
import { streamEncoder } from './stream-encoder.js'

const words = fc.constantFrom('', 'a', 'é"\\')
const escaped = fc.constantFrom('', 'a', '\\n', 'é', '\\ud83d')
const id = fc.constantFrom('a', 'b')
const item = fc.oneof(
  fc.record({
    type: fc.constant('message'),
    role: fc.constant('assistant'),
    content: fc.oneof(
      words,
      fc.array(
        fc.oneof(
          words.map((text) => ({
            type: 'output_text',
            text,
            annotations: [{ type: 'url_citation', url: 'u', start_index: 5, end_index: -1 }, { type: 'url_citation' }],
          })),
          words.map((refusal) => ({ type: 'refusal', refusal })),
          fc.constant({ type: 'new' }),
        ),
        { maxLength: 2 },
      ),
    ),
  }),
  fc.record({
    type: fc.constant('reasoning'),
    id,
    summary: fc.array(
      words.map((text) => ({ type: 'summary_text', text })),
      { maxLength: 2 },
    ),
    encrypted_content: fc.constantFrom(null, 'E'),
  }),
  fc.record({
    type: fc.constant('function_call'),
    call_id: id,
    name: fc.constant('f'),
    arguments: fc.constantFrom('', '{}', '[', '3'),
    status: fc.constantFrom('completed', 'incomplete'),
  }),
  fc.record({ type: fc.constant('custom_tool_call'), call_id: id, name: fc.constant('f'), input: words }),
  fc.record({ type: fc.constant('web_search_call'), action: fc.constantFrom(undefined, {}, { queries: [1] }) }),
  fc.record({ type: fc.constant('image_generation_call'), result: fc.constantFrom('AAEC', '', null) }),
  fc.record({ type: fc.constant('gemini_part'), part: fc.constantFrom({ executableCode: {} }, 3) }),
  fc.constant({ type: 'new' }),
)
const place = { output_index: fc.nat(3), item_id: id }
const event = fc.oneof(
  fc.record({ type: fc.constantFrom('response.output_item.added', 'response.output_item.done'), ...place, item }),
  fc.record({
    type: fc.constantFrom('response.output_text.delta', 'response.refusal.delta', 'response.reasoning_text.delta'),
    ...place,
    content_index: fc.nat(1),
    escaped,
  }),
  fc.record({
    type: fc.constant('response.reasoning_summary_text.delta'),
    ...place,
    summary_index: fc.nat(1),
    escaped,
  }),
  fc.record({ type: fc.constant('response.function_call_arguments.delta'), ...place, escaped }),
  fc.record({
    type: fc.constant('response.function_call_arguments.done'),
    ...place,
    arguments: fc.constantFrom('{}', '['),
  }),
  fc.record({ type: fc.constant('response.custom_tool_call_input.done'), ...place, input: words }),
  fc.constantFrom({ type: 'other', name: '' }, { type: 'response.in_progress', response: { id: 'z', output: [] } }),
) as fc.Arbitrary<unknown> as fc.Arbitrary<PivotEvent>
const end = fc.record({
  type: fc.constantFrom('response.completed', 'response.incomplete', 'response.failed', 'response.queued'),
  response: fc.record({
    id: fc.constantFrom('', 'r'),
    output: fc.array(item as unknown as fc.Arbitrary<PivotItem>, { maxLength: 3 }),
    status: fc.constantFrom('completed', 'incomplete'),
  }),
}) as fc.Arbitrary<unknown> as fc.Arbitrary<PivotEvent>

interface Chunk {
  error?: unknown
  candidates?: [{ content: { parts: object[] }; finishReason?: string }]
}

function framesOf(text: string, array: boolean): Chunk[] {
  if (array) return JSON.parse(text) as Chunk[]
  return text
    .split('\n\n')
    .filter((frame) => frame !== '' && !frame.startsWith(':'))
    .map((frame) => {
      expect(frame).toMatch(/^data: .*$/)
      return JSON.parse(frame.slice('data: '.length)) as Chunk
    })
}

test('events in any order, broken ones too, make a stream that can be read and ends once, at its end', () => {
  fc.assert(
    fc.property(
      fc.array(event, { maxLength: 12 }),
      end,
      fc.array(event, { maxLength: 2 }),
      fc.boolean(),
      fc.boolean(),
      (before, last, after, array, hideThoughts) => {
        const request = {
          model: 'm',
          input: [],
          extra: { [REPLY]: { ...(array ? { array } : {}), ...(hideThoughts ? { hideThoughts } : {}) } },
        }
        const about = { requestId: 'r', model: 'the "m"', createdAt: 1, request }
        const encoder = streamEncoder(about)
        let text = encoder.heartbeat()
        for (const one of [...before, last, ...after]) text += encoder.push([one]) + encoder.heartbeat()
        text += encoder.fail({ kind: 'internal', scope: 'gateway', phase: 'committed', retry: 'never', message: 'x' })
        const chunks = framesOf(text, array)
        const ends = chunks.filter(({ error, candidates }) => error !== undefined || candidates?.[0].finishReason)
        expect(ends).toEqual(chunks.slice(-1))
        for (const { candidates } of chunks) expect(candidates?.[0].content.parts ?? [{}]).toHaveLength(1)

        const reducer = responseReducer()
        reducer.push([...before, last])
        const whole = encodeResponse(reducer.response(), about) as Chunk
        expect(whole.candidates?.[0].content.parts).not.toEqual([])
      },
    ),
    { numRuns: 1000 },
  )
})
