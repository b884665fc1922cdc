import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sseDecoder, type SseFrame, type SseOptions } from './sse-decoder.js'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

function decode(chunks: readonly Uint8Array[], options: SseOptions = {}): SseFrame[] {
  const decoder = sseDecoder(options)
  return [...chunks.flatMap((chunk) => decoder.push(chunk)), ...decoder.end()]
}
const plain = (frames: readonly SseFrame[]) => frames.map(({ event, data }) => [event, data])

describe('reading server-sent events', () => {
  test.each<[string, string, [string, string][]]>([
    ['one event', 'event: a\ndata: 1\n\n', [['a', '1']]],
    ['no space after the colon', 'event:a\ndata:1\n\n', [['a', '1']]],
    ['only the first space goes', 'data:  1\n\n', [['', ' 1']]],
    [
      'carriage returns',
      'event: a\rdata: 1\r\rdata: 2\r\r',
      [
        ['a', '1'],
        ['', '2'],
      ],
    ],
    [
      'both',
      'event: a\r\ndata: 1\r\n\r\ndata: 2\r\n\r\n',
      [
        ['a', '1'],
        ['', '2'],
      ],
    ],
    [
      'mixed',
      'data: 1\r\n\ndata: 2\n\r\n',
      [
        ['', '1'],
        ['', '2'],
      ],
    ],
    ['several data lines', 'data: a\ndata: b\ndata\n\n', [['', 'a\nb\n']]],
    [
      'a comment alone',
      ': hello\n\ndata: 1\n\n',
      [
        ['', ''],
        ['', '1'],
      ],
    ],
    ['a comment in between', 'data: 1\n: hb\ndata: 2\n\n', [['', '1\n2']]],
    ['a byte-order mark', '\ufeffdata: 1\n\n', [['', '1']]],
    ['a byte-order mark later is text', 'data: \ufeff\n\n', [['', '\ufeff']]],
    ['id and retry say nothing', 'id: 7\nretry: 10\ndata: 1\n\n', [['', '1']]],
    ['a field without colon', 'data\n\n', [['', '']]],
    ['blank lines without end', '\n\n\n', []],
    [
      'an event without its blank line',
      'data: 1\n\ndata: 2\n',
      [
        ['', '1'],
        ['', '2'],
      ],
    ],
    ['a line that was cut', 'data: 1\n\ndata: 2', [['', '1']]],
    ['signs of four bytes', 'data: 𝔡🙂é\n\n', [['', '𝔡🙂é']]],
  ])('%s', (_, text, expected) => {
    expect(plain(decode([bytes(text)]))).toEqual(expected)
  })

  test('bytes that are no UTF-8 become the replacement sign', () => {
    expect(plain(decode([new Uint8Array([...bytes('data: a'), 0xff, 0xfe, ...bytes('b\n\n')])]))).toEqual([
      ['', 'a��b'],
    ])
  })

  test('an event that never ends is an error, not a full memory', () => {
    const decoder = sseDecoder({ maxFrame: 1000 })
    expect(() => {
      for (let n = 0; n < 100; n++) decoder.push(bytes('x'.repeat(50)))
    }).toThrow(/more than 1000/)
  })
})

const line = fc.oneof(
  fc.constantFrom('', '', '', ':', ': hb', 'data', 'data:', 'data: {"a":"ü🙂"}', 'event: x', 'id: 1', '\ufeffdata: 1'),
  fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => `data: ${text.replace(/[\r\n]/g, '')}`),
)
const stream = fc
  .array(fc.tuple(line, fc.constantFrom('\n', '\n', '\r\n', '\r')), { maxLength: 30 })
  .map((lines) => lines.map(([text, end]) => text + end).join(''))

function cut(all: Uint8Array, places: readonly number[]): Uint8Array[] {
  const at = [...new Set(places.map((place) => place % (all.length + 1)))].sort((a, b) => a - b)
  return [0, ...at].map((from, index) => all.slice(from, at[index] ?? all.length))
}

describe('however the network cuts the bytes', () => {
  test('the events are the same', () => {
    fc.assert(
      fc.property(stream, fc.array(fc.nat(), { maxLength: 20 }), (text, places) => {
        const all = bytes(text)
        expect(plain(decode(cut(all, places)))).toEqual(plain(decode([all])))
      }),
      { numRuns: 500 },
    )
  })

  test('even byte by byte', () => {
    fc.assert(
      fc.property(stream, (text) => {
        const all = bytes(text)
        expect(plain(decode([...all].map((byte) => new Uint8Array([byte]))))).toEqual(plain(decode([all])))
      }),
    )
  })

  test('the kept frames joined are the stream, byte for byte', () => {
    fc.assert(
      fc.property(stream, fc.array(fc.nat(), { maxLength: 20 }), (text, places) => {
        const frames = decode(cut(bytes(text), places), { keepFrames: true })
        // A line that was cut at the end is no line; with it go the lines of its frame.
        const joined = frames.map(({ raw }) => raw).join('')
        expect(text.startsWith(joined)).toBe(true)
        if (/(?:\r\n|\r(?!\n)|\n)(?:\r\n|\r|\n)$/.test(text)) expect(joined).toBe(text)
      }),
      { numRuns: 500 },
    )
  })
})
