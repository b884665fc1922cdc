import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FunctionCallItem, FunctionCallOutputItem, PivotItem } from '../../../pivot/index.js'
import { carryAsBase64 } from '../../carried-state.js'
import { decodeRequest } from './decode-request.js'

const META = { headers: {}, path: { model: 'm' } }

function decode(contents: unknown) {
  const { value, receipt } = decodeRequest({ contents }, META)
  return { input: value.input, notes: receipt.map(({ pointer, what }) => [pointer, what]) }
}
const input = (...contents: unknown[]): PivotItem[] => decode(contents).input
const user = (...parts: unknown[]) => ({ role: 'user', parts })
const model = (...parts: unknown[]) => ({ role: 'model', parts })
const call = (name: string, fields: object = {}) => ({ functionCall: { name, args: {}, ...fields } })
const result = (name: string, fields: object = {}) => ({ functionResponse: { name, response: {}, ...fields } })
const said = (text: string) => ({ type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] })
const asked = (text: string) => ({ type: 'message', role: 'user', content: [{ type: 'input_text', text }] })

/** Which call each result answers, by ids. */
function ids(items: readonly PivotItem[]) {
  const calls = items.filter(({ type }) => type === 'function_call') as FunctionCallItem[]
  const results = items.filter(({ type }) => type === 'function_call_output') as FunctionCallOutputItem[]
  return { calls: calls.map(({ call_id }) => call_id), results: results.map(({ call_id }) => call_id) }
}

describe('contents and roles', () => {
  test.each<[string, unknown]>([
    ['a text', 'hi'],
    ['a content', user({ text: 'hi' })],
    ['a list', [user({ text: 'hi' })]],
    ['a list of texts', ['hi']],
    ['one part in place of a list', { parts: { text: 'hi' } }],
    ['a text in place of a part', [user('hi')]],
    ['no role', [{ parts: [{ text: 'hi' }] }]],
    ['an empty role', [{ role: '', parts: [{ text: 'hi' }] }]],
    ['the role of functions', [{ role: 'function', parts: [{ text: 'hi' }] }]],
    ['the role of tools', [{ role: 'tool', parts: [{ text: 'hi' }] }]],
    ['parts that say nothing', [user({}, { text: '' }, { text: 'hi', inlineData: null }), { role: 'model' }]],
  ])('%s', (_, contents) => {
    expect(decode(contents)).toEqual({ input: [asked('hi')], notes: [] })
  })

  test('texts and media of a content are one message, of two contents are two', () => {
    expect(
      input(user({ text: 'a' }, { inlineData: { mimeType: 'image/png', data: 'A-_=' } }), user({ text: 'b' })),
    ).toEqual([
      {
        type: 'message',
        role: 'user',
        content: [
          { type: 'input_text', text: 'a' },
          { type: 'input_image', image_url: 'data:image/png;base64,A+/=' },
        ],
      },
      asked('b'),
    ])
  })
})

describe('media', () => {
  const kept = (fields: object) => ({ extra: { gemini: fields } })
  test.each<[string, object, object]>([
    [
      'a picture',
      { inlineData: { mimeType: 'image/webp', data: 'AA==' } },
      { type: 'input_image', image_url: 'data:image/webp;base64,AA==' },
    ],
    [
      'sound',
      { inline_data: { mime_type: 'audio/mpeg', data: 'AA==' } },
      { type: 'input_audio', input_audio: { data: 'AA==', format: 'mp3' } },
    ],
    [
      'rarer sound',
      { inlineData: { mimeType: 'audio/flac', data: 'AA==' } },
      { type: 'input_file', file_data: 'data:audio/flac;base64,AA==' },
    ],
    [
      'a document',
      { inlineData: { mimeType: 'application/pdf', data: 'AA==', displayName: 'a.pdf' } },
      { type: 'input_file', file_data: 'data:application/pdf;base64,AA==', filename: 'a.pdf' },
    ],
    [
      'a text',
      { inlineData: { mimeType: 'text/plain', data: 'AA==' } },
      { type: 'input_file', file_data: 'data:text/plain;base64,AA==' },
    ],
    [
      'a linked picture',
      { fileData: { fileUri: 'https://example.com/a', mimeType: 'image/png' } },
      {
        type: 'input_image',
        image_url: 'https://example.com/a',
        ...kept({ fileData: { fileUri: 'https://example.com/a', mimeType: 'image/png' } }),
      },
    ],
    [
      'a linked video, in part',
      { file_data: { file_uri: 'gs://b/v.mp4' }, videoMetadata: { fps: 5 } },
      {
        type: 'input_file',
        file_url: 'gs://b/v.mp4',
        ...kept({ videoMetadata: { fps: 5 }, fileData: { fileUri: 'gs://b/v.mp4' } }),
      },
    ],
    [
      'how closely to look',
      { inlineData: { mimeType: 'image/png', data: 'AA==' }, mediaResolution: { level: 'MEDIA_RESOLUTION_HIGH' } },
      {
        type: 'input_image',
        image_url: 'data:image/png;base64,AA==',
        ...kept({ mediaResolution: { level: 'MEDIA_RESOLUTION_HIGH' } }),
      },
    ],
  ])('%s', (_, part, expected) => {
    expect(decode([user(part)])).toEqual({ input: [{ type: 'message', role: 'user', content: [expected] }], notes: [] })
  })

  test('a picture of the model is one that it made; its other media are parts that only Gemini knows', () => {
    const sound = { inlineData: { mimeType: 'audio/wav', data: 'AA==' } }
    const draft = { inlineData: { mimeType: 'image/png', data: 'AA==' }, thought: true }
    expect(
      input(model({ inlineData: { mimeType: 'image/png', data: 'A-==' }, thoughtSignature: 'c2ln' }, sound, draft)),
    ).toEqual([
      {
        type: 'image_generation_call',
        status: 'completed',
        result: 'A+==',
        output_format: 'png',
        extra: { gemini: { thoughtSignature: 'c2ln' } },
      },
      { type: 'gemini_part', role: 'model', part: sound },
      { type: 'gemini_part', role: 'model', part: draft },
    ])
  })

  test('code that Gemini ran stays whole and in its place', () => {
    const code = { executableCode: { language: 'PYTHON', code: '1' }, thoughtSignature: 'c2ln' }
    const outcome = { codeExecutionResult: { outcome: 'OUTCOME_OK', output: '1' } }
    expect(input(model({ text: 'a' }, code, outcome, { text: 'b' }))).toEqual([
      said('a'),
      { type: 'gemini_part', role: 'model', part: code },
      { type: 'gemini_part', role: 'model', part: outcome },
      said('b'),
    ])
  })
})

describe('results', () => {
  test.each<[object, string]>([
    [{ output: 'x' }, 'x'],
    [{ result: 'x' }, 'x'],
    [{ output: '' }, ''],
    [{ error: 'x' }, '{"error":"x"}'],
    [{ output: 'x', more: 1 }, '{"output":"x","more":1}'],
    [{ output: { a: 1 } }, '{"output":{"a":1}}'],
    [{}, '{}'],
  ])('%j', (response, output) => {
    expect(input(model(call('f', { id: 'c' })), user(result('f', { id: 'c', response })))[1]).toEqual({
      type: 'function_call_output',
      call_id: 'c',
      output,
      extra: { gemini: { response, name: 'f' } },
    })
  })

  test('pictures and what only Gemini knows', () => {
    const parts = [{ inlineData: { mimeType: 'image/png', data: 'AA==' } }, { text: 'no' }]
    const { input: items, notes } = decode([
      model(call('f', { id: 'c' })),
      user(result('f', { id: 'c', parts, scheduling: 'SILENT', will_continue: true })),
    ])
    expect(items[1]).toEqual({
      type: 'function_call_output',
      call_id: 'c',
      output: [
        { type: 'input_text', text: '{}' },
        { type: 'input_image', image_url: 'data:image/png;base64,AA==' },
      ],
      extra: { gemini: { response: {}, name: 'f', scheduling: 'SILENT', willContinue: true } },
    })
    expect(notes).toEqual([['/contents/1/parts/0/functionResponse/parts/1', 'dropped']])
  })

  test('a result without a name answers the call of its id', () => {
    expect(
      input(model(call('f', { id: 'c' })), user({ functionResponse: { id: 'c', response: {} } }))[1],
    ).toMatchObject({
      call_id: 'c',
      extra: { gemini: { name: 'f' } },
    })
  })
})

describe('which result answers which call', () => {
  test.each<[string, unknown[], { calls: string[]; results: string[] }]>([
    [
      'ids',
      [model(call('f', { id: 'a' }), call('f', { id: 'b' })), user(result('f', { id: 'b' }), result('f', { id: 'a' }))],
      { calls: ['a', 'b'], results: ['b', 'a'] },
    ],
    [
      'names, in order, when calls are parallel',
      [model(call('f'), call('g'), call('f')), user(result('g'), result('f'), result('f'))],
      { calls: ['call_0_0', 'call_0_1', 'call_0_2'], results: ['call_0_1', 'call_0_0', 'call_0_2'] },
    ],
    [
      'names, over turns',
      [model(call('f')), user(result('f')), model(call('f')), user(result('f'))],
      { calls: ['call_0_0', 'call_2_0'], results: ['call_0_0', 'call_2_0'] },
    ],
    [
      'results without ids for calls with ids',
      [model(call('f', { id: 'a' }), call('f', { id: 'b' })), user(result('f'), result('f'))],
      { calls: ['a', 'b'], results: ['a', 'b'] },
    ],
    [
      'results with made-up ids for calls without ids',
      [model(call('f')), user(result('f', { id: 'x' }))],
      { calls: ['call_0_0'], results: ['call_0_0'] },
    ],
    [
      'an id of one turn used again in another',
      [
        model(call('f', { id: 'a' })),
        user(result('f', { id: 'a' })),
        model(call('g', { id: 'a' })),
        user(result('g', { id: 'a' })),
      ],
      { calls: ['a', 'a_2'], results: ['a', 'a_2'] },
    ],
    [
      'a call that nobody answered leaves the later ones their results',
      [model(call('f')), user({ text: 'stop' }), model(call('f')), user(result('f'))],
      { calls: ['call_0_0', 'call_2_0'], results: ['call_2_0'] },
    ],
    [
      'an id used again after a call that nobody answered',
      [
        model(call('f', { id: 'a' })),
        user({ text: 'stop' }),
        model(call('f', { id: 'a' })),
        user(result('f', { id: 'a' })),
      ],
      { calls: ['a', 'a_2'], results: ['a_2'] },
    ],
    [
      'results that come late answer the calls of their turn first, then older ones',
      [model(call('f')), user({ text: 'x' }), model(call('f')), user(result('f'), result('f'))],
      { calls: ['call_0_0', 'call_2_0'], results: ['call_2_0', 'call_0_0'] },
    ],
    [
      'calls and results told one content each',
      [model(call('f')), model(call('f')), user(result('f')), user(result('f'))],
      { calls: ['call_0_0', 'call_1_0'], results: ['call_0_0', 'call_1_0'] },
    ],
    [
      'a result before its call answers nothing',
      [user(result('f')), model(call('f')), user(result('f'))],
      { calls: ['call_1_0'], results: ['call_0_0_result', 'call_1_0'] },
    ],
    [
      'ids that look like ours',
      [model(call('f', { id: 'call_0_1' }), call('g')), user(result('g'), result('f', { id: 'call_0_1' }))],
      { calls: ['call_0_1', 'call_0_1_2'], results: ['call_0_1_2', 'call_0_1'] },
    ],
    ['a result of nothing', [user(result('f'))], { calls: [], results: ['call_0_0_result'] }],
    [
      'an empty id is none',
      [model(call('f', { id: '' })), user(result('f', { id: '' }))],
      { calls: ['call_0_0'], results: ['call_0_0'] },
    ],
  ])('%s', (_, contents, expected) => {
    expect(ids(input(...contents))).toEqual(expected)
  })

  test('calls have ids of their own, and every answered call its own result, however long the conversation', () => {
    const turn = fc.array(fc.constantFrom('f', 'g', 'h'), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(fc.array(turn, { minLength: 1, maxLength: 8 }), fc.boolean(), (turns, answered) => {
        const contents = turns.flatMap((names) => [
          model(...names.map((name) => call(name))),
          user(...names.map((name) => result(name)), ...(answered ? [] : [{ text: 'x' }])),
        ])
        const { calls, results } = ids(input(...contents))
        expect(new Set(calls).size).toBe(calls.length)
        expect([...results].sort()).toEqual([...calls].sort())
        // A longer conversation gives the earlier calls the same ids: prompt caches hold.
        expect(ids(input(...contents, model(call('f')), user(result('f')))).calls.slice(0, -1)).toEqual(calls)
      }),
    )
  })
})

describe('thoughts and signatures', () => {
  const mine = (...items: object[]) => carryAsBase64('openai-responses', { items })
  const sealed = (id: string, text: string) => ({
    id,
    summary: [{ type: 'summary_text', text }],
    encrypted_content: `E${id}`,
  })
  const rs = (id: string, text: string) => ({ type: 'reasoning', ...sealed(id, text) })

  test('thoughts in plain words are thoughts without state', () => {
    expect(input(model({ text: 'plan', thought: true }, { text: 'a' }))).toEqual([
      { type: 'reasoning', summary: [{ type: 'summary_text', text: 'plan' }] },
      said('a'),
    ])
  })

  test.each(['skip_thought_signature_validator', 'context_engineering_is_the_way_to_go'])(
    '%s says nothing',
    (filler) => {
      for (const thoughtSignature of [filler, btoa(filler)]) {
        expect(decode([model({ ...call('f', { id: 'c' }), thoughtSignature })])).toEqual({
          input: [{ type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' }],
          notes: [],
        })
      }
    },
  )

  test("Gemini's own signatures stay on what they stood on", () => {
    const thoughtSignature = 'RXZpZA=='
    expect(
      input(
        model(
          { text: 'a', thoughtSignature },
          { text: '', thoughtSignature },
          { ...call('f', { id: 'c' }), thoughtSignature },
        ),
      ),
    ).toEqual([
      { type: 'reasoning', summary: [], extra: { gemini: { thoughtSignature, on: 'text' } } },
      said('a'),
      { type: 'reasoning', summary: [], extra: { gemini: { thoughtSignature, on: 'text' } } },
      { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}', extra: { gemini: { thoughtSignature } } },
    ])
    expect(input(model({ text: 'a', thought: true, thoughtSignature }))).toEqual([
      { type: 'reasoning', summary: [{ type: 'summary_text', text: 'a' }], extra: { gemini: { thoughtSignature } } },
    ])
  })

  test('signatures of this gateway become the thoughts that they carry, and these are not doubled', () => {
    const shown = { text: 'A\n\nB', thought: true }
    const signature = mine(sealed('1', 'A'), sealed('2', 'B'))
    const thoughts = [rs('1', 'A'), rs('2', 'B')]
    expect(input(model(shown, { text: 'a', thoughtSignature: signature }))).toEqual([...thoughts, said('a')])
    expect(input(model({ ...shown, thoughtSignature: signature }, { text: 'a' }))).toEqual([...thoughts, said('a')])
    expect(input(model(shown, { text: '', thoughtSignature: signature }))).toEqual(thoughts)
    const [first, second] = ['c', 'd'].map((id) => ({ ...call('f', { id }), thoughtSignature: signature }))
    expect(input(model(shown, first, second)).map(({ type }) => type)).toEqual([
      'reasoning',
      'reasoning',
      'function_call',
      'function_call',
    ])
  })

  test('a history of one content a chunk is the turn that it was', () => {
    const signature = mine(sealed('1', 'Let me think'))
    expect(
      input(
        user({ text: 'q' }),
        model({ text: 'Let me ', thought: true }),
        model({ text: 'think', thought: true }),
        model({ text: 'Hel', thoughtSignature: signature }),
        model({ text: '' }),
        model({ text: 'lo' }),
        model(call('f', { id: 'c' })),
        model({ text: 'af' }),
        model({ text: 'ter' }, { text: 'two' }),
        model({ text: '' }),
        user({ text: 'r' }),
      ),
    ).toEqual([
      asked('q'),
      rs('1', 'Let me think'),
      said('Hello'),
      { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' },
      {
        type: 'message',
        role: 'assistant',
        content: [
          { type: 'output_text', text: 'after' },
          { type: 'output_text', text: 'two' },
        ],
      },
      asked('r'),
    ])
    expect(
      input(model({ text: 'a', thought: true }), model({ text: 'b', thought: true }), model({ text: 'c' })),
    ).toEqual([{ type: 'reasoning', summary: [{ type: 'summary_text', text: 'ab' }] }, said('c')])
  })

  test('nothing is believed of a signature that no thought would say', () => {
    const thoughtSignature = carryAsBase64('openai-responses', { items: 'x' })
    expect(input(model({ text: 'a', thoughtSignature }))).toEqual([said('a')])
    const strange = {
      id: 7,
      summary: [null, { text: 'x', more: 1 }],
      content: 'x',
      encrypted_content: {},
      extra: { a: 1 },
    }
    expect(input(model({ text: 'a', thoughtSignature: mine(strange) }))).toEqual([
      { type: 'reasoning', summary: [{ type: 'summary_text', text: 'x' }], extra: {} },
      said('a'),
    ])
  })
})
