import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { WebSocket } from 'ws'
import { codexBody, codexHeaders } from '../ask.js'
import type { Simulator } from '../simulator.js'

export type Frame = { type: string; [field: string]: unknown }

/** One client on a WebSocket. For this package's tests. */
export interface Client {
  readonly socket: WebSocket
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** Every frame so far. */
  readonly frames: Frame[]
  /** Settles with how the connection ended. */
  readonly closed: Promise<{ code: number }>
  send(frame: unknown): void
  /** The next frame of this type, one that has come already included; each frame is given once. */
  next(type: string): Promise<Frame>
  /** Sends a request and gives the frames up to its end: a terminal event or an error. */
  turn(changes?: Record<string, unknown>): Promise<Frame[]>
}

const TERMINAL = new Set(['response.completed', 'response.incomplete', 'response.failed', 'error'])

/** Opens a connection as the Codex client does. @throws Error `<status>` when the handshake is refused */
export async function openClient(
  simulator: Simulator,
  account: { accessToken: string; accountId: string },
  headers: Record<string, string> = {},
): Promise<Client> {
  const socket = new WebSocket(`${simulator.backendUrl.replace('http', 'ws')}/codex/responses`, {
    headers: { ...codexHeaders(account), 'openai-beta': 'responses_websockets=2026-02-06', ...headers },
  })
  const upgraded = once(socket, 'upgrade') as Promise<[IncomingMessage]>
  upgraded.catch(() => undefined)
  const frames: Frame[] = []
  const waiting: { fits: (frame: Frame) => boolean; resolve: (frame: Frame) => void }[] = []
  let given = 0
  function next(fits: (frame: Frame) => boolean): Promise<Frame> {
    for (let at = given; at < frames.length; at += 1) {
      const frame = frames[at]
      if (frame === undefined || !fits(frame)) continue
      given = at + 1
      return Promise.resolve(frame)
    }
    return new Promise((resolve) => void waiting.push({ fits, resolve }))
  }
  socket.on('message', (data) => {
    const frame = JSON.parse(String(data)) as Frame
    frames.push(frame)
    const at = waiting.findIndex(({ fits }) => fits(frame))
    if (at === -1) return
    given = frames.length
    for (const { resolve } of waiting.splice(at, 1)) resolve(frame)
  })
  socket.on('error', () => undefined)
  const closed = new Promise<{ code: number }>((resolve) => socket.on('close', (code) => resolve({ code })))
  await new Promise<void>((resolve, reject) => {
    socket.on('open', resolve)
    socket.on('unexpected-response', (_, { statusCode }) => {
      socket.terminate()
      reject(new Error(String(statusCode)))
    })
    socket.on('error', reject)
  })
  const [response] = await upgraded
  const send = (frame: unknown) => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame))
  return {
    socket,
    headers: response.headers,
    frames,
    closed,
    send,
    next: (type) => next((frame) => frame.type === type),
    async turn(changes = {}) {
      const from = frames.length
      send({ type: 'response.create', ...codexBody(changes) })
      await next((frame) => TERMINAL.has(frame.type))
      return frames.slice(from)
    },
  }
}

/** The id of the response that these frames told. */
export function idOf(frames: readonly Frame[]): string {
  return (frames.at(-1)?.['response'] as { id: string }).id
}
