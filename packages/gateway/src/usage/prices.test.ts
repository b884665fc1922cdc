import { describe, expect, test } from 'vitest'
import { configSchema } from '../config/index.js'
import { costOf, livePrices, priceList } from './prices.js'
import { used } from './record.test-kit.js'

const NOW = Date.UTC(2026, 6, 1)
const million = used(1_000_000, 1_000_000)
const own = (prices: object) => priceList(configSchema.parse({ usage: { prices } }).usage.prices)
const dollars = (model: string, tier?: string, usage = million, prices = priceList(), at = NOW) => {
  const cost = costOf(prices, model, usage, tier, at)
  return cost === undefined ? undefined : cost / 1e6
}

describe('what a million tokens in and a million out cost, dollars', () => {
  test.each([
    ['gpt-5', 11.25],
    ['gpt-5.1', 11.25],
    ['gpt-5.2', 15.75],
    ['gpt-5.3-codex', 15.75],
    ['gpt-5.4', 17.5],
    ['gpt-5.4-mini', 5.25],
    ['gpt-5.4-nano', 1.45],
    ['gpt-5.5', 35],
    ['gpt-5.6-sol', 35],
    ['gpt-5.6-terra', 14],
    ['gpt-5.6-luna', 1.4],
    ['demo', 0],
  ])('%s', (model, expected) => {
    expect(dollars(model)).toBeCloseTo(expected, 6)
  })

  test.each([
    'gpt-5.5-2026-04-23',
    'gpt-5.5-high',
    'gpt-5.5-high-fast',
    'gpt-5.5-fast-xhigh',
    'GPT-5.5-latest',
    'openai/gpt-5.5',
    'openai/gpt-5.5:free',
    'gpt-5.5-20260423-low',
  ])('%s is gpt-5.5', (model) => {
    expect(dollars(model)).toBe(35)
  })

  test.each(['', 'mystery', 'gpt-5.5-turbo', 'gpt-9', 'constructor', '/', '-fast'])('%j has no price', (model) => {
    expect(dollars(model)).toBeUndefined()
  })

  test('a name may be its own before it is another with an ending', () => {
    expect(dollars('gpt-5.1-codex-max')).toBe(11.25)
  })
})

test.each([
  [undefined, 35],
  ['', 35],
  ['default', 35],
  ['fast', 70],
  ['priority', 70],
  ['flex', 17.5],
])('in the tier %j', (tier, expected) => {
  expect(dollars('gpt-5.5', tier)).toBe(expected)
})

test('cached input is cheaper, pictures have rates of their own', () => {
  expect(dollars('gpt-5.5', undefined, used(1_000_000, 0, 1_000_000))).toBe(0.5)
  const picture = { ...used(1_000_000, 1_000_000), imageInputTokens: 500_000, imageOutputTokens: 1_000_000 }
  expect(dollars('gpt-image-2', undefined, picture)).toBeCloseTo(0.5 * 5 + 0.5 * 8 + 30, 6)
  // Made by the tool of a model that has none.
  expect(dollars('gpt-5.4', undefined, picture)).toBeCloseTo(0.5 * 2.5 + 0.5 * 8 + 30, 6)
})

test('an upstream that counts more cached than all is not paid for it', () => {
  expect(dollars('gpt-5.5', undefined, used(10, 0, 1_000_000))).toBe(0.000005)
})

describe('prices of one’s own', () => {
  test('come first, whatever the case, with tiers of their own', () => {
    const prices = own({
      'GPT-5.5': { input: 1, output: 2, tiers: { fast: 3, flex: { input: 0.1, output: 0.2 } } },
      house: { input: 4, cached: 0, output: 4 },
    })
    expect(dollars('gpt-5.5-high', undefined, million, prices)).toBe(3)
    expect(dollars('gpt-5.5', 'fast', million, prices)).toBe(9)
    expect(dollars('gpt-5.5', 'flex', million, prices)).toBeCloseTo(0.3, 6)
    expect(dollars('gpt-5.5', 'priority', million, prices)).toBe(6)
    expect(dollars('house', undefined, used(1_000_000, 0, 1_000_000), prices)).toBe(0)
  })

  test('change on their day', () => {
    const prices = own({
      m: [
        { from: '2026-03-01', input: 2, output: 0 },
        { from: '2026-01-01', input: 1, output: 0 },
      ],
    })
    const at = (day: string) => dollars('m', undefined, million, prices, Date.parse(day))
    expect([at('2025-06-01'), at('2026-01-01'), at('2026-02-28T23:59:59Z'), at('2026-03-01')]).toEqual([1, 1, 1, 2])
  })

  test('are put together once for each change', () => {
    let prices = configSchema.parse({}).usage.prices
    const live = livePrices(() => prices)
    const first = live()
    expect(live()).toBe(first)
    prices = { m: { input: 1, output: 1 } }
    expect(live().has('m')).toBe(true)
  })

  test.each([
    [{ m: { input: -1, output: 0 } }],
    [{ m: { input: 1 } }],
    [{ m: { input: 1, output: 1, from: 'May' } }],
    [{ m: [] }],
    [{ m: { input: 1, output: 1, cache: 1 } }],
  ])('%j is refused', (prices) => {
    expect(() => own(prices)).toThrow()
  })
})
