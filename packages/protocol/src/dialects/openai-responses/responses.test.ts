import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { responseReducer, type PivotEvent, type PivotItem, type ReplyMeta } from '../../index.js'
import { openaiResponses } from './index.js'

const shared = new URL('../../../../../../shared/fixtures/', import.meta.url)
const here = existsSync(shared)
const about: ReplyMeta = {
  requestId: 'req_1',
  model: 'gpt-5.5',
  createdAt: 1_700_000_000,
  request: { model: 'gpt-5.5', input: [] },
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const sse = (lines: readonly string[]): string =>
  lines.map((line) => `event: ${(JSON.parse(line) as { type: string }).type}\ndata: ${line}\n\n`).join('')

function decode(text: string, keepFrames = false, step = Infinity): PivotEvent[] {
  const decoder = openaiResponses.call.streamDecoder({ keepFrames })
  const all = bytes(text)
  const events: PivotEvent[] = []
  for (let at = 0; at < all.length; at += step) events.push(...decoder.push(all.slice(at, at + step)))
  return [...events, ...decoder.end()]
}
const encode = (events: readonly PivotEvent[], meta = about): string => {
  const encoder = openaiResponses.serve.streamEncoder(meta)
  return events.map((event) => encoder.push([event])).join('')
}
const reduced = (events: readonly PivotEvent[]) => {
  const reducer = responseReducer()
  reducer.push(events)
  return reducer.response()
}
const jsonOf = (text: string): Record<string, unknown>[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('data: {'))
    .map((line) => JSON.parse(line.slice(6)) as Record<string, unknown>)

/** What an item says, aside from ids and from what is sealed anew each time it is told. */
const content = (items: readonly PivotItem[]) =>
  items.map((item) => ({
    ...item,
    id: undefined,
    status: undefined,
    extra: undefined,
    encrypted_content: undefined,
    fingerprint: undefined,
  }))

interface Recording {
  name: string
  lines: string[]
}
/** Every recorded response; some files hold several turns. */
function recordings(): Recording[] {
  return ['openai-responses', 'xai-responses', 'open-responses-responses'].flatMap((folder) =>
    readdirSync(new URL(`recorded/${folder}/`, shared))
      .filter((name) => name.endsWith('.chunks.txt'))
      .flatMap((name) => {
        const turns: string[][] = []
        for (const line of readFileSync(new URL(`recorded/${folder}/${name}`, shared), 'utf8').split('\n')) {
          if (line.includes('"type":"response.created"')) turns.push([])
          if (line.trim() !== '') turns.at(-1)?.push(line)
        }
        return turns.map((lines, turn) => ({ name: `${folder}/${name} turn ${turn + 1}`, lines }))
      }),
  )
}

describe.skipIf(!here)('recorded streams', () => {
  const all = here ? recordings() : []

  test.each(all)('$name: any split gives the same events', ({ lines }) => {
    const text = sse(lines)
    const whole = decode(text)
    expect(decode(text, false, 1)).toEqual(whole)
    expect(decode(text, false, 97)).toEqual(whole)
  })

  test.each(all)('$name: the kept frames are the stream, byte for byte', ({ lines }) => {
    const text = sse(lines)
    expect(
      decode(text, true, 97)
        .map(({ frame }) => frame ?? '')
        .join(''),
    ).toBe(text)
  })

  test.each(all)('$name: the items are those of the recorded end', ({ lines }) => {
    const end = lines
      .map((line) => JSON.parse(line) as { type: string; response?: { output: PivotItem[]; usage: unknown } })
      .findLast(({ type }) => type === 'response.completed')
    const response = reduced(decode(sse(lines)))
    if (end?.response === undefined) return expect(response.status).toBe('failed')
    expect(content(response.output)).toEqual(content(end.response.output))
    expect(response.usage).toEqual(end.response.usage)
    expect(response.status).toBe('completed')
  })

  test.each(all)('$name: an end without output is filled, nothing else of the relayed stream changes', ({ lines }) => {
    const emptied = lines.map((line) => {
      const event = JSON.parse(line) as { type: string; response?: Record<string, unknown> }
      return event.type === 'response.completed'
        ? JSON.stringify({ ...event, response: { ...event.response, output: [] } })
        : line
    })
    const out = jsonOf(encode(decode(sse(emptied), true)))
    const original = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(out.map(({ type }) => type)).toEqual(original.map(({ type }) => type))
    out.forEach((event, at) => {
      if (!('response' in event)) expect(event).toEqual(original[at])
      else expect(event['response']).toMatchObject(withoutUsage(original[at]?.['response']))
    })
  })

  test.each(all)('$name: told anew for another dialect it is a legal stream with the same content', ({ lines }) => {
    const before = reduced(decode(sse(lines)))
    const out = encode(decode(sse(lines)))
    const after = reduced(decode(out))
    expect(after.status).toBe(before.status)
    expect(content(after.output).map(known)).toEqual(content(before.output).map(known))
    expectLegal(jsonOf(out))
  })
})

/** Aside from what is completed: a null gives way where the schema has no place for it. */
function withoutUsage(response: unknown): Record<string, unknown> {
  const { usage: _, output: __, tools: ___, reasoning: ____, ...rest } = response as Record<string, unknown>
  return Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null))
}
/** Output text gets its empty lists when it is told anew. */
function known(item: object): unknown {
  return JSON.parse(JSON.stringify(item), (_, value: unknown) => {
    if (typeof value === 'object' && value !== null && 'type' in value && value.type === 'output_text') {
      return { annotations: [], ...value, logprobs: undefined }
    }
    return value
  })
}

/** Order and completeness of the ladder. Source: Open Responses, streaming. */
function expectLegal(events: readonly Record<string, unknown>[]): void {
  expect(events.map((event) => event['sequence_number'])).toEqual(events.map((_, at) => at))
  expect(events[0]?.['type']).toBe('response.created')
  expect(String(events.at(-1)?.['type'])).toMatch(/^response\.(completed|incomplete|failed)$/)
  const open = new Map<unknown, unknown>()
  const done = new Set<unknown>()
  for (const event of events) {
    const at = event['output_index']
    switch (event['type']) {
      case 'response.output_item.added':
        expect(open.has(at)).toBe(false)
        open.set(at, (event['item'] as { id: string }).id)
        break
      case 'response.output_item.done':
        expect(open.get(at)).toBe((event['item'] as { id: string }).id)
        done.add(at)
        break
      default:
        if (at === undefined || event['item_id'] === undefined) break
        expect(open.has(at), `${String(event['type'])} before its item`).toBe(true)
        expect(done.has(at), `${String(event['type'])} after its item`).toBe(false)
    }
  }
  expect(done.size).toBe(open.size)
}

describe.skipIf(!here)('the Open Responses schema', () => {
  const document = here
    ? (JSON.parse(readFileSync(new URL('open-responses.openapi.json', shared), 'utf8')) as {
        components: { schemas: Record<string, Schema> }
      })
    : { components: { schemas: {} } }
  interface Schema {
    properties?: { type?: { enum?: string[] } }
  }
  const ajv = new Ajv2020({ strict: false, discriminator: false, validateFormats: false })
  ajv.addSchema(document, 'doc')
  const byType = new Map(
    Object.entries(document.components.schemas)
      .filter(([name]) => name.endsWith('StreamingEvent'))
      .map(([name, schema]) => [schema.properties?.type?.enum?.[0] ?? '', name]),
  )
  const validate = (name: string, value: unknown): void => {
    const check = ajv.getSchema(`doc#/components/schemas/${name}`)
    expect(check, name).toBeDefined()
    expect(check?.(value), `${name}: ${ajv.errorsText(check?.errors)}\n${JSON.stringify(value).slice(0, 800)}`).toBe(
      true,
    )
  }

  /** What a lean foreign upstream tells: no ladder, no ids. */
  const lean: [string, PivotEvent[]][] = [
    [
      'text in deltas alone',
      [
        { type: 'response.output_text.delta', item_id: '', output_index: 0, content_index: 0, escaped: 'hel' },
        { type: 'response.output_text.delta', item_id: '', output_index: 0, content_index: 0, escaped: 'lo \\"you\\"' },
        {
          type: 'response.completed',
          response: { id: 'r', output: [], usage: { input_tokens: 1, output_tokens: 2, total_tokens: 3 } },
        },
      ],
    ],
    [
      'a finished message alone',
      [
        {
          type: 'response.output_item.done',
          output_index: 0,
          item: { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'hello' }] },
        },
        { type: 'response.completed', response: { id: 'r', output: [] } },
      ],
    ],
    [
      'reasoning, a call, a refusal',
      [
        {
          type: 'response.output_item.done',
          output_index: 0,
          item: { type: 'reasoning', summary: [{ type: 'summary_text', text: 'well' }] },
        },
        { type: 'response.function_call_arguments.delta', item_id: 'f', output_index: 1, escaped: '{\\"a\\":1}' },
        {
          type: 'response.output_item.done',
          output_index: 1,
          item: { type: 'function_call', call_id: 'c', name: 'n', arguments: '{"a":1}' },
        },
        { type: 'response.refusal.delta', item_id: 'm', output_index: 2, content_index: 0, escaped: 'no' },
        {
          type: 'response.incomplete',
          response: { id: 'r', output: [], incomplete_details: { reason: 'content_filter' } },
        },
      ],
    ],
    ['nothing at all', [{ type: 'response.completed', response: { id: 'r', output: [] } }]],
    ['an error', [{ type: 'error', code: 'server_error', message: 'sorry' }]],
    ['a failure', [{ type: 'response.failed', response: { id: 'r', output: [], error: { code: 'x', message: 'y' } } }]],
  ]

  test.each(lean)('%s becomes a legal and valid stream', (_, events) => {
    const out = jsonOf(encode(events))
    expectLegal(out)
    for (const event of out) validate(byType.get(String(event['type'])) ?? String(event['type']), event)
  })

  test.each(lean)('%s becomes a valid whole response', (_, events) => {
    validate('ResponseResource', openaiResponses.serve.encodeResponse(reduced(events), about))
  })

  /** The schema knows few items and tools; what has others in it cannot be judged by it. */
  const known = new Set(['message', 'function_call', 'function_call_output', 'reasoning', 'function'])
  const judged = (event: Record<string, unknown>): boolean => {
    const response = event['response'] as { output: unknown[]; tools: unknown[] } | undefined
    const parts = [event['item'], ...(response === undefined ? [] : [...response.output, ...response.tools])]
    return (
      byType.has(String(event['type'])) &&
      parts.every((part) => part === undefined || known.has((part as { type: string }).type)) &&
      // Citations of other providers have fewer fields than the schema demands; nothing is made up for them.
      !/"type":"(?:url|file)_citation"/.test(JSON.stringify(event))
    )
  }

  test('every recording told anew is valid', () => {
    const events = recordings()
      .flatMap(({ lines }) => jsonOf(encode(decode(sse(lines)))))
      .filter(judged)
    expect(events.length).toBeGreaterThan(2000)
    for (const event of events) validate(byType.get(String(event['type'])) ?? '', event)
  })

  test('a failure told by the gateway is valid, before and after the first event', () => {
    const failure = {
      kind: 'overloaded',
      scope: 'provider',
      phase: 'committed',
      retry: 'never',
      message: 'sorry',
    } as const
    const fresh = openaiResponses.serve.streamEncoder(about)
    const first = jsonOf(fresh.fail(failure))
    expectLegal(first)
    first.forEach((event) => validate(byType.get(String(event['type'])) ?? '', event))

    const relayed = openaiResponses.serve.streamEncoder(about)
    const started = jsonOf(
      relayed.push(decode(sse(['{"type":"response.created","sequence_number":7,"response":{"id":"resp_9"}}']), true)),
    )
    const last = jsonOf(relayed.fail(failure))
    expect(started[0]).toMatchObject({ sequence_number: 7 })
    expect(last[0]).toMatchObject({
      sequence_number: 8,
      type: 'response.failed',
      response: { id: 'resp_9', error: { code: 'server_is_overloaded' } },
    })
    ;[...started, ...last].forEach((event) => validate(byType.get(String(event['type'])) ?? '', event))
  })
})
