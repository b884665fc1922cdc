import type { RequestMeta } from '../../../dialect.js'
import { FailureError } from '../../../failure.js'
import type { PivotRequest } from '../../../pivot/index.js'
import { isJson, isSet } from '../../json.js'
import { object, refuse } from '../../refusing.js'
import { decodeRequest } from './decode-request.js'

/**
 * The body of `countTokens` as the request whose tokens are counted: `contents` alone, or a whole request in `generateContentRequest`,
 * whose model counts when the path names none. Source: Gemini API reference, `countTokens`.
 * @throws FailureError `invalid_request` with the JSON pointer of what cannot be understood
 */
export function decodeCountTokens(body: unknown, from: RequestMeta): PivotRequest {
  if (!isJson(body)) refuse('', 'the body must be a JSON object')
  for (const field of ['generateContentRequest', 'generate_content_request']) {
    const whole = body[field]
    if (!isSet(whole)) continue
    if (isSet(body['contents'])) refuse('/contents', 'expected contents or generateContentRequest, not both')
    return within('/generateContentRequest', () => decodeRequest(object(whole, ''), from).value)
  }
  return decodeRequest(body, from).value
}

/** Places of mistakes, seen from the whole body. */
function within<T>(at: string, decode: () => T): T {
  try {
    return decode()
  } catch (error) {
    if (!(error instanceof FailureError) || error.failure.pointer === undefined) throw error
    const { pointer, message } = error.failure
    throw new FailureError({
      ...error.failure,
      pointer: at + pointer,
      message: message.replace(` (at ${pointer})`, ` (at ${at}${pointer})`),
    })
  }
}
