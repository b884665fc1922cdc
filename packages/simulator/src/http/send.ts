import { unreachable } from '@dragoman/protocol'
import type { Delivery, ReplyFault } from '../faults/fault.js'
import { statusReply, type PlainReply } from '../faults/status-replies.js'
import { wait, type Gates } from './gates.js'
import type { Exchange } from './recorded-request.js'

/** Sends a whole reply at once. */
export function sendPlain(exchange: Exchange, reply: PlainReply, more: Readonly<Record<string, string>> = {}): void {
  const { response, record } = exchange
  if (response.destroyed || response.headersSent) return
  record.status = reply.status
  const body = Buffer.from(reply.body)
  response.writeHead(reply.status, { ...more, ...reply.headers, 'content-length': body.length })
  response.end(body)
}

/** Ends the connection hard: the client's next read fails. */
export function reset(exchange: Exchange): void {
  exchange.breakingOff()
  const { socket } = exchange.request
  if (!socket.destroyed) socket.resetAndDestroy()
}

/** Plays a fault that stands in place of an answer. */
export async function sendFault(
  exchange: Exchange,
  fault: ReplyFault,
  about: { now: number; plan: string; gates: Gates; delivery: Delivery; headers: Readonly<Record<string, string>> },
): Promise<void> {
  const held = wait(about.delivery.headersAfter, about.gates, exchange.signal)
  if (held !== undefined) await held
  if (exchange.signal.aborted) return
  const more = { ...about.headers, ...single(about.delivery.headers) }
  switch (fault.type) {
    case 'reset':
      return reset(exchange)
    case 'hang':
      return
    default:
      return sendPlain(exchange, faultReply(fault, about), more)
  }
}

/** The reply that a fault is. @param about.now unix ms */
export function faultReply(
  fault: Exclude<ReplyFault, { type: 'reset' | 'hang' }>,
  about: { now: number; plan: string },
): PlainReply {
  switch (fault.type) {
    case 'status':
      return statusReply(fault, about.now, about.plan)
    case 'reply': {
      const { status, headers, body } = fault
      const isText = typeof body === 'string' || body === undefined
      return {
        status,
        headers: { 'content-type': isText ? 'text/plain' : 'application/json', ...headers },
        body: isText ? (body ?? '') : JSON.stringify(body),
      }
    }
    case 'redirect':
      return { status: fault.status ?? 307, headers: { location: fault.to }, body: '' }
    default:
      return unreachable(fault)
  }
}

function single(headers: Delivery['headers']): Record<string, string> {
  const entries = Object.entries(headers ?? {})
  return Object.fromEntries(entries.map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]))
}
