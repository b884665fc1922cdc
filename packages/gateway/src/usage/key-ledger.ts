import { dayStart, GRAIN_MS, monthStart, type KeyStandingRow, type KeyUse } from '../store/index.js'

/** What a client key has used, in the periods that budgets are for; days and months begin at midnight UTC. */
export type KeyStanding = KeyStandingRow

/** What the next request of a key may be expected to take. */
export type Typical = Readonly<KeyUse>

/** What client keys have used: what is written, and what came since. */
export interface KeyLedger {
  of(keyId: string): KeyStanding
  /** What its requests took of late. */
  typical(keyId: string): Typical
}

export interface KeyLedgerBook extends KeyLedger {
  add(keyId: string, use: KeyUse): void
  /** What was added so far is on its way to the disk. */
  leave(): void
  /** It is there. */
  arrived(): void
  /** It is not, and goes with what comes next. */
  returned(): void
  /** What is on the disk, read while nothing was on its way. */
  read(rows: ReadonlyMap<string, KeyStandingRow>): void
}

/** Of a key that nothing is known of: a short turn of an agent with a large model. */
const UNKNOWN: Typical = { costMicroUsd: 20_000, tokens: 4_000 }
/** How much the latest request tells of the next. */
const LATEST = 0.25
/** Keys that did not ask for long are forgotten here first; their expectation begins anew. */
const MAX_TYPICAL = 10_000

interface Standing {
  row: KeyStandingRow
  /** The periods that `row` is about. */
  dayAt: number
  monthAt: number
}

export function keyLedger(now: () => number): KeyLedgerBook {
  let written = new Map<string, Standing>()
  let leaving = new Map<string, Standing>()
  let young = new Map<string, Standing>()
  const typical = new Map<string, KeyUse>()

  function expected(keyId: string): KeyUse {
    const known = typical.get(keyId)
    if (known !== undefined) return known
    const row = written.get(keyId)?.row
    if (row === undefined || row.requests < 1) return UNKNOWN
    return { costMicroUsd: row.total.costMicroUsd / row.requests, tokens: row.total.tokens / row.requests }
  }

  function learn(keyId: string, use: KeyUse): void {
    const before = expected(keyId)
    typical.delete(keyId)
    typical.set(keyId, {
      costMicroUsd: before.costMicroUsd + LATEST * (use.costMicroUsd - before.costMicroUsd),
      tokens: before.tokens + LATEST * (use.tokens - before.tokens),
    })
    const [oldest] = typical.keys()
    if (typical.size > MAX_TYPICAL && oldest !== undefined) typical.delete(oldest)
  }

  return {
    of(keyId) {
      const at = now()
      const all = fresh(at)
      for (const standings of [written, leaving, young]) {
        const standing = standings.get(keyId)
        if (standing !== undefined) add(all, standing)
      }
      const resetAt = written.get(keyId)?.row.resetAt
      return resetAt === undefined ? all.row : { ...all.row, resetAt }
    },
    typical: expected,
    add(keyId, use) {
      const at = now()
      // A request that failed tells nothing of one that does not.
      if (use.tokens > 0) learn(keyId, use)
      let standing = young.get(keyId)
      if (standing === undefined) young.set(keyId, (standing = fresh(at)))
      else roll(standing, at)
      const { row } = standing
      for (const period of [row.day, row.month, row.total]) sum(period, use)
      row.requests += 1
      row.lastAt = at
    },
    leave() {
      leaving = young
      young = new Map()
    },
    arrived() {
      for (const [keyId, standing] of leaving) {
        const there = written.get(keyId) ?? fresh(now())
        roll(there, now())
        add(there, standing)
        written.set(keyId, there)
      }
      leaving = new Map()
    },
    returned() {
      for (const [keyId, standing] of young) {
        const there = leaving.get(keyId)
        if (there === undefined) leaving.set(keyId, standing)
        else {
          roll(there, now())
          add(there, standing)
        }
      }
      young = leaving
      leaving = new Map()
    },
    read(rows) {
      const at = now()
      written = new Map([...rows].map(([keyId, row]) => [keyId, { ...fresh(at), row: structuredClone(row) }]))
    },
  }
}

function fresh(at: number): Standing {
  const none = (): KeyUse => ({ costMicroUsd: 0, tokens: 0 })
  return {
    dayAt: dayStart(at),
    monthAt: monthStart(at),
    row: { day: none(), month: none(), total: none(), requests: 0, lastAt: 0 },
  }
}

/** A new day, and a new month, begin with nothing. */
function roll(standing: Standing, at: number): void {
  if (at < standing.dayAt + GRAIN_MS.day) return
  const begun = fresh(at)
  if (standing.dayAt < begun.dayAt) Object.assign(standing.row, { day: begun.row.day })
  if (standing.monthAt < begun.monthAt) Object.assign(standing.row, { month: begun.row.month })
  standing.dayAt = Math.max(standing.dayAt, begun.dayAt)
  standing.monthAt = Math.max(standing.monthAt, begun.monthAt)
}

/** Adds what the second has of the same periods. */
function add({ row, dayAt, monthAt }: Standing, more: Standing): void {
  if (more.dayAt === dayAt) sum(row.day, more.row.day)
  if (more.monthAt === monthAt) sum(row.month, more.row.month)
  sum(row.total, more.row.total)
  row.requests += more.row.requests
  row.lastAt = Math.max(row.lastAt, more.row.lastAt)
}

function sum(to: KeyUse, one: Readonly<KeyUse>): void {
  to.costMicroUsd += one.costMicroUsd
  to.tokens += one.tokens
}
