import { describe, expect, test } from 'vitest'
import { doubted, learnQuota, limitOf, lockOf, provenFree, refused, unpaid, unprovenSince, usedNow } from './truth.js'
import type { Quota, QuotaReading, QuotaSource, QuotaWindow } from './types.js'

const NOW = 1_795_000_000_000
const MINUTE = 60_000
const HOUR = 60 * MINUTE

const window = (more: Partial<QuotaWindow> = {}): QuotaWindow => ({
  limit: 'codex',
  slot: 'primary',
  usedPercent: 10,
  reached: (more.usedPercent ?? 10) >= 100,
  resetAt: NOW + HOUR,
  source: 'header',
  at: NOW,
  ...more,
})

const keyOf = ({ limit, slot }: QuotaWindow) => `${limit}/${slot}`
const reading = (source: QuotaSource, ...windows: QuotaWindow[]): QuotaReading => ({
  windows: Object.fromEntries(windows.map((one) => [keyOf(one), { ...one, source }])),
  source,
  at: windows[0]?.at ?? NOW,
})
const known = (...windows: QuotaWindow[]): Quota => ({
  windows: Object.fromEntries(windows.map((one) => [keyOf(one), one])),
  at: NOW,
})
const primary = (quota: Quota | undefined) => quota!.windows['codex/primary']!

describe('one truth a window', () => {
  const lock = (source: QuotaSource) => known(window({ usedPercent: 100, source }))
  const free = (source: QuotaSource) => reading(source, window({ usedPercent: 5, at: NOW + MINUTE }))

  // who locked it, who says that it is free: does that open it, or only make it doubtful?
  test.each<[QuotaSource, QuotaSource, 'opens' | 'doubts']>([
    ['refusal', 'refusal', 'opens'],
    ['refusal', 'header', 'doubts'],
    ['refusal', 'usage', 'doubts'],
    ['header', 'header', 'opens'],
    ['header', 'usage', 'doubts'],
    ['usage', 'header', 'opens'],
    ['usage', 'usage', 'opens'],
  ])('a lock by %s, and %s says that there is room: it %s', (who, says, what) => {
    const after = learnQuota(lock(who), free(says))
    expect(lockOf(after, 'm', NOW + MINUTE) === undefined).toBe(what === 'opens')
    expect(primary(after).doubtedAt).toBe(what === 'opens' ? undefined : NOW + MINUTE)
  })

  test('what is less sure never shortens a lock, and may lengthen it', () => {
    const soon = reading('usage', window({ usedPercent: 100, resetAt: NOW + MINUTE }))
    expect(lockOf(learnQuota(lock('refusal'), soon), 'm', NOW)?.until).toBe(NOW + HOUR)
    const late = reading('usage', window({ usedPercent: 100, resetAt: NOW + 2 * HOUR }))
    expect(lockOf(learnQuota(lock('refusal'), late), 'm', NOW)).toMatchObject({
      until: NOW + 2 * HOUR,
      window: { source: 'refusal' },
    })
  })

  test('an answer opens what locked it before it was sent, and nothing that locked it since', () => {
    const quota = lock('refusal')
    expect(lockOf(provenFree(quota, 'm', NOW + 1), 'm', NOW + 1)).toBeUndefined()
    expect(provenFree(quota, 'm', NOW - 1)).toBe(quota)
  })

  test('windows that a reading does not name stay', () => {
    const review = window({ limit: 'code-review', usedPercent: 60 })
    const spark = window({ limit: 'codex-bengalfox', usedPercent: 70 })
    const resetCredits = { available: 2, at: NOW }
    const after = learnQuota(
      { ...known(window(), review, spark), resetCredits },
      reading('header', window({ usedPercent: 20 })),
    )
    expect(Object.keys(after.windows).sort()).toEqual([
      'code-review/primary',
      'codex-bengalfox/primary',
      'codex/primary',
    ])
    expect(primary(after).usedPercent).toBe(20)
    expect(after.resetCredits).toEqual(resetCredits)
  })

  test('rolls over at its own end', () => {
    const quota = known(window({ usedPercent: 100, source: 'refusal' }))
    expect(usedNow(primary(quota), NOW + HOUR)).toBe(0)
    expect(lockOf(quota, 'm', NOW + HOUR)).toBeUndefined()
    expect(unprovenSince(quota, 'm', NOW + HOUR)).toBe(NOW + HOUR)
    expect(unprovenSince(provenFree(quota, 'm', NOW + HOUR), 'm', NOW + HOUR)).toBeUndefined()
  })
})

describe('a refusal', () => {
  const windows = [
    window({ usedPercent: 40, resetAt: NOW + 2 * HOUR }),
    window({ slot: 'secondary', usedPercent: 80, resetAt: NOW + 50 * HOUR }),
  ]
  const told = (until: number | undefined, ...of: QuotaWindow[]) =>
    lockOf(refused(known(...of), { model: 'm', modelAlone: false, until, now: NOW }), 'm', NOW)

  test('locks the window that ends when it says', () => {
    expect(told(NOW + 50 * HOUR - MINUTE, ...windows)).toMatchObject({
      until: NOW + 50 * HOUR - MINUTE,
      window: { slot: 'secondary', usedPercent: 80, source: 'refusal' },
    })
    expect(told(NOW + 2 * HOUR, ...windows)?.window.slot).toBe('primary')
  })

  test('that names no end locks the fullest window until that ends', () => {
    expect(told(undefined, ...windows)).toMatchObject({ until: NOW + 50 * HOUR, window: { slot: 'secondary' } })
    expect(told(undefined)?.until).toBe(NOW + 5 * MINUTE)
  })

  test('of an account that nothing is known of locks a window as long as the time that is left', () => {
    expect(told(NOW + HOUR)?.window.slot).toBe('primary')
    expect(told(NOW + 100 * HOUR)?.window.slot).toBe('secondary')
  })

  test('later than another does not shorten it', () => {
    const first = refused(undefined, { model: 'm', modelAlone: false, until: NOW + 2 * HOUR, now: NOW })
    const second = refused(first, { model: 'm', modelAlone: false, until: NOW + HOUR, now: NOW + 1 })
    expect(lockOf(second, 'm', NOW)?.until).toBe(NOW + 2 * HOUR)
  })

  test('counts although there are credits, and although full windows are let pass', () => {
    const refusal = refused(known(), { model: 'm', modelAlone: false, until: NOW + HOUR, now: NOW })
    const credits = { hasCredits: true, unlimited: false, source: 'usage', at: NOW } as const
    expect(lockOf({ ...refusal, credits }, 'm', NOW, false)?.until).toBe(NOW + HOUR)
    const full = known(window({ usedPercent: 100 }))
    expect(lockOf(full, 'm', NOW)).toBeDefined()
    expect(lockOf({ ...full, credits }, 'm', NOW)).toBeUndefined()
    expect(lockOf(full, 'm', NOW, false)).toBeUndefined()
  })

  test('for want of payment locks everything for half an hour', () => {
    const quota = unpaid(undefined, undefined, NOW)
    expect(lockOf(quota, 'gpt-5.3-codex-spark', NOW)?.until).toBe(NOW + 30 * MINUTE)
    expect(lockOf(quota, undefined, NOW)?.until).toBe(NOW + 30 * MINUTE)
  })

  test('for want of payment ends when a limit is told', () => {
    const quota = refused(unpaid(undefined, undefined, NOW), {
      model: 'm',
      modelAlone: false,
      until: NOW + MINUTE,
      now: NOW,
    })
    expect(lockOf(quota, 'm', NOW)?.until).toBe(NOW + MINUTE)
  })

  test('may be doubted by its owner', () => {
    const quota = doubted(known(window({ usedPercent: 100, source: 'refusal' })), NOW + 1)
    expect(primary(quota)).toMatchObject({ reached: true, doubtedAt: NOW + 1 })
    expect(doubted(quota, NOW + 2, 'codex-bengalfox')).toBe(quota)
  })
})

describe('a model with a limit of its own', () => {
  test('is known by its name, or by what its answers say', () => {
    expect(limitOf(undefined, 'gpt-5.3-codex-spark')).toBe('codex-bengalfox')
    expect(limitOf(undefined, 'gpt-5.5')).toBe('codex')
    const learnt = learnQuota(undefined, { ...reading('header', window()), activeLimit: 'codex-owl' }, 'gpt-owl')
    expect(limitOf(learnt, 'gpt-owl')).toBe('codex-owl')
    expect(limitOf(learnt, 'gpt-5.5')).toBe('codex')
    const back = learnQuota(learnt, { ...reading('header', window()), activeLimit: 'codex' }, 'gpt-owl')
    expect(limitOf(back, 'gpt-owl')).toBe('codex')
  })

  test('is locked alone, and is not locked with the others', () => {
    const spark = refused(known(window()), {
      model: 'gpt-5.3-codex-spark',
      modelAlone: false,
      until: NOW + HOUR,
      now: NOW,
    })
    expect(lockOf(spark, 'gpt-5.3-codex-spark', NOW)?.window.limit).toBe('codex-bengalfox')
    expect(lockOf(spark, 'gpt-5.5', NOW)).toBeUndefined()
    expect(lockOf(spark, undefined, NOW)).toBeUndefined()
    const own = known(window({ usedPercent: 100, source: 'refusal' }))
    expect(lockOf(own, 'gpt-5.3-codex-spark', NOW)).toBeUndefined()
  })

  test('the code review keeps nothing else back', () => {
    const quota = known(window({ limit: 'code-review', usedPercent: 100, source: 'refusal' }))
    expect(lockOf(quota, 'gpt-5.5', NOW)).toBeUndefined()
  })
})
