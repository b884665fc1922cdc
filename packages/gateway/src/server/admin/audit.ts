import { createRoute, z } from '@hono/zod-openapi'
import { ACTORS, type Acts } from '../../sessions/index.js'
import { json, PROBLEMS, type AdminApi } from './api.js'

const ActView = z
  .object({
    id: z.string(),
    at: z.string(),
    who: z.enum(ACTORS).openapi({
      description:
        '`session`: somebody signed in. `control`: a command that asks the running gateway. `command line`: a command beside it. `nobody`: whoever tried to get in.',
    }),
    sessionId: z.string().nullable(),
    address: z.string(),
    method: z.string(),
    route: z.string().openapi({ description: 'With `:id` in the place of what was meant.' }),
    target: z.string().nullable().openapi({ description: 'What stood in the place of `:id`.' }),
    status: z.int().openapi({ description: 'How it was answered; 499 when whoever asked left before.' }),
  })
  .openapi('Act')

const MOST = 200

/** `GET /admin/audit`: what was done in management. */
export function auditApi(api: AdminApi, acts: Pick<Acts, 'list'>): void {
  api.openapi(
    createRoute({
      method: 'get',
      path: '/admin/audit',
      tags: ['sessions'],
      summary: 'What was done in management',
      description:
        'Who did what, from where and when, and whether it worked; never what was sent or answered. The last 10,000 acts of at most 90 days, the newest first.',
      request: {
        query: z.object({
          who: z.enum(ACTORS).optional(),
          session: z.string().optional().openapi({ description: 'The id of a session.' }),
          q: z.string().max(200).optional().openapi({ description: 'A part of a path, a target or an address.' }),
          failed: z.enum(['true', 'false']).optional().openapi({ description: 'Only what did not work.' }),
          since: z.iso.datetime({ offset: true }).optional(),
          before: z.string().optional().openapi({ description: 'The `next` of the page before.' }),
          limit: z.coerce.number().int().min(1).max(MOST).default(50),
        }),
      },
      responses: {
        200: json(
          z.object({
            acts: z.array(ActView),
            next: z
              .string()
              .nullable()
              .openapi({ description: 'Send it as `before` for what is older; null at the end.' }),
          }),
          'One page.',
        ),
        ...PROBLEMS,
      },
    }),
    async (c) => {
      const { who, session, q, failed, since, before, limit } = c.req.valid('query')
      const found = await acts.list({
        ...(who === undefined ? {} : { who }),
        ...(session === undefined ? {} : { sessionId: session }),
        ...(q === undefined || q.trim() === '' ? {} : { text: q.trim() }),
        ...(failed === 'true' ? { failed: true } : {}),
        ...(since === undefined ? {} : { since: Date.parse(since) }),
        ...(before === undefined ? {} : { before }),
        count: limit + 1,
      })
      const page = found.slice(0, limit)
      return c.json(
        {
          acts: page.map(({ at, who: by, sessionId = null, target = null, ...act }) => ({
            ...act,
            at: new Date(at).toISOString(),
            who: ACTORS.find((actor) => actor === by) ?? 'nobody',
            sessionId,
            target,
          })),
          next: found.length > limit ? (page.at(-1)?.id ?? null) : null,
        },
        200,
      )
    },
  )
}
