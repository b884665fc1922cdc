import type { Failure } from '../../../failure.js'
import { isJson, text, type Json } from '../../json.js'
import { failureFromOpenAiError } from '../../openai-errors.js'

type Headers = Readonly<Record<string, string | undefined>>

/** What Google's word says where the status alone does not. Source: google.rpc.Code; Gemini API, troubleshooting. */
const BY_STATUS: Readonly<Record<string, Pick<Failure, 'kind' | 'scope' | 'retry'>>> = {
  RESOURCE_EXHAUSTED: { kind: 'rate_limited', scope: 'account', retry: 'other' },
  UNAUTHENTICATED: { kind: 'credential_revoked', scope: 'account', retry: 'other' },
  PERMISSION_DENIED: { kind: 'forbidden', scope: 'account', retry: 'other' },
  NOT_FOUND: { kind: 'model_unavailable', scope: 'model', retry: 'other' },
  UNAVAILABLE: { kind: 'overloaded', scope: 'provider', retry: 'other' },
  INTERNAL: { kind: 'overloaded', scope: 'provider', retry: 'other' },
  DEADLINE_EXCEEDED: { kind: 'timeout', scope: 'provider', retry: 'other' },
  FAILED_PRECONDITION: { kind: 'forbidden', scope: 'account', retry: 'other' },
}

/** A reply with a bad status. The key that Google calls invalid comes as a 400. */
export function decodeError(status: number, headers: Headers, body: Uint8Array): Failure {
  const words = new TextDecoder().decode(body)
  const parsed = parse(words)
  // A stream's error comes as an array of one.
  const root = Array.isArray(parsed) ? (parsed[0] as unknown) : parsed
  const failure = failureFromOpenAiError({ status, headers, body: root, text: words })
  const error = isJson(root) && isJson(root['error']) ? root['error'] : {}
  const meaning = meaningOf(error)
  const retryAt = failure.retryAt ?? retryTime(error, headers)
  return { ...failure, ...meaning, ...(retryAt === undefined ? {} : { retryAt }) }
}

export function meaningOf(error: Json): Pick<Failure, 'kind' | 'scope' | 'retry'> | undefined {
  const message = text(error['message']) ?? ''
  if (reasons(error).includes('API_KEY_INVALID') || /api key (?:not valid|expired)/i.test(message)) {
    return { kind: 'credential_revoked', scope: 'account', retry: 'other' }
  }
  if (/token count .*exceeds the maximum/i.test(message)) {
    return { kind: 'context_too_long', scope: 'request', retry: 'never' }
  }
  const status = text(error['status'])
  return status !== undefined && Object.hasOwn(BY_STATUS, status) ? BY_STATUS[status] : undefined
}

function reasons(error: Json): unknown[] {
  return details(error).map((detail) => detail['reason'])
}

function details(error: Json): Json[] {
  return Array.isArray(error['details']) ? error['details'].filter(isJson) : []
}

/** `RetryInfo.retryDelay` counts from the reply: `34s`. Unix ms. */
function retryTime(error: Json, headers: Headers): number | undefined {
  const sentAt = Date.parse(headers['date'] ?? '')
  const delay = details(error).map((detail) => /^([\d.]+)s$/.exec(text(detail['retryDelay']) ?? '')?.[1])
  const seconds = delay.find((one) => one !== undefined)
  return seconds === undefined || Number.isNaN(sentAt) ? undefined : sentAt + Number(seconds) * 1000
}

function parse(words: string): unknown {
  try {
    return JSON.parse(words) as unknown
  } catch {
    return undefined
  }
}
