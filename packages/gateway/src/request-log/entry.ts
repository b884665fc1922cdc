import type { LoggedOutcome, RequestLogRow } from '../store/index.js'
import type { RequestRecord } from '../telemetry/index.js'
import { keptBody, type KeptBody } from './kept-body.js'
import type { ExchangeBodies } from './bodies.js'

/** A finished request with what was found out about it. */
export interface LoggedRequest {
  /** `log_…`; of two, the one that ended later is greater. */
  id: string
  record: RequestRecord
  outcome: LoggedOutcome
  /** Millionths of a dollar; undefined when its model has no price. */
  costMicroUsd?: number
  /** Output tokens in a second of output. */
  tokensPerSecond?: number
  /** What was said is kept. */
  hasBodies: boolean
}

/** What was said in a request, as it is kept. */
export interface LoggedBodies {
  request: KeptBody
  /** The client's body came in as JSON and nothing of it was cut: it can be sent again. */
  replayable: boolean
  /** Of the client, without credentials. */
  headers: Readonly<Record<string, string>>
  upstream: KeptBody[]
  reply?: KeptBody
}

export function outcomeOf({ failure }: RequestRecord): LoggedOutcome {
  return failure === undefined ? 'ok' : failure.kind === 'cancelled' ? 'cancelled' : 'failed'
}

/** Shorter outputs say nothing of a speed. */
const LEAST_TOKENS = 2
const LEAST_MS = 20

/** Of a stream from its first output on; of a whole answer from the beginning. */
export function tokensPerSecond({ usage, stream, ttftMs, durationMs }: RequestRecord): number | undefined {
  const tokens = usage?.outputTokens ?? 0
  const ms = (durationMs ?? 0) - (stream ? (ttftMs ?? 0) : 0)
  return tokens < LEAST_TOKENS || ms < LEAST_MS ? undefined : Math.round((tokens / ms) * 10_000) / 10
}

/** @param names how accounts, keys and client keys are called, for searches */
export function rowOf(entry: LoggedRequest, names: readonly string[], bodies: LoggedBodies | undefined): RequestLogRow {
  const { record } = entry
  const { usage, failure } = record
  const count = (of: number | undefined): number => (of !== undefined && Number.isFinite(of) ? Math.round(of) : 0)
  const words = [
    record.id,
    record.model,
    record.upstreamModel,
    record.path,
    record.dialect,
    record.route,
    record.client,
    record.keyId,
    record.candidateId,
    record.serviceTier,
    ...names,
    ...(record.fallbacks ?? []),
    ...record.attempts.flatMap(({ candidate, outcome, message }) => [candidate, outcome, message]),
    failure?.kind,
    failure?.code,
    failure?.message,
    ...record.notes.flatMap(({ pointer, why }) => [pointer, why]),
  ]
  return {
    id: entry.id,
    requestId: record.id,
    at: record.at,
    path: record.path,
    dialect: record.dialect,
    model: record.model,
    upstreamModel: record.upstreamModel ?? '',
    provider: record.provider ?? '',
    candidate: record.candidateId ?? '',
    clientKey: record.keyId,
    client: record.client ?? '',
    outcome: entry.outcome,
    ...(record.status === undefined ? {} : { status: record.status }),
    ...(record.ttftMs === undefined ? {} : { ttftMs: record.ttftMs }),
    ...(record.durationMs === undefined ? {} : { durationMs: record.durationMs }),
    ...(entry.costMicroUsd === undefined ? {} : { costMicroUsd: entry.costMicroUsd }),
    ...(entry.tokensPerSecond === undefined ? {} : { tokensPerSecond: entry.tokensPerSecond }),
    attempts: record.attempts.length,
    inputTokens: count(usage?.inputTokens),
    cachedTokens: count(usage?.cachedTokens),
    outputTokens: count(usage?.outputTokens),
    reasoningTokens: count(usage?.reasoningTokens),
    words: [...new Set(words)]
      .filter((word) => word !== undefined && word !== '')
      .join('\n')
      .slice(0, MOST_WORDS)
      .toLowerCase(),
    record: JSON.stringify(bounded(record)),
    ...(bodies === undefined ? {} : { bodies: JSON.stringify(bodies) }),
  }
}

const MOST_WORDS = 8_000
const MOST_NOTES = 200
const MOST_ATTEMPTS = 50

/** A client can make a request lose something at every place of its body. */
function bounded(record: RequestRecord): RequestRecord {
  if (record.notes.length <= MOST_NOTES && record.attempts.length <= MOST_ATTEMPTS) return record
  return { ...record, notes: record.notes.slice(0, MOST_NOTES), attempts: record.attempts.slice(-MOST_ATTEMPTS) }
}

/** What {@link rowOf} kept: the rows are written by it alone. */
export function entryOf(row: RequestLogRow): LoggedRequest {
  return {
    id: row.id,
    record: JSON.parse(row.record) as RequestRecord,
    outcome: row.outcome,
    ...(row.costMicroUsd === undefined ? {} : { costMicroUsd: row.costMicroUsd }),
    ...(row.tokensPerSecond === undefined ? {} : { tokensPerSecond: row.tokensPerSecond }),
    hasBodies: row.bodies !== undefined,
  }
}

/** @param most characters of one body, about */
export function loggedBodies({ request, own, headers, upstream, reply }: ExchangeBodies, most: number): LoggedBodies {
  const asked = keptBody(request, most)
  let told: unknown
  try {
    told = reply()
  } catch {
    // What was said had no form in the client's protocol; the record tells why.
  }
  return {
    request: asked,
    replayable: own && !asked.cut,
    headers: keptBody(headers, MOST_HEADERS).json as Record<string, string>,
    upstream: upstream.map((body) => keptBody(body, most)),
    ...(told === undefined ? {} : { reply: keptBody(parsed(told), most) }),
  }
}

const MOST_HEADERS = 16_000

/** A reply that was passed on as it came is a text. */
function parsed(told: unknown): unknown {
  if (typeof told !== 'string') return told
  try {
    return JSON.parse(told) as unknown
  } catch {
    return told
  }
}
