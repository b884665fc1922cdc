import { describe, expect, test } from 'vitest'
import type { ReplyMeta } from '../../dialect.js'
import type { PivotEvent, PivotItem, PivotResponse } from '../../pivot/index.js'
import { openaiResponses } from './index.js'

type Json = Record<string, unknown>

const about: ReplyMeta = { requestId: 'q', model: 'm', createdAt: 1, request: { model: 'm', input: [] } }
const thought = (extra: Json): PivotItem =>
  ({ type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'hm' }], extra }) as PivotItem
const call = (call_id: string, extra?: Json): PivotItem =>
  ({
    type: 'function_call',
    id: `fc_${call_id}`,
    call_id,
    name: 'f',
    arguments: '{}',
    status: 'completed',
    ...(extra === undefined ? {} : { extra }),
  }) as PivotItem

/** Output items of a whole answer, of a stream's end, and of the stream's items. */
function told(output: readonly PivotItem[]): Json[][] {
  const response: PivotResponse = { id: 'r', status: 'completed', output: [...output] }
  const events: PivotEvent[] = [
    { type: 'response.created', response: { id: 'r', output: [] } },
    ...output.flatMap((item, output_index): PivotEvent[] => [
      { type: 'response.output_item.added', output_index, item },
      { type: 'response.output_item.done', output_index, item },
    ]),
    { type: 'response.completed', response },
  ]
  const frames = openaiResponses.serve
    .streamEncoder(about)
    .push(events)
    .split('\n\n')
    .flatMap((frame) => (frame === '' ? [] : [JSON.parse(frame.slice(frame.indexOf('data: ') + 6)) as Json]))
  const done = frames.filter((frame) => frame['type'] === 'response.output_item.done')
  expect(done.map((frame) => frame['output_index'])).toEqual(done.map((_, at) => at))
  return [
    (openaiResponses.serve.encodeResponse(response, about) as { output: Json[] }).output,
    (frames.at(-1)?.['response'] as { output: Json[] }).output,
    done.map((frame) => frame['item'] as Json),
  ]
}

function decoded(items: readonly Json[]): PivotItem[] {
  return openaiResponses.serve.decodeRequest({ model: 'm', input: items }, { headers: {} }).value.input
}

describe('state of other upstreams rides in encrypted_content', () => {
  test.each<[string, PivotItem[]]>([
    ["Anthropic's signature", [thought({ 'anthropic-messages': { signature: 's' } })]],
    ['what Anthropic redacted', [thought({ 'anthropic-messages': { redacted: 'x' } })]],
    ["Gemini's signature of a thought", [thought({ gemini: { thoughtSignature: 's' } })]],
    ['details of a chat upstream', [thought({ 'openai-chat': { reasoning_details: [{ data: 'x' }] } })]],
    [
      "Gemini's signatures of calls",
      [call('a', { gemini: { thoughtSignature: 's' } }), call('b'), call('c', { gemini: { thoughtSignature: 't' } })],
    ],
    ["signatures of Google's chat endpoint", [call('a', { 'openai-chat': { extra_content: { google: {} } } })]],
  ])('%s', (_, output) => {
    for (const items of told(output)) {
      expect(JSON.stringify(items)).not.toContain('"extra"')
      expect(decoded(items)).toEqual(output)
    }
  })

  test("OpenAI's own passes untouched", () => {
    const own: PivotItem = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAAA' }
    for (const items of told([own])) {
      expect(items).toEqual([own])
      expect(decoded(items)[0]).toBe(items[0])
    }
  })

  test('it never reaches an upstream of this kind', () => {
    for (const items of told([
      thought({ gemini: { thoughtSignature: 's' } }),
      call('a', { gemini: { thoughtSignature: 't' } }),
    ])) {
      for (const rules of ['codex', 'openai', 'compatible'] as const) {
        const request = {
          model: 'm',
          input: decoded([...items, { type: 'function_call_output', call_id: 'a', output: '' }]),
        }
        const { value, receipt } = openaiResponses.call.encodeRequest(request, { model: 'm', rules })
        expect(JSON.stringify(value)).not.toMatch(/dgm1|thoughtSignature|reasoning"/)
        expect(receipt).toMatchObject([{ pointer: '/input/0', what: 'dropped' }])
      }
    }
  })

  test.each<[string, string]>([
    ['state of nobody', 'dgm1.nobody.e30='],
    ['state that is no JSON', 'dgm1.gemini.AAAA'],
  ])('%s stays what it is', (_, encrypted_content) => {
    const item = { type: 'reasoning', summary: [], encrypted_content }
    expect(decoded([item])).toEqual([item])
  })

  test('only what stands on calls is put there', () => {
    const forged = `dgm1.gemini.${btoa(JSON.stringify({ calls: { a: { thoughtSignature: 's', name: 'x' }, b: 7, __proto__: {} } }))}`
    const items = decoded([{ type: 'reasoning', summary: [], encrypted_content: forged }, call('a') as unknown as Json])
    expect(items).toEqual([call('a', { gemini: { thoughtSignature: 's' } })])
  })
})
