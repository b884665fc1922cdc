import { createRoute, z } from '@hono/zod-openapi'
import { ERROR_SOURCES, type ErrorLog } from '../../error-log/index.js'
import { json, jsonBody, problem, PROBLEMS, READS, type AdminApi } from './api.js'
import { named, type NameOf } from './request-view.js'

export interface ErrorLogHouse {
  errors: ErrorLog
  nameOf: NameOf
  now?(): number
}

const Source = z.enum(ERROR_SOURCES)

const Group = z
  .object({
    id: z.string(),
    source: Source,
    kind: z.string(),
    message: z.string().openapi({ description: 'Of the last one; the others differ in numbers and ids alone.' }),
    frame: z.string().openapi({ description: 'Where it happened, of those with a stack.' }),
    firstSeen: z.string(),
    lastSeen: z.string(),
    count: z.int(),
    unread: z.int(),
    models: z.array(z.string()),
    accounts: z.array(z.object({ id: z.string(), name: z.string() })),
  })
  .openapi('ErrorGroup')

const Entry = z
  .object({
    id: z.string(),
    group: z.string(),
    timestamp: z.string(),
    source: Source,
    error: z.object({ name: z.string(), message: z.string(), stack: z.string().nullable() }),
    requestId: z.string().nullable(),
    model: z.string().nullable(),
    status: z.int().nullable(),
    context: z.any(),
  })
  .openapi('LoggedError')

const OneGroup = z.object({ group: z.string().optional().openapi({ description: 'Only of this group.' }) })
const Count = z.object({ total: z.int(), unread: z.int() }).openapi('ErrorCount')

/** A page that breaks in a loop must not fill the log. */
const REPORTS = { most: 30, inMs: 60_000 }

/** What went wrong, the same things together: `/admin/error-logs`. Source of paths and fields: parity 1.12. */
export function errorLogApi(api: AdminApi, { errors, nameOf, now = Date.now }: ErrorLogHouse): void {
  const reports: number[] = []

  api.openapi(
    createRoute({
      method: 'get',
      path: '/admin/error-logs',
      tags: ['errors'],
      summary: 'Errors, the same ones together',
      responses: { 200: json(z.object({ groups: z.array(Group) }), 'The one that happened last first.'), ...PROBLEMS },
    }),
    async (c) =>
      c.json(
        {
          groups: (await errors.groups()).map((group) => ({
            id: group.id,
            source: Source.catch('external').parse(group.source),
            kind: group.kind,
            message: group.message,
            frame: group.frame,
            firstSeen: new Date(group.firstAt).toISOString(),
            lastSeen: new Date(group.lastAt).toISOString(),
            count: group.count,
            unread: group.count - group.seen,
            models: group.models,
            accounts: group.candidates.map((id) => named(id, nameOf)),
          })),
        },
        200,
      ),
  )

  api.openapi(
    createRoute({
      method: 'get',
      path: '/admin/error-logs/raw',
      tags: ['errors'],
      summary: 'Single errors, the newest first',
      request: { query: OneGroup.extend({ limit: z.coerce.number().int().min(1).max(500).default(100) }) },
      responses: { 200: json(z.object({ entries: z.array(Entry) }), 'As they happened.'), ...PROBLEMS },
    }),
    async (c) => {
      const { limit, group } = c.req.valid('query')
      const found = await errors.list(limit, group)
      return c.json(
        {
          entries: found.map((one) => ({
            id: one.id,
            group: one.group,
            timestamp: new Date(one.at).toISOString(),
            source: one.source,
            error: { name: one.kind, message: one.message, stack: one.stack ?? null },
            requestId: one.requestId ?? null,
            model: one.model ?? null,
            status: one.status ?? null,
            context: one.context ?? null,
          })),
        },
        200,
      )
    },
  )

  api.openapi(
    createRoute({
      method: 'get',
      path: '/admin/error-logs/count',
      tags: ['errors'],
      summary: 'How many errors there are, and how many nobody has looked at',
      responses: { 200: json(Count, 'Now.'), ...PROBLEMS },
    }),
    async (c) => c.json(await errors.count(), 200),
  )

  api.openapi(
    createRoute({
      method: 'post',
      path: '/admin/error-logs/seen',
      tags: ['errors'],
      summary: 'Somebody has looked at them',
      request: { query: OneGroup },
      responses: { 200: json(z.object({ ok: z.literal(true), cursor: z.string() }), 'Noted.'), ...PROBLEMS },
    }),
    async (c) => {
      await errors.markSeen(c.req.valid('query').group)
      return c.json({ ok: true as const, cursor: new Date(now()).toISOString() }, 200)
    },
  )

  api.openapi(
    createRoute({
      method: 'delete',
      path: '/admin/error-logs',
      tags: ['errors'],
      summary: 'Forget errors',
      request: { query: OneGroup },
      responses: { 200: json(z.object({ ok: z.literal(true), deleted: z.int() }), 'They are gone.'), ...PROBLEMS },
    }),
    async (c) => c.json({ ok: true as const, deleted: await errors.clear(c.req.valid('query').group) }, 200),
  )

  api.openapi(
    createRoute({
      // Nobody did it: something broke.
      ...READS,
      method: 'post',
      path: '/admin/error-logs/report',
      tags: ['errors'],
      summary: 'Tell of an error in a page or a program beside the gateway',
      description: `At most ${REPORTS.most} a minute.`,
      request: {
        body: jsonBody(
          z.object({
            source: z.enum(['main', 'renderer', 'server', 'external']),
            error: z.object({
              name: z.string().min(1).max(200),
              message: z.string().max(4000),
              stack: z.string().max(10_000).optional(),
            }),
            context: z.record(z.string(), z.unknown()).optional(),
          }),
        ),
      },
      responses: {
        200: json(z.object({ ok: z.literal(true) }), 'Kept.'),
        429: json(z.object({ error: z.string(), code: z.string().optional() }), 'Too many.'),
        ...PROBLEMS,
      },
    }),
    (c) => {
      const { source, error, context } = c.req.valid('json')
      const at = now()
      while (reports[0] !== undefined && reports[0] <= at - REPORTS.inMs) reports.shift()
      if (reports.length >= REPORTS.most) {
        throw problem(429, 'too_many_reports', 'too many errors were told in the last minute')
      }
      reports.push(at)
      errors.tell({
        source,
        kind: error.name,
        message: error.message,
        ...(error.stack === undefined ? {} : { stack: error.stack }),
        ...(context === undefined ? {} : { context }),
      })
      return c.json({ ok: true as const }, 200)
    },
  )
}
