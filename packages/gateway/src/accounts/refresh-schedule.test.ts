import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createRefreshSchedule, dueAt } from './refresh-schedule.js'
import type { RefreshSettings } from './refresh-gate.js'
import type { Entry } from './roster.js'
import { seeded } from './testing/seeded.js'

const START = 1_795_000_000_000
const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

type Change = Omit<Partial<Entry>, 'record'> & { record?: Partial<Entry['record']> }

function entry(change: Change = {}): Entry {
  return {
    health: { status: 'active' },
    retry: { failures: 0, notBefore: 0, message: '' },
    recoveries: [],
    jitter: 0,
    requests: 0,
    open: 0,
    freeAt: 0,
    ...change,
    record: {
      id: 'acc_1',
      chatgptAccountId: 'ws',
      fedramp: false,
      enabled: true,
      origin: 'login',
      linked: false,
      generation: 1,
      refreshTokenHash: 'h',
      issuedAt: START,
      expiresAt: START + 10 * DAY,
      groups: [],
      weight: 1,
      converge: false,
      hasCookies: false,
      lastRefreshAt: START,
      createdAt: START,
      ...change.record,
    },
  }
}

describe('the time to refresh', () => {
  const refused = { generation: 1, refusal: { kind: 'refused', cause: 'reused', message: '' } } as const
  test.each<[string, Change, number | undefined]>([
    ['five minutes before the end', {}, 10 * DAY - 5 * MINUTE],
    ['up to an hour earlier', { jitter: 1 }, 10 * DAY - 65 * MINUTE],
    ['in the middle of a short life', { record: { expiresAt: START + 4 * MINUTE } }, 2 * MINUTE],
    [
      'not before a failed one may be tried again',
      {
        record: { expiresAt: START },
        retry: { failures: 1, notBefore: START + 13 * MINUTE, message: '' },
      },
      13 * MINUTE,
    ],
    [
      'at once when a failure set a time that no clock in order could have set',
      { record: { expiresAt: START }, retry: { failures: 1, notBefore: START + DAY, message: '' } },
      0,
    ],
    ['at once when the last one lies in the future', { record: { expiresAt: START }, refreshedAt: START + DAY }, 0],
    [
      'not right after one, however old the new token is',
      { refreshedAt: START, record: { expiresAt: START - DAY } },
      10_000,
    ],
    ['never while linked', { record: { linked: true } }, undefined],
    ['never when switched off', { record: { enabled: false } }, undefined],
    ['never when the login server has refused for good', { refusal: refused }, undefined],
    ['again after a new login', { refusal: refused, record: { generation: 2 } }, 10 * DAY - 5 * MINUTE],
    ['never when a login is needed', { health: { status: 'expired' } }, undefined],
    ['as ever while it waits for its quota', { health: { status: 'cooling', until: START } }, 10 * DAY - 5 * MINUTE],
  ])('is %s', (_, change, afterStartMs) => {
    expect(dueAt(entry(change), START)).toBe(afterStartMs === undefined ? undefined : START + afterStartMs)
  })

  test('is as far ahead as the configuration says', () => {
    expect(dueAt(entry(), START, 60 * MINUTE)).toBe(START + 10 * DAY - 60 * MINUTE)
  })

  test('is eight days after the last, when the token names no end', () => {
    const endless = entry()
    delete endless.record.expiresAt
    expect(dueAt(endless, START)).toBe(START + 8 * DAY)
  })
})

describe('the schedule', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: START })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('refreshes each when its time comes, and again when it failed', async () => {
    const one = entry()
    const reasons: string[] = []
    const schedule = createRefreshSchedule({
      entries: () => [one],
      now: Date.now,
      refresh: (_, reason) => {
        reasons.push(`${reason} ${(Date.now() - START) / MINUTE}`)
        one.retry = { failures: 1, notBefore: Date.now() + MINUTE, message: '' }
        return Promise.resolve()
      },
    })
    await vi.advanceTimersByTimeAsync(10 * DAY - 3.5 * MINUTE)
    const due = 10 * 24 * 60 - 5
    expect(reasons).toEqual([`proactive_expiry ${due}`, `proactive_expiry ${due + 1}`])
    schedule.close()
    await vi.advanceTimersByTimeAsync(DAY)
    expect(reasons).toHaveLength(2)
  })

  const tokensOf = (at: number) => ({ issuedAt: at, lastRefreshAt: at, expiresAt: at + 10 * DAY })

  /** A schedule over many accounts whose refreshes take a while; `began` tells when each began, in ms from now. */
  function crowd(
    count: number,
    how: { takesMs?: number; settings?: () => RefreshSettings; random?: () => number } = {},
  ) {
    const began: { id: string; at: number }[] = []
    let inside = 0
    const seen = { most: 0 }
    const begin = Date.now()
    const entries = Array.from({ length: count }, (_, n) =>
      entry({ record: { id: `acc_${n}`, ...tokensOf(START - 11 * DAY) } }),
    )
    const schedule = createRefreshSchedule({
      entries: () => entries,
      now: Date.now,
      random: how.random ?? seeded(7),
      ...(how.settings === undefined ? {} : { settings: how.settings }),
      async refresh(one) {
        began.push({ id: one.record.id, at: Date.now() - begin })
        seen.most = Math.max(seen.most, (inside += 1))
        await new Promise((resolve) => setTimeout(resolve, how.takesMs ?? 100))
        inside -= 1
        one.record = { ...one.record, ...tokensOf(Date.now()) }
      },
    })
    return { began, entries, schedule, seen }
  }

  const mostInOneSecond = (began: readonly { at: number }[]): number =>
    Math.max(...began.map(({ at }) => began.filter((other) => other.at >= at && other.at < at + 1000).length))

  test.each([
    ['a login server that answers at once', 0],
    ['one that takes a second', 1000],
    ['one that takes half a minute', 30_000],
  ])('lets 500 expired accounts come back without a burst, with %s', async (_, takesMs) => {
    const { began, entries, schedule, seen } = crowd(500, { takesMs })
    await vi.advanceTimersByTimeAsync(70 * MINUTE)
    expect(new Set(began.map(({ id }) => id)).size).toBe(500)
    expect(began).toHaveLength(500)
    expect(entries.every(({ record }) => record.expiresAt! > Date.now())).toBe(true)
    expect(seen.most).toBeLessThanOrEqual(4)
    expect(mostInOneSecond(began)).toBeLessThanOrEqual(4 + 2)
    expect(mostInOneSecond(began.filter(({ at }) => at > 1000))).toBeLessThanOrEqual(takesMs === 0 ? 2 : 4)
    schedule.close()
  })

  test('does not let a few wait', async () => {
    const { began, schedule } = crowd(3)
    await vi.advanceTimersByTimeAsync(1)
    expect(began).toHaveLength(3)
    schedule.close()
  })

  test('serves the living first: none of them ends while it stands in line behind the dead', async () => {
    const { began, entries, schedule } = crowd(100)
    for (const [n, one] of entries.slice(50, 60).entries())
      Object.assign(one.record, tokensOf(START + (n + 10) * 1000 - 10 * DAY))
    await vi.advanceTimersByTimeAsync(30_000)
    expect(began.slice(0, 10).map(({ id }) => id)).toEqual(entries.slice(50, 60).map(({ record }) => record.id))
    schedule.close()
  })

  test('goes by the settings of the moment', async () => {
    let settings: RefreshSettings = { enabled: false, marginMs: 5 * MINUTE, concurrency: 1 }
    const { began, schedule, seen } = crowd(20, { takesMs: 10_000, settings: () => settings })
    await vi.advanceTimersByTimeAsync(DAY)
    expect(began).toEqual([])
    settings = { ...settings, enabled: true }
    await vi.advanceTimersByTimeAsync(65_000)
    expect(seen.most).toBe(1)
    expect(began.length).toBeGreaterThan(2)
    settings = { ...settings, concurrency: 3 }
    await vi.advanceTimersByTimeAsync(MINUTE)
    expect(seen.most).toBe(3)
    schedule.close()
  })

  test.each([
    ['a sleep of three days', 3 * DAY],
    ['a clock that is put forward by a year', 365 * DAY],
  ])('begins anew, and one by one, after %s', async (_, jumpMs) => {
    const { began, entries, schedule, seen } = crowd(40)
    await vi.advanceTimersByTimeAsync(2 * MINUTE)
    expect(began).toHaveLength(40)
    for (const one of entries) Object.assign(one.record, tokensOf(Date.now() - 9 * DAY))
    schedule.rearm()
    await vi.advanceTimersByTimeAsync(40_000)
    vi.setSystemTime(Date.now() + jumpMs)
    const woke = Date.now() - START
    schedule.rearm()
    await vi.advanceTimersByTimeAsync(2 * MINUTE)
    const after = began.slice(40)
    expect(after).toHaveLength(40)
    expect(after[0]!.at).toBeGreaterThan(woke)
    expect(mostInOneSecond(after)).toBeLessThanOrEqual(2)
    expect(seen.most).toBeLessThanOrEqual(4)
    schedule.close()
  })

  test('goes on when the clock is put back', async () => {
    const { began, entries, schedule } = crowd(40)
    await vi.advanceTimersByTimeAsync(5_000)
    const before = began.length
    vi.setSystemTime(START - 3 * DAY)
    for (const one of entries) Object.assign(one.record, tokensOf(START - 20 * DAY))
    await vi.advanceTimersByTimeAsync(2 * MINUTE)
    expect(began.length).toBeGreaterThan(before + 30)
    schedule.close()
  })
})
