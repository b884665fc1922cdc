import type { LimitsPlan } from '@dragoman/simulator'
import { afterEach, describe, expect, test } from 'vitest'
import { SELECTION_STRATEGIES } from '../config/index.js'
import type { SelectionStrategy } from '../config/index.js'
import { DEFAULT_SETTINGS } from './pool-settings.js'
import { createPoolWorld } from './testing/pool-world.js'
import { seeded } from './testing/seeded.js'
import { simulatePool } from './testing/simulated-pool.js'
import type { SimulatedPool } from './testing/simulated-pool.js'
import { MINUTE, MODEL, plan, WEEK, weekOfEvents, weekOfTurns } from './testing/week.js'
import type { Turn, WeekEvent } from './testing/week.js'

const START = Date.UTC(2026, 10, 2)
const SEED = Number(process.env['SEED'] ?? 7)
const ACCOUNTS = 20
const REQUESTS = Number(process.env['REQUESTS'] ?? 5_000)
/** Tokens of both windows of each account for each request of the week; a request takes about 30,000. */
const WEEKS: Readonly<Record<string, LimitsPlan>> = {
  // Every rush hour fills the short windows of many accounts.
  'a busy week': plan(REQUESTS * 85, REQUESTS * 1_700),
  // Less than is asked for: for hours nobody can serve, and in the end the long windows are full.
  'a week of too little quota': plan(REQUESTS * 60, REQUESTS * 1_200),
}
/** The gateway reads the usage of accounts that nothing was heard of. */
const USAGE_READ_MS = 30 * MINUTE

let running: SimulatedPool | undefined
afterEach(async () => {
  await running?.close()
  running = undefined
})

interface Plot {
  limits: LimitsPlan
  turns: readonly Turn[]
  events: readonly WeekEvent[]
}

interface Result {
  served: number
  /** Requests that somebody could have served when they came, whom no owner has to look after. */
  servable: number
  /** Requests that only accounts could have served that were suspended after three refusals, and are well before they are looked at again. */
  heldBack: number
  moves: number
  /** By the kind of failure, those that somebody could have served. */
  missed: Record<string, number>
  /** Accounts that the world would serve for days more, and that the pool has given up at the end. */
  givenUp: string[]
}

async function week(strategy: SelectionStrategy, { limits, turns, events }: Plot): Promise<Result> {
  const heard = new Map<string, number>()
  const gone = new Set<string>()
  const result: Result = { served: 0, servable: 0, heldBack: 0, moves: 0, missed: {}, givenUp: [] }
  const sim = await simulatePool({
    seed: SEED,
    startAt: START,
    accounts: Array.from({ length: ACCOUNTS }, () => ({ limits, requestsAMinute: 60 })),
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
      const able = ids.filter((id) => !gone.has(id) && world.opensAt(id, model, now) === now)
      const servable = able.some((id) => sim.pool.get(id)?.status !== 'suspended')
      open += 1
      const want = { model, conversation: chain, chain, goesOn }
      void sim.ask({ want, tokens, takesMs, inputItems }).then(({ failure }) => {
        open -= 1
        if (failure === undefined) result.served += 1
        if (servable || failure === undefined) result.servable += 1
        else if (able.length > 0) result.heldBack += 1
        if (servable && failure !== undefined) result.missed[failure.kind] = (result.missed[failure.kind] ?? 0) + 1
      })
    })
  }
  await clock.runUntil(START + WEEK + 10 * MINUTE)
  expect(open).toBe(0)
  const accounts = sim.pool.list()
  expect(accounts.every((account) => account.open === 0)).toBe(true)
  for (const { id, status } of accounts) {
    const isWell = !gone.has(id) && world.opensAt(id, MODEL, clock.now()) < Infinity
    if (isWell && status !== 'active' && status !== 'exhausted' && status !== 'cooling')
      result.givenUp.push(`${id} ${status}`)
  }
  return result
}

/** Who knows the world: of those that will serve, asks the account with the most room, and meets no chance. */
function bestOfWeek({ limits, turns, events }: Plot): number {
  const world = createPoolWorld(new Map(IDS.map((id) => [id, { limits, requestsAMinute: 60 }])), () => 1)
  const gone = new Set<string>()
  let served = 0
  let next = 0
  for (const { at, model, tokens } of turns) {
    for (let event = events[next]; event !== undefined && event.at <= at; event = events[++next]) {
      if ('endsLogin' in event) gone.add(event.endsLogin)
      else if (event.does.type !== 'expire_access') world.happen(event.does, event.at)
    }
    const open = IDS.filter((id) => !gone.has(id) && world.opensAt(id, model, at) === at)
    const [most] = open.map((id) => ({ id, room: world.room(id, model, at) })).sort((a, b) => b.room - a.room)
    if (most === undefined) continue
    if (world.ask(most.id, { model, tokens, generation: 1 }, at).failure === undefined) served += 1
  }
  return served
}

const IDS = Array.from({ length: ACCOUNTS }, (_, at) => `acc_${String(at + 1).padStart(2, '0')}`)

describe.each(Object.keys(WEEKS))('%s', (name) => {
  const limits = WEEKS[name] ?? plan(1, 1)
  const turns = weekOfTurns(START, REQUESTS, seeded(SEED))
  const events = weekOfEvents(START, IDS, REQUESTS * 1_700, seeded(SEED + 1))
  const plot = { limits, turns, events }

  test.each(SELECTION_STRATEGIES)(
    'is served to at least 99 % of what could be served by %s',
    async (strategy) => {
      const best = bestOfWeek(plot)
      const begun = performance.now()
      const { served, servable, heldBack, moves, missed, givenUp } = await week(strategy, plot)
      const percent = (of: number): string => `${((100 * served) / of).toFixed(2)} %`
      console.log(
        `${name}, seed ${SEED}, ${strategy}: of ${turns.length} requests somebody could serve ${servable}, and ${served} were: ` +
          `${percent(servable)}; who knows the world serves ${best}: ${percent(best)}; ${moves} moves; ` +
          `missed ${JSON.stringify(missed)}; held back ${heldBack}, given up ${givenUp.join(', ') || 'none'}; ${Math.round(performance.now() - begun)} ms`,
      )
      expect(served / servable).toBeGreaterThanOrEqual(0.99)
    },
    60_000,
  )
})
