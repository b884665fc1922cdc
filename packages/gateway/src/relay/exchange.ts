import type { ServerResponse } from 'node:http'
import type { Writable } from 'node:stream'
import type { Dialect, Note, PivotRequest } from '@dragoman/protocol'
import type { FallbackCase } from '../config/index.js'
import type { Provider } from '../providers/index.js'
import type { RequestRecord } from '../telemetry/index.js'

/**
 * What the relay needs of the protocol that a client speaks. An encoder that finds nothing in an answer that it could tell
 * throws a FailureError, and the client is told that.
 */
export interface ClientProtocol {
  readonly id: RequestRecord['dialect']
  readonly serve: Pick<Dialect['serve'], 'encodeResponse' | 'streamEncoder' | 'encodeError' | 'fieldNames'>
}

/** Where a reply goes: most often the client's own response, or what gathers several replies into one. */
export type Outlet = Writable &
  Pick<ServerResponse, 'statusCode' | 'headersSent'> & {
    writeHead(status: number, headers: Record<string, string | number>): unknown
  }

/** One accepted request of a client, decoded, with the way back. */
export interface Exchange {
  /** `x-request-id` of the reply. */
  id: string
  /** The path asked, without its query. */
  path: string
  dialect: ClientProtocol
  request: PivotRequest
  /** The body as it was parsed, when the request is nothing but this body. Never changed. */
  body?: Readonly<Record<string, unknown>>
  /** As the client named the model, where the request names another that stands in for it. */
  namedModel?: string
  receipt: Note[]
  /** The client wants a stream. */
  stream: boolean
  /** Make a conversation shorter instead of answering it. Default: answer. */
  task?: 'compact'
  /** Lower-case names. Credentials are not among them. */
  headers: Readonly<Record<string, string | undefined>>
  key: {
    id: string
    name: string
    allowedModels?: readonly string[]
    /** Hosted tools that its requests get. Undefined: those of the configuration; empty: none. */
    defaultTools?: readonly string[]
    /** A request that would lose something in translation is refused. */
    strict?: boolean
    /** Ids of accounts and names of groups that alone may serve it. Undefined: all. */
    accounts?: readonly string[]
  }
  response: Outlet
  /** Keeps the connection awake without saying anything (a ping), so that silence commits to nothing. Absent: the protocol's heartbeat. */
  ping?(): void
  /** Headers that every reply of this exchange carries, `x-request-id` among them. */
  replyHeaders: Readonly<Record<string, string>>
  /** Unix ms. */
  at: number
}

/** Where a model's name leads. */
export interface Routed {
  provider: Provider
  /** The upstream's name. */
  model: string
  /** Only candidates of this name, where a provider has several. */
  within?: string
  /** From a suffix or the configuration; an explicit field of the request wins. */
  effort?: string
  serviceTier?: string
  /** One line: which rule decided. */
  why: string
  /** Of a fallback: for which failures of those before it. */
  when?: readonly FallbackCase[]
}
