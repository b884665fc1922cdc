import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SELECTION_STRATEGIES } from '../config/index.js'
import { DEFAULT_SETTINGS } from './pool-settings.js'
import type { PoolSettings } from './pool-settings.js'
import { watchPool } from './testing/pool-watch.js'
import type { WorldEvent } from './testing/pool-world.js'
import { simulatePool } from './testing/simulated-pool.js'
import { HOUR, MINUTE, MODEL, plan, SPARK } from './testing/week.js'

const START = Date.UTC(2026, 10, 2)
const SEED = Number(process.env['SEED'] ?? Date.now() % 2 ** 31)
const RUNS = Number(process.env['RUNS'] ?? 40)
const SECOND = 1000
const ACCOUNTS = 4
const TEAM = 'team'

type Step = { after: number } & (
  | { does: 'ask'; chain: number; model: string; tokens: number; takesMs: number; among: readonly string[] | undefined }
  | { does: 'world'; make: (now: number) => WorldEvent; about: string }
  | { does: 'switch'; account: string; on: boolean }
  | { does: 'read usage' | 'say quota is back'; account: string }
  | { does: 'restart' }
)

const id = fc.integer({ min: 1, max: ACCOUNTS }).map((n) => `acc_0${n}`)
const after = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 3 * SECOND }) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 10 * MINUTE }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 6 * HOUR }) },
)
const span = fc.oneof(fc.integer({ min: 1, max: 2 * MINUTE }), fc.integer({ min: 1, max: HOUR }))

function event<T>(
  about: string,
  from: fc.Arbitrary<T>,
  make: (from: T, now: number) => WorldEvent,
): fc.Arbitrary<Step> {
  return fc.tuple(after, from).map(([wait, drawn]) => ({
    after: wait,
    does: 'world',
    about: `${about} ${JSON.stringify(drawn)}`,
    make: (now) => make(drawn, now),
  }))
}

const ask: fc.Arbitrary<Step> = fc.record({
  after,
  does: fc.constant('ask' as const),
  chain: fc.integer({ min: 0, max: 9 }),
  model: fc.oneof({ weight: 5, arbitrary: fc.constant(MODEL) }, { weight: 1, arbitrary: fc.constant(SPARK) }),
  tokens: fc.integer({ min: 1_000, max: 60_000 }),
  takesMs: fc.integer({ min: 0, max: 40 * SECOND }),
  among: fc.oneof(
    { weight: 6, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constant([TEAM]) },
    { weight: 1, arbitrary: id.map((one) => [one]) },
  ),
})

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 40, arbitrary: ask },
  {
    weight: 2,
    arbitrary: fc.record({ after, does: fc.constant('switch' as const), account: id, on: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ after, does: fc.constantFrom('read usage', 'say quota is back'), account: id }),
  },
  { weight: 1, arbitrary: fc.record({ after, does: fc.constant('restart' as const) }) },
  { weight: 1, arbitrary: event('gap', span, (ms, now) => ({ type: 'network_gap', until: now + ms })) },
  {
    weight: 2,
    arbitrary: event('storm', fc.tuple(span, fc.constantFrom(0.3, 1)), ([ms, share], now) => ({
      type: 'storm',
      until: now + ms,
      share,
    })),
  },
  {
    weight: 2,
    arbitrary: event(
      'ban',
      fc.tuple(id, span, fc.constantFrom('forbidden', 'deactivated')),
      ([account, ms, as], now) => ({
        type: 'ban',
        account,
        until: now + ms,
        as,
      }),
    ),
  },
  {
    weight: 2,
    arbitrary: event('challenge', fc.tuple(id, span), ([account, ms], now) => ({
      type: 'challenge',
      account,
      until: now + ms,
    })),
  },
  {
    weight: 1,
    arbitrary: event('unpaid', fc.tuple(id, span), ([account, ms], now) => ({
      type: 'unpaid',
      account,
      until: now + ms,
    })),
  },
  { weight: 2, arbitrary: event('401', id, (account) => ({ type: 'expire_access', account })) },
  {
    weight: 4,
    arbitrary: event(
      'used elsewhere',
      fc.tuple(id, fc.constantFrom(MODEL, SPARK), fc.integer({ min: 1, max: 400_000 })),
      ([account, model, tokens]) => ({ type: 'used_elsewhere', account, model, tokens }),
    ),
  },
  {
    weight: 3,
    arbitrary: event(
      'early reset',
      fc.tuple(id, fc.constantFrom(undefined, 'primary' as const, 'secondary' as const)),
      ([account, window]) => ({ type: 'early_reset', account, ...(window === undefined ? {} : { window }) }),
    ),
  },
)

const settings: fc.Arbitrary<PoolSettings> = fc.record({
  strategy: fc.constantFrom(...SELECTION_STRATEGIES),
  tierPriority: fc.constant(DEFAULT_SETTINGS.tierPriority),
  maxConcurrent: fc.integer({ min: 1, max: 3 }),
  requestIntervalMs: fc.constantFrom(0, 2 * SECOND),
  patienceMs: fc.constantFrom(0, 5 * SECOND),
  queueMs: fc.constantFrom(0, 20 * SECOND, MINUTE),
  queueLength: fc.constantFrom(0, 3, 20),
  skipExhausted: fc.boolean(),
  probeMs: fc.constantFrom(MINUTE, 5 * MINUTE),
  refresh: fc.constant(DEFAULT_SETTINGS.refresh),
})

/** What was played is had again from the seed; the last events before it broke are in the message. */
function reporter<Drawn>({ failed, seed, counterexamplePath, errorInstance }: fc.RunDetails<Drawn>): Promise<void> {
  const cause = errorInstance instanceof Error ? errorInstance.message : String(errorInstance)
  return failed
    ? Promise.reject(new Error(`SEED=${seed}, run ${counterexamplePath ?? ''}: ${cause}`))
    : Promise.resolve()
}

const totals = { steps: 0, leases: 0, moves: 0, refusals: 0, waits: 0, strays: 0, turnedAway: 0 }

async function play(chosen: PoolSettings, steps: readonly Step[], seed: number): Promise<readonly string[]> {
  const watch = watchPool(
    chosen,
    new Map([
      ['acc_01', [TEAM]],
      ['acc_02', [TEAM]],
    ]),
  )
  const sim = await simulatePool({
    seed,
    startAt: START,
    accounts: Array.from({ length: ACCOUNTS }, () => ({ limits: plan(200_000, 2_000_000), requestsAMinute: 8 })),
    settings: () => chosen,
    tokenLifeS: 90 * 86_400,
    onlooker: watch,
  })
  try {
    const { clock, world } = sim
    watch.begin(sim)
    for (const one of ['acc_01', 'acc_02']) await sim.pool.change(one, { groups: [TEAM] })
    const running = new Map<string, Promise<unknown>>()
    const served = new Set<string>()
    let turn = 0
    const drained = async (): Promise<void> => {
      for (let waits = 0; running.size > 0 && waits < 1_000; waits++) await clock.runUntil(clock.now() + SECOND)
    }
    for (const now of steps) {
      await clock.runUntil(clock.now() + now.after)
      if (now.does === 'world') watch.note(now.about)
      else if (now.does !== 'ask') watch.note(`${now.does} ${JSON.stringify(now)}`)
      switch (now.does) {
        case 'ask': {
          const { model, tokens, takesMs, among } = now
          // A turn of a conversation follows the one before; who comes meanwhile begins another.
          const chain = running.has(`c${now.chain}`) ? `n${turn++}` : `c${now.chain}`
          const goesOn = served.has(chain)
          const want = { model, chain, conversation: chain, goesOn, ...(among === undefined ? {} : { among }) }
          running.set(
            chain,
            sim.ask({ want, tokens, takesMs }).then(({ failure }) => {
              running.delete(chain)
              if (failure === undefined) served.add(chain)
            }),
          )
          break
        }
        case 'world':
          world.happen(now.make(clock.now()), clock.now())
          break
        case 'switch':
          watch.switching(now.account)
          await sim.pool.setEnabled(now.account, now.on)
          watch.switched(now.account, now.on)
          break
        case 'read usage':
          sim.readUsage(now.account)
          watch.told(now.account)
          break
        case 'say quota is back':
          sim.pool.quotaIsBack(now.account)
          watch.told(now.account)
          break
        case 'restart':
          await drained()
          await sim.restart()
          watch.restarted()
          break
        default:
          now satisfies never
      }
      watch.look()
      if (watch.violations.length > 0) return [...watch.violations, ...watch.trace]
    }
    await drained()
    if (running.size > 0) return [...watch.violations, `${running.size} requests never ended`]
    const leaks = sim.pool.list().filter(({ open }) => open !== 0)
    if (leaks.length > 0 || watch.open !== 0 || sim.pool.waiting !== 0) {
      return [
        ...watch.violations,
        `places are not given back: ${leaks.map((one) => `${one.id} ${one.open}`).join(', ')}`,
      ]
    }
    return watch.violations.length === 0 ? [] : [...watch.violations, ...watch.trace]
  } finally {
    for (const name of ['leases', 'moves', 'refusals', 'waits', 'strays', 'turnedAway'] as const)
      totals[name] += watch.counts[name]
    totals.steps += steps.length
    await sim.close()
  }
}

test('whatever happens, the pool keeps its promises', async () => {
  const steps = fc.array(step, { minLength: 80, maxLength: 200, size: 'max' })
  const property = fc.asyncProperty(settings, steps, fc.nat(), async (...run) => {
    const told = await play(...run)
    if (told.length > 0) throw new Error(told.join('\n'))
  })
  await fc.assert(property, { seed: SEED, numRuns: RUNS, endOnFailure: true, asyncReporter: reporter })
  console.log(`seed ${SEED}: ${JSON.stringify(totals)}`)
  // A run in which nothing happens proves nothing.
  const { steps: played, leases, moves, refusals, waits } = totals
  expect(Math.min(played, leases, moves, refusals, waits)).toBeGreaterThan(RUNS)
}, 120_000)
