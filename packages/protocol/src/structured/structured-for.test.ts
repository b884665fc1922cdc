import { describe, expect, test } from 'vitest'
import { deltaText, escapeText, type PivotEvent, type PivotItem, type PivotRequest } from '../pivot/index.js'
import { responseReducer } from '../pivot/index.js'
import { structuredFor } from './index.js'

type Json = Record<string, unknown>

const tuple = { type: 'array', prefixItems: [{ type: 'number' }, { type: 'string' }], items: false, minItems: 2 }
const schema = { type: 'object', properties: { p: tuple }, required: ['p'], additionalProperties: false }
const plain = { type: 'object', properties: { p: { type: 'string' } }, required: ['p'], additionalProperties: false }
const PAIR = '{"p":{"0":1,"1":"é\\n\\"😀"}}'
const BACK = '{"p":[1,"é\\n\\"😀"]}'

function asking(fields: Partial<PivotRequest>): PivotRequest {
  return { model: 'm', input: [{ type: 'message', role: 'user', content: 'hi' }], ...fields }
}
function format(fields: Json): PivotRequest {
  return asking({
    text: { verbosity: 'low', format: { type: 'json_schema', name: 'n', schema, strict: true, ...fields } },
  })
}
function tool(fields: Json): PivotRequest {
  return asking({ tools: [{ type: 'function', name: 'f', parameters: schema, strict: true, ...fields }] })
}

describe('what passes as it is', () => {
  test.each<[string, PivotRequest, 'codex' | 'openai' | 'compatible']>([
    ['a request without schemas', asking({}), 'codex'],
    ['plain text', asking({ text: { format: { type: 'text' } } }), 'codex'],
    ['a strict schema that is one', format({ schema: plain }), 'codex'],
    ['a schema that is not enforced', format({ strict: false }), 'codex'],
    ['a schema without a word', format({ strict: null }), 'openai'],
    ['a tool that is not strict', tool({ strict: false }), 'codex'],
    ['a tool without a word', tool({ strict: undefined }), 'codex'],
    ['a tool of another kind', asking({ tools: [{ type: 'web_search' }] }), 'codex'],
    ['whatever goes to a compatible server', format({}), 'compatible'],
  ])('%s', (_, request, rules) => {
    const result = structuredFor(request, rules)
    expect(result.request).toBe(request)
    expect(result).toEqual({ request, notes: [] })
  })
})

describe('what is changed', () => {
  test('a strict format, and nothing else of the text options', () => {
    const request = format({})
    const { request: made, restore, notes } = structuredFor(request, 'codex')
    expect(made.text).toMatchObject({
      verbosity: 'low',
      format: { strict: true, schema: { properties: { p: { type: 'object', required: ['0', '1'] } } } },
    })
    expect(restore).toBeDefined()
    expect(notes).toEqual([])
    expect(request.text?.format).toMatchObject({ schema })
  })

  test('a root that OpenAI refuses even when it is not enforced', () => {
    const { request, restore } = structuredFor(
      format({ schema: { type: 'array', items: { type: 'string' } }, strict: false }),
      'codex',
    )
    expect(request.text?.format).toMatchObject({ strict: true, schema: { properties: { value: { type: 'array' } } } })
    expect(restore).toBeDefined()
  })

  test.each([
    ['my schema!', 'my_schema_'],
    ['x'.repeat(70), 'x'.repeat(64)],
  ])("the name '%s'", (name, expected) => {
    const { request, restore } = structuredFor(format({ name, schema: plain }), 'codex')
    expect(request.text?.format).toMatchObject({ name: expected, schema: plain })
    expect(restore).toBeUndefined()
  })

  test('a schema without a strict form is asked for', () => {
    const { request, restore, notes } = structuredFor(
      format({ schema: { ...schema, properties: { p: false } } }),
      'codex',
    )
    expect(request.text?.format).toMatchObject({ strict: false })
    expect(restore).toBeUndefined()
    expect(notes).toMatchObject([{ pointer: '/text/format/schema/properties/p', what: 'approximated' }])
  })

  test('strict tools, those of a namespace too, and their earlier calls', () => {
    const call = (more: Json): PivotItem => ({
      type: 'function_call',
      call_id: 'c',
      name: 'f',
      arguments: '{"p":[1,"x"]}',
      ...more,
    })
    const inner = { type: 'function', name: 'f', parameters: schema, strict: true }
    const request = asking({
      tools: [
        { type: 'namespace', name: 'n', tools: [inner] },
        { type: 'function', name: 'g', parameters: plain, strict: true },
      ],
      input: [call({ namespace: 'n' }), call({}), call({ namespace: 'n', arguments: 'broken' })],
    })
    const { request: made } = structuredFor(request, 'codex')
    expect(made.tools?.[0]).toMatchObject({ tools: [{ parameters: { properties: { p: { type: 'object' } } } }] })
    expect(made.tools?.[1]).toBe(request.tools?.[1])
    expect(made.input.map((item) => (item as { arguments?: string }).arguments)).toEqual([
      '{"p":{"0":1,"1":"x"}}',
      '{"p":[1,"x"]}',
      'broken',
    ])
  })
})

describe('a reply is turned back', () => {
  const message = (text: string, status = 'completed'): PivotItem => ({
    type: 'message',
    id: 'msg',
    role: 'assistant',
    status,
    content: text === '' ? [] : [{ type: 'output_text', text, annotations: [] }],
  })
  const at = { item_id: 'msg', output_index: 0, content_index: 0 }
  const pieces = PAIR.match(/[^]{1,3}/gu) ?? []

  const stream: PivotEvent[] = [
    { type: 'response.created', response: { id: 'r', output: [] }, frame: 'x' },
    { type: 'other', name: '', frame: ': comment\n\n' },
    { type: 'response.output_item.added', output_index: 0, item: message('', 'in_progress') },
    { type: 'response.content_part.added', ...at, part: { type: 'output_text', text: '' } },
    ...pieces.map((piece): PivotEvent => ({
      type: 'response.output_text.delta',
      ...at,
      escaped: escapeText(piece),
      logprobs: [1],
      frame: 'x',
    })),
    { type: 'response.output_text.done', ...at, text: PAIR },
    { type: 'response.content_part.done', ...at, part: { type: 'output_text', text: PAIR } },
    { type: 'response.output_item.done', output_index: 0, item: message(PAIR) },
    { type: 'response.completed', response: { id: 'r', output: [message(PAIR)] }, frame: 'x' },
  ]

  test('deltas, whole texts, parts, items and the response', () => {
    const restore = structuredFor(format({}), 'codex').restore
    const events = stream.flatMap((event) => restore?.([event]) ?? [])
    const deltas = events.flatMap((event) => (event.type === 'response.output_text.delta' ? [event] : []))
    expect(deltas.length).toBeGreaterThan(3)
    expect(deltas.every((event) => event.logprobs === undefined)).toBe(true)
    expect(deltaText({ escaped: deltas.map((event) => event.escaped).join('') })).toBe(BACK)
    expect(events.every((event) => event.frame === undefined)).toBe(true)
    expect(events).toContainEqual({ type: 'response.output_text.done', ...at, text: BACK })
    expect(events).toContainEqual({
      type: 'response.content_part.done',
      ...at,
      part: { type: 'output_text', text: BACK },
    })
    expect(events).toContainEqual({ type: 'response.output_item.done', output_index: 0, item: message(BACK) })
    expect(events.at(-1)).toEqual({ type: 'response.completed', response: { id: 'r', output: [message(BACK)] } })
  })

  test('a lean upstream that tells only deltas and the end', () => {
    const restore = structuredFor(format({}), 'codex').restore
    const reducer = responseReducer()
    const lean = stream.filter(({ type }) => type.endsWith('.delta') || type === 'response.completed')
    reducer.push(
      restore?.(
        lean.map((event) =>
          event.type === 'response.completed' ? { ...event, response: { id: 'r', output: [] } } : event,
        ),
      ) ?? [],
    )
    expect(reducer.response().output).toMatchObject([{ content: [{ text: BACK }] }])
  })

  test('arguments of strict tools, by their name; other calls and texts stay', () => {
    const restore = structuredFor(tool({}), 'codex').restore
    const call = (name: string, args: string): PivotItem => ({
      type: 'function_call',
      id: 'fc',
      call_id: 'c',
      name,
      arguments: args,
    })
    const told = (index: number, name: string): PivotEvent[] => [
      { type: 'response.output_item.added', output_index: index, item: call(name, '') },
      ...pieces.map((piece): PivotEvent => ({
        type: 'response.function_call_arguments.delta',
        item_id: 'fc',
        output_index: index,
        escaped: escapeText(piece),
      })),
      { type: 'response.function_call_arguments.done', item_id: 'fc', output_index: index, arguments: PAIR },
      { type: 'response.output_item.done', output_index: index, item: call(name, PAIR) },
    ]
    const events = restore?.([...told(0, 'f'), ...told(1, 'g'), ...stream]) ?? []
    const args = (index: number): string =>
      deltaText({
        escaped: events
          .map((event) =>
            event.type === 'response.function_call_arguments.delta' && event.output_index === index
              ? event.escaped
              : '',
          )
          .join(''),
      })
    expect([args(0), args(1)]).toEqual([BACK, PAIR])
    expect(events).toContainEqual({ type: 'response.output_item.done', output_index: 0, item: call('f', BACK) })
    expect(events).toContainEqual({ type: 'response.output_item.done', output_index: 1, item: call('g', PAIR) })
    expect(events).toContainEqual({ type: 'response.output_text.done', ...at, text: PAIR })
  })
})
