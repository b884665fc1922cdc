import { createRoute, z } from '@hono/zod-openapi'
import type { LoggedBodies, LoggedRequest, RequestLog } from '../../request-log/index.js'
import { askLocal } from '../../transport/index.js'
import { ANY_BODY, json, NOT_FOUND, problem, PROBLEMS, type AdminApi } from './api.js'
import type { PlaygroundKeys } from './playground.js'
import { loggedRequest } from './request-log.js'
import { requestDetail, type NameOf } from './request-view.js'

export interface RequestReplayHouse {
  log: RequestLog
  nameOf: NameOf
  /** Where the gateway's own protocol routes are. */
  listeners(): readonly string[]
  /** Lends the key that a replay runs under. */
  playground: Pick<PlaygroundKeys, 'make'>
  version: string
}

/** No answer of a model takes longer. */
const LONGEST_MS = 15 * 60_000

/** Client headers that a dialect reads; the others were about the connection of then. */
const SENT_AGAIN = /^(?:anthropic-(?:version|beta)|openai-beta|x-dragoman-[a-z-]+)$/

/** `/admin/logs/{id}/replay` and `/admin/logs/{id}/cassette`: what can be done with a request whose bodies are kept. */
export function requestReplayApi(api: AdminApi, house: RequestReplayHouse): void {
  const { log } = house

  api.openapi(
    createRoute({
      ...ANY_BODY,
      method: 'post',
      path: '/admin/logs/{id}/replay',
      tags: ['requests'],
      summary: 'Ask once more what was asked',
      description:
        'Sends the kept body through the real relay, under a key of the playground. It costs what every request costs. Answers when the reply is there.',
      request: { params: z.object({ id: z.string() }) },
      responses: {
        200: json(
          z
            .object({
              requestId: z.string().openapi({ description: 'Of the new request.' }),
              status: z.int(),
              ms: z.number(),
              contentType: z.string(),
              body: z.string().openapi({ description: 'As the client would have got it.' }),
              changed: z
                .boolean()
                .openapi({ description: 'Secrets had been taken out of the body, so it is not quite the same.' }),
            })
            .openapi('Replay'),
          'It was asked, whatever the answer.',
        ),
        409: json(z.object({ error: z.string(), code: z.string().optional() }), 'Its body is not kept.'),
        ...PROBLEMS,
        ...NOT_FOUND,
      },
    }),
    async (c) => {
      const { admin, asked } = c.env
      const entry = await loggedRequest(log, c.req.valid('param').id)
      const said = await saidIn(log, entry)
      if (!said.replayable) {
        throw problem(409, 'body_incomplete', 'only a part of this request is kept, so it cannot be asked again')
      }
      const [listener] = house.listeners()
      if (listener === undefined) throw problem(503, 'not_listening', 'the gateway does not listen yet')
      const left = new AbortController()
      asked.res.once('close', () => left.abort())
      const { key } = house.playground.make(admin.kind === 'session' ? admin.session.id : undefined)
      const begun = performance.now()
      const reply = await askLocal({
        url: listener + entry.record.path,
        method: 'POST',
        headers: {
          ...Object.fromEntries(Object.entries(said.headers).filter(([name]) => SENT_AGAIN.test(name))),
          authorization: `Bearer ${key}`,
          'content-type': 'application/json',
          'user-agent': `dragoman-replay/${house.version}`,
        },
        body: JSON.stringify(said.request.json),
        timeoutMs: LONGEST_MS,
        signal: left.signal,
      }).catch((error: unknown) => {
        throw problem(
          502,
          'replay_failed',
          `the gateway could not ask itself: ${error instanceof Error ? error.message : 'unknown'}`,
        )
      })
      return c.json(
        {
          requestId: reply.headers['x-request-id'] ?? '',
          status: reply.status,
          ms: Math.round(performance.now() - begun),
          contentType: reply.headers['content-type'] ?? '',
          body: reply.body,
          changed: said.request.secrets > 0,
        },
        200,
      )
    },
  )

  api.openapi(
    createRoute({
      method: 'get',
      path: '/admin/logs/{id}/cassette',
      tags: ['requests'],
      summary: 'A kept request as a file',
      description: 'What was asked, what went upstream and what came back, without secrets; for a bug report.',
      request: { params: z.object({ id: z.string() }) },
      responses: {
        200: json(z.record(z.string(), z.any()).openapi('Cassette'), 'The file.'),
        409: json(z.object({ error: z.string(), code: z.string().optional() }), 'Its bodies are not kept.'),
        ...PROBLEMS,
        ...NOT_FOUND,
      },
    }),
    async (c) => {
      const entry = await loggedRequest(log, c.req.valid('param').id)
      const { request, headers, upstream, reply } = await saidIn(log, entry)
      // Names of accounts and keys stay here; whoever gets the file has no use for them.
      const detail = requestDetail(entry, () => undefined)
      const attempts = detail.attempts.map((attempt, at) => ({
        ...attempt,
        candidate: `candidate ${at + 1}`,
        id: null,
      }))
      c.header('content-disposition', `attachment; filename="dragoman-${entry.id}.json"`)
      return c.json(
        {
          format: 'dragoman-cassette-1',
          version: house.version,
          request: { ...detail, attempts, key: undefined, account: undefined, move: undefined },
          client: { headers, body: request },
          upstream: { requests: upstream },
          reply: reply ?? null,
        },
        200,
      )
    },
  )
}

/** @throws AdminProblem 409 */
async function saidIn(log: RequestLog, entry: LoggedRequest): Promise<LoggedBodies> {
  const said = entry.hasBodies ? await log.said(entry.id) : undefined
  if (said === undefined) {
    throw problem(
      409,
      'bodies_not_kept',
      'what was said in this request is not kept; set requests.capture_bodies for the next ones',
    )
  }
  return said
}
