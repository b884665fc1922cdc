import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ndjsonDecoder, type NdjsonOptions } from './ndjson.js'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

function decode(chunks: readonly Uint8Array[], options: NdjsonOptions = {}): string[] {
  const decoder = ndjsonDecoder(options)
  return [...chunks.flatMap((chunk) => decoder.push(chunk)), ...decoder.end()]
}

describe('reading newline-delimited JSON', () => {
  test.each<[string, string, string[]]>([
    ['lines', '{"a":1}\n{"a":2}\n', ['{"a":1}', '{"a":2}']],
    ['the line ends of Windows', '{"a":1}\r\n{"a":2}\r\n', ['{"a":1}', '{"a":2}']],
    ['blank lines', '\n\n{"a":1}\n \n', ['{"a":1}']],
    ['a last line without its end', '{"a":1}\n{"a":2}', ['{"a":1}', '{"a":2}']],
    ['a byte-order mark', '\ufeff{"a":1}\n', ['{"a":1}']],
    ['nothing', '', []],
  ])('%s', (_, text, lines) => {
    expect(decode([bytes(text)])).toEqual(lines)
  })

  test('the same lines, however the network cuts the bytes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary', maxLength: 8 }), { maxLength: 8 }),
        fc.constantFrom('\n', '\r\n'),
        fc.array(fc.nat(), { maxLength: 12 }),
        (texts, end, places) => {
          const lines = texts.map((text) => JSON.stringify({ text }))
          const all = bytes(lines.map((line) => line + end).join(''))
          const at = places.map((place) => place % (all.length + 1)).sort((a, b) => a - b)
          expect(decode([0, ...at].map((from, index) => all.slice(from, at[index] ?? all.length)))).toEqual(lines)
        },
      ),
    )
  })

  test('a line that never ends is an error, not a full memory', () => {
    const decoder = ndjsonDecoder({ maxLine: 1000 })
    expect(() => {
      for (let n = 0; n < 100; n++) decoder.push(bytes('x'.repeat(50)))
    }).toThrow(/more than 1000/)
    expect(decode([bytes(`${'x'.repeat(900)}\n`.repeat(3))], { maxLine: 1000 })).toHaveLength(3)
  })
})
