import { randomBytes } from 'node:crypto'
import { createRoute, z } from '@hono/zod-openapi'
import type { ServerResponse } from 'node:http'
import { ALREADY_SENT, PROBLEMS, type AdminApi } from './api.js'

/** What a page can listen to. */
export const LIVE_TOPICS = [
  'accounts',
  'quota',
  'requests',
  'events',
  'logins',
  'tasks',
  'log',
  'config',
  'client-keys',
  'api-keys',
  'proxies',
  'models',
  'errors',
  'sessions',
  'audit',
] as const
export type LiveTopic = (typeof LIVE_TOPICS)[number]

export interface Live {
  /** Tells every page that listens; cheap when none does. */
  publish(topic: LiveTopic, data: unknown): void
  /** Streams to a page until it leaves. `after` is the last id it saw. */
  attach(res: ServerResponse, topics: ReadonlySet<string>, after: string | undefined): () => void
  close(): void
}

interface Message {
  number: number
  topic: LiveTopic
  frame: string
}

/** A page that was away for a moment gets what it missed; one that was away for longer is told to read everything anew. */
const REMEMBERED = 2_000
/** For so long after the last page left. */
const REMEMBERED_MS = 60_000
/** A page that takes nothing is let go, and comes back by itself. */
const MOST_UNSENT_BYTES = 1024 * 1024

/** Server push, one stream a page. Every message has an id; whoever comes back says the last one it saw. */
export function createLive({
  heartbeatMs = 15_000,
  now = Date.now,
}: { heartbeatMs?: number; now?: () => number } = {}): Live {
  const epoch = randomBytes(4).toString('hex')
  const kept: Message[] = []
  const pages = new Map<ServerResponse, ReadonlySet<string>>()
  let number = 0
  let lastLeft = -Infinity
  const beat = setInterval(() => pages.forEach((_, res) => send(res, ': hb\n\n')), heartbeatMs).unref()

  function send(res: ServerResponse, frame: string): void {
    // Its session is over: it ends, but has not closed yet.
    if (res.writableEnded) return
    if (res.writableLength > MOST_UNSENT_BYTES) return void res.destroy()
    res.write(frame)
  }

  /** Undefined when what it missed is not known any more. */
  function missed(after: string): Message[] | undefined {
    const [of, text] = after.split('-')
    const seen = Number(text)
    const oldest = kept[0]?.number ?? number + 1
    if (of !== epoch || !Number.isInteger(seen) || seen > number || seen + 1 < oldest) return undefined
    return kept.filter((message) => message.number > seen)
  }

  return {
    publish(topic, data) {
      number += 1
      if (pages.size === 0 && now() - lastLeft > REMEMBERED_MS) {
        // Nobody listens and nobody is about to come back.
        kept.length = 0
        return
      }
      const frame = `id: ${epoch}-${number}\nevent: ${topic}\ndata: ${JSON.stringify(data)}\n\n`
      kept.push({ number, topic, frame })
      if (kept.length > REMEMBERED) kept.splice(0, kept.length - REMEMBERED)
      for (const [res, topics] of pages) if (topics.has(topic)) send(res, frame)
    },
    attach(res, topics, after) {
      const rest = after === undefined ? [] : missed(after)
      const hello = rest === undefined ? 'event: reset\ndata: {}\n\n' : ''
      res.write(`retry: 1000\nid: ${epoch}-${number}\nevent: hello\ndata: {}\n\n${hello}`)
      for (const { topic, frame } of rest ?? []) if (topics.has(topic)) send(res, frame)
      pages.set(res, topics)
      const leave = (): void => {
        pages.delete(res)
        lastLeft = now()
      }
      res.once('close', leave)
      return leave
    },
    close() {
      clearInterval(beat)
      for (const res of pages.keys()) res.end()
      pages.clear()
    },
  }
}

/** `GET /admin/live?topics=accounts,requests`: server-sent events, until the page leaves. */
export function liveApi(api: AdminApi, live: Live): void {
  api.openapi(
    createRoute({
      method: 'get',
      path: '/admin/live',
      tags: ['live'],
      summary: 'What happens, as it happens',
      description:
        'Server-sent events, named by topic. `Last-Event-ID` goes on where a lost connection ended; `event: reset` says that too much was missed.',
      request: {
        query: z.object({
          topics: z.string().openapi({ description: `Some of ${LIVE_TOPICS.join(', ')}, comma separated.` }),
        }),
      },
      responses: {
        200: { description: 'The stream.', content: { 'text/event-stream': { schema: z.string() } } },
        ...PROBLEMS,
      },
    }),
    (c) => {
      const { req, res, headers } = c.env.asked
      const topics = new Set(c.req.valid('query').topics.split(','))
      const after = req.headers['last-event-id']
      // Set, not written: the door asks for it when the session ends.
      res.setHeader('content-type', 'text/event-stream; charset=utf-8')
      res.writeHead(200, {
        ...headers,
        'cache-control': 'no-cache, no-transform',
        'x-accel-buffering': 'no',
        'x-content-type-options': 'nosniff',
        'cross-origin-resource-policy': 'same-origin',
      })
      live.attach(res, topics, typeof after === 'string' ? after : undefined)
      return ALREADY_SENT
    },
  )
}
