import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { Plugin } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hashToken, openStore } from '../../store/index.js'
import { Secret } from '../../telemetry/index.js'
import { toNewTokens } from '../login/index.js'

const KILLS = 200
/** Gateways that are killed side by side, each with its own data folder and two accounts. */
const LANES = 2
const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000)
const HERE = dirname(fileURLToPath(import.meta.url))

/** A gateway that does nothing but refresh, and the helper that it starts. */
const GATEWAY = `
import { createRequire } from 'node:module'
import { runRefreshHelper } from './refresh-process.js'

// As a module, node:http would load half of Node: that is most of a helper's life.
const { request } = createRequire(import.meta.url)('node:http')
const http = (out) => new Promise((resolve, reject) => {
  const call = request(out.url, { method: out.method, headers: out.headers, agent: false }, (reply) => {
    let body = ''
    reply.setEncoding('utf8').on('data', (chunk) => { body += chunk }).on('error', reject)
      .on('end', () => resolve({ status: reply.statusCode, headers: {}, body }))
  })
  call.on('error', reject).end(out.body)
})

if (process.argv[2] === '__refresh') {
  process.exitCode = await runRefreshHelper({ argv: process.argv.slice(3), env: process.env, http })
} else {
  const { openStore } = await import('../../store/index.js')
  const { createAccountPool } = await import('../pool.js')
  const [home, issuer, rounds] = process.argv.slice(2)
  const store = await openStore({ home })
  const pool = await createAccountPool({
    store, http, auth: { issuer, client_id: 'app' }, helper: { command: [process.argv[1], '__refresh'] },
  })
  await pool.start()
  process.stdout.write('up ')
  await Promise.all(pool.list().map(async ({ id }) => {
    for (let n = 0; n < Number(rounds); n += 1) {
      const { ok, message } = await pool.refresh(id)
      if (!ok) process.stdout.write(message)
    }
  }))
  await pool.close()
  await store.close()
}
`

/** Every refresh token works once; using one twice is counted and ends the login. The answer comes late, after the fact. */
function createLoginServer() {
  let serial = 0
  const live = new Map<string, string>()
  const spent = new Set<string>()
  const seen = { refreshes: 0, reused: 0 }
  const issue = (account: string) => {
    serial += 1
    const refresh = `rt_${account}_${serial}`
    live.set(account, refresh)
    const claims = { 'https://api.openai.com/auth': { chatgpt_account_id: account }, exp: 4_000_000_000, iat: serial }
    const access = `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`
    return { access_token: access, refresh_token: refresh, id_token: access }
  }
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => (body += chunk))
    request.on('end', () => {
      const { refresh_token: token } = JSON.parse(body) as { refresh_token: string }
      const account = token.split('_')[1]!
      if (live.get(account) !== token) {
        if (spent.has(token)) seen.reused += 1
        response.writeHead(401).end(JSON.stringify({ error: { code: 'refresh_token_reused' } }))
        return
      }
      seen.refreshes += 1
      spent.add(token)
      const tokens = JSON.stringify(issue(account))
      setTimeout(() => response.end(tokens), 20)
    })
  })
  return { server, issue, live, seen }
}

/** A generator with a seed that a failing run can be repeated with. */
function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const nativeOutside: Plugin = {
  name: 'native-outside',
  setup(bundle) {
    const { resolve } = createRequire(import.meta.url)
    bundle.onResolve({ filter: /^better-sqlite3$/ }, () => ({ path: resolve('better-sqlite3'), external: true }))
    // The helper logs nothing.
    bundle.onResolve({ filter: /^pino$/ }, () => ({ path: resolve('pino'), external: true, sideEffects: false }))
  },
}

let home: string
let script: string
const login = createLoginServer()

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'dragoman-kill-'))
  script = join(home, 'gateway.mjs')
  await build({
    stdin: { contents: GATEWAY, resolveDir: HERE, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: script,
    plugins: [nativeOutside],
    logLevel: 'error',
  })
  login.server.listen(0, '127.0.0.1')
  await once(login.server, 'listening')
})

afterAll(async () => {
  login.server.close()
  await rm(home, { recursive: true, maxRetries: 5 })
})

test(
  `a gateway killed ${KILLS} times while it refreshes loses no account and no store (seed ${SEED})`,
  { timeout: 180_000 },
  async () => {
    const issuer = `http://127.0.0.1:${(login.server.address() as AddressInfo).port}`
    await Promise.all(Array.from({ length: LANES }, (_, lane) => killLane(lane, issuer)))
    expect(login.seen.reused).toBe(0)
    expect(login.seen.refreshes).toBeGreaterThan(KILLS / 4)
  },
)

async function killLane(lane: number, issuer: string): Promise<void> {
  const random = seeded(SEED + lane)
  const data = join(home, `data-${lane}`)
  const owners = [`lane${lane}a`, `lane${lane}b`]
  const before = await openStore({ home: data })
  for (const chatgptAccountId of owners) {
    const { access_token, refresh_token } = login.issue(chatgptAccountId)
    await before.accounts.signIn({
      identity: { chatgptAccountId, fedramp: false },
      tokens: toNewTokens({ accessToken: new Secret(access_token), refreshToken: new Secret(refresh_token) }, 0),
      origin: 'login',
      replace: 'always',
    })
  }
  await before.close()

  const said: string[] = []
  const begin = (rounds: number) => {
    const gateway = spawn(process.execPath, [script, data, issuer, String(rounds)], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_COMPILE_CACHE: join(home, 'cache') },
    })
    gateway.stdout.setEncoding('utf8').on('data', (text: string) => said.push(text.replace('up ', '')))
    return gateway
  }
  for (let kill = 0; kill < KILLS / LANES; kill += 1) {
    const gateway = begin(1000)
    await once(gateway.stdout, 'data')
    setTimeout(() => gateway.kill('SIGKILL'), random() * 160)
    await once(gateway, 'exit')
  }
  // One quiet run ends what the last kill left.
  expect(await once(begin(1), 'exit')).toEqual([0, null])

  const store = await openStore({ home: data })
  const accounts = await store.accounts.list()
  const stored = accounts.map(({ chatgptAccountId, refreshTokenHash }) => [chatgptAccountId, refreshTokenHash])
  const onServer = owners.map((owner) => [owner, hashToken(new Secret(login.live.get(owner)!))])
  expect(stored.sort()).toEqual(onServer)
  expect(store.integrity()).toBe('ok')
  expect(store.setAsideTo).toBeUndefined()
  expect(await store.refreshJournal.list()).toEqual([])
  await store.close()
  expect(said.join('')).toBe('')
}
