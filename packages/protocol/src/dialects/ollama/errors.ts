import type { EncodedError } from '../../dialect.js'
import type { Failure } from '../../failure.js'
import { isJson } from '../json.js'
import { failureFromOpenAiError, openAiError } from '../openai-errors.js'

/** What an Ollama client shows of a failure: one text, the time of a retry in it. */
export function errorText(failure: Failure): string {
  return openAiError(failure).error.message
}

/** Ollama's errors are a status and a text. */
export function encodeError(failure: Failure): EncodedError {
  return { status: openAiError(failure).status, headers: {}, body: { error: errorText(failure) } }
}

/** The reply of an Ollama server with a bad status. A model that was never pulled is missing there alone. */
export function decodeError(
  status: number,
  headers: Readonly<Record<string, string | undefined>>,
  body: Uint8Array,
): Failure {
  const text = new TextDecoder().decode(body)
  const failure = failureFromOpenAiError({ status, headers, body: parsed(text), text })
  return failure.kind === 'not_found' && /\bmodel\b.*\bnot found\b/i.test(failure.message)
    ? { ...failure, kind: 'model_unavailable', scope: 'model', retry: 'other' }
    : failure
}

function parsed(text: string): unknown {
  try {
    const body: unknown = JSON.parse(text)
    return isJson(body) ? body : undefined
  } catch {
    return undefined
  }
}
