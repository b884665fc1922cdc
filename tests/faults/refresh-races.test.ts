import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startSimulator, type Simulator } from '@dragoman/simulator'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildProgram } from '../../packages/gateway/src/accounts/testing/build-program.js'
import {
  CLIENT_ID,
  signInAccounts,
  storedAndLive,
} from '../../packages/gateway/src/accounts/testing/simulated-logins.js'
import { openStore } from '../../packages/gateway/src/store/index.js'

/** `DRAGOMAN_REFRESHES=10000` is the whole proof; the short form finds the same mistakes, later. */
const REFRESHES = Number(process.env['DRAGOMAN_REFRESHES'] ?? 200)
const PROCESSES = 4
const ACCOUNTS = 50
/** How many refreshes one process has under way. */
const AT_ONCE = 6

/**
 * A process that refreshes one account after the other, in the order in which all others do it too, so that they meet. It spends
 * tokens itself, without a helper. It says when it is ready, and what came of it.
 */
const PROGRAM = `
import { createLeases } from '../../packages/gateway/src/cluster/index.js'
import { openStore, silent } from '../../packages/gateway/src/store/index.js'
import { plainHttp } from '../../packages/gateway/src/accounts/testing/plain-http.js'
import { createLocalRefresher } from '../../packages/gateway/src/accounts/tokens/index.js'

const [home, issuer, client_id, share, atOnce] = process.argv.slice(2)
const store = await openStore({ home })
const leases = createLeases({ rows: store.leases })
const auth = { issuer, client_id }
const refresher = createLocalRefresher({ store, leases, http: plainHttp, auth, now: Date.now, log: silent })
const ids = (await store.accounts.list()).map(({ id }) => id).sort()
const tally = {}
let left = Number(share)
let turn = 0

async function work() {
  while (left > 0) {
    const accountId = ids[turn++ % ids.length]
    const { record } = await store.accounts.read(accountId)
    const { kind } = await refresher.refresh({ accountId, generation: record.generation, reason: 'forced' })
    tally[kind] = (tally[kind] ?? 0) + 1
    if (kind === 'refreshed') left -= 1
  }
}

process.stdout.write('ready\\n')
await new Promise((resolve) => process.stdin.once('data', resolve))
process.stdin.destroy()
await Promise.all(Array.from({ length: Number(atOnce) }, work))
await refresher.close()
await store.close()
process.stdout.write(JSON.stringify(tally) + '\\n')
`

let folder: string
let program: string
let simulator: Simulator

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dragoman-races-'))
  program = join(folder, 'refresh.mjs')
  await buildProgram({
    contents: PROGRAM,
    resolveDir: dirname(fileURLToPath(import.meta.url)),
    outfile: program,
  })
  simulator = await startSimulator({ keepRequests: 0 })
})

afterAll(async () => {
  await simulator.close()
  await rm(folder, { recursive: true, maxRetries: 5 })
})

test(
  `${PROCESSES} processes on one data folder, ${ACCOUNTS} accounts, ${REFRESHES} refreshes: no token is spent twice`,
  { timeout: 30_000 + REFRESHES * 200 },
  async () => {
    const home = join(folder, 'data')
    await signInAccounts(home, simulator, ACCOUNTS)
    const begun = performance.now()
    const tallies = await Promise.all((await startAll(home)).map(({ go }) => go()))
    const seconds = (performance.now() - begun) / 1000
    const total = (kind: string): number => tallies.reduce((sum, tally) => sum + (tally[kind] ?? 0), 0)
    process.stderr.write(
      `${total('refreshed')} refreshes in ${seconds.toFixed(1)} s, ${total('moved')} times another process was first, ${simulator.counters.reuses} reuses\n`,
    )

    expect(simulator.counters).toEqual({ refreshes: total('refreshed'), reuses: 0 })
    expect(total('refreshed')).toBeGreaterThanOrEqual(REFRESHES)
    // Without races nothing is proved.
    expect(total('moved')).toBeGreaterThan(0)
    expect(total('refreshed') + total('moved')).toBe(tallies.flatMap(Object.values<number>).reduce((a, b) => a + b, 0))
    await expectAllAlive(home)
  },
)

/** Processes that wait for the word, so that they begin together. */
async function startAll(home: string): Promise<{ go: () => Promise<Record<string, number>> }[]> {
  const share = String(Math.ceil(REFRESHES / PROCESSES))
  const argv = [program, home, simulator.issuer, CLIENT_ID, share, String(AT_ONCE)]
  return Promise.all(
    Array.from({ length: PROCESSES }, async () => {
      const child = spawn(process.execPath, argv, { stdio: ['pipe', 'pipe', 'inherit'] })
      let said = ''
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        said += text
      })
      const ended = once(child, 'close')
      await Promise.race([once(child.stdout, 'data'), ended])
      return {
        async go() {
          child.stdin.end('go\n')
          expect(await ended).toEqual([0, null])
          return JSON.parse(said.trim().split('\n').at(-1) ?? '') as Record<string, number>
        },
      }
    }),
  )
}

/** Every account holds the one token that the login server would take. */
async function expectAllAlive(home: string): Promise<void> {
  const store = await openStore({ home })
  const accounts = await storedAndLive(store, simulator)
  expect(accounts).toHaveLength(ACCOUNTS)
  for (const { stored, live } of accounts) expect(stored).toBe(live)
  expect(await store.refreshJournal.list()).toEqual([])
  expect(store.integrity()).toBe('ok')
  await store.close()
}
