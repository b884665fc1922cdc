import type { Failure } from '../../../failure.js'
import type { PivotEvent } from '../../../pivot/index.js'
import { codeOf, meaningOf } from '../../error-meanings.js'
import type { ErrorWords } from '../../error-words.js'
import { failureFromOpenAiError, retryTime } from '../../openai-errors.js'
import { upstreamText } from '../../upstream-text.js'

/** The failure that `response.failed` or `error` tells. Source of the codes: upstream-codex 3.1. */
export function failureOf(event: PivotEvent): Failure | undefined {
  if (event.type === 'response.failed') {
    const error = event.response.error
    return fromWords({
      message: error?.message ?? '',
      code: error?.code ?? '',
      type: error?.type ?? '',
      param: error?.param ?? null,
      ...(typeof error?.['resets_at'] === 'number' ? { resetsAt: error['resets_at'] } : {}),
    })
  }
  if (event.type !== 'error') return undefined
  const words: ErrorWords = {
    message: event.message,
    code: event.code ?? '',
    type: event.errorType ?? '',
    param: event.param ?? null,
    ...(event.resetsAt === undefined ? {} : { resetsAt: event.resetsAt }),
  }
  if (event.status === undefined) return fromWords(words)
  // A WebSocket error frame means what the same status and body would mean over HTTP (upstream-codex 4.3).
  return failureFromOpenAiError({
    status: event.status,
    headers: {},
    body: { error: { ...words, resets_at: event.resetsAt } },
    text: event.message,
  })
}

function fromWords(words: ErrorWords): Failure {
  const meaning = meaningOf(words) ?? ({ kind: 'overloaded', scope: 'provider', retry: 'other' } as const)
  const retryAt = retryTime(words, {})
  return {
    ...meaning,
    phase: 'sent',
    message: upstreamText(words.message === '' ? 'the upstream failed without saying why' : words.message),
    ...(retryAt === undefined ? {} : { retryAt }),
    ...(codeOf(words) === '' ? {} : { code: codeOf(words) }),
    upstream: { status: 200, ...(words.code === '' ? {} : { code: words.code }) },
  }
}
