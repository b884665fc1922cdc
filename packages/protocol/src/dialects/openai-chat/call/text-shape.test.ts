import { describe, expect, test } from 'vitest'
import { textShapes } from './text-shape.js'

function chunk(text: string, more: Record<string, unknown> = {}, field = 'content'): string {
  const choices = [{ index: 0, delta: { [field]: text }, finish_reason: null }]
  return JSON.stringify({ id: 'x', created: 1, model: 'm', choices, ...more })
}

/** What is known after one chunk was parsed. */
function after(data: string) {
  const shapes = textShapes()
  shapes.learn(data, JSON.parse(data))
  return (next: string) => shapes.match(next)
}

describe('a chunk of known shape is read without parsing', () => {
  test.each<[string, string, string, unknown]>([
    ['the same shape', chunk('a'), chunk('bc'), { kind: 'content', text: 'bc' }],
    [
      'reasoning',
      chunk('a', {}, 'reasoning_content'),
      chunk('b', {}, 'reasoning_content'),
      { kind: 'reasoning', text: 'b' },
    ],
    [
      'padding of any length',
      chunk('a', { obfuscation: 'xY' }),
      chunk('b', { obfuscation: 'z9z9' }),
      { kind: 'content', text: 'b' },
    ],
    ['a text with escapes', chunk('a'), chunk('b"c'), undefined],
    ['another time', chunk('a'), chunk('b').replace('"created":1', '"created":2'), undefined],
    ['a finish reason', chunk('a'), chunk('b').replace('null', '"stop"'), undefined],
    ['usage beside it', chunk('a'), chunk('b', { usage: {} }), undefined],
    [
      'something in the padding',
      chunk('a', { obfuscation: 'x' }),
      chunk('b', { obfuscation: 'x","usage":{},"y":"' }),
      undefined,
    ],
    ['no text', chunk('a'), chunk(''), undefined],
    [
      'learnt from a chunk with usage',
      chunk('a', { usage: { prompt_tokens: 1 } }),
      chunk('b', { usage: { prompt_tokens: 1 } }),
      undefined,
    ],
    ['learnt from a chunk with unknown fields', chunk('a', { x: 1 }), chunk('b', { x: 1 }), undefined],
  ])('%s', (_, learnt, next, expected) => {
    expect(after(learnt)(next)).toEqual(expected)
  })
})
