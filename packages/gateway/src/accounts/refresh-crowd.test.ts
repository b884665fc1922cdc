import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { silent } from '../store/index.js'
import type { Store } from '../store/index.js'
import { Secret } from '../telemetry/index.js'
import { createCredentials } from './credentials.js'
import { createRefreshSchedule } from './refresh-schedule.js'
import type { Entry, Roster } from './roster.js'
import { seeded } from './testing/seeded.js'

const START = 1_795_000_000_000
const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

beforeEach(() => {
  vi.useFakeTimers({ now: START })
})
afterEach(() => {
  vi.useRealTimers()
})

/** The accounts of a gateway that starts after a long time, over a login server that takes a while for each. */
function startAfterLong(count: number, takesMs: number, enabled = true) {
  const entries = new Map<string, Entry>()
  for (let n = 0; n < count; n += 1) {
    const id = `acc_${n}`
    entries.set(id, {
      health: { status: 'active' },
      retry: { failures: 0, notBefore: 0, message: '' },
      recoveries: [],
      jitter: 0.5,
      requests: 0,
      open: 0,
      freeAt: 0,
      record: {
        id,
        chatgptAccountId: `ws-${n}`,
        fedramp: false,
        enabled: true,
        origin: 'login',
        linked: false,
        generation: 1,
        refreshTokenHash: 'h',
        issuedAt: START - 30 * DAY,
        lastRefreshAt: START - 30 * DAY,
        expiresAt: START - 20 * DAY,
        groups: [],
        weight: 1,
        converge: false,
        hasCookies: false,
        createdAt: START - 60 * DAY,
      },
    })
  }
  const roster = {
    all: () => [...entries.values()],
    get: (id: string) => entries.get(id),
    reload: () => Promise.resolve(),
    apply: () => undefined,
  } as Partial<Roster> as Roster
  const accounts = {
    read: (id: string) =>
      Promise.resolve({ record: entries.get(id)!.record, tokens: { accessToken: new Secret(`token of ${id}`) } }),
  }
  const began: { id: string; at: number }[] = []
  let inside = 0
  const seen = { most: 0 }
  const settings = () => ({ enabled, marginMs: 5 * MINUTE, concurrency: 4 })
  const credentials = createCredentials({
    store: { accounts } as Partial<Store> as Store,
    roster,
    refresher: {
      async refresh({ accountId, generation }) {
        began.push({ id: accountId, at: Date.now() - START })
        seen.most = Math.max(seen.most, (inside += 1))
        await new Promise((resolve) => setTimeout(resolve, takesMs))
        inside -= 1
        const { record } = entries.get(accountId)!
        Object.assign(record, {
          generation: generation + 1,
          issuedAt: Date.now(),
          lastRefreshAt: Date.now(),
          expiresAt: Date.now() + 10 * DAY,
        })
        return { kind: 'refreshed' }
      },
      close: () => Promise.resolve(),
    },
    settings,
    now: Date.now,
    random: seeded(3),
    log: silent,
  })
  const schedule = createRefreshSchedule({
    entries: roster.all,
    refresh: credentials.refresh,
    settings,
    now: Date.now,
    random: seeded(4),
  })
  return { credentials, schedule, began, seen, entries }
}

test('an account that a request waits for is refreshed at once, whatever the start has to catch up with', async () => {
  const { credentials, schedule, began, seen } = startAfterLong(500, 20_000)
  await vi.advanceTimersByTimeAsync(30_000)
  expect(seen.most).toBe(4)
  const beganAt = Date.now()
  const wanted = credentials.credential('acc_499')
  await vi.advanceTimersByTimeAsync(0)
  expect(began.at(-1)).toEqual({ id: 'acc_499', at: beganAt - START })
  await vi.advanceTimersByTimeAsync(20_000)
  await expect(wanted).resolves.toMatchObject({ accountId: 'acc_499', generation: 2 })
  await vi.advanceTimersByTimeAsync(60 * MINUTE)
  expect(began).toHaveLength(500)
  expect(seen.most).toBe(5)
  schedule.close()
})

test('a hundred requests for as many dead accounts ask the login server a few at a time', async () => {
  const { credentials, schedule, began, seen, entries } = startAfterLong(500, 500)
  const wanted = Promise.all(Array.from({ length: 100 }, (_, n) => credentials.credential(`acc_${n * 5}`)))
  await vi.advanceTimersByTimeAsync(15_000)
  expect((await wanted).every(({ generation }) => generation === 2)).toBe(true)
  await vi.advanceTimersByTimeAsync(20 * MINUTE)
  expect(seen.most).toBeLessThanOrEqual(8)
  expect(began).toHaveLength(500)
  expect([...entries.values()].every(({ record }) => record.generation === 2)).toBe(true)
  schedule.close()
})

test('with refreshes ahead of time switched off, only who is asked for is refreshed', async () => {
  const { credentials, schedule, began } = startAfterLong(50, 100, false)
  await vi.advanceTimersByTimeAsync(DAY)
  expect(began).toEqual([])
  const wanted = credentials.credential('acc_7')
  await vi.advanceTimersByTimeAsync(100)
  await expect(wanted).resolves.toMatchObject({ generation: 2 })
  await vi.advanceTimersByTimeAsync(10 * DAY - 3 * MINUTE)
  expect(began).toHaveLength(1)
  // Its last minutes: the request is served, and the refresh runs behind it.
  await expect(credentials.credential('acc_7')).resolves.toMatchObject({ generation: 2 })
  await vi.advanceTimersByTimeAsync(100)
  expect(began.map(({ id }) => id)).toEqual(['acc_7', 'acc_7'])
  schedule.close()
})
