import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createRefreshSchedule, dueAt } from './refresh-schedule.js'
import type { Entry } from './roster.js'

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
    benched: new Map(),
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
      { retry: { failures: 1, notBefore: START + 11 * DAY, message: '' } },
      11 * DAY,
    ],
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
    ['as ever while it waits for its quota', { health: { status: 'exhausted', until: START } }, 10 * DAY - 5 * MINUTE],
  ])('is %s', (_, change, afterStartMs) => {
    expect(dueAt(entry(change))).toBe(afterStartMs === undefined ? undefined : START + afterStartMs)
  })

  test('is eight days after the last, when the token names no end', () => {
    const endless = entry()
    delete endless.record.expiresAt
    expect(dueAt(endless)).toBe(START + 8 * DAY)
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

  test('never runs more than four at once', async () => {
    let inside = 0
    let most = 0
    const entries = Array.from({ length: 50 }, (_, n) => entry({ record: { id: `acc_${n}`, expiresAt: START } }))
    const schedule = createRefreshSchedule({
      entries: () => entries,
      now: Date.now,
      async refresh(one) {
        most = Math.max(most, (inside += 1))
        await new Promise((resolve) => setTimeout(resolve, 100))
        inside -= 1
        one.record = { ...one.record, expiresAt: START + 10 * DAY }
      },
    })
    await vi.advanceTimersByTimeAsync(2 * MINUTE)
    expect(most).toBe(4)
    expect(entries.every(({ record }) => record.expiresAt! > START)).toBe(true)
    schedule.close()
  })
})
