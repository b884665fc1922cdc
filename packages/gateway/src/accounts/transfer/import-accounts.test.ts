import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hashToken, openStore } from '../../store/index.js'
import type { Store } from '../../store/index.js'
import { Secret } from '../../telemetry/index.js'
import { createAccountPool } from '../index.js'
import { fakeLoginServer } from '../testing/login-server.js'
import { importAccounts, readAccountFile } from './index.js'
import type { AccountDraft, ImportAccountsOptions, ImportRoom } from './index.js'
import { accessToken, foreignFiles, NOW } from './testing/tokens.js'

const DAY = 86_400_000
let home: string
let store: Store
let server: ReturnType<typeof fakeLoginServer>
let room: ImportRoom

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'dragoman-import-'))
  store = await openStore({ home, now: () => NOW })
  server = fakeLoginServer(() => NOW)
  room = { store, http: server.http, auth: server.auth, now: () => NOW }
})
afterEach(async () => {
  await store.close()
  rmSync(home, { recursive: true })
})

const draftsOf = async (content: unknown): Promise<readonly AccountDraft[]> =>
  (await readAccountFile(typeof content === 'string' ? content : JSON.stringify(content))).drafts
const take = async (content: unknown, options?: ImportAccountsOptions) =>
  importAccounts(await draftsOf(content), room, options)
const outcomes = async (content: unknown, options?: ImportAccountsOptions) =>
  (await take(content, options)).map(({ outcome }) => outcome)
const refreshes = () => server.asked.filter(({ body }) => body['grant_type'] === 'refresh_token').length
const ended = (made: Parameters<typeof accessToken>[0] = {}) =>
  accessToken({ issuedAt: NOW - 11 * DAY, expiresAt: NOW - DAY, ...made })

describe('an access token that lives', () => {
  test.each(Object.entries(foreignFiles(accessToken(), 'rt_made_up')).filter(([name]) => name !== 'codexProxyMinimal'))(
    'is taken as it is, without network: %s',
    async (_, file) => {
      expect(await take(file)).toMatchObject([{ outcome: 'added' }])
      expect(await outcomes(file)).toEqual(['unchanged'])
      const [record] = await store.accounts.list()
      expect(record).toMatchObject({
        chatgptAccountId: 'ws-1',
        userId: 'user-1',
        email: 'ann@example.com',
        origin: 'import',
      })
      expect(server.asked).toEqual([])
    },
  )

  test('brings all that codex-proxy knew of it', async () => {
    const [entry] = await take(foreignFiles(accessToken(), 'rt_made_up').codexProxy)
    const [record] = await store.accounts.list()
    expect(record).toMatchObject({
      id: entry!.id,
      label: 'work',
      enabled: false,
      converge: true,
      createdAt: Date.parse('2026-01-02T03:04:05.678Z'),
    })
    expect(await store.usage.totals({ accountId: record!.id })).toMatchObject({
      requests: 12,
      cachedTokens: 1200,
      costUsd: 1.25,
    })
    const state = (await store.accounts.states()).get(record!.id)
    expect(JSON.parse(state!.quota!)).toMatchObject({ windows: { 'codex/secondary': { reached: true } } })
  })

  test('is seen at once by a pool that runs', async () => {
    const pool = await createAccountPool({ store, auth: server.auth, http: server.http, now: () => NOW })
    const seen = new Promise<void>((resolve) => pool.onChange(() => pool.list().length > 0 && resolve()))
    const [entry] = await take([{ token: accessToken(), label: 'work' }])
    await seen
    expect(pool.get(entry!.id!)).toMatchObject({ status: 'active', label: 'work' })
    await pool.close()
  })
})

describe('an account that is known', () => {
  test('is the one of the same ChatGPT account and user', async () => {
    expect(
      await outcomes([
        { token: accessToken() },
        { token: accessToken({ issuedAt: NOW }) },
        { token: accessToken({ user: 'user-2' }) },
        { token: accessToken({ account: 'ws-2' }) },
      ]),
    ).toEqual(['added', 'updated', 'added', 'added'])
    expect(await store.accounts.list()).toHaveLength(3)
  })

  test('keeps tokens that are newer, or can be renewed, and takes what else the file says', async () => {
    await take([{ token: accessToken({ issuedAt: NOW }), refreshToken: 'rt_living' }])
    expect(await outcomes([{ token: accessToken(), refreshToken: 'rt_older' }])).toEqual(['unchanged'])
    expect(await outcomes([{ token: accessToken({ issuedAt: NOW + 1000 }) }])).toEqual(['unchanged'])
    expect(await outcomes([{ token: ended(), refreshToken: 'rt_older', label: 'work' }])).toEqual(['updated'])
    const [record] = await store.accounts.list()
    expect(record).toMatchObject({ label: 'work', generation: 1, refreshTokenHash: hashToken(new Secret('rt_living')) })
    expect(server.asked).toEqual([])
  })

  test('is known by its refresh token alone, which is not spent', async () => {
    await take([{ token: accessToken(), refreshToken: 'rt_living' }])
    expect(await take(['rt_living'])).toMatchObject([{ outcome: 'unchanged', name: 'ann@example.com' }])
    expect(server.asked).toEqual([])
  })

  test('that follows a file goes on to follow it', async () => {
    const identity = { chatgptAccountId: 'ws-1', userId: 'user-1', fedramp: false }
    const tokens = { accessToken: new Secret(accessToken()), lastRefreshAt: NOW }
    await store.accounts.signIn({ identity, tokens, origin: 'link', sourcePath: '/x/auth.json', replace: 'always' })
    const [entry] = await take([{ token: accessToken({ issuedAt: NOW }), refreshToken: 'rt_1' }])
    expect(entry).toMatchObject({
      outcome: 'unchanged',
      message: expect.stringContaining('follows /x/auth.json') as string,
    })
    expect(await store.accounts.list()).toMatchObject([{ linked: true, generation: 1 }])
  })

  test('whose login has ended takes even an older one, and serves again', async () => {
    await take([{ token: accessToken({ issuedAt: NOW }) }])
    const [record] = await store.accounts.list()
    await store.accounts.saveStates(new Map([[record!.id, { health: '{"status":"expired","reason":"x"}' }]]))
    expect(await outcomes([{ token: accessToken(), refreshToken: 'rt_1' }])).toEqual(['updated'])
    expect((await store.accounts.states()).get(record!.id)).toEqual({ health: '{"status":"active"}' })
  })
})

describe('an access token that has ended', () => {
  test('is renewed with a good refresh token', async () => {
    const { refresh } = server.issue({ account: 'ws-1', user: 'user-1', email: 'ann@example.com' })
    const entries = await take([{ token: ended(), refreshToken: refresh }])
    expect(entries).toEqual([
      {
        place: '[0]',
        format: 'tokens',
        outcome: 'added',
        id: expect.stringMatching(/^acc_/) as string,
        name: 'ann@example.com',
      },
    ])
    const { record, tokens } = (await store.accounts.read(entries[0]!.id!))!
    expect(record.expiresAt).toBeGreaterThan(NOW)
    expect(tokens.refreshToken?.reveal()).toBe(server.live('ws-1'))
    expect(refreshes()).toBe(1)
    expect(await store.refreshJournal.list()).toEqual([])
  })

  test('without one, or with one that is refused, is told and not kept', async () => {
    const entries = await take([{ token: ended() }, { token: ended({ user: 'u2' }), refreshToken: 'rt_unknown' }])
    expect(entries).toMatchObject([
      {
        outcome: 'failed',
        message: expect.stringMatching(/ended on 2026-11-20, and it has no refresh token: sign in/) as string,
      },
      { outcome: 'failed', message: expect.stringMatching(/its refresh token was refused.*sign in again/) as string },
    ])
    expect(await store.accounts.list()).toEqual([])
  })

  test('is kept for later when the login server cannot be reached', async () => {
    room.http = () => Promise.reject(Object.assign(new Error('no'), { code: 'ECONNREFUSED' }))
    expect(await take([{ token: ended(), refreshToken: 'rt_1' }])).toMatchObject([
      { outcome: 'added', message: expect.stringMatching(/renewed later: .*cannot be reached/) as string },
    ])
    expect(await store.accounts.list()).toHaveLength(1)
  })
})

describe('a refresh token alone', () => {
  test('is redeemed, and its label goes with it', async () => {
    const { refresh } = server.issue({ account: 'ws-1', user: 'user-1', email: 'ann@example.com' })
    const [entry] = await take(foreignFiles('', refresh).codexProxyMinimal)
    expect(entry).toMatchObject({ outcome: 'added', name: 'work' })
    const { record, tokens } = (await store.accounts.read(entry!.id!))!
    expect(record).toMatchObject({ label: 'work', email: 'ann@example.com', lastRefreshAt: NOW })
    expect(tokens.refreshToken?.reveal()).toBe(server.live('ws-1'))
  })

  test('said twice is spent once; one of a known account gives it new tokens', async () => {
    const { access, refresh } = server.issue({ account: 'ws-1', user: 'user-1' })
    await take([{ token: access }])
    expect(await take([refresh, refresh])).toMatchObject([
      { outcome: 'updated' },
      { outcome: 'unchanged', message: 'the same login as [0]' },
    ])
    expect(refreshes()).toBe(1)
    expect(await store.accounts.list()).toMatchObject([
      { generation: 2, refreshTokenHash: hashToken(new Secret(server.live('ws-1')!)) },
    ])
  })

  test('that is refused, or whose answer is lost, says so', async () => {
    expect(await take(['rt_unknown'])).toMatchObject([
      { outcome: 'failed', message: expect.stringMatching(/refused its refresh token .*sign in again/) as string },
    ])
    const { refresh } = server.issue({ account: 'ws-1' })
    server.loseAnswer()
    expect(await take([refresh])).toMatchObject([
      { outcome: 'failed', message: expect.stringMatching(/perhaps its refresh token is used up/) as string },
    ])
    expect(await store.accounts.list()).toEqual([])
  })

  test('many are redeemed a few at a time, one failure stopping no other, and progress is told', async () => {
    const tokens = Array.from({ length: 20 }, (_, n) => server.issue({ account: `ws-${n}` }).refresh)
    let [open, most] = [0, 0]
    room.http = async (request) => {
      most = Math.max(most, (open += 1))
      await new Promise((resolve) => setImmediate(resolve))
      return server.http(request).finally(() => (open -= 1))
    }
    const told: number[] = []
    const entries = await take(['rt_unknown', ...tokens, accessToken({ account: 'ws-alive' })], {
      onProgress: ({ done }) => told.push(done),
    })
    expect(entries.map(({ outcome }) => outcome)).toEqual(['failed', ...tokens.map(() => 'added'), 'added'])
    expect(told).toEqual(Array.from({ length: 22 }, (_, n) => n + 1))
    expect(most).toBe(4)
  })

  test('that is not begun when the import is stopped stays unspent', async () => {
    const { refresh } = server.issue({ account: 'ws-1' })
    const stop = new AbortController()
    stop.abort()
    expect(await take([refresh], { signal: stop.signal })).toMatchObject([
      { outcome: 'failed', message: 'stopped before its turn' },
    ])
    expect(server.asked).toEqual([])
  })
})

describe('the way out of an account', () => {
  const withProxy = (proxy: object, made = {}) => ({
    type: 'dragoman-accounts',
    version: 1,
    accounts: [{ token: accessToken(made), accountId: 'ws-1', proxy }],
  })
  const url = 'socks5h://ann:p%40ss@proxy.example.com:1080'

  test('is made and pinned, before the account asks for anything', async () => {
    const { refresh } = server.issue({ account: 'ws-1', user: 'user-1' })
    const pins: unknown[] = []
    room.http = (request) => {
      pins.push(store.proxies.pins().get(request.owner ?? ''))
      return server.http(request)
    }
    const file = withProxy(
      { way: 'proxy', name: 'hk', url, enabled: true },
      { issuedAt: NOW - 11 * DAY, expiresAt: NOW - DAY },
    )
    Object.assign(file.accounts[0]!, { refreshToken: refresh })
    const [entry] = await take(file)
    const [proxy] = store.proxies.list()
    expect(proxy).toMatchObject({
      name: 'hk',
      protocol: 'socks5h',
      host: 'proxy.example.com',
      port: 1080,
      username: 'ann',
    })
    expect(proxy!.password!.reveal()).toBe('p@ss')
    expect([...store.proxies.pins()]).toEqual([[entry!.id, proxy!.id]])
    expect(pins).toEqual([proxy!.id])
    expect(await outcomes(withProxy({ way: 'proxy', name: 'hk', url, enabled: true }))).toEqual(['unchanged'])
  })

  test('holds for a refresh token alone, and no pin stays when it is refused', async () => {
    const { refresh } = server.issue({ account: 'ws-1', user: 'user-1' })
    await store.proxies.add([{ name: 'hk', protocol: 'http', host: 'proxy.example.com', port: 8080 }])
    const asked: unknown[] = []
    room.http = (request) => {
      asked.push(store.proxies.pins().get(request.owner ?? ''))
      return server.http(request)
    }
    const entries = await take([
      { refreshToken: refresh, proxyId: 'p1', proxyName: 'hk' },
      { refreshToken: 'rt_unknown', proxyId: 'p1', proxyName: 'hk' },
    ])
    const id = store.proxies.list()[0]!.id
    expect(entries).toMatchObject([{ outcome: 'added' }, { outcome: 'failed' }])
    expect(asked).toEqual([id, id])
    expect([...store.proxies.pins()]).toEqual([[entries[0]!.id, id]])
  })

  test.each([
    ['that is not here', { way: 'proxy', name: 'hk' }, /there is no proxy hk here/],
    ['that is none', { way: 'proxy', name: 'hk', url: 'ftp://x' }, /cannot be used.*pin it by hand/],
    ['in the own network', { way: 'proxy', name: 'hk', url: 'http://10.0.0.1:8080' }, /allowed_private_hosts/],
  ])('%s is told', async (_, proxy, why) => {
    expect(await take(withProxy(proxy))).toMatchObject([
      { outcome: 'added', message: expect.stringMatching(why) as string },
    ])
  })

  test.each(['direct', 'global', 'auto'])('%s is pinned', async (way) => {
    const [entry] = await take(withProxy({ way }))
    expect(store.proxies.pins().get(entry!.id!)).toBe(way)
  })
})

describe('a dry run', () => {
  test('says what would be, spends nothing and changes nothing', async () => {
    const { refresh } = server.issue({ account: 'ws-9' })
    await take([{ token: accessToken(), refreshToken: 'rt_1', label: 'work' }])
    const before = JSON.stringify([await store.accounts.list(), store.proxies.list()])
    const entries = await take(
      [
        { token: accessToken({ account: 'ws-2' }), proxyId: 'auto' },
        { token: accessToken(), refreshToken: 'rt_1' },
        { token: accessToken(), label: 'other' },
        { token: ended({ account: 'ws-3' }), refreshToken: 'rt_3' },
        { token: ended({ account: 'ws-4' }) },
        { refreshToken: refresh },
        { token: accessToken({ account: 'ws-2', issuedAt: NOW }) },
      ],
      { dryRun: true },
    )
    expect(entries).toMatchObject([
      { outcome: 'added' },
      { outcome: 'unchanged', name: 'work' },
      { outcome: 'updated', name: 'other' },
      { outcome: 'added', message: 'its access token has ended: its refresh token will be used' },
      { outcome: 'failed', message: expect.stringMatching(/sign in with this account/) as string },
      { outcome: 'unknown', message: expect.stringMatching(/known when its refresh token is used/) as string },
      { outcome: 'updated', message: 'the same account as [0]' },
    ])
    expect(JSON.stringify([await store.accounts.list(), store.proxies.list()])).toBe(before)
    expect(store.proxies.pins().size).toBe(0)
    expect(server.asked).toEqual([])
  })
})
