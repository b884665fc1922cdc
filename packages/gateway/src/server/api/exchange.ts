import { FailureError, type Dialect, type PivotRequest, type RequestMeta, type Translated } from '@dragoman/protocol'
import type { ClientProtocol, Exchange, Relay } from '../../relay/index.js'
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

/** What a route may know beyond the body. */
export interface ExchangeOptions {
  /** What the path and the query say in the place of the body. @throws FailureError when the path makes no sense */
  path?(asked: Asked): NonNullable<RequestMeta['path']>
  /** Headers that the client is taken to have sent. */
  headers?: Readonly<Record<string, string>>
}

/** Reads a protocol request of one dialect and hands it to the relay. */
export function exchangeRoute(
  house: ExchangeHouse,
  dialect: Dialect,
  options: ExchangeOptions = {},
): (asked: Asked) => Promise<void> {
  return async (asked) => {
    const at = Date.now()
    const headers = { ...clientHeaders(asked), ...options.headers }
    const path = options.path?.(asked)
    const { value } = await readJson(asked.req, house.limits(), house.budget)
    await relayed(house, asked, dialect, {
      decoded: dialect.serve.decodeRequest(value, { headers, ...(path === undefined ? {} : { path }) }),
      headers,
      at,
      ...(isObject(value) ? { body: value } : {}),
    })
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A decoded request on its way to the relay. */
export interface Ready {
  decoded: Translated<PivotRequest>
  /** From {@link clientHeaders}. */
  headers: Readonly<Record<string, string | undefined>>
  /** When its first byte was looked at, unix ms. */
  at: number
  /** The parsed body, when the request is nothing but this. */
  body?: Readonly<Record<string, unknown>>
  task?: Exchange['task']
  namedModel?: string
  /** Where the reply goes, when that is not the client's own response. */
  response?: Exchange['response']
}

/** Hands over what a route has decoded. Resolves when the reply is written. */
export async function relayed(
  house: Pick<ExchangeHouse, 'relay'>,
  asked: Asked,
  dialect: ClientProtocol,
  { decoded, headers, at, body, task, namedModel, response }: Ready,
): Promise<void> {
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
    response: response ?? asked.res,
    replyHeaders: asked.headers,
    at,
    ...(body === undefined ? {} : { body }),
    ...(task === undefined ? {} : { task }),
    ...(namedModel === undefined ? {} : { namedModel }),
  })
}

const NO_KEY = {
  kind: 'unauthenticated',
  scope: 'request',
  phase: 'unsent',
  retry: 'never',
  message: 'a client key is needed',
} as const

/** The client's headers in lower case, credentials aside. */
export function clientHeaders(asked: Pick<Asked, 'req'>): Record<string, string | undefined> {
  const out: Record<string, string | undefined> = {}
  for (const name in asked.req.headers) {
    if (KEPT_BACK.has(name)) continue
    const value = asked.req.headers[name]
    out[name] = Array.isArray(value) ? value[0] : value
  }
  return out
}
