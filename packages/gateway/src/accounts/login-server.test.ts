import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CLIENT_ID, startSimulator } from '@dragoman/simulator'
import type { Simulator } from '@dragoman/simulator'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { hashToken, openStore } from '../store/index.js'
import type { Store } from '../store/index.js'
import { Secret } from '../telemetry/index.js'
import { createTransport, type Transport } from '../transport/index.js'
import { createAccountPool, startBrowserLogin, startDeviceLogin } from './index.js'
import type { Accounts, AuthSettings } from './index.js'

let home: string
let simulator: Simulator
let store: Store
let pool: Accounts
let transport: Transport
let auth: AuthSettings

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'dragoman-login-'))
  simulator = await startSimulator({ autoApprove: true })
  auth = { issuer: simulator.issuer, client_id: CLIENT_ID }
  store = await openStore({ home })
  transport = createTransport({
    connectTimeoutMs: 2_000,
    connectionsPerOwner: 4,
    allowedPrivateHosts: () => ['127.0.0.1'],
  })
  pool = await createAccountPool({ store, auth, http: transport.request })
})

afterEach(async () => {
  await pool.close()
  await transport.close()
  await store.close()
  await simulator.close()
  await rm(home, { recursive: true })
})

/** A person who has a browser and agrees. */
async function follow(url: string): Promise<number> {
  const reply = await fetch(url, { redirect: 'manual' })
  const to = reply.headers.get('location')
  await reply.body?.cancel()
  return to === null ? reply.status : follow(to)
}

async function signIn(): Promise<string> {
  const login = await startBrowserLogin({ auth, http: transport.request, ports: [0] })
  const [status, tokens] = await Promise.all([follow(login.authorizeUrl), login.done])
  expect(status).toBe(200)
  return (await pool.signIn(tokens)).account.id
}

async function isLive(accountId: string): Promise<boolean> {
  const { record } = (await store.accounts.read(accountId))!
  const { liveRefreshToken } = simulator.refreshState(record.chatgptAccountId)
  return record.refreshTokenHash === hashToken(new Secret(liveRefreshToken))
}

describe('against the simulated login server', () => {
  test('a login in the browser, a refresh after a 401, and a removal that revokes', async () => {
    const { accountId } = simulator.addAccount({ email: 'person@example.com', plan: 'pro' })
    const id = await signIn()
    expect(pool.get(id)).toMatchObject({
      chatgptAccountId: accountId,
      email: 'person@example.com',
      plan: 'pro',
      status: 'active',
    })
    expect(await isLive(id)).toBe(true)

    const first = await pool.credential(id)
    const renewed = await pool.recover(id, first.generation)
    expect(renewed.accessToken.reveal()).not.toBe(first.accessToken.reveal())
    expect(await isLive(id)).toBe(true)
    expect(simulator.counters).toMatchObject({ refreshes: 1, reuses: 0 })

    await pool.remove(id)
    expect(simulator.requests.at(-1)?.path).toBe('/oauth/revoke')
  })

  test('a login by device code', async () => {
    const { accountId } = simulator.addAccount()
    const login = await startDeviceLogin({
      auth,
      http: transport.request,
      pause: () => new Promise((resolve) => setImmediate(resolve)),
    })
    simulator.approveDevice(login.userCode)
    const { account } = await pool.signIn(await login.done)
    expect(account.chatgptAccountId).toBe(accountId)
    expect(await isLive(account.id)).toBe(true)
  })

  test('a token that was used elsewhere is told as that', async () => {
    simulator.addAccount()
    const id = await signIn()
    const { tokens } = (await store.accounts.read(id))!
    const body = JSON.stringify({
      client_id: CLIENT_ID,
      grant_type: 'refresh_token',
      refresh_token: tokens.refreshToken!.reveal(),
    })
    const headers = { 'content-type': 'application/json' }
    const elsewhere = await transport.request({
      url: `${auth.issuer}/oauth/token`,
      method: 'POST',
      headers,
      body,
      timeoutMs: 5000,
    })
    expect(elsewhere.status).toBe(200)
    expect((await pool.refresh(id)).message).toContain('used elsewhere')
    expect(pool.get(id)?.status).toBe('active')
  })

  test.each([
    ['expired', 'has expired', 'credential_expired'],
    ['invalidated', 'was revoked', 'credential_revoked'],
  ] as const)('a login that was %s needs its owner', async (how, words, kind) => {
    const { accountId } = simulator.addAccount()
    const id = await signIn()
    simulator.endRefresh(accountId, how)
    await expect(pool.recover(id, 1)).rejects.toMatchObject({ failure: { kind } })
    expect(pool.get(id)).toMatchObject({ status: 'expired', reason: expect.stringContaining(words) as string })
  })

  test('access tokens that are born with little life are renewed before use, and never spun on', async () => {
    simulator.addAccount({ accessExpiresInSeconds: -10 })
    const id = await signIn()
    await pool.start()
    await vi.waitUntil(() => simulator.counters.refreshes > 0)
    await expect(pool.credential(id)).rejects.toMatchObject({ failure: { kind: 'credential_expired' } })
    expect(simulator.counters.refreshes).toBeLessThan(4)
    expect(simulator.counters.reuses).toBe(0)
  })
})
