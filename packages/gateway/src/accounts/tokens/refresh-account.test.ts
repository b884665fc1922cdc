import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createLeases } from '../../cluster/index.js'
import { hashToken, openStore, silent } from '../../store/index.js'
import type { Store } from '../../store/index.js'
import { Secret } from '../../telemetry/index.js'
import { identify, toNewTokens } from '../login/index.js'
import { fakeLoginServer } from '../testing/login-server.js'
import type { FakeLoginServer } from '../testing/login-server.js'
import { refreshAccount } from './refresh-account.js'
import type { RefreshOutcome, RefreshRoom } from './refresh-account.js'

let home: string
let stores: Store[]
let server: FakeLoginServer
let id: string

const NOW = 1_795_000_000_000

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'dragoman-refresh-'))
  server = fakeLoginServer(() => NOW)
  stores = []
  const room = await openRoom()
  id = await signIn(room.store)
})

afterEach(async () => {
  for (const store of stores) await store.close()
  await rm(home, { recursive: true })
})

async function openRoom(): Promise<RefreshRoom> {
  const store = await openStore({ home })
  stores.push(store)
  return {
    store,
    leases: createLeases({ rows: store.leases }),
    http: server.http,
    auth: server.auth,
    now: () => NOW,
    log: silent,
  }
}

async function signIn(store: Store): Promise<string> {
  const { access, refresh, id: idToken } = server.issue({ account: 'ws-1', user: 'u' })
  const login = { accessToken: new Secret(access), refreshToken: new Secret(refresh), idToken: new Secret(idToken) }
  const done = await store.accounts.signIn({
    identity: identify(login),
    tokens: toNewTokens(login, NOW),
    origin: 'login',
    replace: 'always',
  })
  return done.id
}

async function refresh(room: RefreshRoom, generation: number): Promise<RefreshOutcome> {
  return refreshAccount(room, { accountId: id, generation, reason: 'forced' })
}

async function stored(store: Store) {
  return (await store.accounts.read(id))!
}

describe('a refresh', () => {
  test('spends the token once and stores its successor with the one before', async () => {
    const room = await openRoom()
    const spent = server.live('ws-1')
    expect(await refresh(room, 1)).toEqual({ kind: 'refreshed' })
    const { record, tokens } = await stored(room.store)
    expect(record.generation).toBe(2)
    expect(tokens.refreshToken?.reveal()).toBe(server.live('ws-1'))
    expect(tokens.previousRefreshToken?.reveal()).toBe(spent)
    expect(await room.store.refreshJournal.list()).toEqual([])
    expect(server.asked.at(-1)!.body).toEqual({
      client_id: 'app_test',
      grant_type: 'refresh_token',
      refresh_reason: 'forced',
      refresh_token: spent,
    })
    await room.store.accounts.forgetPrevious(id, 2)
    expect((await stored(room.store)).tokens.previousRefreshToken).toBeUndefined()
  })

  test('has its intent on the disk before the token is spent', async () => {
    const room = await openRoom()
    const other = await openRoom()
    const seen: unknown[] = []
    server.interrupt(async () => {
      seen.push(...(await other.store.refreshJournal.list()))
      return { status: 503, body: '' }
    })
    const { record } = await stored(room.store)
    await refresh(room, 1)
    expect(seen).toEqual([
      { accountId: id, generation: 1, tokenHash: record.refreshTokenHash, firstAt: NOW, lastAt: NOW, attempts: 1 },
    ])
  })

  test('that many want at once, in two processes, happens once', async () => {
    const rooms = [await openRoom(), await openRoom()]
    const outcomes = await Promise.all(Array.from({ length: 10 }, (_, n) => refresh(rooms[n % 2]!, 1)))
    expect(outcomes.filter(({ kind }) => kind === 'refreshed')).toHaveLength(1)
    expect(outcomes.filter(({ kind }) => kind === 'moved')).toHaveLength(9)
    expect(server.asked).toHaveLength(1)
  })

  test('200 times by two stores in turns never spends a token twice', async () => {
    const rooms = [await openRoom(), await openRoom()]
    await Promise.all(
      rooms.map(async (room) => {
        for (let n = 0; n < 100; n += 1) await refresh(room, (await stored(room.store)).record.generation)
      }),
    )
    expect(hashToken(new Secret(server.live('ws-1')!))).toBe((await stored(rooms[0]!.store)).record.refreshTokenHash)
    const spent = server.asked.map(({ body }) => body['refresh_token'])
    expect(new Set(spent).size).toBe(spent.length)
  })

  test('keeps what the answer leaves out', async () => {
    const room = await openRoom()
    const { tokens } = await stored(room.store)
    server.interrupt(() => Promise.resolve({ status: 200, body: JSON.stringify({ access_token: 'opaque' }) }))
    expect(await refresh(room, 1)).toEqual({ kind: 'refreshed' })
    const after = await stored(room.store)
    expect(after.tokens.accessToken.reveal()).toBe('opaque')
    expect(after.tokens.refreshToken?.reveal()).toBe(tokens.refreshToken?.reveal())
    expect(after.tokens.idToken?.reveal()).toBe(tokens.idToken?.reveal())
    expect(after.record.plan).toBe('plus')
  })
})

describe('the login server says', () => {
  const error = (code: string) => JSON.stringify({ error: { code, message: 'no' } })
  test.each([
    [401, error('refresh_token_expired'), 'refused', 'expired'],
    [401, error('REFRESH_TOKEN_REUSED'), 'refused', 'reused'],
    [400, JSON.stringify({ error: 'refresh_token_invalidated' }), 'refused', 'revoked'],
    [400, JSON.stringify({ code: 'refresh_token_expired' }), 'refused', 'expired'],
    [401, error('account_deactivated'), 'refused', 'deactivated'],
    [401, 'go away', 'refused', 'other'],
    [400, JSON.stringify({ error: 'invalid_grant' }), 'failed', undefined],
    [403, '<html>Just a moment…</html>', 'failed', undefined],
    [429, '', 'failed', undefined],
    [500, '', 'failed', undefined],
    [302, '', 'failed', undefined],
    [200, 'not json', 'failed', undefined],
  ])('%d %s: %s %s', async (status, body, kind, cause) => {
    const room = await openRoom()
    server.interrupt(() => Promise.resolve({ status, body }))
    const outcome = await refresh(room, 1)
    expect(outcome).toMatchObject(cause === undefined ? { kind } : { kind, cause })
    expect((await stored(room.store)).record.generation).toBe(1)
    expect(JSON.stringify(outcome)).not.toContain('rt_')
  })
})

describe('a token that is used up', () => {
  test('after an answer that was lost is told as that, for ever', async () => {
    const room = await openRoom()
    server.loseAnswer()
    expect(await refresh(room, 1)).toMatchObject({ kind: 'failed' })
    expect(await room.store.refreshJournal.list()).toMatchObject([{ outcome: 'lost', attempts: 1 }])
    expect(await refresh(room, 1)).toMatchObject({ kind: 'refused', cause: 'lost' })
    expect(await room.store.refreshJournal.list()).toMatchObject([{ outcome: 'refused_lost' }])
    expect(await refresh(room, 1)).toMatchObject({ kind: 'refused', cause: 'lost' })
  })

  test('after a crash on the way is told as that', async () => {
    const room = await openRoom()
    const { record } = await stored(room.store)
    await room.store.refreshJournal.begin({
      accountId: id,
      generation: 1,
      tokenHash: record.refreshTokenHash!,
      now: NOW,
    })
    server.issue({ account: 'ws-1', user: 'u' })
    expect(await refresh(room, 1)).toMatchObject({ kind: 'refused', cause: 'crashed' })
  })

  test('with no trace of ours was used elsewhere', async () => {
    const room = await openRoom()
    server.issue({ account: 'ws-1', user: 'u' })
    expect(await refresh(room, 1)).toMatchObject({ kind: 'refused', cause: 'reused' })
  })

  test('is not suspected when the server certainly did not take it', async () => {
    const room = await openRoom()
    server.interrupt(() => Promise.reject(Object.assign(new Error('x'), { code: 'ECONNREFUSED' })))
    expect(await refresh(room, 1)).toMatchObject({ kind: 'failed' })
    expect(await room.store.refreshJournal.list()).toEqual([])
    expect(await refresh(room, 1)).toEqual({ kind: 'refreshed' })
  })

  test('gives way to the one before, when it was never seen to work', async () => {
    const room = await openRoom()
    const first = server.live('ws-1')!
    server.interrupt(() =>
      Promise.resolve({ status: 200, body: JSON.stringify({ access_token: 'a', refresh_token: 'rt_never_known' }) }),
    )
    await refresh(room, 1)
    expect(await refresh(room, 2)).toEqual({ kind: 'refreshed' })
    expect(server.asked.at(-1)!.body['refresh_token']).toBe(first)
    expect((await stored(room.store)).tokens.refreshToken?.reveal()).toBe(server.live('ws-1'))
  })
})

test('a login during a refresh wins over it', async () => {
  const room = await openRoom()
  server.interrupt(async () => {
    await signIn(room.store)
    return { status: 200, body: JSON.stringify({ access_token: 'late', refresh_token: 'rt_late' }) }
  })
  expect(await refresh(room, 1)).toEqual({ kind: 'moved' })
  expect((await stored(room.store)).tokens.refreshToken?.reveal()).toBe(server.live('ws-1'))
})

test('an account without a refresh token of ours has nothing to spend', async () => {
  const room = await openRoom()
  await room.store.accounts.change(id, { linkedTo: '/somewhere/auth.json' })
  expect(await refresh(room, 1)).toEqual({ kind: 'nothing_to_spend' })
  await room.store.accounts.remove(id)
  expect(await refresh(room, 1)).toEqual({ kind: 'nothing_to_spend' })
  expect(server.asked).toEqual([])
})
