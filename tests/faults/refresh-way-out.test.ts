import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CLIENT_ID, startSimulator, type Simulator } from '@dragoman/simulator'
import { build, type Plugin } from 'esbuild'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAccountPool, type Accounts } from '../../packages/gateway/src/accounts/index.js'
import { openStore, type Store } from '../../packages/gateway/src/store/index.js'
import {
  createTransport,
  egressEnvironment,
  type Transport,
  type Way,
} from '../../packages/gateway/src/transport/index.js'
import { startConnectProxy, startFaultyProxy, startSocksProxy, type TestProxy } from '../proxies.js'

const ENTRY = fileURLToPath(new URL('../../packages/gateway/src/entry.ts', import.meta.url))

/** What the bundle leaves outside is found from here, not from the folder that the bundle lies in. */
const outside: Plugin = {
  name: 'outside',
  setup(bundle) {
    const { resolve } = createRequire(ENTRY)
    bundle.onResolve({ filter: /^(better-sqlite3|pino)$/ }, ({ path }) => ({ path: resolve(path), external: true }))
    // The helper needs none of the command line.
    bundle.onResolve({ filter: /\/cli\/index\.js$/ }, ({ path }) => ({ path, external: true }))
  },
}

let home: string
let simulator: Simulator
let store: Store
let accounts: Accounts
let transport: Transport
let id: string
let way: Way

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'dragoman-way-out-'))
  const script = join(home, 'dragoman.mjs')
  await build({
    entryPoints: [ENTRY],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)" },
    plugins: [outside],
    logLevel: 'error',
  })
  simulator = await startSimulator()
  store = await openStore({ home })
  transport = createTransport({ connectTimeoutMs: 2_000, connectionsPerOwner: 1 })
  accounts = await createAccountPool({
    store,
    auth: { issuer: simulator.issuer, client_id: CLIENT_ID },
    http: transport.request,
    helper: {
      command: [script, '__refresh'],
      egress: () =>
        egressEnvironment({ way, allowedPrivateHosts: ['127.0.0.1'], connectTimeoutMs: 2_000, systemCa: false }),
    },
  })
  const account = simulator.addAccount({ email: 'ann@example.com', plan: 'plus' })
  const file = join(home, 'auth.json')
  await writeFile(file, JSON.stringify(account.authJson))
  id = (await accounts.importFile(file)).account.id
})

afterAll(async () => {
  await accounts.close()
  await transport.close()
  await store.close()
  await simulator.close()
  await rm(home, { recursive: true })
})

describe('the refresh helper, in a process of its own', () => {
  test.each<[string, () => Promise<TestProxy>]>([
    ['an http proxy', startConnectProxy],
    ['a SOCKS5 proxy', startSocksProxy],
  ])('goes through %s that its account is pinned to', async (_, start) => {
    const proxy = await start()
    way = proxy.address()
    expect(await accounts.refresh(id)).toMatchObject({ ok: true })
    expect(proxy.targets).toEqual([new URL(simulator.issuer).host])
    await proxy.close()
  })

  test('never goes direct when that proxy fails, and spends no token', async () => {
    const proxy = await startFaultyProxy({ status: 407 })
    way = proxy.address()
    const asked = simulator.requests.length
    const told = await accounts.refresh(id)
    expect(told.ok).toBe(false)
    expect(told.message).toContain('the proxy Berlin refused the login')
    expect(simulator.requests).toHaveLength(asked)
    await proxy.close()
    // The token is as good as it was.
    way = 'direct'
    expect(await accounts.refresh(id)).toMatchObject({ ok: true })
  })
})
