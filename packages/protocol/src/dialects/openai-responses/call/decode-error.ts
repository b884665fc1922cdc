import type { Failure } from '../../../failure.js'
import { failureFromOpenAiError } from '../../openai-errors.js'

/** The meaning of a reply with a bad status. `headers` in lower case. */
export function decodeError(
  status: number,
  headers: Readonly<Record<string, string | undefined>>,
  bytes: Uint8Array,
): Failure {
  const text = new TextDecoder().decode(bytes)
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    body = undefined
  }
  return failureFromOpenAiError({ status, headers, body, text })
}
