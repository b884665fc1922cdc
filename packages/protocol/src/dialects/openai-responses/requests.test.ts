import { existsSync, readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FailureError, type PivotRequest } from '../../index.js'
import { openaiResponses } from './index.js'

const shared = new URL('../../../../../../shared/fixtures/clients/', import.meta.url)
const here = existsSync(shared)
const decode = (body: unknown): PivotRequest => openaiResponses.serve.decodeRequest(body, { headers: {} }).value
const toCodex = (body: unknown) => openaiResponses.call.encodeRequest(decode(body), { model: 'up', rules: 'codex' })
const user = (content: unknown) => ({ type: 'message', role: 'user', content })
const base = { model: 'gpt-5.5', input: 'hi' }

describe.skipIf(!here)('recorded requests of Codex', () => {
  const bodies = here
    ? readdirSync(shared)
        .filter((name) => name.startsWith('codex-'))
        .flatMap((name) =>
          bodiesOf(JSON.parse(readFileSync(new URL(name, shared), 'utf8'))).map((body, at) => ({ name, at, body })),
        )
    : []

  test('there are some', () => {
    expect(bodies.length).toBeGreaterThan(5)
  })

  test.each(bodies)('$name ($at) reaches the backend with nothing lost', ({ body }) => {
    const before = structuredClone(body)
    const { value, receipt } = toCodex(body)
    expect(body).toEqual(before)
    const { previous_response_id: _, ...rest } = body
    expect(value).toMatchObject({ ...rest, model: 'up', stream: true, store: false })
    expect(Object.keys(value).filter((key) => !(key in rest))).toEqual([])
    expect(receipt.filter(({ pointer }) => pointer !== '/previous_response_id')).toEqual([])
  })
})

function bodiesOf(file: unknown): Record<string, unknown>[] {
  const list = Array.isArray(file) ? (file as unknown[]) : [file]
  return list.flatMap((entry) => {
    const body = (entry as { body?: Record<string, unknown> }).body
    // A turn over WebSocket may go on from the one before; over HTTP it stands alone.
    return body !== undefined &&
      Array.isArray(body['input']) &&
      body['previous_response_id'] === undefined &&
      body['generate'] === undefined
      ? [Object.fromEntries(Object.entries(body).filter(([key]) => key !== 'type'))]
      : []
  })
}

describe('what the Codex backend gets', () => {
  test.each<[string, unknown, unknown]>([
    ['a string is a message', base, [user([{ type: 'input_text', text: 'hi' }])]],
    [
      'an easy message is one',
      { ...base, input: [{ role: 'user', content: 'hi' }] },
      [user([{ type: 'input_text', text: 'hi' }])],
    ],
    [
      'system becomes developer',
      { ...base, input: [{ role: 'system', content: 'be kind' }] },
      [{ type: 'message', role: 'developer', content: [{ type: 'input_text', text: 'be kind' }] }],
    ],
    [
      'what the assistant said is output text',
      {
        ...base,
        input: [
          { role: 'assistant', content: 'hello' },
          { role: 'assistant', content: [{ type: 'input_text', text: 'x' }] },
        ],
      },
      [
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'hello' }] },
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'x' }] },
      ],
    ],
    [
      'a call without a result gets an empty one',
      { ...base, input: [{ type: 'function_call', call_id: 'c', name: 'n', arguments: '{}' }] },
      [
        { type: 'function_call', call_id: 'c', name: 'n', arguments: '{}' },
        { type: 'function_call_output', call_id: 'c', output: '' },
      ],
    ],
    [
      'a result without its call is told by the user',
      { ...base, input: [{ type: 'function_call_output', call_id: 'c', output: '42' }] },
      [
        user([
          { type: 'input_text', text: 'Tool result:' },
          { type: 'input_text', text: '42' },
        ]),
      ],
    ],
    [
      'cache marks inside of parts stay out',
      {
        ...base,
        input: [
          user([{ type: 'input_text', text: 'x', prompt_cache_breakpoint: { mode: 'explicit' } }]),
          { type: 'function_call', call_id: 'c', name: 'n', arguments: '{}' },
          {
            type: 'function_call_output',
            call_id: 'c',
            output: [{ type: 'input_text', text: 'y', prompt_cache_breakpoint: 1 }],
          },
        ],
      },
      [
        user([{ type: 'input_text', text: 'x' }]),
        { type: 'function_call', call_id: 'c', name: 'n', arguments: '{}' },
        { type: 'function_call_output', call_id: 'c', output: [{ type: 'input_text', text: 'y' }] },
      ],
    ],
    [
      'unknown items pass',
      { ...base, input: [{ type: 'compaction_trigger' }, { type: 'brand_new', field: [1] }] },
      [{ type: 'compaction_trigger' }, { type: 'brand_new', field: [1] }],
    ],
  ])('%s', (_, body, input) => {
    expect(toCodex(body).value['input']).toEqual(input)
  })

  test.each([
    'max_output_tokens',
    'max_tokens',
    'temperature',
    'top_p',
    'truncation',
    'user',
    'metadata',
    'context_management',
    'prompt_cache_retention',
    'prompt_cache_options',
    'safety_identifier',
    'stream_options',
    'previous_response_id',
    'max_tool_calls',
  ])('%s stays out, with a note', (field) => {
    const value = {
      metadata: { a: 'b' },
      context_management: { a: 1 },
      prompt_cache_options: { a: 1 },
      stream_options: { include_obfuscation: true },
    }
    const numbers = new Set(['max_output_tokens', 'max_tokens', 'temperature', 'top_p', 'max_tool_calls'])
    const given = field in value ? value[field as keyof typeof value] : numbers.has(field) ? 0.5 : 'x'
    const { value: body, receipt } = toCodex({ ...base, [field]: given })
    expect(body).not.toHaveProperty(field)
    expect(receipt).toMatchObject([{ pointer: `/${field}`, what: 'dropped' }])
  })

  test("an API's defaults stay out in silence", () => {
    const { receipt } = toCodex({
      ...base,
      temperature: 1,
      top_p: 1,
      truncation: 'disabled',
      metadata: {},
      user: null,
      background: false,
    })
    expect(receipt).toEqual([])
  })

  test.each([
    ['fast', 'priority', 0],
    ['priority', 'priority', 0],
    ['flex', 'flex', 0],
    ['auto', undefined, 0],
    ['default', undefined, 0],
    ['scale', undefined, 1],
  ])('service tier %s', (asked, sent, notes) => {
    const { value, receipt } = toCodex({ ...base, service_tier: asked })
    expect(value['service_tier']).toBe(sent)
    expect(receipt).toHaveLength(notes)
  })

  test('what it demands is put in', () => {
    expect(toCodex({ ...base, store: true, stream: false, include: ['x'] }).value).toMatchObject({
      store: false,
      stream: true,
      include: ['x', 'reasoning.encrypted_content'],
      instructions: '',
    })
  })

  test('tools, choices and unknown fields pass', () => {
    const rest = {
      tools: [
        { type: 'namespace', name: 'n', tools: [] },
        { type: 'tool_search', execution: 'client' },
      ],
      tool_choice: 'auto',
      reasoning: { effort: 'ultra', context: 'all_turns' },
      brand_new: { deep: [1, null] },
    }
    expect(toCodex({ ...base, ...rest }).value).toMatchObject(rest)
  })

  test('what is ours stays here', () => {
    const request: PivotRequest = {
      model: 'm',
      input: [
        {
          type: 'message',
          role: 'user',
          content: [{ type: 'input_text', text: 'x', extra: { a: { b: 1 } } }],
          extra: { a: {} },
        },
      ],
      extra: { 'openai-chat': { stop: 'x' } },
    }
    const { value } = openaiResponses.call.encodeRequest(request, { model: 'm', rules: 'openai' })
    expect(JSON.stringify(value)).not.toContain('extra')
    expect(request.extra).toBeDefined()
  })
})

describe("a client's own extra", () => {
  test('is dropped wherever ours could stand, with a note, and nothing of the body is changed', () => {
    const part = { type: 'input_text', text: 'x', extra: 1 }
    const body = {
      model: 'm',
      extra: { 'openai-chat': { stop: 'x' } },
      input: [
        { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'a' }, part], extra: {} },
        { type: 'function_call', call_id: 'c', name: 'n', arguments: '{}' },
        { type: 'function_call_output', call_id: 'c', output: [part] },
        { type: 'brand_new', nested: { extra: 'is theirs' } },
      ],
      tools: [{ type: 'function', name: 'n', parameters: { properties: { extra: {} } }, extra: {} }],
    }
    const before = structuredClone(body)
    const { value, receipt } = openaiResponses.serve.decodeRequest(body, { headers: {} })
    expect(body).toEqual(before)
    expect(receipt.map(({ pointer, what }) => `${what} ${pointer}`).sort()).toEqual([
      'dropped /extra',
      'dropped /input/0/content/1/extra',
      'dropped /input/0/extra',
      'dropped /input/2/output/0/extra',
      'dropped /tools/0/extra',
    ])
    expect(value.input[3]).toBe(body.input[3])
    expect(value.input[0]).toEqual(
      user([
        { type: 'input_text', text: 'a' },
        { type: 'input_text', text: 'x' },
      ]),
    )
    expect(value.tools?.[0]).toEqual({ type: 'function', name: 'n', parameters: { properties: { extra: {} } } })
  })
})

describe('whatever comes', () => {
  test('arbitrary JSON never crashes and never reaches a prototype', () => {
    const before = Object.getOwnPropertyNames(Object.prototype).length
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (value, field) => {
        for (const body of [
          value,
          { input: value, tools: [field] },
          { input: [value], text: field },
          { ...base, [JSON.stringify(field)]: value },
        ]) {
          try {
            toCodex(JSON.parse(JSON.stringify(body)))
          } catch (error) {
            expect(error).toBeInstanceOf(FailureError)
          }
        }
      }),
    )
    decode(JSON.parse('{"input":"x","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'))
    expect(({} as Record<string, unknown>)['polluted']).toBe(undefined)
    expect(Object.getOwnPropertyNames(Object.prototype)).toHaveLength(before)
  })
})
