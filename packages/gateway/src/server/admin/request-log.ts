import { createRoute, z } from '@hono/zod-openapi'
import type { ConfigFile } from '../../config/index.js'
import type { LoggedRequest, RequestFilter, RequestLog } from '../../request-log/index.js'
import type { RequestRecords } from '../../telemetry/index.js'
import { json, jsonBody, NOT_FOUND, problem, PROBLEMS, type AdminApi } from './api.js'
import { instant, yesOrNo } from './query.js'
import {
  LoggedRequestDetail,
  LoggedRequestView,
  named,
  orNull,
  requestDetail,
  requestView,
  RunningRequest,
  runningView,
  type NameOf,
} from './request-view.js'

export interface RequestLogHouse {
  log: RequestLog
  records: Pick<RequestRecords, 'running'>
  nameOf: NameOf
  /** Where the switches are kept. Without it they can only be read. */
  configFile?: Pick<ConfigFile, 'save'>
}

const OUTCOMES = ['ok', 'failed', 'cancelled'] as const
const CLASSES = ['2xx', '3xx', '4xx', '5xx'] as const

const Filters = z.object({
  direction: z
    .enum(['all', 'ingress', 'egress'])
    .default('all')
    .openapi({ description: '`egress`: some upstream was asked; `ingress`: none was.' }),
  search: z
    .string()
    .max(200)
    .optional()
    .openapi({ description: 'Any part of a model, a path, a name, an id, a failure or a note.' }),
  model: z.string().optional().openapi({ description: 'The client’s name of it, or the upstream’s.' }),
  provider: z.string().optional(),
  account: z.string().optional().openapi({ description: 'The id of an account or of an API key.' }),
  key: z.string().optional().openapi({ description: 'The id of a client key.' }),
  client: z.string().optional().openapi({ description: 'The program that asked, `codex`.' }),
  dialect: z.string().optional(),
  status: z
    .union(
      [z.enum(OUTCOMES), z.enum(CLASSES), z.string().regex(/^[1-5]\d\d$/)],
      'takes ok, failed, cancelled, 4xx or 429',
    )
    .optional()
    .openapi({ type: 'string', description: '`ok`, `failed`, `cancelled`, a class (`4xx`) or a status (`429`).' }),
  since: instant.optional(),
  until: instant.optional(),
  slow: z.coerce.number().min(0).optional().openapi({ description: 'It took at least so long, ms.' }),
  bodies: yesOrNo.optional().openapi({ description: 'Is what was said kept?' }),
})

const List = Filters.extend({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  offset: z.coerce.number().int().min(0).default(0),
  cursor: z.string().max(100).optional().openapi({
    description: 'The `next` of the page before. Better than an offset: it stays right while requests end.',
  }),
  totals: yesOrNo.optional().openapi({ description: 'Leave the sums out with `false`.' }),
})

const Totals = z
  .object({
    requests: z.int(),
    succeeded: z.int(),
    failed: z.int(),
    cancelled: z.int(),
    successRate: z.number().nullable().openapi({ description: '0 to 1, of those whose client stayed.' }),
    avgTtftMs: z.number().nullable(),
    avgLatencyMs: z.number().nullable(),
    avgTokensPerSecond: z.number().nullable(),
    inputTokens: z.number(),
    cachedTokens: z.number(),
    outputTokens: z.number(),
    reasoningTokens: z.number(),
    costUsd: z.number(),
    unpriced: z.int().openapi({ description: 'Requests whose model has no price.' }),
  })
  .openapi('RequestTotals')

const State = z
  .object({
    enabled: z.boolean(),
    paused: z.boolean().openapi({ description: 'Until it goes on, or the gateway starts again.' }),
    captureBodies: z.boolean(),
    dropped: z.int().openapi({ description: 'Requests that could not be kept since the start.' }),
  })
  .openapi('RequestLogState')

/** The log of requests: `/admin/logs`. Source of paths and fields: parity 1.12 and 9. */
export function requestLogApi(api: AdminApi, house: RequestLogHouse): void {
  const { log, nameOf } = house

  api.openapi(
    createRoute({
      method: 'get',
      path: '/admin/logs',
      tags: ['requests'],
      summary: 'Requests, the newest first',
      description: 'What runs now, one page of what is over, and sums over everything that fits, not over the page.',
      request: { query: List },
      responses: {
        200: json(
          z.object({
            records: z.array(LoggedRequestView),
            total: z.int().nullable().openapi({ description: 'How many fit; null without `totals`.' }),
            offset: z.int(),
            limit: z.int(),
            next: z
              .string()
              .nullable()
              .openapi({ description: 'Send it as `cursor` for what is older; null at the end.' }),
            totals: orNull(Totals),
            running: z.array(RunningRequest),
          }),
          'One page.',
        ),
        ...PROBLEMS,
      },
    }),
    async (c) => {
      const { limit, offset, cursor, totals: wantsTotals, ...filters } = c.req.valid('query')
      const filter = filterOf(filters)
      // One more than asked for tells whether there is another page.
      const found = await log.list(filter, {
        count: limit + 1,
        ...(cursor === undefined ? { offset } : { before: cursor }),
      })
      const page = found.slice(0, limit)
      const sums = wantsTotals === false ? undefined : await log.totals(filter)
      const stayed = sums === undefined ? 0 : sums.requests - sums.cancelled
      return c.json(
        {
          records: page.map((entry) => requestView(entry, nameOf)),
          total: sums?.requests ?? null,
          offset,
          limit,
          next: found.length > limit ? (page.at(-1)?.id ?? null) : null,
          totals:
            sums === undefined
              ? null
              : {
                  requests: sums.requests,
                  succeeded: sums.ok,
                  failed: sums.failed,
                  cancelled: sums.cancelled,
                  successRate: stayed === 0 ? null : sums.ok / stayed,
                  avgTtftMs: sums.ttftMs ?? null,
                  avgLatencyMs: sums.durationMs ?? null,
                  avgTokensPerSecond: sums.tokensPerSecond ?? null,
                  inputTokens: sums.inputTokens,
                  cachedTokens: sums.cachedTokens,
                  outputTokens: sums.outputTokens,
                  reasoningTokens: sums.reasoningTokens,
                  costUsd: sums.costMicroUsd / 1e6,
                  unpriced: sums.unpriced,
                },
          running: house.records.running().map((record) => runningView(record, nameOf)),
        },
        200,
      )
    },
  )

  api.openapi(
    createRoute({
      method: 'get',
      path: '/admin/logs/state',
      tags: ['requests'],
      summary: 'What is kept of requests',
      responses: { 200: json(State, 'As it is now.'), ...PROBLEMS },
    }),
    (c) => c.json(log.state, 200),
  )

  api.openapi(
    createRoute({
      method: 'post',
      path: '/admin/logs/state',
      tags: ['requests'],
      summary: 'Switch the log, a pause, or the keeping of bodies',
      description: '`enabled` and `captureBodies` are settings (`requests.log`, `requests.capture_bodies`).',
      request: {
        body: jsonBody(
          z.strictObject({
            enabled: z.boolean().optional(),
            paused: z.boolean().optional(),
            captureBodies: z.boolean().optional(),
          }),
        ),
      },
      responses: { 200: json(State, 'As it is from now on.'), ...PROBLEMS },
    }),
    async (c) => {
      const { enabled, paused, captureBodies } = c.req.valid('json')
      const changes = {
        ...(enabled === undefined ? {} : { 'requests.log': enabled }),
        ...(captureBodies === undefined ? {} : { 'requests.capture_bodies': captureBodies }),
      }
      if (Object.keys(changes).length > 0) {
        if (house.configFile === undefined) {
          throw problem(409, 'configuration_fixed', 'this gateway has no configuration file that could be changed')
        }
        await house.configFile.save(changes)
      }
      if (paused !== undefined) log.pause(paused)
      return c.json(log.state, 200)
    },
  )

  api.openapi(
    createRoute({
      method: 'post',
      path: '/admin/logs/clear',
      tags: ['requests'],
      summary: 'Forget all requests',
      description: 'With everything that was said in them. Usage keeps its sums.',
      responses: { 200: json(z.object({ ok: z.literal(true), deleted: z.int() }), 'They are gone.'), ...PROBLEMS },
    }),
    async (c) => c.json({ ok: true as const, deleted: await log.clear() }, 200),
  )

  const Choice = z.array(z.object({ id: z.string(), name: z.string() }))
  api.openapi(
    createRoute({
      method: 'get',
      path: '/admin/logs/names',
      tags: ['requests'],
      summary: 'What requests can be told apart by',
      responses: {
        200: json(
          z.object({
            models: z.array(z.string()),
            providers: z.array(z.string()),
            clients: z.array(z.string()),
            dialects: z.array(z.string()),
            accounts: Choice,
            keys: Choice,
          }),
          'What the log holds.',
        ),
        ...PROBLEMS,
      },
    }),
    async (c) => {
      const called = (ids: string[]) =>
        ids.map((id) => named(id, nameOf)).sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1))
      return c.json(
        {
          models: await log.names('model'),
          providers: await log.names('provider'),
          clients: await log.names('client'),
          dialects: await log.names('dialect'),
          accounts: called(await log.names('candidate')),
          keys: called(await log.names('client_key')),
        },
        200,
      )
    },
  )

  api.openapi(
    createRoute({
      method: 'get',
      path: '/admin/logs/{id}',
      tags: ['requests'],
      summary: 'One request, with everything that is kept of it',
      request: { params: z.object({ id: z.string().openapi({ description: '`log_…`, or the id of the request.' }) }) },
      responses: { 200: json(LoggedRequestDetail, 'The request.'), ...PROBLEMS, ...NOT_FOUND },
    }),
    async (c) => {
      const entry = await loggedRequest(log, c.req.valid('param').id)
      const said = entry.hasBodies ? await log.said(entry.id) : undefined
      return c.json(
        {
          ...requestDetail(entry, nameOf),
          request: said?.request ?? null,
          upstreamRequests: said?.upstream ?? [],
          response: said?.reply ?? null,
          replayable: said?.replayable === true,
        },
        200,
      )
    },
  )
}

/** @throws AdminProblem 404 */
export async function loggedRequest(log: Pick<RequestLog, 'get'>, id: string): Promise<LoggedRequest> {
  const entry = await log.get(id)
  if (entry === undefined) {
    throw problem(404, 'request_not_found', 'there is no such request in the log, or none any more')
  }
  return entry
}

function filterOf(told: z.output<typeof Filters>): RequestFilter {
  const { direction, search, account, key, status, since, until, slow, ...same } = told
  return {
    ...Object.fromEntries(Object.entries(same).filter(([, value]) => value !== undefined && value !== '')),
    ...(direction === 'all' ? {} : { asked: direction === 'egress' }),
    ...(search === undefined || search.trim() === '' ? {} : { text: search.trim() }),
    ...(account === undefined || account === '' ? {} : { candidate: account }),
    ...(key === undefined || key === '' ? {} : { clientKey: key }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(slow === undefined ? {} : { slowerThanMs: slow }),
    ...(status === undefined ? {} : statusFilter(status)),
  }
}

function statusFilter(status: string): Pick<RequestFilter, 'outcome' | 'status'> {
  const outcome = OUTCOMES.find((one) => one === status)
  if (outcome !== undefined) return { outcome }
  const from = Number(status.replaceAll('x', '0'))
  return { status: [from, from + (status.endsWith('xx') ? 100 : 1)] }
}
