import type { PivotRequest } from '@dragoman/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sizeOf } from './image-tokens.js'
import { createTokenCounter } from './token-counter.js'
import { countablePieces } from './token-texts.js'

const say = (text: string): PivotRequest => ({ model: 'm', input: [{ type: 'message', role: 'user', content: text }] })

describe('counting tokens', () => {
  test('counts with the real tokenizer', async () => {
    const counter = createTokenCounter()
    // "hello world" is two tokens in o200k, the Chinese one four; the rest surrounds a message.
    const hello = await counter.count(say('hello world'))
    expect(hello).toBe(9)
    expect((await counter.count(say('hello world hello world'))) - hello).toBe(2)
    expect(await counter.count(say('<|endoftext|>'))).toBeGreaterThan(8)
  })

  test('counts tools, instructions, calls, results and pictures', async () => {
    const counter = createTokenCounter()
    const plain = await counter.count(say('x'))
    const richer: Partial<PivotRequest>[] = [
      { instructions: 'be kind' },
      {
        tools: [{ type: 'function', name: 'f', parameters: { type: 'object', properties: { a: { type: 'string' } } } }],
      },
      { tools: [{ type: 'custom', name: 'f' }] },
      { text: { format: { type: 'json_schema', name: 'n', schema: { type: 'object' } } } },
    ]
    for (const more of richer) expect(await counter.count({ ...say('x'), ...more })).toBeGreaterThan(plain)
    const items: PivotRequest['input'] = [
      { type: 'function_call', call_id: 'c', name: 'f', arguments: '{"a":1}' },
      { type: 'function_call_output', call_id: 'c', output: 'done' },
      { type: 'reasoning', summary: [{ type: 'summary_text', text: 'a thought' }] },
      { type: 'reasoning', summary: [], encrypted_content: 'x'.repeat(1600) },
      { type: 'message', role: 'user', content: [{ type: 'input_image', image_url: 'https://example.com/a.png' }] },
      { type: 'message', role: 'user', content: [{ type: 'input_file', file_data: 'data:text/plain,hello there' }] },
      { type: 'something_new', words: 'hello' },
    ]
    for (const item of items) {
      expect(await counter.count({ model: 'm', input: [item] }), item.type).toBeGreaterThan(3)
    }
  })

  test('is there at once only when the tokenizer is', async () => {
    const counter = createTokenCounter()
    expect(counter.countNow(say('hello world'))).toBeUndefined()
    expect(await counter.count(say('hello world'))).toBe(9)
    expect(counter.countNow(say('hello world'))).toBe(9)
  })

  test('reckons what is too long to count', async () => {
    let asked = 0
    const counter = createTokenCounter(async () => (text) => {
      asked += text.length
      return text.length / 4
    })
    const tokens = await counter.count({
      model: 'm',
      input: Array.from({ length: 5 }, (_, n) => ({
        type: 'message' as const,
        role: 'user' as const,
        content: `${n} word`.repeat(100_000),
      })),
    })
    expect(asked).toBeLessThanOrEqual(2_000_000)
    expect(tokens).toBeGreaterThan(740_000)
    expect(tokens).toBeLessThan(760_000)
  })
})

test('no text takes longer than its length: long runs are cut, nothing is lost', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom('a', ' ', '汉', '🙂', 'ab '), fc.nat(900))), (runs) => {
      const text = runs.map(([piece, times]) => piece.repeat(times)).join('')
      const pieces = [...countablePieces(text)]
      expect(pieces.join('')).toBe(text)
      for (const piece of pieces) expect(piece).not.toMatch(/\S{400}|\s{400}/)
    }),
  )
})

test('reads the size of a picture from its head', () => {
  const url = (type: string, bytes: number[]) => `data:image/${type};base64,${Buffer.from(bytes).toString('base64')}`
  const png = [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 4, 0, 0, 0, 2, 0]
  expect(sizeOf(url('png', png))).toEqual({ width: 1024, height: 512 })
  expect(sizeOf(url('gif', [71, 73, 70, 56, 57, 97, 10, 0, 20, 0]))).toEqual({ width: 10, height: 20 })
  const jpeg = [0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc0, 0, 11, 8, 0, 100, 0, 200, 3, 1, 0x11, 0]
  expect(sizeOf(url('jpeg', jpeg))).toEqual({ width: 200, height: 100 })
  expect(sizeOf(url('png', [1, 2, 3]))).toBeUndefined()
  expect(sizeOf('https://example.com/a.png')).toBeUndefined()
})
