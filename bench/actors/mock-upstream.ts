import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { models, tokens, usage } from './codex-account.js'
import { codexReply, stamped, type CodexReply } from './codex-reply.js'
import { obey } from './orders.js'

/** What the mock does with the next requests to `/backend-api/codex/responses`. */
export type Scene =
  /** A whole reply; so many deltas a write, one write a turn of the event loop. */
  | { kind: 'reply'; deltas: number; perWrite: number }
  /** One stamped delta every so often, until the client leaves; streams are spread evenly over the time between two. */
  | { kind: 'paced'; everyMs: number; streams: number }
  /** One delta, then silence until `release`. */
  | { kind: 'hold' }

export interface MockOrders {
  listen: { ask: undefined; reply: { port: number } }
  /** The reply tells how often the mark stands in one whole reply. */
  scene: { ask: Scene; reply: { marks: number } }
  /** Replies that have begun and whose socket is still there. */
  open: { ask: undefined; reply: number }
  /** Ends what is held. */
  release: { ask: undefined; reply: number }
}

/** Plays the Codex backend and its login server. Replies are built once; the head goes by Node, the body straight to the socket. */
let scene: Scene = { kind: 'hold' }
let reply: CodexReply = codexReply(1)
const open = new Set<ServerResponse>()
const paced = new Map<ServerResponse, number>()
let ticker: NodeJS.Timeout | undefined
let pacedSoFar = 0

const server = createServer({ keepAliveTimeout: 60_000 }, (req, res) => {
  req.resume()
  req.on('end', () => answer(req, res))
})
server.maxConnections = 20_000

function answer(req: IncomingMessage, res: ServerResponse): void {
  const path = (req.url ?? '').split('?')[0]
  switch (path) {
    case '/backend-api/codex/responses':
      return play(res)
    case '/backend-api/codex/models':
      return json(res, models())
    case '/backend-api/wham/usage':
      return json(res, usage())
    case '/oauth/token':
      return json(res, tokens())
    default:
      res.writeHead(404).end()
  }
}

function play(res: ServerResponse): void {
  open.add(res)
  res.on('close', () => {
    open.delete(res)
    paced.delete(res)
  })
  res.writeHead(200, HEADERS)
  res.flushHeaders()
  switch (scene.kind) {
    case 'reply':
      return writeReply(res, reply, scene.perWrite)
    case 'paced':
      res.socket?.write(reply.opening)
      paced.set(res, performance.now() + ((pacedSoFar++ % scene.streams) / scene.streams) * scene.everyMs)
      ticker ??= setInterval(writePaced, 1)
      return
    case 'hold':
      res.socket?.write(Buffer.concat([reply.opening, ...reply.deltas]))
      return
  }
}

function writeReply(res: ServerResponse, { opening, deltas, closing }: CodexReply, perWrite: number): void {
  const writes: Buffer[] = whole
  let at = 0
  if (writes.length === 1) {
    res.socket?.write(writes[0] ?? opening)
    res.end()
    return
  }
  const next = (): void => {
    if (res.destroyed) return
    if (at >= deltas.length) {
      res.socket?.write(closing)
      res.end()
      return
    }
    const more = res.socket?.write(writes[at / perWrite] ?? closing)
    at += perWrite
    if (more === false) res.socket?.once('drain', next)
    else setImmediate(next)
  }
  next()
}

/** The writes of the current scene, joined once. */
let whole: Buffer[] = []

function joined({ opening, deltas, closing }: CodexReply, perWrite: number): Buffer[] {
  if (perWrite >= deltas.length) return [Buffer.concat([opening, ...deltas, closing])]
  const writes: Buffer[] = []
  for (let at = 0; at < deltas.length; at += perWrite) {
    writes.push(Buffer.concat([...(at === 0 ? [opening] : []), ...deltas.slice(at, at + perWrite)]))
  }
  return writes
}

function writePaced(): void {
  if (paced.size === 0 || scene.kind !== 'paced') {
    clearInterval(ticker)
    ticker = undefined
    return
  }
  const now = performance.now()
  const delta = reply.deltas[0]
  if (delta === undefined) return
  for (const [res, due] of paced) {
    if (due > now) continue
    res.socket?.write(stamped(delta, process.hrtime.bigint() / 1000n))
    // A late tick is not made up for: a burst would be another load than the one that is measured.
    paced.set(res, Math.max(due + scene.everyMs, now))
  }
}

function json(res: ServerResponse, body: object): void {
  res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'transfer-encoding': 'chunked',
  'cache-control': 'no-cache',
  'x-request-id': '0d5b3f2a-7c9e-4186-b2f4-c6d8e0a1b3c5',
  'openai-model': 'gpt-5.5',
  'x-codex-plan-type': 'pro',
  'x-codex-primary-used-percent': '1.0',
  'x-codex-primary-window-minutes': '300',
  'x-codex-primary-reset-at': '4102444800',
  'x-codex-secondary-used-percent': '1.0',
  'x-codex-secondary-window-minutes': '10080',
  'x-codex-secondary-reset-at': '4102444800',
}

obey<MockOrders>({
  listen: () =>
    new Promise((resolve) => {
      server.listen(0, '127.0.0.1', 4096, () => resolve({ port: (server.address() as AddressInfo).port }))
    }),
  scene(next) {
    scene = next
    reply = codexReply(next.kind === 'reply' ? next.deltas : 1)
    whole = joined(reply, next.kind === 'reply' ? next.perWrite : 1)
    pacedSoFar = 0
    return { marks: reply.marks }
  },
  open: () => open.size,
  release() {
    for (const res of open) {
      res.socket?.write(reply.closing)
      res.end()
    }
    return open.size
  },
})
