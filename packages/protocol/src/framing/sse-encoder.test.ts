import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sseDecoder } from './sse-decoder.js'
import { SSE_HEARTBEAT, sseFrame } from './sse-encoder.js'
import { utf8Pieces } from './utf8-pieces.js'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

test.each([
  ['a', '{}', 'event: a\ndata: {}\n\n'],
  ['', '{}', 'data: {}\n\n'],
  ['', 'a\nb\n', 'data: a\ndata: b\ndata: \n\n'],
])('the event %j with the data %j', (event, data, wire) => {
  expect(sseFrame(event, data)).toBe(wire)
})

test('what is written is read, with heartbeats in between', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom('', 'a'), fc.string({ unit: 'grapheme' }))), (list) => {
      const decoder = sseDecoder()
      const text = list.map(([event, data]) => sseFrame(event, data) + SSE_HEARTBEAT).join('')
      const frames = [...decoder.push(bytes(text)), ...decoder.end()].filter((_, at) => at % 2 === 0)
      expect(frames.map(({ event, data }) => [event, data])).toEqual(
        list.map(([event, data]) => [event, data.replace(/\r\n?/g, '\n')]),
      )
    }),
  )
})

test('bytes are the same text however they are cut, valid or not', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.uint8Array({ maxLength: 6 }), fc.string({ unit: 'binary', maxLength: 4 }).map(bytes))),
      (chunks) => {
        const read = utf8Pieces()
        const text = chunks.map((chunk) => read(chunk)).join('') + read()
        const all = new Uint8Array(chunks.flatMap((chunk) => [...chunk]))
        expect(text).toBe(new TextDecoder('utf-8', { ignoreBOM: true }).decode(all))
      },
    ),
    { numRuns: 1000 },
  )
})
