import type { ServerResponse } from 'node:http'
import type { Dialect, Note, PivotRequest } from '@dragoman/protocol'
import type { Provider } from '../providers/index.js'

/** One accepted request of a client, decoded, with the way back. */
export interface Exchange {
  /** `x-request-id` of the reply. */
  id: string
  /** The path asked, without its query. */
  path: string
  dialect: Dialect
  request: PivotRequest
  receipt: Note[]
  /** The client wants a stream. */
  stream: boolean
  /** Lower-case names. Credentials are not among them. */
  headers: Readonly<Record<string, string | undefined>>
  key: { id: string; name: string; allowedModels?: readonly string[] }
  response: ServerResponse
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
  /** From a suffix or the configuration; an explicit field of the request wins. */
  effort?: string
  serviceTier?: string
  /** One line: which rule decided. */
  why: string
}
