import type { ReplyMeta } from '../../../dialect.js'
import type { PivotResponse } from '../../../pivot/index.js'
import { callCarrier } from './carried-reasoning.js'
import { wholeResponse } from './response-resource.js'

/** A finished response as the body of a reply that was not streamed. */
export function encodeResponse(response: PivotResponse, about: ReplyMeta): unknown {
  const carrier = callCarrier(response.output)
  return wholeResponse(carrier === undefined ? response : { ...response, output: [...response.output, carrier] }, about)
}
