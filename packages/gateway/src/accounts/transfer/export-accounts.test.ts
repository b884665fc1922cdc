import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openStore } from '../../store/index.js'
import type { Store } from '../../store/index.js'
import { Secret } from '../../telemetry/index.js'
import { importAuthJson } from '../import-auth-json.js'
import { fakeLoginServer } from '../testing/login-server.js'
import { exportAccounts, importAccounts, readAccountFile } from './index.js'
import type { ExportFormat } from './index.js'
import { accessToken, NOW } from './testing/tokens.js'

const homes: string[] = []
const stores: Store[] = []
const open = async (now = NOW): Promise<Store> => {
  const home = mkdtempSync(join(tmpdir(), 'dragoman-export-'))
  homes.push(home)
  const store = await openStore({ home, now: () => now })
  stores.push(store)
  return store
}
let store: Store
let ids: string[]
const ann = accessToken()
const quota = {
  windows: {
    'codex/primary': {
      limit: 'codex',
      slot: 'primary',
      usedPercent: 40,
      reached: false,
      windowMinutes: 300,
      resetAt: NOW + 3_600_000,
      source: 'header',
      at: NOW,
    },
    'codex-x/primary': {
      limit: 'codex-x',
      name: 'X',
      slot: 'primary',
      usedPercent: 100,
      reached: true,
      source: 'refusal',
      at: NOW,
      doubtedAt: NOW + 5,
    },
  },
  credits: { hasCredits: true, unlimited: false, balance: '1', source: 'usage', at: NOW },
  resetCredits: { available: 1, at: NOW },
  plan: 'plus',
  limitOf: { 'gpt-x': 'codex-x' },
  at: NOW,
}
const usage = {
  requests: 12,
  failed: 1,
  inputTokens: 3400,
  cachedTokens: 1200,
  outputTokens: 560,
  reasoningTokens: 90,
  imageInputTokens: 5,
  imageOutputTokens: 6,
  imageRequests: 2,
  imageFailed: 1,
  costUsd: 1.234567,
}

beforeEach(async () => {
  store = await open()
  const add = async (access: string, user: string, refresh?: string) => {
    const { id } = await store.accounts.signIn({
      identity: { chatgptAccountId: 'ws-1', userId: user, email: 'ann@example.com', plan: 'plus', fedramp: false },
      tokens: {
        accessToken: new Secret(access),
        ...(refresh === undefined ? {} : { refreshToken: new Secret(refresh), idToken: new Secret(access) }),
        lastRefreshAt: NOW - 1234,
        issuedAt: NOW - 86_400_000,
        expiresAt: NOW + 9 * 86_400_000,
      },
      origin: 'login',
      replace: 'always',
      asNew: { createdAt: NOW - 99_999 },
    })
    return id
  }
  ids = [await add(ann, 'user-1', 'rt_ann'), await add(accessToken({ user: 'user-2' }), 'user-2')]
  const [first, second] = ids as [string, string]
  await store.accounts.change(first, {
    label: 'work 夜',
    note: 'paid by ann',
    groups: ['work', '夜间'],
    weight: 2.5,
    maxConcurrent: 3,
    converge: true,
    enabled: false,
    cookies: { cf_clearance: 'x=y', other: '' },
  })
  await store.accounts.saveStates(new Map([[first, { health: '{"status":"disabled"}', quota: JSON.stringify(quota) }]]))
  await store.usage.carry(first, usage)
  const proxies = await store.proxies.add([
    {
      name: 'hk',
      protocol: 'socks5h',
      host: '2606:4700::1111',
      port: 1080,
      username: 'a:b@c',
      password: new Secret('p/?#@%'),
      enabled: false,
    },
  ])
  await store.proxies.pin(
    new Map([
      [first, proxies[0]!.record.id],
      [second, 'direct'],
    ]),
  )
})
afterEach(async () => {
  for (const one of stores.splice(0)) await one.close()
  for (const home of homes.splice(0)) rmSync(home, { recursive: true })
})

const plain = (format: ExportFormat, which = ids, from = store) =>
  exportAccounts(
    { ids: which, format, authorisedBy: 'data_folder', protection: 'plain' },
    { store: from, now: () => NOW },
  )
const parsed = async (format: ExportFormat, which = ids): Promise<unknown> =>
  JSON.parse((await plain(format, which)).text)
const importInto = async (to: Store, text: string, passphrase?: string) => {
  const server = fakeLoginServer(() => NOW)
  const { drafts, problems } = await readAccountFile(text, passphrase === undefined ? {} : { passphrase })
  expect(problems).toEqual([])
  const entries = await importAccounts(drafts, { store: to, http: server.http, auth: server.auth, now: () => NOW })
  return { entries, asked: server.asked }
}

describe('the round trip', () => {
  test.each(['in the open', 'sealed'])('loses nothing, to the byte: %s', async (how) => {
    const first = await plain('full')
    const passphrase = 'correct horse battery'
    const file =
      how === 'sealed'
        ? await exportAccounts(
            { ids, format: 'full', authorisedBy: 'data_folder', protection: { passphrase } },
            { store },
          )
        : first
    if (how === 'sealed')
      for (const secret of [ann, 'rt_ann', 'paid by', 'cf_clearance']) expect(file.text).not.toContain(secret)
    const other = await open(NOW + 5_000_000)
    const { entries, asked } = await importInto(other, file.text, how === 'sealed' ? passphrase : undefined)
    expect(entries.map(({ outcome, message }) => [outcome, message])).toEqual([
      ['added', undefined],
      ['added', undefined],
    ])
    expect(asked).toEqual([])
    const there = entries.map(({ id }) => id!)
    const second = await plain('full', there, other)
    expect(second.text).toBe(first.text)
    expect(second.problems).toEqual([])
    expect(await other.usage.totals({ accountId: there[0]! })).toEqual(usage)
    expect(other.proxies.list()).toMatchObject([
      { name: 'hk', host: '2606:4700::1111', username: 'a:b@c', enabled: false },
    ])
    expect(other.proxies.list()[0]!.password!.reveal()).toBe('p/?#@%')
    // And once more changes nothing: usage is not counted twice.
    const again = await importInto(other, file.text, how === 'sealed' ? passphrase : undefined)
    expect(again.entries.map(({ outcome }) => outcome)).toEqual(['unchanged', 'unchanged'])
    expect((await plain('full', there, other)).text).toBe(first.text)
  })

  test('by way of codex-proxy keeps what that knows', async () => {
    const other = await open()
    const { entries } = await importInto(other, (await plain('codex_proxy')).text)
    const { reasoningTokens: _r, failed: _f, ...known } = usage
    expect(await other.usage.totals({ accountId: entries[0]!.id! })).toMatchObject(known)
    expect((await other.accounts.read(entries[0]!.id!))!.record).toMatchObject({
      label: 'work 夜',
      converge: true,
      enabled: false,
      createdAt: NOW - 99_999,
    })
    const state = (await other.accounts.states()).get(entries[0]!.id!)
    expect(JSON.parse(state!.quota!)).toMatchObject({
      windows: {
        'codex/primary': { usedPercent: 40, resetAt: NOW + 3_600_000 },
        'codex-x/primary': { name: 'X', reached: true },
      },
      credits: { balance: '1' },
    })
  })

  test.each(['cockpit_tools', 'cpa', 'sub2api'] as const)('by way of %s keeps the tokens', async (format) => {
    const other = await open()
    await importInto(other, (await plain(format)).text)
    const tokens = await Promise.all((await other.accounts.list()).map(({ id }) => other.accounts.read(id)))
    expect(
      tokens.map((one) => [one!.tokens.accessToken.reveal() === ann, one!.tokens.refreshToken?.reveal()]).sort(),
    ).toEqual([
      [false, undefined],
      [true, 'rt_ann'],
    ])
  })
})

describe('a file for another program', () => {
  const iso = (time: number) => new Date(time).toISOString()

  test('minimal', async () => {
    const { text, count, problems } = await plain('minimal')
    expect(JSON.parse(text)).toEqual({ accounts: [{ refreshToken: 'rt_ann', label: 'work 夜' }] })
    expect(count).toBe(1)
    expect(problems).toMatchObject([{ place: ids[1], message: /no refresh token/ }])
  })

  test('cpa and cockpit_tools: the same objects, a lone account is one object for cpa', async () => {
    const one = {
      access_token: ann,
      refresh_token: 'rt_ann',
      account_id: 'ws-1',
      last_refresh: iso(NOW - 1234),
      email: 'ann@example.com',
      type: 'codex',
      expired: iso(NOW + 9 * 86_400_000),
    }
    expect(await parsed('cpa', ids.slice(0, 1))).toEqual(one)
    expect(await parsed('cockpit_tools', ids.slice(0, 1))).toEqual([one])
    expect(await parsed('cpa')).toHaveLength(2)
    expect(await parsed('cockpit_tools')).toEqual(await parsed('cpa'))
  })

  test('sub2api', async () => {
    expect(await parsed('sub2api', ids.slice(0, 1))).toEqual({
      exported_at: '2026-11-21T00:00:00Z',
      proxies: [],
      accounts: [
        {
          name: 'work 夜',
          platform: 'openai',
          type: 'oauth',
          credentials: {
            access_token: ann,
            refresh_token: 'rt_ann',
            email: 'ann@example.com',
            chatgpt_account_id: 'ws-1',
            chatgpt_user_id: 'user-1',
            plan_type: 'plus',
            expires_at: '2026-11-30T00:00:00Z',
            quota_remaining_percent: 60,
          },
          concurrency: 0,
          priority: 0,
        },
      ],
      type: 'sub2api-data',
      version: 1,
    })
  })

  test('codex_proxy has every field of an entry', async () => {
    const file = (await parsed('codex_proxy')) as { accounts: Record<string, unknown>[] }
    expect(Object.keys(file.accounts[0]!)).toEqual(
      'id token refreshToken email accountId userId label codexFingerprintMode planType proxyApiKey status addedAt cachedQuota quotaFetchedAt quotaVerifyRequired usage'.split(
        ' ',
      ),
    )
    expect(file.accounts[0]).toMatchObject({
      id: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
      status: 'disabled',
    })
    expect(file.accounts[1]).toMatchObject({ refreshToken: null, status: 'active', cachedQuota: null })
  })

  test('codex: an auth.json for one account', async () => {
    const { text } = await plain('codex', ids.slice(0, 1))
    const login = importAuthJson(text)
    expect([login.accessToken.reveal(), login.refreshToken?.reveal(), login.lastRefreshAt]).toEqual([
      ann,
      'rt_ann',
      NOW - 1234,
    ])
    await expect(plain('codex')).rejects.toThrow(/holds one account: name one/)
    expect((await plain('codex', ids.slice(1))).problems).toMatchObject([{ message: /no refresh token/ }])
  })

  test('is not sealed, and nobody is made up', async () => {
    const protection = { passphrase: 'correct horse' }
    await expect(
      exportAccounts({ ids, format: 'cpa', authorisedBy: 'data_folder', protection }, { store }),
    ).rejects.toThrow(/cannot be sealed/)
    await expect(plain('full', ['acc_nobody'])).rejects.toThrow('there is no account acc_nobody')
  })
})

test('a pin to a proxy that is gone is told', async () => {
  await store.proxies.pin(new Map([[ids[0]!, 'prx_gone']]))
  const { problems, text } = await plain('full')
  expect(problems).toMatchObject([{ place: ids[0], message: /proxy that is no longer there/ }])
  expect(JSON.parse(text)).not.toHaveProperty('accounts[0].proxy')
})
