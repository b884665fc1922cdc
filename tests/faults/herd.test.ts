import { afterEach, expect, test, vi } from 'vitest'
import { DEFAULT_SETTINGS } from '../../packages/gateway/src/accounts/index.js'
import { simulatePool, type SimulatedPool } from '../../packages/gateway/src/accounts/testing/simulated-pool.js'
import { MODEL, plan } from '../../packages/gateway/src/accounts/testing/week.js'
import { openHouse, type House } from '../house.js'

const SECOND = 1000
const ACCOUNTS = 50
const REQUESTS = 200
/** Places at each account: without a ramp all of them together would be taken in the moment of the reset. */
const PLACES = 4

let house: House | undefined
let simulated: SimulatedPool | undefined
afterEach(async () => {
  await Promise.all([house?.close(), simulated?.close()])
  house = simulated = undefined
})

const sessions = Array.from({ length: REQUESTS }, (_, at) => `session-${at}`)

const ask = async (house: House, session: string, items: readonly string[]): Promise<number> => {
  const input = items.map((text, at) => ({ role: at % 2 === 0 ? 'user' : 'assistant', content: text }))
  const reply = await house.post('/v1/responses', { model: 'gpt-5.5', input }, { 'session-id': session })
  await reply.arrayBuffer()
  return reply.status
}

const arrivals = ({ simulator }: House, since: number): number[] =>
  simulator.requests
    .filter(({ path, receivedAt }) => path.endsWith('/codex/responses') && receivedAt >= since)
    .map(({ receivedAt }) => receivedAt)
    .sort((a, b) => a - b)

/** The most that came within any such time. */
function peak(times: readonly number[], withinMs: number): number {
  let most = 0
  for (let first = 0, last = 0; last < times.length; last++) {
    while ((times[last] ?? 0) - (times[first] ?? 0) >= withinMs) first++
    most = Math.max(most, last - first + 1)
  }
  return most
}

/** A usage page that is full until then. */
function fullUntil(resetAt: number): object {
  const primary_window = { used_percent: 100, limit_window_seconds: 18_000, reset_at: resetAt / 1000 }
  return { plan_type: 'plus', rate_limit: { allowed: false, limit_reached: true, primary_window } }
}

test('50 accounts that are reset at once are asked by and by: in simulated time', async () => {
  const asked: number[] = []
  const sim = await simulatePool({
    seed: 1,
    startAt: Date.UTC(2026, 10, 2),
    accounts: Array.from({ length: ACCOUNTS }, () => ({ limits: plan(1e9, 1e9) })),
    settings: () => ({ ...DEFAULT_SETTINGS, strategy: 'round_robin', maxConcurrent: PLACES, queueMs: 120_000 }),
    onlooker: { asked: () => void asked.push(sim.clock.now()) },
  })
  simulated = sim
  const { clock, pool } = sim
  const turn = (chain: string, goesOn: boolean) =>
    sim.ask({ want: { model: MODEL, chain, conversation: chain, goesOn }, tokens: 1, takesMs: 100 })
  for (const session of sessions) {
    const first = turn(session, false)
    await clock.runUntil(clock.now() + SECOND)
    expect((await first).failure).toBeUndefined()
  }
  const resetAt = Math.ceil(clock.now() / SECOND) * SECOND + 2 * SECOND
  for (const id of sim.ids) pool.learnUsage(id, fullUntil(resetAt))
  asked.length = 0
  const told = Promise.all(sessions.map((session) => turn(session, true)))
  await clock.runUntil(resetAt - 1)
  expect([pool.waiting, asked.length]).toEqual([REQUESTS, 0])
  await clock.runUntil(resetAt + 40 * SECOND)
  expect((await told).filter(({ failure }) => failure !== undefined)).toEqual([])
  console.log(
    `${ACCOUNTS} accounts with ${PLACES} places each, ${REQUESTS} requests in line: at most ${peak(asked, 100)} within 100 ms, ` +
      `${peak(asked, SECOND)} within 1 s; the last one came ${((asked.at(-1) ?? 0) - resetAt) / SECOND} s after the reset`,
  )
  expect(asked).toHaveLength(REQUESTS)
  expect(asked.filter((at) => at < resetAt + 100).length).toBeLessThanOrEqual(PLACES)
  // Places of accounts that are open by then; all of them together would be taken at once without a ramp.
  expect(peak(asked, 100)).toBeLessThanOrEqual((ACCOUNTS * PLACES) / 4)
}, 60_000)

test('50 accounts that are reset at once are not asked by everybody at once: with the real gateway', async () => {
  const real = await openHouse({
    accounts: ACCOUNTS,
    config: {
      accounts: {
        strategy: 'round_robin',
        max_concurrent_per_account: PLACES,
        affinity_patience_seconds: 3,
        queue_seconds: 120,
      },
    },
  })
  house = real
  for (let at = 0; at < REQUESTS; at += 20) {
    const statuses = await Promise.all(sessions.slice(at, at + 20).map((session) => ask(real, session, ['hello'])))
    expect(new Set(statuses)).toEqual(new Set([200]))
  }
  const { accounts } = real.gateway
  const resetAt = Math.ceil(Date.now() / SECOND) * SECOND + SECOND
  for (const { id } of accounts.list()) accounts.learnUsage(id, fullUntil(resetAt))
  expect(accounts.list().every(({ status }) => status === 'exhausted')).toBe(true)
  // Each answer takes a while, so that places are what limits the rate.
  real.simulator.script({ delivery: { headersAfter: 100 } })
  const begun = Date.now()
  const replies = sessions.map((session) => ask(real, session, ['hello', 'hi', 'go on']))
  await vi.waitUntil(() => accounts.waiting === REQUESTS, { timeout: 10_000, interval: 5 })
  const statuses = await Promise.all(replies)
  const times = arrivals(real, begun)
  const most = peak(times, 100)
  console.log(
    `${ACCOUNTS} accounts with ${PLACES} places each, ${REQUESTS} requests in line: at most ${most} within 100 ms, ` +
      `${peak(times, SECOND)} within 1 s; the last one came ${((times.at(-1) ?? 0) - resetAt) / SECOND} s after the reset`,
  )
  expect(statuses.filter((status) => status !== 200)).toEqual([])
  expect(times.filter((at) => at < resetAt)).toEqual([])
  expect(times).toHaveLength(REQUESTS)
  // How closely they come together is the machine's doing, too; the simulated time above shows the pool's.
  expect(most).toBeLessThanOrEqual(REQUESTS * 0.4)
}, 60_000)

test('an upstream that fails everybody is asked at most 1.2 times for each request, and blamed for it alone', async () => {
  const real = await openHouse({ accounts: 5 })
  house = real
  const outage = real.simulator.script({ fault: { type: 'status', name: 'overloaded' } })
  const begun = Date.now()
  const left = Array.from({ length: 240 }, (_, at) => `session-${at}`)
  const statuses: number[] = []
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      for (let session = left.pop(); session !== undefined; session = left.pop()) {
        statuses.push(await ask(real, session, ['hello']))
      }
    }),
  )
  const asked = arrivals(real, begun).length
  console.log(
    `all of ${statuses.length} requests failed; the upstream saw ${asked}, ${(asked / statuses.length).toFixed(2)} each`,
  )
  expect(new Set(statuses)).toEqual(new Set([503]))
  expect(asked).toBeLessThanOrEqual(1.2 * statuses.length)
  expect(real.gateway.accounts.list().map(({ status }) => status)).toEqual(Array.from({ length: 5 }, () => 'active'))
  outage.remove()
  expect(await ask(real, 'another', ['hello'])).toBe(200)
}, 60_000)
