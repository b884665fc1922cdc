import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { byConversation, createTurns, type Share } from './take-turns.js'

const shares = fc.uniqueArray(
  fc.record({ id: fc.string({ minLength: 1, maxLength: 8 }), weight: fc.integer({ min: 1, max: 20 }) }),
  { minLength: 1, maxLength: 6, selector: ({ id }) => id },
)
const total = (all: readonly Share[]): number => all.reduce((sum, { weight }) => sum + weight, 0)

describe('without a conversation', () => {
  test('a round gives each exactly its weight, and begins again', () => {
    fc.assert(
      fc.property(shares, (all) => {
        const turns = createTurns()
        for (let round = 0; round < 3; round++) {
          const counts = new Map<string, number>()
          for (let turn = 0; turn < total(all); turn++) {
            const order = turns.next(all)
            expect(new Set(order)).toEqual(new Set(all))
            counts.set(order[0]!.id, (counts.get(order[0]!.id) ?? 0) + 1)
          }
          if (all.length > 1) expect([...counts].sort()).toEqual(all.map(({ id, weight }) => [id, weight]).sort())
        }
      }),
      { numRuns: 50 },
    )
  })

  test('nobody gets all turns in a row', () => {
    const turns = createTurns()
    const all = [
      { id: 'a', weight: 5 },
      { id: 'b', weight: 1 },
      { id: 'c', weight: 1 },
    ]
    expect(Array.from({ length: 7 }, () => turns.next(all)[0]?.id).join('')).toBe('aabacaa')
  })
})

describe('with a conversation', () => {
  test('over many each gets its share', () => {
    fc.assert(
      fc.property(shares, fc.string(), (all, seed) => {
        const many = 2_000
        const counts = new Map<string, number>()
        for (let n = 0; n < many; n++) {
          const first = byConversation(all, `${seed} ${n}`)[0]!.id
          counts.set(first, (counts.get(first) ?? 0) + 1)
        }
        for (const { id, weight } of all) {
          const share = weight / total(all)
          // Six standard deviations: by chance once in a thousand million.
          const tolerance = 6 * Math.sqrt((share * (1 - share)) / many) + 1 / many
          expect(Math.abs((counts.get(id) ?? 0) / many - share)).toBeLessThan(tolerance)
        }
      }),
      { numRuns: 10 },
    )
  })

  test('who leaves takes only its own conversations along, and gets them back', () => {
    fc.assert(
      fc.property(shares, fc.array(fc.string(), { minLength: 1, maxLength: 30 }), (all, conversations) => {
        const [gone, ...rest] = all
        for (const conversation of conversations) {
          const before = byConversation(all, conversation)
          const after = byConversation(rest, conversation)
          expect(after).toEqual(before.filter((share) => share !== gone))
          expect(byConversation([...all].reverse(), conversation)).toEqual(before)
        }
      }),
    )
  })
})
