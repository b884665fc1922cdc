import type { ReplyMeta } from '../../../dialect.js'
import type { PivotResponse } from '../../../pivot/index.js'
import { wholeResponse } from './response-resource.js'

/** A finished response as the body of a reply that was not streamed. */
export function encodeResponse(response: PivotResponse, about: ReplyMeta): unknown {
  return wholeResponse(response, about)
}
