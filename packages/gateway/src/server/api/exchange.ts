import { FailureError, type Dialect } from '@dragoman/protocol'
import type { Relay } from '../../relay/index.js'
import { readJson, type BodyBudget, type BodyLimits } from '../read-body.js'
import type { Asked } from '../route-table.js'

export interface ExchangeHouse {
  relay: Relay
  budget: BodyBudget
  limits(): BodyLimits
}

/** Client headers that carry a credential or belong to one connection; they go no further than the server. */
const KEPT_BACK = new Set([
  'authorization',
  'x-api-key',
  'x-goog-api-key',
  'cookie',
  'proxy-authorization',
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
])

/** Reads a protocol request of one dialect and hands it to the relay. */
export function exchangeRoute(house: ExchangeHouse, dialect: Dialect): (asked: Asked) => Promise<void> {
  return async (asked) => {
    const at = Date.now()
    const headers = clientHeaders(asked)
    const { value } = await readJson(asked.req, house.limits(), house.budget)
    const decoded = dialect.serve.decodeRequest(value, { headers })
    if (asked.key === undefined) throw new FailureError(NO_KEY)
    await house.relay.run({
      id: asked.requestId,
      path: asked.path,
      dialect,
      request: decoded.value,
      receipt: decoded.receipt,
      stream: decoded.value.stream === true,
      headers,
      key: asked.key,
      response: asked.res,
      replyHeaders: asked.headers,
      at,
    })
  }
}

const NO_KEY = {
  kind: 'unauthenticated',
  scope: 'request',
  phase: 'unsent',
  retry: 'never',
  message: 'a client key is needed',
} as const

function clientHeaders(asked: Asked): Record<string, string | undefined> {
  const out: Record<string, string | undefined> = {}
  for (const name in asked.req.headers) {
    if (KEPT_BACK.has(name)) continue
    const value = asked.req.headers[name]
    out[name] = Array.isArray(value) ? value[0] : value
  }
  return out
}
