import type { Config } from '../config/index.js'
import {
  sortableIds,
  writeBehind,
  type Log,
  type RequestLogName,
  type RequestLogQuery,
  type RequestLogRows,
  type RequestLogTotals,
} from '../store/index.js'
import type { RequestRecord } from '../telemetry/index.js'
import type { BodyKeeper, ExchangeBodies } from './bodies.js'
import {
  entryOf,
  loggedBodies,
  outcomeOf,
  rowOf,
  tokensPerSecond,
  type LoggedBodies,
  type LoggedRequest,
} from './entry.js'

export interface RequestLogOptions {
  rows: RequestLogRows
  /** Read whenever it is needed. */
  config(): Pick<Config, 'requests'>
  /** What a request cost, millionths of a dollar; undefined when its model has no price. */
  costOf(record: RequestRecord): number | undefined
  /** How an account, an API key or a client key is called, for searches. */
  namesOf?(id: string): readonly string[]
  log: Pick<Log, 'warn' | 'info' | 'error'>
  /** Unix ms. */
  now?(): number
  /** From 0 up to 1. */
  random?(): number
  /** How long a request waits to be written, ms. Default 1,000. */
  writeMs?: number
}

/** Which requests are wanted; all that is said must hold. */
export type RequestFilter = Omit<RequestLogQuery, 'words'> & {
  /** Any part of its names, its failure or its notes, in either case. */
  text?: string
}

export interface RequestLogState {
  /** As configured. */
  enabled: boolean
  /** Until it goes on, or the gateway starts again. */
  paused: boolean
  captureBodies: boolean
  /** Requests that could not be kept. */
  dropped: number
}

/** Every request, kept over restarts within bounds. Nothing of it is done while a request runs, and nothing waits for the disk. */
export interface RequestLog {
  /** To be called once when a request is over. */
  add(record: RequestRecord): void
  /** What the relay hands what is said to. */
  readonly bodies: BodyKeeper
  /** Told every finished request, whether or not it is kept. */
  onEntry(listener: (entry: LoggedRequest) => void): () => void
  readonly state: RequestLogState
  pause(paused: boolean): void
  /** The newest first, those included that ended a moment ago. */
  list(filter: RequestFilter, page: { count: number; before?: string; offset?: number }): Promise<LoggedRequest[]>
  totals(filter: RequestFilter): Promise<RequestLogTotals>
  /** By its own id or by the request's. */
  get(id: string): Promise<LoggedRequest | undefined>
  /** What was said. @param id its own, `log_…` */
  said(id: string): Promise<LoggedBodies | undefined>
  /** What there is to choose from. */
  names(of: RequestLogName): Promise<string[]>
  /** @returns how many there were */
  clear(): Promise<number>
  flush(): Promise<void>
  close(): Promise<void>
}

const WRITE_MS = 1_000
const ROWS_AT_ONCE = 200
const MOST_WAITING = 5_000
/** Bodies are large: so many characters of them may wait to be written. */
const MOST_BODIES_WAITING = 500
const BOUND_EVERY_MS = 10_000
const DAY_MS = 86_400_000
const LONGEST_SEARCH = 200

const MOST_NAMES = 500
const NAME_IN: Readonly<Record<RequestLogName, (record: RequestRecord) => string | undefined>> = {
  model: ({ model }) => model,
  provider: ({ provider }) => provider,
  candidate: ({ candidateId }) => candidateId,
  client_key: ({ keyId }) => keyId,
  client: ({ client }) => client,
  dialect: ({ dialect }) => dialect,
}

interface Waiting {
  entry: LoggedRequest
  bodies: ExchangeBodies | undefined
}

/** @example records.onAdd(createRequestLog({ rows: store.requestLog, config, costOf, log }).add) */
export function createRequestLog(options: RequestLogOptions): RequestLog {
  const { rows, config, log, now = Date.now, random = Math.random, namesOf = () => [] } = options
  const idAt = sortableIds('log_', random)
  const listeners = new Set<(entry: LoggedRequest) => void>()
  const said = new WeakMap<RequestRecord, ExchangeBodies>()
  let paused = false
  let bodiesWaiting = 0
  let boundedAt = -Infinity
  // Read once from the disk, and kept up to date from then on.
  const names = new Map<RequestLogName, Set<string>>()

  const writer = writeBehind<Waiting>({
    what: 'the request log',
    log,
    afterMs: options.writeMs ?? WRITE_MS,
    atOnce: ROWS_AT_ONCE,
    most: MOST_WAITING,
    async write(items) {
      const most = config().requests.capture_bytes
      await rows.add(
        items.map(({ entry, bodies }) =>
          rowOf(entry, wordsOf(entry.record), bodies === undefined ? undefined : loggedBodies(bodies, most)),
        ),
      )
      items.forEach(({ entry }) => remember(entry.record))
      bodiesWaiting -= items.filter(({ bodies }) => bodies !== undefined).length
      await bound()
    },
  })

  function remember(record: RequestRecord): void {
    for (const [of, known] of names) {
      const name = NAME_IN[of](record)
      if (name !== undefined && name !== '' && known.size < MOST_NAMES) known.add(name)
    }
  }

  function wordsOf({ keyId, candidateId, attempts }: RequestRecord): string[] {
    const ids = new Set([keyId, candidateId, ...attempts.map(({ id }) => id)])
    return [...ids].flatMap((id) => (id === undefined || id === '' ? [] : namesOf(id)))
  }

  /** Takes away what is too much, now and then. */
  async function bound(): Promise<void> {
    if (now() - boundedAt < BOUND_EVERY_MS) return
    boundedAt = now()
    const { log_keep: keep, log_bytes: bytes, log_days: days } = config().requests
    const since = now() - days * DAY_MS
    await rows.bound({ keep, bytes, since }, oldestId(since))
  }

  function add(record: RequestRecord): void {
    const bodies = said.get(record)
    said.delete(record)
    const cost = options.costOf(record)
    const speed = tokensPerSecond(record)
    const { enabled } = state()
    const keepsBodies = bodies !== undefined && bodiesWaiting < MOST_BODIES_WAITING
    const entry: LoggedRequest = {
      id: idAt(now()),
      record,
      outcome: outcomeOf(record),
      ...(cost === undefined ? {} : { costMicroUsd: cost }),
      ...(speed === undefined ? {} : { tokensPerSecond: speed }),
      hasBodies: enabled && !paused && keepsBodies,
    }
    for (const listener of listeners) {
      try {
        listener(entry)
      } catch (error) {
        log.error({ err: error }, 'a listener to requests failed')
      }
    }
    if (!enabled || paused) return
    if (entry.hasBodies) bodiesWaiting += 1
    writer.add({ entry, bodies: entry.hasBodies ? bodies : undefined })
  }

  function state(): RequestLogState {
    const { log: enabled, capture_bodies: captureBodies } = config().requests
    return { enabled, paused, captureBodies, dropped: writer.dropped }
  }

  return {
    add,
    bodies: {
      wanted() {
        const { log: enabled, capture_bodies: captures } = config().requests
        return captures && enabled && !paused
      },
      keep: (record, bodies) => void said.set(record, bodies),
    },
    onEntry(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    get state() {
      return state()
    },
    pause(value) {
      paused = value
    },
    async list(filter, page) {
      await writer.flush()
      return (await rows.list(queryOf(filter), page)).map(entryOf)
    },
    async totals(filter) {
      await writer.flush()
      return rows.totals(queryOf(filter))
    },
    async get(id) {
      await writer.flush()
      const row = await rows.get(id)
      return row === undefined ? undefined : entryOf(row)
    },
    async said(id) {
      await writer.flush()
      const text = await rows.bodies(id)
      return text === undefined ? undefined : (JSON.parse(text) as LoggedBodies)
    },
    async names(of) {
      await writer.flush()
      const known = names.get(of) ?? new Set(await rows.names(of))
      names.set(of, known)
      return [...known].sort()
    },
    async clear() {
      await writer.flush()
      writer.forget()
      bodiesWaiting = 0
      names.clear()
      return rows.clear()
    },
    flush: writer.flush,
    close: writer.close,
  }
}

function queryOf({ text, ...query }: RequestFilter): RequestLogQuery {
  return { ...query, ...(text === undefined ? {} : { words: text.slice(0, LONGEST_SEARCH).toLowerCase() }) }
}

/** No id of that time or later is less. */
function oldestId(at: number): string {
  return sortableIds('log_', () => 0)(Math.max(0, at))
}
