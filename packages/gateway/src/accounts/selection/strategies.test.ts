import { describe, expect, test } from 'vitest'
import type { SelectionStrategy } from '../../config/index.js'
import type { Account } from '../types.js'
import { inOrder, STRATEGIES } from './strategies.js'
import type { Contender, Wish } from './strategy.js'

const NOW = 1_795_000_000_000
const HOUR = 3_600_000

interface Sketch {
  id: string
  used?: number
  resetAt?: number
  open?: number
  requests?: number
  lastUsedAt?: number
  weight?: number
  plan?: string
}

function contender({ id, used, resetAt, open = 0, requests = 0, lastUsedAt, weight = 1, plan }: Sketch): Contender {
  return {
    account: { id, weight, ...(plan === undefined ? {} : { plan }) } as Account,
    open,
    requests,
    ...(lastUsedAt === undefined ? {} : { lastUsedAt }),
    ...(used === undefined
      ? {}
      : {
          quota: {
            at: NOW,
            windows: {
              'codex/primary': {
                limit: 'codex',
                slot: 'primary',
                usedPercent: used,
                reached: false,
                resetAt: resetAt ?? NOW + HOUR,
                source: 'header',
                at: NOW,
              },
            },
          },
        }),
  }
}

const wish: Wish = { model: 'gpt-5.5', chain: 'c', turn: 0, now: NOW }
const order = (name: SelectionStrategy, sketches: Sketch[], more: Partial<Wish> = {}, tiers: string[] = []) =>
  inOrder(STRATEGIES[name], tiers)(sketches.map(contender), { ...wish, ...more })
    .map(({ account }) => account.id)
    .join(' ')

describe('strategies', () => {
  test.each<[SelectionStrategy, string, Sketch[], string]>([
    ['least_used', 'the most room first', [{ id: 'a', used: 80 }, { id: 'b', used: 10 }, { id: 'c' }], 'c b a'],
    [
      'least_used',
      'a window that rolled over is empty',
      [
        { id: 'a', used: 80, resetAt: NOW - 1 },
        { id: 'b', used: 10 },
      ],
      'a b',
    ],
    [
      'least_used',
      'of equals the one with less to do',
      [
        { id: 'a', used: 11, open: 3 },
        { id: 'b', used: 13 },
      ],
      'b a',
    ],
    [
      'least_used',
      'then the one with fewer requests',
      [
        { id: 'a', requests: 9 },
        { id: 'b', requests: 2 },
      ],
      'b a',
    ],
    [
      'least_used',
      'then the one that rested longest',
      [
        { id: 'a', lastUsedAt: 9 },
        { id: 'b', lastUsedAt: 3 },
      ],
      'b a',
    ],
    [
      'least_used',
      'a heavy one counts its work lighter',
      [
        { id: 'a', open: 3, weight: 4 },
        { id: 'b', open: 1 },
      ],
      'a b',
    ],
    [
      'earliest_reset',
      'what expires first',
      [{ id: 'a', used: 5, resetAt: NOW + 3 * HOUR }, { id: 'b', used: 90, resetAt: NOW + HOUR }, { id: 'c' }],
      'b a c',
    ],
    [
      'sticky',
      'the one that served last',
      [{ id: 'a', lastUsedAt: 3 }, { id: 'b', lastUsedAt: 9 }, { id: 'c' }],
      'b a c',
    ],
  ])('%s: %s', (name, _, sketches, expected) => {
    expect(order(name, sketches)).toBe(expected)
    expect(order(name, [...sketches].reverse())).toBe(expected)
  })

  test('round_robin begins one further with each new conversation', () => {
    const three = [{ id: 'a' }, { id: 'b' }, { id: 'c' }]
    expect([0, 1, 2, 3].map((turn) => order('round_robin', three, { turn }))).toEqual([
      'a b c',
      'b c a',
      'c a b',
      'a b c',
    ])
  })

  test('weighted gives shares as large as the weights, the same in every instance', () => {
    const sketches = [
      { id: 'a', weight: 6 },
      { id: 'b', weight: 3 },
      { id: 'c', weight: 1 },
      { id: 'd', weight: 0 },
    ]
    const firsts = new Map<string, number>()
    for (let n = 0; n < 4000; n += 1) {
      const one = order('weighted', sketches, { chain: `c${n}` })
      expect(order('weighted', [...sketches].reverse(), { chain: `c${n}` })).toBe(one)
      firsts.set(one.charAt(0), (firsts.get(one.charAt(0)) ?? 0) + 1)
      expect(one.endsWith('d')).toBe(true)
    }
    const share = (id: string) => (firsts.get(id) ?? 0) / 4000
    expect(share('a')).toBeCloseTo(0.6, 1)
    expect(share('b')).toBeCloseTo(0.3, 1)
    expect(share('c')).toBeCloseTo(0.1, 1)
  })

  test.each(Object.keys(STRATEGIES) as SelectionStrategy[])('%s: plans in their order, and weight 0 last', (name) => {
    const sketches = [
      { id: 'a', plan: 'free' },
      { id: 'b', plan: 'plus' },
      { id: 'c', plan: 'pro' },
      { id: 'd', plan: 'pro', weight: 0 },
    ]
    expect(order(name, sketches, {}, ['pro', 'plus'])).toBe('c b a d')
    expect(order(name, [], {}, ['pro'])).toBe('')
  })

  test('an account that comes or goes moves only its own conversations', () => {
    const ids = ['a', 'b', 'c', 'd', 'e']
    const home = (chain: string, among: string[]) =>
      order(
        'weighted',
        among.map((id) => ({ id })),
        { chain },
      ).charAt(0)
    for (let n = 0; n < 500; n += 1) {
      const before = home(`c${n}`, ids)
      const after = home(
        `c${n}`,
        ids.filter((id) => id !== 'c'),
      )
      if (before !== 'c') expect(after).toBe(before)
    }
  })
})
