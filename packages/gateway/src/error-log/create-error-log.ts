import {
  sortableIds,
  writeBehind,
  type ErrorGroup,
  type ErrorLogRows,
  type ErrorRow,
  type Log,
} from '../store/index.js'
import { scrub, type RequestRecord } from '../telemetry/index.js'
import { frameOf, groupOf } from './group-errors.js'

/** Who met an error: a request, the gateway itself, a page of the dashboard, or a program beside it. */
export const ERROR_SOURCES = ['request', 'server', 'renderer', 'main', 'external'] as const
export type ErrorSource = (typeof ERROR_SOURCES)[number]

/** What is told of an error. */
export interface ErrorNews {
  source: ErrorSource
  /** `rate_limited`, `TypeError` */
  kind: string
  message: string
  stack?: string
  requestId?: string
  model?: string
  /** The account or the API key that was asked. */
  candidate?: string
  status?: number
  /** Anything else that helps; plain data. */
  context?: Readonly<Record<string, unknown>>
}

export interface LoggedError extends ErrorNews {
  /** `err_…`; of two, the later one is greater. */
  id: string
  /** Unix ms. */
  at: number
  group: string
}

/** Everything that went wrong, the same things together, with what nobody has looked at yet. */
export interface ErrorLog {
  /** Never throws, never waits. */
  tell(news: ErrorNews): void
  /** A request is over: tells its failure, when it had one that was not the client's own leaving. */
  request(record: RequestRecord): void
  groups(): Promise<ErrorGroup[]>
  /** The newest first. */
  list(count: number, group?: string): Promise<LoggedError[]>
  count(): Promise<{ total: number; unread: number }>
  markSeen(group?: string): Promise<void>
  /** @returns how many there were */
  clear(group?: string): Promise<number>
  /** Told when there is more to look at, or less; at most once for each write. */
  onCount(listener: () => void): () => void
  close(): Promise<void>
}

const WRITE_MS = 1_000
const MOST_WAITING = 1_000
const BOUNDS = { groups: 500, entries: 2_000 }
const KEEP_MS = 30 * 86_400_000
const MOST = { message: 2_000, stack: 8_000, context: 4_000 }

/** @example records.onAdd(createErrorLog({ rows: store.errorLog, log }).request) */
export function createErrorLog(options: {
  rows: ErrorLogRows
  log: Pick<Log, 'warn' | 'info'>
  now?(): number
  random?(): number
  /** How long an error waits to be written, ms. */
  writeMs?: number
}): ErrorLog {
  const { rows, log, now = Date.now, random = Math.random } = options
  const idAt = sortableIds('err_', random)
  const listeners = new Set<() => void>()
  const changed = (): void => listeners.forEach((listener) => listener())

  const writer = writeBehind<ErrorRow>({
    what: 'the error log',
    log,
    afterMs: options.writeMs ?? WRITE_MS,
    atOnce: 100,
    most: MOST_WAITING,
    async write(items) {
      await rows.add(items, { ...BOUNDS, since: now() - KEEP_MS })
      changed()
    },
  })

  function tell(news: ErrorNews): void {
    const at = now()
    const message = scrub(news.message.slice(0, MOST.message))
    const stack = news.stack === undefined ? undefined : scrub(news.stack.slice(0, MOST.stack))
    const told = { ...news, message, ...(stack === undefined ? {} : { stack }) }
    const { context, ...rest } = told
    const more = context === undefined ? undefined : contextOf(context)
    writer.add({
      id: idAt(at),
      group: groupOf(told),
      at,
      source: news.source,
      kind: news.kind.slice(0, 200),
      message,
      frame: frameOf(stack),
      ...(news.model === undefined ? {} : { model: news.model.slice(0, 200) }),
      ...(news.candidate === undefined ? {} : { candidate: news.candidate }),
      entry: JSON.stringify({ ...rest, ...(more === undefined ? {} : { context: more }) }),
    })
  }

  return {
    tell,
    request({ id, failure, model, upstreamModel, candidateId, status }) {
      if (failure === undefined || failure.kind === 'cancelled') return
      tell({
        source: failure.kind === 'internal' ? 'server' : 'request',
        kind: failure.kind,
        message: failure.message,
        requestId: id,
        model: upstreamModel ?? model,
        ...(candidateId === undefined ? {} : { candidate: candidateId }),
        ...(status === undefined ? {} : { status }),
        ...(failure.upstream === undefined ? {} : { context: { upstream: failure.upstream, scope: failure.scope } }),
      })
    },
    async groups() {
      await writer.flush()
      return rows.groups()
    },
    async list(count, group) {
      await writer.flush()
      return (await rows.list(count, group)).map(({ id, at, group: of, entry }) => ({
        ...(JSON.parse(entry) as ErrorNews),
        id,
        at,
        group: of,
      }))
    },
    async count() {
      await writer.flush()
      return rows.count()
    },
    async markSeen(group) {
      await writer.flush()
      await rows.markSeen(group)
      changed()
    },
    async clear(group) {
      await writer.flush()
      const cleared = await rows.clear(group)
      changed()
      return cleared
    },
    onCount(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: writer.close,
  }
}

/** Whoever reports may send anything. */
function contextOf(context: Readonly<Record<string, unknown>>): unknown {
  const text = scrub(JSON.stringify(context))
  if (text.length > MOST.context) return { text: `${text.slice(0, MOST.context)}…` }
  try {
    return JSON.parse(text) as unknown
  } catch {
    // A secret took a quote with it.
    return { text }
  }
}
