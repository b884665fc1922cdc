import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mayUse } from './allowed-models.js'
import { fitsPattern } from './fits-pattern.js'

describe('a key that is bound to some models', () => {
  test.each([
    ['none are all', undefined, ['anything'], true],
    ['an empty list too', [], ['anything'], true],
    ['by name', ['gpt-5.5'], ['gpt-5.5'], true],
    ["by the upstream's name", ['gpt-5.5'], ['smart', 'gpt-5.5'], true],
    ['by provider', ['deepseek:*'], ['chat', 'deepseek-chat', 'deepseek:deepseek-chat'], true],
    ['by pattern', ['gpt-5*'], ['gpt-5.5'], true],
    ['not by its beginning', ['gpt-5'], ['gpt-5.5'], false],
    ['not another', ['gpt-5.5', 'demo'], ['gpt-5.4'], false],
  ])('%s', (_, allowed, names, expected) => {
    expect(mayUse(allowed, ...names)).toBe(expected)
  })
})

describe('patterns', () => {
  test.each([
    ['*', '', true],
    ['a*', 'a', true],
    ['a*a', 'a', false],
    ['*b*', 'abc', true],
    ['a*c*e', 'abcde', true],
    ['a*c*e', 'abce.', false],
    ['a.c', 'abc', false],
    ['**', 'x', true],
    ['', '', true],
    ['', 'x', false],
  ])('%s and %s', (pattern, name, expected) => {
    expect(fitsPattern(pattern, name)).toBe(expected)
  })

  test('mean what the regular expression means', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '*', '.'), maxLength: 8 })
    fc.assert(
      fc.property(text, text, (pattern, name) => {
        const escaped = pattern.split('*').map((piece) => piece.replaceAll('.', '\\.'))
        expect(fitsPattern(pattern, name)).toBe(new RegExp(`^${escaped.join('[^]*')}$`).test(name))
      }),
      { numRuns: 1000 },
    )
  })
})
