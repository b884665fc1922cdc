import { sql, type ExpressionBuilder, type ExpressionWrapper, type Selectable, type SqlBool } from 'kysely'
import type { Db, Tables } from './schema.js'
import type { Sealer } from './seal.js'

/** How a request ended; `cancelled`: its client left. */
export type LoggedOutcome = 'ok' | 'failed' | 'cancelled'

/** One request as it is kept. What its record means belongs to the room that writes it. */
export interface RequestLogRow {
  /** Sortable: of two, the one that ended later is greater. */
  id: string
  requestId: string
  /** When it began, unix ms. */
  at: number
  path: string
  dialect: string
  /** As the client named it. */
  model: string
  upstreamModel: string
  provider: string
  /** The account or the API key. */
  candidate: string
  clientKey: string
  client: string
  outcome: LoggedOutcome
  status?: number
  ttftMs?: number
  durationMs?: number
  costMicroUsd?: number
  tokensPerSecond?: number
  /** How often an upstream was asked. */
  attempts: number
  inputTokens: number
  cachedTokens: number
  outputTokens: number
  reasoningTokens: number
  /** What a search looks through, in lower case. */
  words: string
  /** JSON. */
  record: string
  /** JSON: what was said. Sealed on the disk. */
  bodies?: string
}

/** All that is said must hold. */
export interface RequestLogQuery {
  /** Any part of its words, in lower case. */
  words?: string
  /** The client's name of it, or the upstream's. */
  model?: string
  provider?: string
  candidate?: string
  clientKey?: string
  client?: string
  dialect?: string
  outcome?: LoggedOutcome
  /** From, and below. */
  status?: readonly [number, number]
  /** Was any upstream asked? */
  asked?: boolean
  /** Is what was said kept? */
  bodies?: boolean
  /** When it began, unix ms: from here on, and before. */
  since?: number
  until?: number
  /** It took at least so long, ms. */
  slowerThanMs?: number
}

export interface RequestLogPage {
  count: number
  /** An id: only what ended before. */
  before?: string
  offset?: number
}

/** Sums over all that a query finds. */
export interface RequestLogTotals {
  requests: number
  ok: number
  failed: number
  cancelled: number
  ttftMs: number | undefined
  durationMs: number | undefined
  tokensPerSecond: number | undefined
  inputTokens: number
  cachedTokens: number
  outputTokens: number
  reasoningTokens: number
  costMicroUsd: number
  /** Requests whose model has no price. */
  unpriced: number
}

/** How much is kept; what is oldest goes first. */
export interface RequestLogBounds {
  keep: number
  bytes: number
  /** Unix ms: what ended before goes. */
  since: number
}

export const REQUEST_LOG_NAMES = ['model', 'provider', 'candidate', 'client_key', 'client', 'dialect'] as const
export type RequestLogName = (typeof REQUEST_LOG_NAMES)[number]

export interface RequestLogRows {
  /** All of them or none. */
  add(rows: readonly RequestLogRow[]): Promise<void>
  /** Takes away what is too much. @param oldest the least id that may stay by its age */
  bound(bounds: RequestLogBounds, oldest: string): Promise<void>
  /** The newest first. */
  list(query: RequestLogQuery, page: RequestLogPage): Promise<RequestLogRow[]>
  count(query: RequestLogQuery): Promise<number>
  totals(query: RequestLogQuery): Promise<RequestLogTotals>
  /** By its own id or by the request's; of several of one request the newest. */
  get(id: string): Promise<RequestLogRow | undefined>
  /** What was said. JSON. */
  bodies(id: string): Promise<string | undefined>
  /** What there is to choose from. */
  names(of: RequestLogName): Promise<string[]>
  /** @returns how many there were */
  clear(): Promise<number>
}

/** Rows that one statement takes away, so that nobody waits long for the write lock. */
const ROWS_AT_ONCE = 1_000
const MOST_NAMES = 500

type Row = Selectable<Tables['request_log']>
type Filter = (eb: ExpressionBuilder<Tables, 'request_log'>) => ExpressionWrapper<Tables, 'request_log', SqlBool>

export function createRequestLogRows(db: Db, sealer: Sealer): RequestLogRows {
  const insert = db.insertInto('request_log').values(EMPTY).compile()
  const insertBodies = db
    .insertInto('request_bodies')
    .values({ id: '', bodies: '' })
    .onConflict((c) => c.column('id').doNothing())
    .compile()

  const removeUpTo = async (id: string): Promise<number> =>
    db.transaction().execute(async (trx) => {
      await trx.deleteFrom('request_bodies').where('id', '<=', id).execute()
      return Number((await trx.deleteFrom('request_log').where('id', '<=', id).executeTakeFirst()).numDeletedRows)
    })

  /** The newest of the oldest rows that have to go, so that what stays is within the bounds; at most so many at one time. */
  async function firstToGo(bounds: RequestLogBounds, oldest: string): Promise<string | undefined> {
    const all = await db
      .selectFrom('request_log')
      .select(({ fn }) => [
        fn.countAll<number>().as('rows'),
        fn.coalesce(fn.sum<number>('bytes'), sql<number>`0`).as('bytes'),
      ])
      .executeTakeFirstOrThrow()
    let rows = Number(all.rows)
    let bytes = Number(all.bytes)
    const old = await db.selectFrom('request_log').select(['id', 'bytes']).orderBy('id').limit(ROWS_AT_ONCE).execute()
    let last: string | undefined
    for (const row of old) {
      if (row.id >= oldest && rows <= bounds.keep && bytes <= bounds.bytes) break
      last = row.id
      rows -= 1
      bytes -= row.bytes
    }
    return last
  }

  return {
    async add(rows) {
      await db.transaction().execute(async (trx) => {
        for (const row of rows) {
          const { bodies } = row
          await trx.executeQuery({ ...insert, parameters: valuesOf(row) })
          if (bodies === undefined) continue
          const sealed = sealer.seal(bodies, placeOf(row.id))
          await trx.executeQuery({ ...insertBodies, parameters: [row.id, sealed] })
        }
      })
    },
    async bound(bounds, oldest) {
      for (;;) {
        const last = await firstToGo(bounds, oldest)
        if (last === undefined || (await removeUpTo(last)) < ROWS_AT_ONCE) return
      }
    },
    async list(query, { count, before, offset = 0 }) {
      const rows = await db
        .selectFrom('request_log')
        .selectAll()
        .where(filterOf(query))
        .$if(before !== undefined, (q) => q.where('id', '<', before ?? ''))
        .orderBy('id', 'desc')
        .limit(count)
        .offset(offset)
        .execute()
      return rows.map(fromRow)
    },
    async count(query) {
      const row = await db
        .selectFrom('request_log')
        .select(({ fn }) => fn.countAll<number>().as('rows'))
        .where(filterOf(query))
        .executeTakeFirst()
      return Number(row?.rows ?? 0)
    },
    async totals(query) {
      const row = await db
        .selectFrom('request_log')
        .select(({ fn }) => [
          fn.countAll<number>().as('requests'),
          sql<number | null>`sum(case when outcome = 'ok' then 1 else 0 end)`.as('ok'),
          sql<number | null>`sum(case when outcome = 'failed' then 1 else 0 end)`.as('failed'),
          fn.avg<number | null>('ttft_ms').as('ttft_ms'),
          fn.avg<number | null>('duration_ms').as('duration_ms'),
          fn.avg<number | null>('tokens_per_second').as('tokens_per_second'),
          fn.sum<number | null>('input_tokens').as('input_tokens'),
          fn.sum<number | null>('cached_tokens').as('cached_tokens'),
          fn.sum<number | null>('output_tokens').as('output_tokens'),
          fn.sum<number | null>('reasoning_tokens').as('reasoning_tokens'),
          fn.sum<number | null>('cost_micro_usd').as('cost_micro_usd'),
          fn.count<number>('cost_micro_usd').as('priced'),
        ])
        .where(filterOf(query))
        .executeTakeFirstOrThrow()
      const requests = Number(row.requests)
      const [ok, failed] = [Number(row.ok ?? 0), Number(row.failed ?? 0)]
      return {
        requests,
        ok,
        failed,
        cancelled: requests - ok - failed,
        ttftMs: row.ttft_ms === null ? undefined : Number(row.ttft_ms),
        durationMs: row.duration_ms === null ? undefined : Number(row.duration_ms),
        tokensPerSecond: row.tokens_per_second === null ? undefined : Number(row.tokens_per_second),
        inputTokens: Number(row.input_tokens ?? 0),
        cachedTokens: Number(row.cached_tokens ?? 0),
        outputTokens: Number(row.output_tokens ?? 0),
        reasoningTokens: Number(row.reasoning_tokens ?? 0),
        costMicroUsd: Number(row.cost_micro_usd ?? 0),
        unpriced: requests - Number(row.priced),
      }
    },
    async get(id) {
      const own = await db.selectFrom('request_log').selectAll().where('id', '=', id).executeTakeFirst()
      const row =
        own ??
        (await db
          .selectFrom('request_log')
          .selectAll()
          .where('request_id', '=', id)
          .orderBy('id', 'desc')
          .limit(1)
          .executeTakeFirst())
      return row === undefined ? undefined : fromRow(row)
    },
    async bodies(id) {
      const row = await db.selectFrom('request_bodies').select('bodies').where('id', '=', id).executeTakeFirst()
      return row === undefined ? undefined : sealer.open(row.bodies, placeOf(id))
    },
    async names(of) {
      const rows = await db
        .selectFrom('request_log')
        .select(of)
        .distinct()
        .where(of, '!=', '')
        .orderBy(of)
        .limit(MOST_NAMES)
        .execute()
      return rows.map((row) => row[of])
    },
    async clear() {
      return db.transaction().execute(async (trx) => {
        await trx.deleteFrom('request_bodies').execute()
        return Number((await trx.deleteFrom('request_log').executeTakeFirst()).numDeletedRows)
      })
    },
  }
}

const placeOf = (id: string) => ({ table: 'request_bodies', id, field: 'bodies' })

function filterOf(query: RequestLogQuery): Filter {
  const { words, model, status, asked, bodies, since, until, slowerThanMs } = query
  return (eb) => {
    const all: ExpressionWrapper<Tables, 'request_log', SqlBool>[] = []
    const same = [
      ['provider', query.provider],
      ['candidate', query.candidate],
      ['client_key', query.clientKey],
      ['client', query.client],
      ['dialect', query.dialect],
      ['outcome', query.outcome],
    ] as const
    for (const [column, value] of same) if (value !== undefined) all.push(eb(column, '=', value))
    if (model !== undefined) all.push(eb.or([eb('model', '=', model), eb('upstream_model', '=', model)]))
    if (status !== undefined) all.push(eb('status', '>=', status[0]), eb('status', '<', status[1]))
    if (asked !== undefined) all.push(eb('attempts', asked ? '>' : '=', 0))
    if (bodies !== undefined) all.push(eb('bodies', '=', bodies ? 1 : 0))
    if (since !== undefined) all.push(eb('at', '>=', since))
    if (until !== undefined) all.push(eb('at', '<', until))
    if (slowerThanMs !== undefined) all.push(eb('duration_ms', '>=', slowerThanMs))
    if (words !== undefined) {
      const pattern = `%${words.replace(/[\\%_]/g, '\\$&')}%`
      all.push(eb(sql<string>`words`, 'like', sql<string>`${pattern} escape '\\'`))
    }
    return eb.and(all) as ExpressionWrapper<Tables, 'request_log', SqlBool>
  }
}

/** The columns in the order of {@link valuesOf}. */
const EMPTY: Row = {
  id: '',
  request_id: '',
  at: 0,
  bytes: 0,
  path: '',
  dialect: '',
  model: '',
  upstream_model: '',
  provider: '',
  candidate: '',
  client_key: '',
  client: '',
  outcome: 'ok',
  status: null,
  ttft_ms: null,
  duration_ms: null,
  cost_micro_usd: null,
  tokens_per_second: null,
  attempts: 0,
  bodies: 0,
  input_tokens: 0,
  cached_tokens: 0,
  output_tokens: 0,
  reasoning_tokens: 0,
  words: '',
  record: '',
}

/** What a row takes beside its texts. */
const ROW_BYTES = 300

function valuesOf(row: RequestLogRow): unknown[] {
  // Sealed and in base64, a text is a third longer.
  const bytes = ROW_BYTES + row.words.length + row.record.length + Math.ceil(((row.bodies?.length ?? 0) * 4) / 3)
  return [
    row.id,
    row.requestId,
    row.at,
    bytes,
    row.path,
    row.dialect,
    row.model,
    row.upstreamModel,
    row.provider,
    row.candidate,
    row.clientKey,
    row.client,
    row.outcome,
    row.status ?? null,
    row.ttftMs ?? null,
    row.durationMs ?? null,
    row.costMicroUsd ?? null,
    row.tokensPerSecond ?? null,
    row.attempts,
    row.bodies === undefined ? 0 : 1,
    row.inputTokens,
    row.cachedTokens,
    row.outputTokens,
    row.reasoningTokens,
    row.words,
    row.record,
  ]
}

function fromRow(row: Row): RequestLogRow {
  return {
    id: row.id,
    requestId: row.request_id,
    at: Number(row.at),
    path: row.path,
    dialect: row.dialect,
    model: row.model,
    upstreamModel: row.upstream_model,
    provider: row.provider,
    candidate: row.candidate,
    clientKey: row.client_key,
    client: row.client,
    outcome: row.outcome as LoggedOutcome,
    ...(row.status === null ? {} : { status: row.status }),
    ...(row.ttft_ms === null ? {} : { ttftMs: row.ttft_ms }),
    ...(row.duration_ms === null ? {} : { durationMs: row.duration_ms }),
    ...(row.cost_micro_usd === null ? {} : { costMicroUsd: row.cost_micro_usd }),
    ...(row.tokens_per_second === null ? {} : { tokensPerSecond: row.tokens_per_second }),
    attempts: row.attempts,
    inputTokens: row.input_tokens,
    cachedTokens: row.cached_tokens,
    outputTokens: row.output_tokens,
    reasoningTokens: row.reasoning_tokens,
    words: row.words,
    record: row.record,
    // Looked up when somebody wants to read it.
    ...(row.bodies === 0 ? {} : { bodies: '' }),
  }
}
