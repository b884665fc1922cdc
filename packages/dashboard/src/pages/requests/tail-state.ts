import type { LoggedRequest, RunningRequest } from './data.js'

/** What the list shows: finished requests, the newest first, and what is under way. */
export interface Tail {
  items: readonly LoggedRequest[]
  /** Came while the reader looked elsewhere; the newest first. */
  held: readonly LoggedRequest[]
  running: readonly RunningRequest[]
  /** There is more on the disk than in `items`. */
  more: boolean
}

/** What happened since the list was drawn last. */
export interface News {
  started: readonly RunningRequest[]
  /** In the order in which they ended. */
  finished: readonly LoggedRequest[]
}

/** What falls out at the end is read again when somebody scrolls there. */
export const MOST_ITEMS = 3_000
export const MOST_HELD = 3_000

/** @param hold the reader is somewhere else in the list: nothing may move */
export function withNews(tail: Tail, { started, finished }: News, hold: boolean): Tail {
  const over = new Set(finished.map(({ requestId }) => requestId))
  const known = new Set(tail.running.map(({ requestId }) => requestId))
  const running = [
    ...started.filter(({ requestId }) => !over.has(requestId) && !known.has(requestId)).reverse(),
    ...tail.running.filter(({ requestId }) => !over.has(requestId)),
  ]
  if (finished.length === 0) return { ...tail, running }
  const newest = [...finished].reverse()
  if (hold) return { ...tail, running, held: merged(newest, tail.held).slice(0, MOST_HELD) }
  return { ...bounded(merged(merged(newest, tail.held), tail.items), tail.more), held: [], running }
}

/** The reader is back at the top. */
export function release(tail: Tail): Tail {
  if (tail.held.length === 0) return tail
  // So many came that the oldest of them were let go: what follows them is read again.
  if (tail.held.length >= MOST_HELD) return { ...tail, items: tail.held, held: [], more: true }
  return { ...tail, ...bounded(merged(tail.held, tail.items), tail.more), held: [] }
}

/** An older page came. */
export function withOlder(tail: Tail, records: readonly LoggedRequest[], more: boolean): Tail {
  return { ...tail, items: merged(tail.items, records), more }
}

function bounded(items: readonly LoggedRequest[], more: boolean): Pick<Tail, 'items' | 'more'> {
  return items.length > MOST_ITEMS ? { items: items.slice(0, MOST_ITEMS), more: true } : { items, more }
}

/** Both are sorted, the newest first; most often all of one is newer than all of the other. */
function merged(newer: readonly LoggedRequest[], older: readonly LoggedRequest[]): readonly LoggedRequest[] {
  const last = newer.at(-1)
  const first = older[0]
  if (last === undefined) return older
  if (first === undefined || last.id > first.id) return [...newer, ...older]
  const all = new Map([...older, ...newer].map((one) => [one.id, one]))
  return [...all.values()].sort((a, b) => (a.id < b.id ? 1 : -1))
}
