import { afterEach, expect, test } from 'vitest'
import { SELECTION_STRATEGIES } from '../config/index.js'
import type { SelectionStrategy } from '../config/index.js'
import { DEFAULT_SETTINGS } from './pool.js'
import { createPoolWorld } from './testing/pool-world.js'
import { seeded } from './testing/seeded.js'
import { simulatePool } from './testing/simulated-pool.js'
import type { SimulatedPool } from './testing/simulated-pool.js'
import { MINUTE, plan, WEEK, weekOfEvents, weekOfTurns } from './testing/week.js'
import type { Turn, WeekEvent } from './testing/week.js'

const START = Date.UTC(2026, 10, 2)
const SEED = Number(process.env['SEED'] ?? 7)
const ACCOUNTS = 20
const REQUESTS = Number(process.env['REQUESTS'] ?? 20_000)
/** The mean of a turn is about 25,000 tokens: with 20,000 of them the week's windows are nearly used up. */
const LIMITS = plan(REQUESTS * 100, REQUESTS * 1_500)
/** The gateway reads the usage of accounts that nothing was heard of. */
const USAGE_READ_MS = 30 * MINUTE

let running: SimulatedPool | undefined
afterEach(async () => {
  await running?.close()
  running = undefined
})

interface Result {
  served: number
  /** Requests that somebody could have served when they came. */
  servable: number
  moves: number
  /** By the kind of failure, those that somebody could have served. */
  missed: Record<string, number>
}

async function week(
  strategy: SelectionStrategy,
  turns: readonly Turn[],
  events: readonly WeekEvent[],
): Promise<Result> {
  const heard = new Map<string, number>()
  const gone = new Set<string>()
  const result: Result = { served: 0, servable: 0, moves: 0, missed: {} }
  const sim = await simulatePool({
    seed: SEED,
    startAt: START,
    accounts: Array.from({ length: ACCOUNTS }, () => ({ limits: LIMITS, requestsAMinute: 60 })),
    settings: () => ({ ...DEFAULT_SETTINGS, strategy, maxConcurrent: 4 }),
    tokenLifeS: 86_400,
    onlooker: {
      asked: (id) => void heard.set(id, sim.clock.now()),
      wants: () => ({ got: ({ movedFrom }) => void (result.moves += movedFrom === undefined ? 0 : 1) }),
    },
  })
  running = sim
  const { clock, world, ids } = sim
  for (const event of events) {
    clock.at(event.at, () => {
      if ('does' in event) return world.happen(event.does, clock.now())
      gone.add(event.endsLogin)
      sim.endLogin(event.endsLogin)
      world.happen({ type: 'expire_access', account: event.endsLogin }, clock.now())
    })
  }
  for (let at = START + USAGE_READ_MS; at < START + WEEK; at += USAGE_READ_MS) {
    clock.at(at, () => {
      for (const id of ids) if (clock.now() - (heard.get(id) ?? 0) >= USAGE_READ_MS) sim.readUsage(id)
    })
  }
  let open = 0
  for (const { at, chain, model, tokens, takesMs, inputItems, goesOn } of turns) {
    clock.at(at, () => {
      const now = clock.now()
      const servable = ids.some((id) => !gone.has(id) && world.opensAt(id, model, now) === now)
      open += 1
      const want = { model, conversation: chain, chain, goesOn }
      void sim.ask({ want, tokens, takesMs, inputItems }).then(({ failure }) => {
        open -= 1
        if (failure === undefined) result.served += 1
        if (servable || failure === undefined) result.servable += 1
        if (servable && failure !== undefined) result.missed[failure.kind] = (result.missed[failure.kind] ?? 0) + 1
      })
    })
  }
  await clock.runUntil(START + WEEK + 10 * MINUTE)
  expect(open).toBe(0)
  expect(sim.pool.list().every((account) => account.open === 0)).toBe(true)
  return result
}

/** Who knows the world: asks the account whose quota expires first of those that will serve, and meets no chance. */
function bestOfWeek(turns: readonly Turn[], events: readonly WeekEvent[], ids: readonly string[]): number {
  const world = createPoolWorld(new Map(ids.map((id) => [id, { limits: LIMITS, requestsAMinute: 60 }])), () => 1)
  const gone = new Set<string>()
  let served = 0
  let next = 0
  for (const { at, model, tokens } of turns) {
    for (let event = events[next]; event !== undefined && event.at <= at; event = events[++next]) {
      if ('endsLogin' in event) gone.add(event.endsLogin)
      else if (event.does.type !== 'expire_access') world.happen(event.does, event.at)
    }
    const open = ids.filter((id) => !gone.has(id) && world.opensAt(id, model, at) === at)
    const [most] = open.map((id) => ({ id, room: world.room(id, model, at) })).sort((a, b) => b.room - a.room)
    if (most === undefined) continue
    const { failure } = world.ask(most.id, { model, tokens, generation: 1 }, at)
    if (failure === undefined) served += 1
  }
  return served
}

const turns = weekOfTurns(START, REQUESTS, seeded(SEED))
const ids = Array.from({ length: ACCOUNTS }, (_, at) => `acc_${String(at + 1).padStart(2, '0')}`)
const events = weekOfEvents(START, ids, seeded(SEED + 1))

test.each(SELECTION_STRATEGIES)(
  'a week of %s serves at least 99 % of what could be served',
  async (strategy) => {
    const best = bestOfWeek(turns, events, ids)
    const begun = performance.now()
    const { served, servable, moves, missed } = await week(strategy, turns, events)
    const bound = Math.max(best, servable)
    const percent = (count: number, of: number): string => `${((100 * count) / of).toFixed(3)} %`
    console.log(
      `seed ${SEED}, ${strategy}: ${turns.length} requests, ${served} served, at best ${bound} (who knows the world: ${best}; somebody could: ${servable}): ` +
        `${percent(served, bound)}; ${moves} moves; missed ${JSON.stringify(missed)}; ${Math.round(performance.now() - begun)} ms`,
    )
    expect(served / bound).toBeGreaterThanOrEqual(0.99)
  },
  120_000,
)
