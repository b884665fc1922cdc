import { existsSync, readdirSync, readFileSync } from 'node:fs'
import Anthropic from '@anthropic-ai/sdk'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ReplyMeta } from '../../../dialect.js'
import { deltaText, isTerminal, responseReducer, type PivotEvent, type PivotResponse } from '../../../pivot/index.js'
import { serve } from '../serve/index.js'
import { decodeResponse } from './decode-response.js'
import { streamDecoder, type MessageStreamOptions } from './stream-decoder.js'

type Json = Record<string, unknown>

const FOLDER = new URL('../../../../../../../shared/fixtures/recorded/anthropic/', import.meta.url)
const here = existsSync(FOLDER)
const names = (end: string) => (here ? readdirSync(FOLDER).filter((name) => name.endsWith(end)) : [])
const streams = names('.chunks.txt')
const wholes = names('.json')

const read = (name: string) => readFileSync(new URL(name, FOLDER), 'utf8')

/** The recording as it went over the wire, with a comment as proxies send them. */
function wire(name: string): string {
  const frames = read(name)
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => `event: ${(JSON.parse(line) as { type: string }).type}\ndata: ${line}\n\n`)
  return `: hello\n\n${frames.join('')}`
}

function eventsOf(bytes: Uint8Array, cuts: readonly number[], options: MessageStreamOptions = {}): PivotEvent[] {
  const decoder = streamDecoder(options)
  const out: PivotEvent[] = []
  let from = 0
  for (const cut of [...cuts, bytes.length]) {
    out.push(...decoder.push(bytes.subarray(from, cut)))
    from = cut
  }
  return [...out, ...decoder.end()]
}

const decoded = (name: string, options: MessageStreamOptions = {}) =>
  eventsOf(new TextEncoder().encode(wire(name)), [], options)

function folded(events: readonly PivotEvent[]): PivotResponse {
  const reducer = responseReducer()
  reducer.push(events)
  expect(reducer.ended).toBe(true)
  return reducer.response()
}

const about: ReplyMeta = {
  requestId: 'r',
  model: 'm',
  createdAt: 1_800_000_000,
  request: { model: 'm', input: [], stream: true },
}

/** What the official client makes of a stream. */
async function heard(stream: string): Promise<Json> {
  const client = new Anthropic({
    apiKey: 'k',
    maxRetries: 0,
    fetch: () => Promise.resolve(new Response(stream, { headers: { 'content-type': 'text/event-stream' } })),
  })
  const messages = [{ role: 'user' as const, content: 'x' }]
  const message = await client.beta.messages.stream({ model: 'm', max_tokens: 9, messages }).finalMessage()
  return JSON.parse(JSON.stringify(message)) as Json
}

/** The differences that a stream has after two translations, each with its reason. */
function meant(message: Json): Json {
  const { id, model, usage, content, parsed_output, ...rest } = message
  void [id, model, parsed_output] // the gateway's own, and the client's
  const { output_tokens_details: details, ...counts } = usage as Json
  // Counts that are left out are zero.
  const counted = { cache_creation_input_tokens: 0, cache_read_input_tokens: 0, ...counts }
  const thinking = (details as Json | undefined)?.['thinking_tokens'] ?? 0
  const blocks = (content as Json[])
    .filter((block) => !(block['type'] === 'text' && block['text'] === '')) // says nothing
    .map(({ citations, parsed, ...block }) => {
      void parsed
      // No list of citations is an empty one.
      return Array.isArray(citations) && citations.length > 0 ? { ...block, citations: citations as unknown[] } : block
    })
  const told = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null && value !== undefined))
  return { ...told, usage: { ...counted, thinking }, content: blocks }
}

describe.skipIf(!here)('every recorded stream', () => {
  test('is there', () => {
    expect(streams.length).toBeGreaterThanOrEqual(17)
    expect(wholes.length).toBeGreaterThanOrEqual(18)
  })

  test.each(streams)('%s: one begin, one end, and the ladder agrees with the whole', (name) => {
    const events = decoded(name)
    expect(events.filter(({ type }) => type === 'response.created')).toHaveLength(1)
    expect(events.filter(isTerminal)).toHaveLength(1)
    expect(events.at(-1)?.type).toMatch(/^response\.(completed|incomplete)$/)
    const end = events.at(-1) as { response: PivotResponse }
    expect(folded(events).output).toEqual(end.response.output)
    const told = new Map<string, string>()
    for (const event of events) {
      if (event.type === 'response.output_text.delta') {
        told.set(event.item_id, (told.get(event.item_id) ?? '') + deltaText(event))
      }
      if (event.type === 'response.output_text.done') expect(told.get(event.item_id)).toBe(event.text)
    }
    for (const item of end.response.output) {
      if (item.type === 'function_call') expect(() => void JSON.parse(String(item['arguments']))).not.toThrow()
    }
    expect(end.response.usage?.output_tokens).toBeGreaterThan(0)
  })

  test.each(streams)('%s: frames joined are the stream, byte for byte', (name) => {
    const events = decoded(name, { keepFrames: true })
    expect(events.map(({ frame }) => frame ?? '').join('')).toBe(wire(name))
  })

  test.each(streams)('%s: deltas that are read without parsing say the same', (name) => {
    expect(decoded(name)).toEqual(decoded(name, { readPlain: false }))
  })

  test.each(streams)('%s: any split of the bytes gives the same events', (name) => {
    const bytes = new TextEncoder().encode(wire(name))
    const whole = eventsOf(bytes, [], { keepFrames: true })
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 12 }), (cuts) => {
        const sorted = [...cuts].sort((a, b) => a - b)
        expect(eventsOf(bytes, sorted, { keepFrames: true })).toEqual(whole)
      }),
      { numRuns: 8 },
    )
  })

  test.each(streams)('%s: cut before its last event it has no end', (name) => {
    const text = wire(name)
    const cut = text.slice(0, text.indexOf('event: message_stop'))
    expect(eventsOf(new TextEncoder().encode(cut), []).filter(isTerminal)).toEqual([])
  })

  /** The official client refuses a second `message_start`. */
  const unreadable = new Set(['duplicate-message-start.chunks.txt', 'spliced-message-start.chunks.txt'])

  test.each(streams.filter((name) => !unreadable.has(name)))(
    '%s: a client hears the same through the pivot as from the upstream',
    async (name) => {
      const stream = serve.streamEncoder(about).push(decoded(name))
      expect(meant(await heard(stream))).toEqual(meant(await heard(wire(name))))
    },
  )

  test('a second begin of the same message changes nothing', async () => {
    const message = await heard(serve.streamEncoder(about).push(decoded('duplicate-message-start.chunks.txt')))
    expect(message).toMatchObject({
      content: [{ type: 'text', text: 'Hello, World!' }],
      stop_reason: 'end_turn',
      usage: { input_tokens: 17, output_tokens: 227 },
    })
  })

  test('an answer that is begun anew in the midst of a call has one call, and that is whole', async () => {
    const message = await heard(serve.streamEncoder(about).push(decoded('spliced-message-start.chunks.txt')))
    expect(message).toMatchObject({
      content: [
        { type: 'thinking', thinking: 'I will call the tool.', signature: 'sig-first' },
        { type: 'tool_use', id: 'toolu_first', name: 'test-tool', input: { value: 'Sparkle Day' } },
      ],
      stop_reason: 'tool_use',
      usage: { input_tokens: 17, output_tokens: 65 },
    })
  })
})

describe.skipIf(!here)('every recorded message', () => {
  test.each(wholes)('%s: comes out as it went in', (name) => {
    const body = JSON.parse(read(name)) as Json
    const events = decodeResponse(body)
    expect(events.filter(isTerminal)).toHaveLength(1)
    const written = serve.encodeResponse(folded(events), about) as Json
    expect(meant(written)).toEqual(meant(body))
  })

  test.each(wholes)('%s: says the same as a stream of it', (name) => {
    const body = JSON.parse(read(name)) as Json
    const stream = serve.streamEncoder(about).push(decodeResponse(body))
    const bytes = new TextEncoder().encode(stream)
    const again = folded(eventsOf(bytes, []))
    const first = folded(decodeResponse(body))
    expect(neutral(again)).toEqual(neutral(first))
  })
})

/** Without what names the exchange. */
function neutral({ output, status, incomplete_details, usage }: PivotResponse): Json {
  const items = output.map(({ id, ...item }) => {
    void id
    return item as Json
  })
  return { items, status, incomplete_details, usage }
}
