import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { tooComplex } from './json-limits.js'

const limits = { depth: 8, nodes: 50 }

describe('measuring JSON before it is parsed', () => {
  test.each([
    ['a flat body', '{"a":[1,2,3],"b":"x"}', undefined],
    ['brackets inside a string', `{"a":"${'['.repeat(100)}"}`, undefined],
    ['an escaped quote before brackets', `{"a":"\\"${'['.repeat(100)}"}`, undefined],
    ['an escaped backslash before the end of a string', `{"a":"\\\\","b":${'['.repeat(9)}`, 'depth'],
    ['deep arrays', '['.repeat(9), 'depth'],
    ['deep arrays in a million', '['.repeat(1_000_000), 'depth'],
    ['many values', `[${'1,'.repeat(60)}1]`, 'nodes'],
    ['a string without end', '{"a":"', undefined],
  ])('%s', (_, json, expected) => {
    expect(tooComplex(json, limits)).toBe(expected)
  })

  test('says the true depth of any document', () => {
    const depthOf = (value: unknown): number =>
      typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 12 }), (value) => {
        const depth = depthOf(value)
        const json = JSON.stringify(value)
        expect(tooComplex(json, { depth, nodes: 1e9 })).toBe(undefined)
        if (depth > 0) expect(tooComplex(json, { depth: depth - 1, nodes: 1e9 })).toBe('depth')
      }),
    )
  })
})
