import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Failure } from '@dragoman/protocol'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { openStore } from '../store/index.js'
import type { Store } from '../store/index.js'
import { Secret } from '../telemetry/index.js'
import type { Accounts } from './accounts.js'
import { createAccountPool } from './pool.js'
import { fakeLoginServer } from './testing/login-server.js'
import type { FakeLoginServer, Person } from './testing/login-server.js'

const START = 1_795_000_000_000
const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

let home: string
let now: number
let server: FakeLoginServer
let open: { store: Store; pool: Accounts }[]

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'dragoman-pool-'))
  now = START
  server = fakeLoginServer(() => now)
  open = []
})

afterEach(async () => {
  await closeAll()
  await rm(home, { recursive: true })
})

async function closeAll(): Promise<void> {
  for (const { pool, store } of open.splice(0)) {
    await pool.close()
    await store.close()
  }
}

async function openPool(): Promise<Accounts> {
  const store = await openStore({ home, now: () => now })
  const pool = await createAccountPool({ store, auth: server.auth, http: server.http, now: () => now, random: () => 0 })
  open.push({ store, pool })
  return pool
}

const storeOf = (pool: Accounts) => open.find((one) => one.pool === pool)!.store

function login(person: Person) {
  const { access, refresh, id } = server.issue(person)
  return { accessToken: new Secret(access), refreshToken: new Secret(refresh), idToken: new Secret(id) }
}

async function add(pool: Accounts, account: string): Promise<string> {
  return (await pool.signIn(login({ account, user: `user-${account}` }))).account.id
}

/** Where conversations that begin one after the other get their place. */
async function firstPlaces(pool: Accounts, count: number): Promise<string[]> {
  const places: string[] = []
  for (let n = 0; n < count; n += 1) {
    const lease = await pool.lease({ model: 'gpt-5.5', conversation: `c${n}` }, { inputItems: 1 })
    places.push(lease.account.id)
    lease.release(true)
  }
  return places
}

async function authJson(person: Person): Promise<string> {
  const { access, refresh, id } = server.issue(person)
  const path = join(home, 'auth.json')
  const tokens = { access_token: access, refresh_token: refresh, id_token: id, account_id: person.account }
  await writeFile(path, JSON.stringify({ tokens, last_refresh: new Date(now).toISOString() }))
  return path
}

const failure = (kind: Failure['kind'], more: Partial<Failure> = {}): Failure => ({
  kind,
  scope: 'account',
  phase: 'sent',
  retry: 'other',
  message: 'm',
  ...more,
})

const refreshes = () => server.asked.filter(({ body }) => body['grant_type'] === 'refresh_token')
const ready = (pool: Accounts, tried?: ReadonlySet<string>) =>
  pool.candidates({ model: 'gpt-5.5', ...(tried === undefined ? {} : { tried }) }).ready.map(({ id }) => id)

describe('signing in', () => {
  test('adds an account that serves at once, and survives a restart', async () => {
    const pool = await openPool()
    const { account, outcome } = await pool.signIn(login({ account: 'ws', user: 'u', plan: 'pro' }), { label: 'work' })
    expect(outcome).toBe('added')
    expect(account).toMatchObject({
      chatgptAccountId: 'ws',
      userId: 'u',
      plan: 'pro',
      label: 'work',
      status: 'active',
      generation: 1,
    })
    await closeAll()
    const again = await openPool()
    expect(again.list()).toEqual([account])
    expect((await again.credential(account.id)).chatgptAccountId).toBe('ws')
  })

  test('again takes the new tokens over and revokes the old ones; another member of the workspace is another account', async () => {
    const pool = await openPool()
    const first = await pool.signIn(login({ account: 'ws', user: 'u' }))
    const old = server.live('ws')
    const second = await pool.signIn(login({ account: 'ws', user: 'u' }))
    expect(second).toMatchObject({ outcome: 'updated', account: { id: first.account.id, generation: 2 } })
    await vi.waitUntil(() => server.asked.some(({ path, body }) => path === '/oauth/revoke' && body['token'] === old))
    expect((await pool.signIn(login({ account: 'ws', user: 'v' }))).outcome).toBe('added')
    expect(pool.list()).toHaveLength(2)
  })

  test('heals whatever was believed before', async () => {
    const pool = await openPool()
    const id = await add(pool, 'ws')
    pool.learn(id, { model: 'm', failure: failure('credential_revoked') })
    expect(pool.get(id)?.status).toBe('expired')
    await add(pool, 'ws')
    expect(pool.get(id)?.status).toBe('active')
  })

  test('is seen by another process', async () => {
    const [gateway, command] = [await openPool(), await openPool()]
    const id = await add(command, 'ws')
    await vi.waitUntil(() => gateway.get(id)?.status === 'active')
    await command.setEnabled(id, false)
    await vi.waitUntil(() => gateway.get(id)?.status === 'disabled')
    expect(ready(gateway)).toEqual([])
    await command.remove(id)
    await vi.waitUntil(() => gateway.get(id) === undefined)
  })
})

describe('removing', () => {
  test('revokes a login that was made here', async () => {
    const pool = await openPool()
    const id = await add(pool, 'ws')
    expect(await pool.remove(id)).toBe(true)
    expect(pool.list()).toEqual([])
    expect(server.live('ws')).toBeUndefined()
    expect(await pool.remove(id)).toBe(false)
  })

  test('leaves a copied login to its source', async () => {
    const pool = await openPool()
    const { account } = await pool.importFile(await authJson({ account: 'ws' }))
    await pool.remove(account.id)
    expect(server.live('ws')).toBeDefined()
  })
})

describe('importing', () => {
  test('works without network', async () => {
    const pool = await openPool()
    const { account, outcome } = await pool.importFile(await authJson({ account: 'ws', user: 'u' }))
    expect(outcome).toBe('added')
    expect(server.asked).toEqual([])
    expect(ready(pool)).toEqual([account.id])
  })

  test('an old file does not replace living tokens', async () => {
    const pool = await openPool()
    const path = await authJson({ account: 'ws', user: 'u' })
    now += MINUTE
    const { account } = await pool.signIn(login({ account: 'ws', user: 'u' }))
    expect((await pool.importFile(path)).outcome).toBe('unchanged')
    expect((await pool.refresh(account.id)).ok).toBe(true)
  })

  test('an unreadable file is told', async () => {
    await expect((await openPool()).importFile(join(home, 'none.json'))).rejects.toMatchObject({ code: 'bad_file' })
  })
})

describe('a credential', () => {
  test('far from its end is given as it is', async () => {
    const pool = await openPool()
    const id = await add(pool, 'ws')
    const { accessToken, generation } = await pool.credential(id)
    expect(generation).toBe(1)
    expect(accessToken.reveal()).toMatch(/^ey/)
    expect(refreshes()).toEqual([])
  })

  test('in its last minutes is given while a refresh runs behind it', async () => {
    const pool = await openPool()
    const id = await add(pool, 'ws')
    now = START + 10 * DAY - 4 * MINUTE
    expect((await pool.credential(id)).generation).toBe(1)
    await vi.waitUntil(() => pool.get(id)?.generation === 2)
    expect(refreshes().map(({ body }) => body['refresh_reason'])).toEqual(['proactive_expiry'])
  })

  test('that has ended is renewed first, once for all who ask', async () => {
    const pool = await openPool()
    const id = await add(pool, 'ws')
    now = START + 11 * DAY
    const given = await Promise.all(Array.from({ length: 20 }, () => pool.credential(id)))
    expect(new Set(given.map(({ generation }) => generation))).toEqual(new Set([2]))
    expect(refreshes()).toHaveLength(1)
  })

  test('that has ended while the login server is down: no verdict, no storm, and healed by time', async () => {
    const pool = await openPool()
    const id = await add(pool, 'ws')
    now = START + 11 * DAY
    server.interrupt(() => Promise.reject(Object.assign(new Error('x'), { code: 'ECONNREFUSED' })))
    await expect(pool.credential(id)).rejects.toMatchObject({ failure: { kind: 'unreachable', scope: 'account' } })
    await expect(pool.credential(id)).rejects.toMatchObject({ failure: { kind: 'unreachable' } })
    expect(refreshes()).toHaveLength(1)
    expect(pool.get(id)?.status).toBe('active')
    expect(pool.candidates({ model: 'm' }).skipped[0]?.reason).toContain('cannot be renewed at the moment')
    now += MINUTE
    expect((await pool.credential(id)).generation).toBe(2)
  })

  test('that can never be renewed serves to its end, with a word to its owner, and then no more', async () => {
    const pool = await openPool()
    const id = await add(pool, 'ws')
    server.issue({ account: 'ws', user: 'user-ws' })
    expect(await pool.refresh(id)).toEqual({ ok: false, message: expect.stringContaining('used elsewhere') as string })
    expect(pool.get(id)).toMatchObject({
      status: 'active',
      attention: expect.stringContaining('Sign in again') as string,
    })
    expect((await pool.credential(id)).generation).toBe(1)
    now = START + 11 * DAY
    expect(ready(pool)).toEqual([])
    await expect(pool.credential(id)).rejects.toMatchObject({ failure: { kind: 'credential_expired' } })
    expect(pool.get(id)).toMatchObject({
      status: 'expired',
      reason: expect.stringContaining('used elsewhere') as string,
    })
    expect(refreshes()).toHaveLength(1)
  })
})

describe('a machine whose clock is wrong', () => {
  test.each([
    ['twenty days ahead', -20 * DAY],
    ['twenty days behind', 20 * DAY],
  ])('%s refreshes once a life, not all the time', async (_, serverAheadMs) => {
    server.settings.now = () => now + serverAheadMs
    const pool = await openPool()
    const id = await add(pool, 'ws')
    expect((await pool.credential(id)).generation).toBe(1)
    now += 10 * DAY + MINUTE
    expect((await pool.credential(id)).generation).toBe(2)
    expect((await pool.credential(id)).generation).toBe(2)
    expect(refreshes()).toHaveLength(1)
  })
})

describe('after a 401', () => {
  test('one refresh a generation is shared by everybody', async () => {
    const pool = await openPool()
    const id = await add(pool, 'ws')
    const given = await Promise.all(Array.from({ length: 20 }, () => pool.recover(id, 1)))
    expect(given.every(({ generation }) => generation === 2)).toBe(true)
    expect((await pool.recover(id, 1)).generation).toBe(2)
    expect(refreshes().map(({ body }) => body['refresh_reason'])).toEqual(['unauthorized_recovery'])
  })

  test('a backend that refuses every token is not answered with refreshes without end', async () => {
    const pool = await openPool()
    const id = await add(pool, 'ws')
    for (let generation = 1; generation <= 3; generation += 1) {
      now += 1000
      await pool.recover(id, generation)
    }
    await expect(pool.recover(id, 4)).rejects.toMatchObject({ failure: { kind: 'credential_expired' } })
    expect(refreshes()).toHaveLength(3)
    expect(pool.get(id)).toMatchObject({ status: 'cooling', until: now + MINUTE })
    now += MINUTE
    expect((await pool.recover(id, 4)).generation).toBe(5)
  })

  test('a login that was revoked needs its owner', async () => {
    const pool = await openPool()
    const id = await add(pool, 'ws')
    server.interrupt(() => Promise.resolve({ status: 401, body: '{"error":{"code":"refresh_token_invalidated"}}' }))
    await expect(pool.recover(id, 1)).rejects.toMatchObject({ failure: { kind: 'credential_revoked' } })
    expect(pool.get(id)).toMatchObject({ status: 'expired', reason: 'Sign in again: its login was revoked.' })
  })
})

describe('after a crash during a refresh', () => {
  async function crash(spent: boolean): Promise<string> {
    const pool = await openPool()
    const id = await add(pool, 'ws')
    const { record } = (await storeOf(pool).accounts.read(id))!
    await storeOf(pool).refreshJournal.begin({ accountId: id, generation: 1, tokenHash: record.refreshTokenHash!, now })
    if (spent) server.issue({ account: 'ws', user: 'user-ws' })
    await closeAll()
    return id
  }

  test('a token that was not spent is tried once, and all is well', async () => {
    const id = await crash(false)
    const pool = await openPool()
    await pool.start()
    await vi.waitUntil(() => pool.get(id)?.generation === 2)
    expect(pool.get(id)?.attention).toBeUndefined()
  })

  test('one that was spent is told as that, once; the access token serves on; the account is never called banned', async () => {
    const id = await crash(true)
    const pool = await openPool()
    await pool.start()
    await vi.waitUntil(() => pool.get(id)?.attention !== undefined)
    expect(pool.get(id)).toMatchObject({
      status: 'active',
      attention: expect.stringContaining('a crash during a refresh') as string,
    })
    await closeAll()
    const again = await openPool()
    await again.start()
    expect(again.get(id)?.attention).toContain('a crash during a refresh')
    now = START + 11 * DAY
    await expect(again.credential(id)).rejects.toMatchObject({ failure: { kind: 'credential_expired' } })
    expect(again.get(id)).toMatchObject({
      status: 'expired',
      reason: expect.stringContaining('a crash during a refresh') as string,
    })
    expect(refreshes()).toHaveLength(1)
  })
})

describe('an account linked to another program', () => {
  test('takes over what that program writes, and never refreshes', async () => {
    const pool = await openPool()
    const { account } = await pool.importFile(await authJson({ account: 'ws', user: 'u' }), { link: true })
    await pool.start()
    expect(account.linkedTo).toBe(join(home, 'auth.json'))
    now = START + 10 * DAY - 2 * MINUTE
    expect((await pool.credential(account.id)).generation).toBe(1)
    await authJson({ account: 'ws', user: 'u' })
    await vi.waitUntil(() => pool.get(account.id)?.generation === 2)
    expect((await pool.credential(account.id)).generation).toBe(2)
    expect(server.asked).toEqual([])
  })

  test('whose login has ended says what to do, and heals by the file alone', async () => {
    const pool = await openPool()
    const { account } = await pool.importFile(await authJson({ account: 'ws', user: 'u' }), { link: true })
    now = START + 11 * DAY
    await expect(pool.credential(account.id)).rejects.toMatchObject({ failure: { kind: 'credential_expired' } })
    expect(pool.get(account.id)).toMatchObject({
      status: 'expired',
      reason: expect.stringContaining('codex login') as string,
    })
    await authJson({ account: 'ws', user: 'u' })
    expect((await pool.credential(account.id)).generation).toBe(2)
    expect(pool.get(account.id)?.status).toBe('active')
  })

  test('does not take another account for its own', async () => {
    const pool = await openPool()
    const { account } = await pool.importFile(await authJson({ account: 'ws', user: 'u' }), { link: true })
    await authJson({ account: 'other', user: 'v' })
    expect((await pool.credential(account.id)).generation).toBe(1)
    expect(pool.get(account.id)?.attention).toContain('another account')
  })

  test('by copy follows its file when that program has moved on', async () => {
    const pool = await openPool()
    const { account } = await pool.importFile(await authJson({ account: 'ws', user: 'u' }))
    await authJson({ account: 'ws', user: 'u' })
    const moved = await pool.recover(account.id, 1)
    expect(moved.generation).toBe(2)
    expect(pool.get(account.id)).toMatchObject({ status: 'active', linkedTo: join(home, 'auth.json') })
  })
})

describe('choosing', () => {
  test('goes round, leaves out who was tried, and says why the others are left out', async () => {
    const pool = await openPool()
    const [a, b, c] = [await add(pool, 'a'), await add(pool, 'b'), await add(pool, 'c')]
    const order = pool.list().map(({ id }) => id)
    expect(order.sort()).toEqual([a, b, c].sort())
    expect(new Set(await firstPlaces(pool, 3)).size).toBe(3)
    expect(ready(pool, new Set([a, b]))).toEqual([c])
    pool.learn(a, { model: 'gpt-5.5', failure: failure('quota_exhausted', { retryAt: now + MINUTE }) })
    const { ready: left, skipped } = pool.candidates({ model: 'gpt-5.5' })
    expect(left.map(({ id }) => id).sort()).toEqual([b, c].sort())
    expect(skipped).toMatchObject([{ account: { id: a }, reason: expect.stringContaining('usage limit') as string }])
    now += MINUTE
    expect(ready(pool)).toContain(a)
  })

  test('keeps an account from a model whose own limit is reached, and from no other', async () => {
    const pool = await openPool()
    const id = await add(pool, 'a')
    pool.learn(id, { model: 'gpt-5.5', failure: failure('quota_exhausted', { scope: 'model', retryAt: now + MINUTE }) })
    expect(ready(pool)).toEqual([])
    expect(pool.candidates({ model: 'gpt-6-sol' }).ready).toHaveLength(1)
    now += MINUTE
    expect(ready(pool)).toEqual([id])
  })

  test('learns from headers: a full window benches, a later answer heals', async () => {
    const pool = await openPool()
    const id = await add(pool, 'a')
    const headers = (used: string) => ({
      'x-codex-primary-used-percent': used,
      'x-codex-primary-window-minutes': '300',
      'x-codex-primary-reset-at': String((now + 60 * MINUTE) / 1000),
    })
    pool.learn(id, { model: 'm', headers: headers('100') })
    expect(pool.get(id)).toMatchObject({ status: 'exhausted', until: now + 60 * MINUTE })
    expect(pool.quota(id)?.windows['codex/primary']?.usedPercent).toBe(100)
    pool.learn(id, { model: 'm', headers: headers('3'), failure: failure('overloaded', { scope: 'provider' }) })
    expect(pool.get(id)?.status).toBe('active')
  })

  test('does not hold against new tokens what old ones met', async () => {
    const pool = await openPool()
    const id = await add(pool, 'a')
    await pool.recover(id, 1)
    pool.learn(id, { model: 'm', generation: 1, failure: failure('credential_revoked') })
    expect(pool.get(id)?.status).toBe('active')
  })

  test('state and quota survive a restart', async () => {
    const pool = await openPool()
    const id = await add(pool, 'a')
    pool.learn(id, {
      model: 'm',
      failure: failure('quota_exhausted', { retryAt: now + MINUTE }),
      headers: { 'x-codex-primary-used-percent': '99' },
    })
    await closeAll()
    const again = await openPool()
    expect(again.get(id)).toMatchObject({ status: 'exhausted', until: now + MINUTE })
    expect(again.quota(id)?.windows['codex/primary']?.usedPercent).toBe(99)
  })
})

describe('when nobody can serve', () => {
  test.each<[string, Failure['kind'][], Partial<Failure>]>([
    ['nobody is signed in', [], { kind: 'unauthenticated', code: 'no_account' }],
    [
      'all are used up',
      ['quota_exhausted', 'quota_exhausted'],
      { kind: 'quota_exhausted', retryAt: START + 5 * MINUTE },
    ],
    [
      'one rests and one is used up',
      ['quota_exhausted', 'challenged'],
      { kind: 'rate_limited', retryAt: START + MINUTE },
    ],
    ['one rests and one is lost', ['credential_revoked', 'challenged'], { kind: 'rate_limited' }],
    ['all logins are lost', ['credential_revoked', 'credential_revoked'], { kind: 'credential_expired' }],
  ])('because %s, it says so', async (_, kinds, expected) => {
    const pool = await openPool()
    for (const [n, kind] of kinds.entries())
      pool.learn(await add(pool, `ws-${n}`), { model: 'm', failure: failure(kind) })
    expect(pool.whyNobody({ model: 'gpt-5.5' })).toMatchObject({ ...expected, retry: 'never' })
  })
})

test('tokens are refreshed ahead of their end, and nobody waits for it', async () => {
  const pool = await openPool()
  const ids = [await add(pool, 'a'), await add(pool, 'b')]
  now = START + 10 * DAY - 4 * MINUTE
  await pool.start()
  await vi.waitUntil(() => ids.every((id) => pool.get(id)?.generation === 2))
  expect(refreshes()).toHaveLength(2)
})

test('the previous refresh token is kept until its successor has been seen to work', async () => {
  const pool = await openPool()
  const id = await add(pool, 'a')
  await pool.recover(id, 1)
  const previous = async () => (await storeOf(pool).accounts.read(id))?.tokens.previousRefreshToken
  expect(await previous()).toBeDefined()
  pool.learn(id, { model: 'm', generation: 2 })
  await vi.waitUntil(async () => (await previous()) === undefined)
})

test('no token is in anything that the pool shows', async () => {
  const pool = await openPool()
  const id = await add(pool, 'a')
  const shown = JSON.stringify([
    pool.list(),
    pool.candidates({ model: 'm' }),
    await pool.credential(id),
    pool.whyNobody({ model: 'm' }),
  ])
  expect(shown).not.toMatch(/rt_|eyJ/)
})
