import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FailureError } from '../../../failure.js'
import type { PivotItem, PivotRequest } from '../../../pivot/index.js'
import { decodeRequest } from './decode-request.js'

function decoded(body: object): PivotRequest {
  const { value, receipt } = decodeRequest(body)
  expect(receipt).toEqual([])
  return value
}
const chat = (...messages: object[]): PivotItem[] => decoded({ model: 'm', messages }).input
const user = (text: string): PivotItem => ({ type: 'message', role: 'user', content: [{ type: 'input_text', text }] })
const call = (name: string, fields: object = {}) => ({ function: { name, arguments: {} }, ...fields })
const asks = (...tool_calls: object[]) => ({ role: 'assistant', content: '', tool_calls })
const result = (content: string, fields: object = {}) => ({ role: 'tool', content, ...fields })
const answers = (items: PivotItem[]) =>
  items.flatMap((item) =>
    item.type === 'function_call_output' ? [[item['call_id' as never], item['output' as never]]] : [],
  )

describe('what a chat says', () => {
  test('everybody speaks', () => {
    expect(
      chat(
        { role: 'system', content: 'be brief' },
        { role: 'USER', content: 'hi' },
        { role: 'assistant', thinking: 'hm', content: 'ho' },
        { role: 'user', content: null },
      ),
    ).toEqual([
      { type: 'message', role: 'developer', content: [{ type: 'input_text', text: 'be brief' }] },
      user('hi'),
      { type: 'reasoning', summary: [], content: [{ type: 'reasoning_text', text: 'hm' }] },
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'ho' }] },
      user(''),
    ])
  })

  test.each([
    ['iVBORw0KGgoAAA==', 'data:image/png;base64,iVBORw0KGgoAAA=='],
    ['/9j/4AAQ', 'data:image/jpeg;base64,/9j/4AAQ'],
    ['R0lGODlh', 'data:image/gif;base64,R0lGODlh'],
    ['UklGRgAA', 'data:image/webp;base64,UklGRgAA'],
    ['UklG\nRgAA\n', 'data:image/webp;base64,UklGRgAA'],
    ['aGVsbG8', 'data:application/octet-stream;base64,aGVsbG8'],
    ['data:image/avif;base64,AAAA', 'data:image/avif;base64,AAAA'],
    ['https://example.com/a.png', 'https://example.com/a.png'],
  ])('the picture %j', (image, image_url) => {
    expect(chat({ role: 'user', content: 'what is it?', images: [image] })).toEqual([
      {
        type: 'message',
        role: 'user',
        content: [
          { type: 'input_text', text: 'what is it?' },
          { type: 'input_image', image_url },
        ],
      },
    ])
  })

  test('a picture of 24 MB is looked at without trouble', () => {
    const image = 'A'.repeat(24_000_000)
    expect(chat({ role: 'user', content: '', images: [image] })).toHaveLength(1)
    expect(() => chat({ role: 'user', content: '', images: [`${image}!!!!`] })).toThrow('expected a picture in base64')
  })

  test('a picture that the assistant showed is one that it made', () => {
    expect(chat({ role: 'assistant', content: 'look', images: ['/9j/4AAQ'] }).at(-1)).toEqual({
      type: 'image_generation_call',
      id: 'ig_0_0',
      status: 'completed',
      result: '/9j/4AAQ',
      output_format: 'jpeg',
    })
  })

  test('arguments are an object, its text, or nothing', () => {
    const [a, b, c] = chat(
      asks(
        { function: { name: 'f', arguments: { a: 1 } } },
        { function: { name: 'f', arguments: '{"a": 1}' } },
        { function: { name: 'f' } },
      ),
    )
    expect([a, b, c]).toMatchObject([{ arguments: '{"a":1}' }, { arguments: '{"a": 1}' }, { arguments: '{}' }])
    const [own] = chat(asks({ function: { name: 'f', arguments: JSON.parse('{"__proto__":{"b":2}}') as object } }))
    expect(own).toMatchObject({ arguments: '{"__proto__":{"b":2}}' })
  })

  test('a result may show a picture', () => {
    expect(chat(asks(call('shot')), result('', { images: ['/9j/4AAQ'] })).at(-1)).toEqual({
      type: 'function_call_output',
      call_id: 'call_1',
      output: [{ type: 'input_image', image_url: 'data:image/jpeg;base64,/9j/4AAQ' }],
    })
  })

  test('unknown fields of a message stay with it', () => {
    expect(chat({ role: 'user', content: 'hi', mood: 'good' })[0]).toMatchObject({
      extra: { ollama: { mood: 'good' } },
    })
  })
})

describe('which call a result answers', () => {
  test.each<[string, object[], [string, string][]]>([
    [
      'the one it names',
      [
        asks(call('f', { id: 'a' }), call('f', { id: 'b' })),
        result('2', { tool_call_id: 'b' }),
        result('1', { tool_call_id: 'a' }),
      ],
      [
        ['b', '2'],
        ['a', '1'],
      ],
    ],
    [
      'the one of its tool',
      [asks(call('f'), call('g')), result('2', { tool_name: 'g' }), result('1', { tool_name: 'f' })],
      [
        ['call_1_2', '2'],
        ['call_1', '1'],
      ],
    ],
    [
      'one of its tool, in order',
      [asks(call('f'), call('f')), result('1', { tool_name: 'f' }), result('2', { tool_name: 'f' })],
      [
        ['call_1', '1'],
        ['call_1_2', '2'],
      ],
    ],
    ['`name` is a name too', [asks(call('f'), call('g')), result('2', { name: 'g' })], [['call_1_2', '2']]],
    [
      'the first that waits',
      [asks(call('f'), call('g')), result('1'), result('2')],
      [
        ['call_1', '1'],
        ['call_1_2', '2'],
      ],
    ],
    [
      'an id that nobody made, by its tool',
      [asks(call('f'), call('g')), result('2', { tool_call_id: 'x', tool_name: 'g' })],
      [['call_1_2', '2']],
    ],
    ['a name that nobody has, in order', [asks(call('f')), result('1', { tool_name: 'other' })], [['call_1', '1']]],
    [
      'calls in messages of their own are one turn',
      [asks(call('f')), asks(call('g')), result('1'), result('2')],
      [
        ['call_1', '1'],
        ['call_1_2', '2'],
      ],
    ],
    [
      'the latest turn first',
      [asks(call('f')), { role: 'user', content: 'never mind' }, asks(call('f')), result('2')],
      [['call_2', '2']],
    ],
    [
      'an id that every turn repeats',
      [
        asks(call('f', { id: 'call_0' })),
        result('1', { tool_call_id: 'call_0' }),
        asks(call('f', { id: 'call_0' })),
        result('2', { tool_call_id: 'call_0' }),
      ],
      [
        ['call_0', '1'],
        ['call_0_2', '2'],
      ],
    ],
    [
      'told twice',
      [asks(call('f', { id: 'a' })), result('1', { tool_call_id: 'a' }), result('2', { tool_call_id: 'a' })],
      [
        ['a', '1'],
        ['a', '2'],
      ],
    ],
    [
      'none: it gets an id of its own',
      [result('1', { tool_name: 'f' }), result('2', { tool_name: 'f' }), result('3')],
      [
        ['call_f', '1'],
        ['call_f_2', '2'],
        ['call_0', '3'],
      ],
    ],
    [
      'an id like one of ours',
      [asks(call('f')), result('1'), asks(call('f', { id: 'call_1' })), result('2', { tool_call_id: 'call_1' })],
      [
        ['call_1', '1'],
        ['call_1_2', '2'],
      ],
    ],
  ])('%s', (_, messages, expected) => {
    expect(answers(chat(...messages))).toEqual(expected)
  })

  const turns = fc.array(
    fc.oneof(
      fc.record({
        role: fc.constant('assistant'),
        tool_calls: fc.array(
          fc.record({
            id: fc.constantFrom(undefined, 'a', 'call_1', 'call_1_2'),
            function: fc.record({ name: fc.constantFrom('f', 'g') }),
          }),
          { maxLength: 4 },
        ),
      }),
      fc.record({
        role: fc.constant('tool'),
        content: fc.string(),
        tool_name: fc.constantFrom(undefined, 'f', 'h'),
        tool_call_id: fc.constantFrom(undefined, 'a', 'call_1', 'z'),
      }),
      fc.constant({ role: 'user', content: 'x' }),
    ),
    { maxLength: 12 },
  )
  test('every call has an id of its own, and keeps it while the conversation grows', () => {
    fc.assert(
      fc.property(turns, fc.nat(12), (messages, cut) => {
        const whole = chat(...messages)
        const ids = whole.flatMap((item) => (item.type === 'function_call' ? [item['call_id' as never]] : []))
        expect(new Set(ids).size).toBe(ids.length)
        const before = chat(...messages.slice(0, cut))
        expect(whole.slice(0, before.length)).toEqual(before)
      }),
    )
  })

  test('a hundred thousand calls and results of one name take no time to speak of', () => {
    const same = { function: { name: 'f' }, id: 'a' }
    const items = chat(
      asks(...Array.from({ length: 100_000 }, () => same)),
      ...Array.from({ length: 100_000 }, () => result('', { tool_name: 'f' })),
    )
    expect(new Set(answers(items).map(([id]) => id)).size).toBe(100_000)
  })
})

describe('what a request wants', () => {
  const CHAT = { model: 'm', messages: [{ role: 'user', content: 'hi' }] }

  test('streamed unless it says otherwise', () => {
    expect(
      [{}, { stream: true }, { stream: false }, { stream: null }].map((more) => decoded({ ...CHAT, ...more }).stream),
    ).toEqual([true, true, false, true])
  })

  test.each<[unknown, unknown]>([
    [undefined, undefined],
    [null, undefined],
    [true, { summary: 'auto' }],
    [false, { effort: 'none' }],
    ['none', { effort: 'none' }],
    ['low', { effort: 'low', summary: 'auto' }],
    ['xhigh', { effort: 'xhigh', summary: 'auto' }],
    ['max', { effort: 'max', summary: 'auto' }],
  ])('think %j', (think, reasoning) => {
    expect(decoded({ ...CHAT, think }).reasoning).toEqual(reasoning)
  })

  test.each<[unknown, unknown]>([
    [null, undefined],
    ['', undefined],
    ['json', { format: { type: 'json_object' } }],
    [
      { type: 'object' },
      { format: { type: 'json_schema', name: 'response', schema: { type: 'object' }, strict: true } },
    ],
  ])('format %j', (format, text) => {
    expect(decoded({ ...CHAT, format }).text).toEqual(text)
  })

  test('JSON mode is asked for in words besides, behind those of the system and marked as ours', () => {
    expect(
      decoded({ ...CHAT, messages: [{ role: 'system', content: 'be brief' }, ...CHAT.messages], format: 'json' }).input,
    ).toEqual([
      { type: 'message', role: 'developer', content: [{ type: 'input_text', text: 'be brief' }] },
      {
        type: 'message',
        role: 'developer',
        content: [{ type: 'input_text', text: 'Answer in JSON.' }],
        extra: { ollama: { implied: true } },
      },
      user('hi'),
    ])
    expect(decoded({ model: 'm', messages: [], format: 'json' }).input).toEqual([])
  })

  test('options', () => {
    const options = {
      temperature: 0,
      top_p: 0.5,
      num_predict: 9,
      stop: 'a',
      seed: 7,
      top_k: 4,
      min_p: 0.1,
      repeat_penalty: 1.1,
      presence_penalty: 1,
      frequency_penalty: 2,
      num_ctx: 8192,
      mirostat: 1,
      unknown: null,
    }
    expect(decoded({ ...CHAT, options })).toMatchObject({
      temperature: 0,
      top_p: 0.5,
      max_output_tokens: 9,
      extra: {
        sampling: {
          stop: ['a'],
          seed: 7,
          top_k: 4,
          min_p: 0.1,
          repeat_penalty: 1.1,
          presence_penalty: 1,
          frequency_penalty: 2,
        },
        ollama: { options: { num_ctx: 8192, mirostat: 1 } },
      },
    })
  })

  test.each([-1, -2, 0, null])('num_predict %j is no limit', (num_predict) => {
    const { max_output_tokens, extra } = decoded({ ...CHAT, options: { num_predict } })
    expect([max_output_tokens, extra]).toEqual([undefined, { ollama: {} }])
  })

  test('what says nothing leaves nothing', () => {
    expect(
      decoded({ ...CHAT, options: { seed: -1, stop: '' }, tools: [], think: null, keep_alive: null }).extra,
    ).toEqual({ ollama: {} })
    expect(decoded({ ...CHAT, tools: [] })).not.toHaveProperty('tools')
  })

  test('tools', () => {
    const tool = {
      type: 'function',
      function: {
        name: 'f',
        description: 'd',
        parameters: { type: 'object', properties: { a: { type: ['string', 'null'] } } },
      },
    }
    expect(decoded({ ...CHAT, tools: [tool] }).tools).toEqual([{ type: 'function', strict: false, ...tool.function }])
  })

  test('the rest is kept for Ollama', () => {
    expect(
      decoded({ ...CHAT, keep_alive: '5m', truncate: false, logprobs: true, top_logprobs: 2, brand_new: 1 }).extra,
    ).toEqual({
      ollama: { keep_alive: '5m', truncate: false, logprobs: true, top_logprobs: 2, brand_new: 1 },
    })
    const odd = decoded(JSON.parse('{"model":"m","messages":[],"__proto__":{"a":1}}') as object)
    expect(Object.keys(odd.extra?.['ollama'] ?? {})).toEqual(['__proto__'])
    expect(Object.getPrototypeOf(odd.extra?.['ollama'])).toBe(Object.prototype)
  })
})

describe('generate', () => {
  test('a prompt', () => {
    expect(
      decoded({
        model: 'm',
        prompt: 'hi',
        system: 'be brief',
        images: ['/9j/4AAQ'],
        suffix: 's',
        raw: true,
        template: 't',
        context: [1],
      }),
    ).toEqual({
      model: 'm',
      instructions: 'be brief',
      input: [
        {
          type: 'message',
          role: 'user',
          content: [
            { type: 'input_text', text: 'hi' },
            { type: 'input_image', image_url: 'data:image/jpeg;base64,/9j/4AAQ' },
          ],
        },
      ],
      stream: true,
      extra: { ollama: { suffix: 's', raw: true, template: 't', context: [1] }, 'ollama-reply': { form: 'generate' } },
    })
  })

  test.each([
    { model: 'm' },
    { model: 'm', messages: [] },
    { model: 'm', messages: null, keep_alive: 0 },
    { model: 'm', prompt: '' },
  ])('%j only loads the model', (body) => {
    expect(decoded(body).input).toEqual([])
  })
})

test('any JSON is read or refused with a place', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.jsonValue(),
        fc.dictionary(
          fc.constantFrom('model', 'messages', 'prompt', 'tools', 'options', 'think', 'format', 'images', 'x'),
          fc.jsonValue(),
        ),
      ),
      (body) => {
        try {
          decodeRequest(body)
        } catch (error) {
          expect(error).toBeInstanceOf(FailureError)
        }
      },
    ),
    { numRuns: 500 },
  )
})
