import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  consume,
  countedTokens,
  createLimits,
  limitIdOf,
  refusalOf,
  resetEarly,
  windowsOf,
  type Limits,
  type LimitsPlan,
} from './limits.js'

const MINUTE = 60_000
const T0 = 1_795_000_000_000
const SPARK = 'gpt-5.3-codex-spark'

const plan: LimitsPlan = {
  primary: { windowMinutes: 300, capacityTokens: 1_000 },
  secondary: { windowMinutes: 10_080, capacityTokens: 5_000 },
  codeReview: { primary: { windowMinutes: 10_080, capacityTokens: 100 } },
  additional: [
    {
      limitId: 'codex_bengalfox',
      limitName: 'GPT-5.3-Codex-Spark',
      models: [SPARK],
      primary: { windowMinutes: 300, capacityTokens: 200 },
    },
  ],
}

const use = (limits: Limits, tokens: number, atMs = T0, model = 'gpt-5.5') => consume(limits, { model, tokens }, atMs)
const percents = (limits: Limits, nowMs = T0) =>
  Object.fromEntries(
    windowsOf(limits, nowMs).map(({ id, primary, secondary }) => [
      id,
      [primary.usedPercent, secondary?.usedPercent ?? null],
    ]),
  )

describe('what a request counts', () => {
  test('is its fresh input, a tenth of its cached input, and its output', () => {
    const usage = { inputTokens: 10_000, cachedTokens: 8_000, outputTokens: 500 }
    expect(countedTokens(createLimits(plan), usage)).toBeCloseTo(3_300)
    expect(countedTokens(createLimits({ ...plan, cachedDiscount: 0 }), usage)).toBe(10_500)
  })

  test.each([
    ['gpt-5.5', 'codex', { codex: [25, 5], code_review: [0, null], codex_bengalfox: [0, null] }],
    ['codex-auto-review', 'code_review', { codex: [0, 0], code_review: [100, null], codex_bengalfox: [0, null] }],
    [SPARK, 'codex_bengalfox', { codex: [0, 0], code_review: [0, null], codex_bengalfox: [100, null] }],
  ])('of %s goes to %s alone', (model, limit, expected) => {
    const limits = createLimits(plan)
    expect(limitIdOf(limits, model)).toBe(limit)
    expect(percents(use(limits, 250, T0, model))).toEqual(expected)
  })
})

describe('a window', () => {
  test('begins with its first use and rolls over at its own end', () => {
    const fresh = createLimits(plan)
    expect(windowsOf(fresh, T0 + 7)[0]!.primary.resetAtMs).toBe(T0 + 7 + 300 * MINUTE)
    const used = use(use(fresh, 400), 100, T0 + 100 * MINUTE)
    const [own] = windowsOf(used, T0 + 200 * MINUTE)
    expect(own).toMatchObject({
      primary: { usedPercent: 50, windowMinutes: 300, resetAtMs: T0 + 300 * MINUTE },
      secondary: { usedPercent: 10, windowMinutes: 10_080, resetAtMs: T0 + 10_080 * MINUTE },
    })
    expect(percents(used, T0 + 300 * MINUTE - 1)['codex']).toEqual([50, 10])
    expect(percents(used, T0 + 300 * MINUTE)['codex']).toEqual([0, 10])
    const later = use(used, 1, T0 + 400 * MINUTE)
    expect(windowsOf(later, T0 + 400 * MINUTE)[0]!.primary.resetAtMs).toBe(T0 + 700 * MINUTE)
  })

  test('that is full refuses its models until it rolls over; the request that filled it was answered', () => {
    const nearly = use(createLimits(plan), 999)
    expect(refusalOf(nearly, 'gpt-5.5', T0)).toBeUndefined()
    const full = use(nearly, 500)
    expect(percents(full)['codex']![0]).toBe(100)
    expect(windowsOf(full, T0)[0]!.reached).toBe(true)
    expect(refusalOf(full, 'gpt-5.5', T0)).toEqual({ limitId: 'codex', resetAtMs: T0 + 300 * MINUTE })
    expect(refusalOf(full, SPARK, T0)).toBeUndefined()
    expect(refusalOf(full, 'gpt-5.5', T0 + 300 * MINUTE)).toBeUndefined()
  })

  test('beside another full one refuses until the later of both', () => {
    const full = use(createLimits(plan), 6_000)
    expect(refusalOf(full, 'gpt-5.5', T0)?.resetAtMs).toBe(T0 + 10_080 * MINUTE)
    expect(refusalOf(full, 'gpt-5.5', T0 + 400 * MINUTE)?.resetAtMs).toBe(T0 + 10_080 * MINUTE)
  })
})

describe('an early reset', () => {
  const full = use(use(createLimits(plan), 6_000), 300, T0, SPARK)

  test.each([
    [{}, { codex: [0, 0], code_review: [0, null], codex_bengalfox: [0, null] }],
    [{ limit: 'codex' }, { codex: [0, 0], code_review: [0, null], codex_bengalfox: [100, null] }],
    [{ window: 'primary' as const }, { codex: [0, 100], code_review: [0, null], codex_bengalfox: [0, null] }],
    [
      { limit: 'codex', window: 'secondary' as const },
      { codex: [100, 0], code_review: [0, null], codex_bengalfox: [100, null] },
    ],
  ])('of %j', (choice, expected) => {
    expect(percents(resetEarly(full, choice))).toEqual(expected)
  })

  test('begins a new window with the next use', () => {
    const again = use(resetEarly(full, { limit: 'codex' }), 100, T0 + 50 * MINUTE)
    expect(windowsOf(again, T0 + 60 * MINUTE)[0]!.primary.resetAtMs).toBe(T0 + 350 * MINUTE)
  })

  test('of a limit that is not there says which are', () => {
    expect(() => resetEarly(full, { limit: 'spark' })).toThrow(
      'there is no limit spark; there are: codex, code_review, codex_bengalfox',
    )
  })
})

test.each([
  [{ ...plan, cachedDiscount: 2 }, 'cachedDiscount'],
  [{ primary: { windowMinutes: 300, capacityTokens: 0 } }, 'above 0'],
  [{ ...plan, additional: [...plan.additional!, ...plan.additional!] }, 'planned twice'],
])('a plan that cannot be meant is refused: %#', (bad, told) => {
  expect(() => createLimits(bad)).toThrow(told)
})

test('over any uses: no window tells more than 100 %, and each has room again at the time it told', () => {
  const step = fc.record({
    tokens: fc.nat({ max: 700 }),
    minutes: fc.nat({ max: 500 }),
    model: fc.constantFrom('gpt-5.5', SPARK, 'codex-auto-review'),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let limits = createLimits(plan)
      let now = T0
      for (const { tokens, minutes, model } of steps) {
        now += minutes * MINUTE
        const refusal = refusalOf(limits, model, now)
        if (refusal === undefined) limits = consume(limits, { model, tokens }, now)
        else {
          expect(refusal.resetAtMs).toBeGreaterThan(now)
          expect(refusalOf(limits, model, refusal.resetAtMs - 1)).toBeDefined()
          expect(refusalOf(limits, model, refusal.resetAtMs)).toBeUndefined()
        }
        for (const { reached, primary, secondary } of windowsOf(limits, now)) {
          const used = [primary.usedPercent, secondary?.usedPercent ?? 0]
          expect(Math.max(...used)).toBeLessThanOrEqual(100)
          expect(reached).toBe(used.includes(100))
          expect(primary.resetAtMs).toBeGreaterThan(now)
        }
      }
    }),
  )
})
