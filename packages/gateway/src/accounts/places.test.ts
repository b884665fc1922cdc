import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Failure } from '@dragoman/protocol'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openStore } from '../store/index.js'
import type { Store } from '../store/index.js'
import { Secret } from '../telemetry/index.js'
import type { Accounts } from './accounts.js'
import { createAccountPool } from './pool.js'
import { DEFAULT_SETTINGS } from './pool-settings.js'
import type { PoolSettings } from './pool-settings.js'
import { fakeLoginServer } from './testing/login-server.js'
import type { AccountLease, AccountWant } from './types.js'

const START = 1_795_000_000_000
const MINUTE = 60_000
const HOUR = 60 * MINUTE

let home: string
let now: number
let store: Store
let pool: Accounts
let settings: PoolSettings

async function open(): Promise<void> {
  const server = fakeLoginServer(() => now)
  store = await openStore({ home, now: () => now })
  pool = await createAccountPool({
    store,
    auth: server.auth,
    http: server.http,
    settings: () => settings,
    now: () => now,
    random: () => 0.5,
  })
}

async function close(): Promise<void> {
  await pool.close()
  await store.close()
}

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'dragoman-places-'))
  now = START
  settings = { ...DEFAULT_SETTINGS, patienceMs: 0 }
  await open()
})

afterEach(async () => {
  await close()
  await rm(home, { recursive: true })
})

async function add(...names: string[]): Promise<string[]> {
  const server = fakeLoginServer(() => now)
  const ids: string[] = []
  for (const name of names) {
    const { access, refresh, id } = server.issue({ account: name, user: `user-${name}` })
    const login = { accessToken: new Secret(access), refreshToken: new Secret(refresh), idToken: new Secret(id) }
    ids.push((await pool.signIn(login, { label: name })).account.id)
  }
  return ids
}

const lease = (want: Partial<AccountWant> = {}, inputItems = 1, signal?: AbortSignal) =>
  pool.lease({ model: 'gpt-5.5', ...want }, { inputItems, ...(signal === undefined ? {} : { signal }) })

/** One turn of a conversation that goes well. */
async function turn(want: Partial<AccountWant>, inputItems = 1): Promise<AccountLease> {
  const taken = await lease(want, inputItems)
  pool.learn(taken.account.id, { model: want.model ?? 'gpt-5.5' })
  taken.release(true)
  return taken
}

const failure = (kind: Failure['kind'], more: Partial<Failure> = {}): Failure => ({
  kind,
  scope: 'account',
  phase: 'sent',
  retry: 'other',
  message: 'm',
  ...more,
})
const useUp = (id: string, until = now + HOUR) =>
  pool.learn(id, { model: 'gpt-5.5', failure: failure('quota_exhausted', { retryAt: until }) })

const failing = (promise: Promise<unknown>): Promise<Failure> =>
  promise.then(
    () => Promise.reject(new Error('it did not fail')),
    (error: { failure: Failure }) => error.failure,
  )

describe('a conversation', () => {
  test('stays at its account, whatever the strategy would rather have', async () => {
    await add('a', 'b', 'c', 'd')
    for (const strategy of ['least_used', 'round_robin', 'sticky', 'earliest_reset', 'weighted'] as const) {
      settings = { ...settings, strategy }
      const first = await turn({ conversation: `${strategy} 1` })
      for (let n = 0; n < 5; n += 1) {
        await turn({ conversation: `${strategy} other ${n}` })
        expect((await turn({ conversation: `${strategy} 1` }, n)).account.id).toBe(first.account.id)
      }
    }
  })

  test('finds its account again after a restart', async () => {
    await add('a', 'b', 'c')
    const homes = new Map<string, string>()
    for (let n = 0; n < 30; n += 1) homes.set(`c${n}`, (await turn({ conversation: `c${n}` })).account.id)
    expect(new Set(homes.values()).size).toBe(3)
    await close()
    await open()
    await pool.start()
    for (const [conversation, id] of homes) expect((await turn({ conversation })).account.id).toBe(id)
  })

  test('whose place nobody remembers is looked for in the same place by every instance', async () => {
    await add('a', 'b', 'c')
    const places = async () => {
      const found: string[] = []
      for (let n = 0; n < 20; n += 1) {
        const taken = await lease({ conversation: `lost ${n}`, goesOn: true })
        found.push(taken.account.id)
        taken.release()
      }
      return found
    }
    const here = await places()
    const other = await createAccountPool({
      store,
      auth: fakeLoginServer(() => now).auth,
      http: fakeLoginServer(() => now).http,
      now: () => now,
    })
    const before = pool
    pool = other
    const there = await places()
    pool = before
    await other.close()
    expect(there).toEqual(here)
    expect(new Set(here).size).toBe(3)
  })

  test('that another instance began is found where that one put it', async () => {
    await add('a', 'b', 'c')
    const begun = new Map<string, string>()
    for (let n = 0; n < 12; n += 1)
      begun.set(`c${n}`, (await turn({ conversation: `c${n}`, chain: `c${n}.x` })).account.id)
    const server = fakeLoginServer(() => now)
    const other = await createAccountPool({ store, auth: server.auth, http: server.http, now: () => now })
    await expect.poll(() => store.homes.get('c11.x'), { timeout: 10_000 }).toBeDefined()
    for (const [conversation, id] of begun) {
      const want = { model: 'gpt-5.5', conversation, chain: `${conversation}.x`, goesOn: true }
      const found = await other.lease(want, { inputItems: 3 })
      expect(found.account.id).toBe(id)
      expect(found.movedFrom).toBeUndefined()
      found.release(true)
    }
    await other.close()
  })

  test('moves when its account cannot serve, says why, and stays there; its old state is counted', async () => {
    const [a, b] = (await add('a', 'b')) as [string, string]
    settings = { ...settings, strategy: 'sticky' }
    const first = await turn({ conversation: 'c' })
    expect(first).toMatchObject({ foreignItems: 0, isOrigin: true })
    const other = first.account.id === a ? b : a
    useUp(first.account.id)
    const moved = await turn({ conversation: 'c' }, 7)
    expect(moved).toMatchObject({
      account: { id: other },
      movedFrom: { id: first.account.id, why: expect.stringContaining('usage limit') as string },
      foreignItems: 7,
      isOrigin: false,
    })
    now += 2 * HOUR
    const later = await turn({ conversation: 'c' }, 9)
    expect(later).toMatchObject({ account: { id: other }, foreignItems: 7, isOrigin: false })
    expect(later.movedFrom).toBeUndefined()
  })

  test('that two requests begin at one time has one place', async () => {
    await add('a', 'b', 'c')
    const [one, two] = await Promise.all([lease({ conversation: 'c' }), lease({ conversation: 'c' })])
    expect(two.account.id).toBe(one.account.id)
  })

  test('is followed by its agents, which may have a place of their own when that is busy', async () => {
    await add('a', 'b')
    settings = { ...settings, maxConcurrent: 1 }
    const main = await lease({ conversation: 'c', chain: 'c.main' })
    const agent = await lease({ conversation: 'c', chain: 'c.agent' })
    expect(agent.account.id).not.toBe(main.account.id)
    main.release(true)
    agent.release(true)
    expect((await turn({ conversation: 'c', chain: 'c.main' })).account.id).toBe(main.account.id)
    expect((await turn({ conversation: 'c', chain: 'c.agent' })).account.id).toBe(agent.account.id)
    expect((await turn({ conversation: 'c', chain: 'c.third' })).account.id).toBe(main.account.id)
  })

  test('waits a moment for its own account rather than read everything again elsewhere', async () => {
    await add('a', 'b')
    settings = { ...settings, maxConcurrent: 1, patienceMs: 60_000 }
    const first = await lease({ conversation: 'c' })
    const second = lease({ conversation: 'c', goesOn: true })
    expect(pool.waiting).toBe(1)
    first.release(true)
    expect((await second).account.id).toBe(first.account.id)
  })

  test('moves when its account stays busy', async () => {
    await add('a', 'b')
    settings = { ...settings, maxConcurrent: 1, patienceMs: 1_000 }
    const first = await lease({ conversation: 'c' })
    const second = lease({ conversation: 'c', goesOn: true })
    now += 1_000
    const moved = await second
    expect(moved.account.id).not.toBe(first.account.id)
    expect(moved.movedFrom?.why).toContain('busy')
  })

  test('that was compacted is not moved to who cannot read it', async () => {
    await add('a', 'b')
    const first = await turn({ conversation: 'c' })
    useUp(first.account.id, now + HOUR)
    const refusal = await failing(lease({ conversation: 'c', bound: true }))
    expect(refusal).toMatchObject({ kind: 'quota_exhausted', code: 'conversation_bound', retryAt: now + HOUR })
    expect(refusal.message).toContain(first.account.label)
  })

  test('leaves out later what could not be read', async () => {
    await add('a')
    const taken = await lease({ conversation: 'c' }, 4)
    taken.release(true, true)
    expect((await turn({ conversation: 'c' }, 6)).foreignItems).toBe(4)
  })
})

describe('places', () => {
  test('are as many as the configuration or the account says, and are given back once', async () => {
    const [a] = (await add('a')) as [string]
    settings = { ...settings, maxConcurrent: 2, queueMs: 0 }
    const one = await lease()
    await lease()
    expect(await failing(lease())).toMatchObject({ kind: 'rate_limited', code: 'all_accounts_busy' })
    expect(pool.get(a)?.open).toBe(2)
    one.release()
    one.release()
    expect(pool.get(a)?.open).toBe(1)
    await pool.change(a, { maxConcurrent: 4 })
    for (let n = 0; n < 3; n += 1) await lease()
    await failing(lease())
  })

  test('are given to those in line in the order in which they came', async () => {
    await add('a')
    settings = { ...settings, maxConcurrent: 1 }
    const first = await lease()
    const order: number[] = []
    const waiting = [0, 1, 2, 3].map(async (n) => {
      const taken = await lease({ conversation: `c${n}` })
      order.push(n)
      taken.release(true)
    })
    first.release()
    await Promise.all(waiting)
    expect(order).toEqual([0, 1, 2, 3])
  })

  test('keep a line that is no longer than it may be', async () => {
    await add('a')
    settings = { ...settings, maxConcurrent: 1, queueLength: 2 }
    const first = await lease()
    const waiting = [lease(), lease()]
    const refusal = await failing(lease())
    expect(refusal).toMatchObject({ kind: 'rate_limited', scope: 'gateway', code: 'all_accounts_busy' })
    expect(refusal.retryAt).toBeGreaterThan(now)
    first.release()
    ;(await waiting[0])?.release()
    ;(await waiting[1])?.release()
  })

  test('are waited for no longer than may be', async () => {
    await add('a')
    settings = { ...settings, maxConcurrent: 1, queueMs: 10_000 }
    await lease()
    const waiting = failing(lease())
    now += 10_000
    expect((await waiting).message).toContain('10 s in line')
  })

  test('are not waited for by a client that left', async () => {
    await add('a')
    settings = { ...settings, maxConcurrent: 1 }
    const first = await lease()
    const client = new AbortController()
    const waiting = failing(lease({}, 1, client.signal))
    client.abort()
    expect((await waiting).kind).toBe('cancelled')
    expect(pool.waiting).toBe(0)
    first.release()
    expect(pool.list()[0]?.open).toBe(0)
  })

  test('keep their distance', async () => {
    await add('a', 'b')
    settings = { ...settings, requestIntervalMs: 1_000 }
    const one = await lease()
    const two = await lease()
    expect(two.account.id).not.toBe(one.account.id)
    const third = lease()
    expect(pool.waiting).toBe(1)
    now += 1_000
    await third
  })

  test('are told of to those who ask for an explanation', async () => {
    await add('a')
    settings = { ...settings, maxConcurrent: 1 }
    await lease()
    const { ready, skipped } = pool.candidates({ model: 'gpt-5.5' })
    expect(ready).toEqual([])
    expect(skipped).toMatchObject([{ reason: 'Its one place is taken.' }])
    settings = { ...settings, maxConcurrent: 2 }
    await lease()
    expect(pool.candidates({ model: 'gpt-5.5' }).skipped).toMatchObject([{ reason: 'All its 2 places are taken.' }])
  })
})

describe('whom a request may reach', () => {
  test('a client key that is bound reaches its accounts and groups alone', async () => {
    const [a, b, c] = (await add('a', 'b', 'c')) as [string, string, string]
    await pool.change(b, { groups: ['team'] })
    for (let n = 0; n < 6; n += 1) {
      expect([b]).toContain((await turn({ conversation: `g${n}`, among: ['team'] })).account.id)
      expect([a, c]).toContain((await turn({ conversation: `i${n}`, among: [a, c] })).account.id)
    }
    useUp(b)
    expect(await failing(lease({ among: ['team'] }))).toMatchObject({ kind: 'quota_exhausted', retryAt: now + HOUR })
    expect(await failing(lease({ among: ['nobody'] }))).toMatchObject({ kind: 'forbidden' })
  })

  test('when all are used up, the earliest reset is told', async () => {
    const ids = await add('a', 'b', 'c')
    for (const [n, id] of ids.entries()) useUp(id, now + (3 - n) * HOUR)
    expect(await failing(lease())).toMatchObject({ kind: 'quota_exhausted', retryAt: now + HOUR })
  })

  test('what no waiting helps is told as that', async () => {
    const [a] = (await add('a')) as [string]
    expect(await failing(lease({ among: ['team'] }))).toMatchObject({ kind: 'forbidden' })
    await pool.setEnabled(a, false)
    const off = await failing(lease())
    expect(off).toMatchObject({ kind: 'forbidden', retry: 'never' })
    expect(off.message).toContain('dragoman accounts enable')
  })

  test('with nobody signed in it says so', async () => {
    expect(await failing(lease())).toMatchObject({ kind: 'unauthenticated', code: 'no_account' })
  })

  test('a model with a limit of its own is locked alone', async () => {
    const [a] = (await add('a')) as [string]
    const spark = 'gpt-5.3-codex-spark'
    pool.learn(a, { model: spark, failure: failure('quota_exhausted', { retryAt: now + HOUR }) })
    expect(await failing(lease({ model: spark }))).toMatchObject({ retryAt: now + HOUR })
    expect((await turn({ model: 'gpt-5.5' })).account.id).toBe(a)
  })
})

describe('a lock is a hypothesis', () => {
  test('which one request tests after an interval, when nobody else can serve', async () => {
    const [a] = (await add('a')) as [string]
    useUp(a, now + 100 * HOUR)
    now += settings.probeMs - 1
    expect((await failing(lease())).kind).toBe('quota_exhausted')
    now += 1
    const probe = await lease()
    // One at a time, and then not before the next interval.
    expect((await failing(lease())).kind).toBe('quota_exhausted')
    useUp(a, now + 100 * HOUR)
    probe.release()
    expect((await failing(lease())).kind).toBe('quota_exhausted')
    now += settings.probeMs
    await turn({})
    expect(pool.get(a)?.status).toBe('active')
    await turn({})
  })

  test('is not tested while another can serve', async () => {
    const [a, b] = (await add('a', 'b')) as [string, string]
    useUp(a, now + 100 * HOUR)
    now += 2 * settings.probeMs
    for (let n = 0; n < 5; n += 1) expect((await turn({ conversation: `c${n}` })).account.id).toBe(b)
  })

  test('is tested at once when the usage page or its owner says that there is room', async () => {
    const [a] = (await add('a')) as [string]
    for (const say of [
      () => pool.quotaIsBack(a),
      () =>
        pool.learnUsage(a, {
          rate_limit: { primary_window: { used_percent: 1, reset_at: (now + 200 * HOUR) / 1000 } },
        }),
    ]) {
      pool.learn(a, { model: 'gpt-5.5', failure: failure('quota_exhausted', { retryAt: now + 2 * HOUR }) })
      expect((await failing(lease())).kind).toBe('quota_exhausted')
      now += 1
      say()
      const tests = await lease()
      const second = lease()
      expect(pool.waiting).toBe(0)
      expect((await failing(second)).kind).toBe('quota_exhausted')
      pool.learn(a, { model: 'gpt-5.5' })
      tests.release(true)
      await turn({})
    }
  })

  test('ends by itself, and one request sees whether it is true before all come', async () => {
    const [a] = (await add('a')) as [string]
    useUp(a, now + HOUR)
    now += HOUR
    const first = await lease()
    const others = [lease(), lease(), lease()]
    expect(pool.waiting).toBe(3)
    pool.learn(a, { model: 'gpt-5.5' })
    for (const other of await Promise.all(others)) other.release(true)
    first.release(true)
    expect(pool.get(a)).toMatchObject({ status: 'active', open: 0 })
  })

  test('of many that end together opens one after the other', async () => {
    const ids = await add(...Array.from({ length: 20 }, (_, n) => `a${n}`))
    for (const id of ids) useUp(id, START + HOUR)
    now = START + HOUR
    const asked = new Set<string>()
    const take = () => {
      for (;;) {
        const { ready } = pool.candidates({ model: 'gpt-5.5' })
        if (ready.length === 0) return
        void lease({ conversation: `${now} ${asked.size}` }).then(({ account }) => asked.add(account.id))
        return
      }
    }
    take()
    await Promise.resolve()
    expect(pool.candidates({ model: 'gpt-5.5' }).ready.length).toBeLessThan(5)
    now += 6_000
    const half = pool.candidates({ model: 'gpt-5.5' }).ready.length
    expect(half).toBeGreaterThan(3)
    expect(half).toBeLessThan(17)
    now += 6_000
    expect(pool.candidates({ model: 'gpt-5.5' }).ready.length).toBe(19)
  })
})
