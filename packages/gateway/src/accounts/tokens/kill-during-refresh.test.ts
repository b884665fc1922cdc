import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startSimulator } from '@dragoman/simulator'
import type { Simulator } from '@dragoman/simulator'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { openStore } from '../../store/index.js'
import { buildProgram } from '../testing/build-program.js'
import { seeded } from '../testing/seeded.js'
import { CLIENT_ID, signInAccounts, storedAndLive } from '../testing/simulated-logins.js'

/** `DRAGOMAN_KILLS=500` is the whole proof; the short form finds the same mistakes, later. */
const KILLS = Number(process.env['DRAGOMAN_KILLS'] ?? 15)
/** Gateways that are killed side by side, each with its own data folder and two accounts. */
const LANES = 2
/** The longest that a gateway lives after it has begun to refresh. */
const LONGEST_LIFE_MS = 250
const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000)
const HERE = dirname(fileURLToPath(import.meta.url))

/** A gateway that does nothing but refresh, and the helper that it starts. */
const GATEWAY = `
import { plainHttp as http } from '../testing/plain-http.js'
import { runRefreshHelper } from './refresh-process.js'

if (process.argv[2] === '__refresh') {
  process.exitCode = await runRefreshHelper({ argv: process.argv.slice(3), env: process.env, http })
} else {
  const { openStore } = await import('../../store/index.js')
  const { createAccountPool } = await import('../pool.js')
  const [home, issuer, client_id, rounds] = process.argv.slice(2)
  const store = await openStore({ home })
  const pool = await createAccountPool({
    store, http, auth: { issuer, client_id }, helper: { command: [process.argv[1], '__refresh'] },
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

let home: string
let script: string
let simulator: Simulator

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'dragoman-kill-'))
  script = join(home, 'gateway.mjs')
  await buildProgram({ contents: GATEWAY, resolveDir: HERE, outfile: script })
  simulator = await startSimulator({ keepRequests: 100 })
})

afterAll(async () => {
  await simulator.close()
  await rm(home, { recursive: true, maxRetries: 5 })
})

interface Gateway {
  child: ChildProcess
  up: Promise<unknown>
  exit: Promise<unknown[]>
  /** Everything that went wrong. */
  said(): string
}

/** Starts a gateway that refreshes each account so many times. */
function start(data: string, rounds: number): Gateway {
  const child = spawn(process.execPath, [script, data, simulator.issuer, CLIENT_ID, String(rounds)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_COMPILE_CACHE: join(home, 'cache') },
  })
  let said = ''
  const out = child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text.replace('up ', '')
  })
  return { child, up: once(out, 'data'), exit: once(child, 'exit'), said: () => said }
}

test(
  `a gateway killed ${KILLS} times while it refreshes loses no account and no store (seed ${SEED})`,
  { timeout: 60_000 + KILLS * 3_000 },
  async () => {
    // The token is spent, and its answer comes later: whoever dies in between and takes the answer along has lost it.
    const late = simulator.script({ at: 'token', token: { beforeAnswer: 20 } })
    await Promise.all(Array.from({ length: LANES }, (_, lane) => killLane(lane)))
    late.remove()
    const { refreshes, reuses } = simulator.counters
    process.stderr.write(`${KILLS} kills, ${refreshes} refreshes, ${reuses} reuses\n`)
    expect(reuses).toBe(0)
    expect(refreshes).toBeGreaterThan(KILLS / 4)
  },
)

async function killLane(lane: number): Promise<void> {
  const random = seeded(SEED + lane)
  const data = join(home, `data-${lane}`)
  await signInAccounts(data, simulator, 2)
  let said = ''
  for (let kill = 0; kill < KILLS / LANES; kill += 1) {
    const gateway = start(data, 1000)
    await gateway.up
    setTimeout(() => gateway.child.kill('SIGKILL'), random() * LONGEST_LIFE_MS)
    await gateway.exit
    said += gateway.said()
  }
  // One quiet run ends what the last kill left.
  const last = start(data, 1)
  expect(await last.exit).toEqual([0, null])

  const store = await openStore({ home: data })
  const accounts = await storedAndLive(store, simulator)
  expect(accounts).toHaveLength(2)
  for (const { stored, live } of accounts) expect(stored).toBe(live)
  expect(store.integrity()).toBe('ok')
  expect(store.setAsideTo).toBeUndefined()
  expect(await store.refreshJournal.list()).toEqual([])
  await store.close()
  expect(said + last.said()).toBe('')
}

/** Processes that run our script: the gateway and its helpers. */
function running(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(script)
      } catch {
        return false
      }
    })
}

// Only Linux shows whose process is whose.
describe.skipIf(process.platform !== 'linux')('a gateway that is killed together with its helper', () => {
  /** Kills both while the login server holds the refresh of one account there, and starts the gateway again. */
  async function killAllAt(where: 'beforeCommit' | 'beforeAnswer', data: string): Promise<Gateway> {
    await signInAccounts(data, simulator, 1)
    const held = simulator.script({ at: 'token', times: 1, token: { [where]: `never ${data}` } })
    const before = simulator.counters.refreshes
    const asked = simulator.nextRequest(({ path }) => path === '/oauth/token')
    const gateway = start(data, 1)
    await asked
    if (where === 'beforeAnswer') await vi.waitUntil(() => simulator.counters.refreshes > before)
    for (const pid of running()) process.kill(pid, 'SIGKILL')
    await gateway.exit
    await vi.waitUntil(() => running().length === 0)
    held.remove()
    const again = start(data, 1)
    expect(await again.exit).toEqual([0, null])
    return again
  }

  test('before the login server spent the token, loses nothing', async () => {
    const data = join(home, 'before')
    const again = await killAllAt('beforeCommit', data)
    expect(again.said()).toBe('')
    const store = await openStore({ home: data })
    const [account] = await storedAndLive(store, simulator)
    expect(account?.stored).toBe(account?.live)
    expect(await store.refreshJournal.list()).toEqual([])
    await store.close()
  })

  test('while the answer is on its way, says what was lost and why', async () => {
    const data = join(home, 'after')
    const again = await killAllAt('beforeAnswer', data)
    expect(again.said()).toBe('Sign in again: a crash during a refresh used its login up.')
    const store = await openStore({ home: data })
    expect(await store.accounts.list()).toHaveLength(1)
    expect(await store.refreshJournal.list()).toMatchObject([{ outcome: 'refused_crashed' }])
    expect(store.integrity()).toBe('ok')
    await store.close()
  })
})
