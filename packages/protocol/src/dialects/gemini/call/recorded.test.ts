import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isTerminal, type PivotResponse } from '../../../pivot/index.js'
import { gemini } from '../index.js'
import { decodeResponse } from './decode-response.js'
import { asArray, asSse, decode, decodeCut, reduced } from './read-stream.test-kit.js'

/** Recorded replies of Gemini models; not part of a clone. */
const RECORDED = fileURLToPath(new URL('../../../../../../../shared/fixtures/recorded/google', import.meta.url))
const here = existsSync(RECORDED)

interface Part {
  text?: string
  thought?: boolean
  thoughtSignature?: string
  functionCall?: { name?: string; args?: unknown }
}
interface Reply {
  candidates: [{ content: { parts: Part[] }; finishReason?: string }]
  usageMetadata: Record<string, unknown>
  modelVersion: string
  responseId: string
}

function chunksOf(name: string): Reply[] {
  const text = readFileSync(join(RECORDED, name), 'utf8')
  if (name.endsWith('.json')) return [JSON.parse(text) as Reply]
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Reply)
}

/** What a reader of the wire takes from it, whatever wrote it. */
function heard(chunks: readonly Reply[]) {
  const parts = chunks.flatMap(({ candidates: [{ content }] }) => content.parts)
  const say = (thought: boolean): string =>
    parts.map((part) => ((part.thought === true) === thought && part.text !== undefined ? part.text : '')).join('')
  const last = chunks.at(-1)
  return {
    text: say(false),
    thoughts: say(true),
    calls: parts
      .flatMap(({ functionCall }) => (functionCall?.args === undefined ? [] : [functionCall]))
      .map(({ name, args }) => ({ name, args })),
    signatures: parts.flatMap(({ thoughtSignature }) => thoughtSignature ?? []),
    finish: last?.candidates[0].finishReason,
    usage: last?.usageMetadata,
    id: last?.responseId,
  }
}

const about = { requestId: 'r', model: 'm', createdAt: 1, request: { model: 'm', input: [] } }

describe.skipIf(!here)('recorded answers of Gemini', () => {
  const names = here ? readdirSync(RECORDED) : []

  test.each<
    [string, { text: RegExp; thoughts: RegExp; calls: unknown[]; total: number; output: number; types: string[] }]
  >([
    [
      'google-text.chunks.txt',
      {
        text: /^There are \*\*3\*\* "r"s in strawberry\.\n\nst\*\*r/,
        thoughts: /^$/,
        calls: [],
        total: 217,
        output: 208,
        types: ['message', 'reasoning'],
      },
    ],
    [
      'google-text.json',
      {
        text: /^There are \*\*3\*\* r's/,
        thoughts: /^$/,
        calls: [],
        total: 281,
        output: 272,
        types: ['reasoning', 'message'],
      },
    ],
    [
      'google-reasoning-gemini3.chunks.txt',
      {
        text: /^There are \*\*3\*\*/,
        thoughts: /^$/,
        calls: [],
        total: 334,
        output: 325,
        types: ['message', 'reasoning'],
      },
    ],
    [
      'google-reasoning-gemini3.json',
      {
        text: /^There are \*\*3\*\*/,
        thoughts: /^$/,
        calls: [],
        total: 296,
        output: 287,
        types: ['reasoning', 'message'],
      },
    ],
    [
      'google-tool-call.chunks.txt',
      {
        text: /^$/,
        thoughts: /^$/,
        calls: [['weather', '{"location":"San Francisco"}']],
        total: 89,
        output: 60,
        types: ['function_call'],
      },
    ],
    [
      'google-tool-call.json',
      {
        text: /^$/,
        thoughts: /^$/,
        calls: [['weather', '{"location":"San Francisco"}']],
        total: 937,
        output: 908,
        types: ['function_call'],
      },
    ],
    [
      'google-stream-no-args-tool-call.chunks.txt',
      {
        text: /^$/,
        thoughts: /^\*\*Processing User Requests\*\*/,
        calls: [
          ['read_theme', '{}'],
          ['read_screen', '{"id":"A"}'],
          ['read_screen', '{"id":"B"}'],
          ['read_screen', '{"id":"C"}'],
        ],
        total: 490,
        output: 241,
        types: ['reasoning', 'function_call', 'function_call', 'function_call', 'function_call'],
      },
    ],
  ])('%s', (name, expected) => {
    const response = reduced(decode(asSse(chunksOf(name))))
    expect(wordsOf(response)).toMatch(expected.text)
    expect(thoughtsOf(response)).toMatch(expected.thoughts)
    expect(callsOf(response)).toEqual(expected.calls)
    expect(response.output.map(({ type }) => type)).toEqual(expected.types)
    expect(response.status).toBe('completed')
    expect(response.usage).toMatchObject({ total_tokens: expected.total, output_tokens: expected.output })
  })

  test.each(names)(
    '%s: any split, the same events; all frames, the same bytes; both forms and the whole tell the same',
    (name) => {
      const chunks = chunksOf(name)
      const told = reduced(decode(asSse(chunks)))
      expect(reduced(decode(asArray(chunks)))).toEqual(told)
      expect(reduced(decodeResponse(chunks))).toEqual(told)
      for (const bytes of [asSse(chunks), asArray(chunks)]) {
        const whole = decode(bytes, true)
        expect(whole.map((event) => event.frame ?? '').join('')).toBe(new TextDecoder().decode(bytes))
        fc.assert(
          fc.property(fc.array(fc.nat(bytes.length), { maxLength: 12 }), (cuts) => {
            expect(decodeCut(bytes, cuts, true)).toEqual(whole)
          }),
          { numRuns: 20 },
        )
        expect(decodeCut(bytes, [...bytes.keys()], true)).toEqual(whole)
      }
    },
  )

  test.each(names.filter((name) => name.endsWith('.chunks.txt')))(
    '%s: cut before its finish reason it has no end',
    (name) => {
      const chunks = chunksOf(name)
      for (let count = 0; count < chunks.length; count++) {
        expect(decode(asSse(chunks.slice(0, count))).filter(isTerminal)).toEqual([])
      }
    },
  )

  test.each(names)('%s: a Gemini client hears the same by stream, in one piece, and by the very frames', (name) => {
    const chunks = chunksOf(name)
    const response = reduced(decode(asSse(chunks)))
    const expected = {
      ...heard(chunks),
      calls: callsOf(response).map(([called, args]) => ({ name: called, args: JSON.parse(args) as unknown })),
    }

    const streamed = gemini.serve.streamEncoder(about).push(decode(asSse(chunks)))
    const frames = streamed.split('\n\n').filter((frame) => frame.startsWith('data: '))
    const toClient = frames.map((frame) => JSON.parse(frame.slice('data: '.length)) as Reply)
    expect(heard(toClient)).toEqual(expected)
    expect(heard([gemini.serve.encodeResponse(response, about) as Reply])).toEqual(expected)

    const bytes = asSse(chunks)
    const relayed = gemini.serve.streamEncoder(about).push(decode(bytes, true))
    expect(relayed).toBe(new TextDecoder().decode(bytes))
  })
})

type Item = Record<string, unknown>

function itemsOf(response: PivotResponse, type: string): Item[] {
  return response.output.filter((item) => item.type === type) as unknown as Item[]
}
function wordsOf(response: PivotResponse): string {
  return itemsOf(response, 'message')
    .flatMap(({ content }) => content as { text: string }[])
    .map(({ text }) => text)
    .join('')
}
function thoughtsOf(response: PivotResponse): string {
  return itemsOf(response, 'reasoning')
    .flatMap(({ summary }) => summary as { text: string }[])
    .map(({ text }) => text)
    .join('')
}
function callsOf(response: PivotResponse): [string, string][] {
  return itemsOf(response, 'function_call').map(({ name, arguments: args }) => [String(name), String(args)])
}
