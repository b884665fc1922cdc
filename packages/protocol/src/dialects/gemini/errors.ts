import type { EncodedError } from '../../dialect.js'
import { safeText, type Failure, type FailureKind } from '../../failure.js'
import type { Json } from '../json.js'

/** Google's names of what went wrong. Source: google.rpc.Code and its HTTP mapping. */
const BY_KIND: Readonly<Record<FailureKind, readonly [code: number, status: string]>> = {
  invalid_request: [400, 'INVALID_ARGUMENT'],
  unauthenticated: [401, 'UNAUTHENTICATED'],
  forbidden: [403, 'PERMISSION_DENIED'],
  not_found: [404, 'NOT_FOUND'],
  payload_too_large: [413, 'INVALID_ARGUMENT'],
  context_too_long: [400, 'INVALID_ARGUMENT'],
  refused: [400, 'INVALID_ARGUMENT'],
  quota_exhausted: [429, 'RESOURCE_EXHAUSTED'],
  rate_limited: [429, 'RESOURCE_EXHAUSTED'],
  payment_required: [402, 'FAILED_PRECONDITION'],
  credential_expired: [401, 'UNAUTHENTICATED'],
  credential_revoked: [401, 'UNAUTHENTICATED'],
  account_suspended: [403, 'PERMISSION_DENIED'],
  challenged: [503, 'UNAVAILABLE'],
  model_unavailable: [404, 'NOT_FOUND'],
  overloaded: [503, 'UNAVAILABLE'],
  unreachable: [502, 'UNAVAILABLE'],
  stream_cut: [502, 'UNAVAILABLE'],
  timeout: [504, 'DEADLINE_EXCEEDED'],
  cancelled: [499, 'CANCELLED'],
  internal: [500, 'INTERNAL'],
}

/** An error as Google's APIs write it. */
export interface GeminiError {
  code: number
  message: string
  status: string
  details?: Json[]
}

/**
 * A failure in Gemini's shape. A place is told in words and as a `BadRequest` detail, the time of a retry in words and, where somebody knows
 * the time, as a `RetryInfo`, which counts from now.
 * @param now unix ms
 */
export function geminiError(failure: Failure, now?: number): GeminiError {
  const [code, status] = BY_KIND[failure.kind]
  const details: Json[] = []
  const place = failure.pointer === undefined || failure.pointer === '' ? undefined : placeOf(failure.pointer)
  const bare = withoutPointer(failure)
  if (place !== undefined) {
    details.push({ '@type': detail('BadRequest'), fieldViolations: [{ field: place, description: bare }] })
  }
  if (failure.code !== undefined) {
    details.push({ '@type': detail('ErrorInfo'), reason: failure.code, domain: 'dragoman' })
  }
  const { retryAt } = failure
  if (retryAt !== undefined && now !== undefined) {
    details.push({ '@type': detail('RetryInfo'), retryDelay: `${Math.max(0, retryAt - now) / 1000}s` })
  }
  const at = retryAt === undefined ? undefined : new Date(retryAt).toISOString()
  const message = at === undefined || bare.includes(at) ? bare : `${bare} (again at ${at})`
  return {
    code,
    message: safeText(place === undefined || message.startsWith(`${place}:`) ? message : `${place}: ${message}`),
    status,
    ...(details.length > 0 ? { details } : {}),
  }
}

export function encodeError(failure: Failure, _requestId?: string, now?: number): EncodedError {
  const error = geminiError(failure, now)
  return { status: error.code, headers: {}, body: { error } }
}

function detail(name: string): string {
  return `type.googleapis.com/google.rpc.${name}`
}

function withoutPointer({ message, pointer }: Failure): string {
  const tail = ` (at ${pointer ?? ''})`
  return message.endsWith(tail) ? message.slice(0, -tail.length) : message
}

/** Maps whose keys are the client's own words. */
const MAPS: ReadonlySet<string> = new Set(['labels', 'properties', 'args'])

/** `/contents/0/parts/1/inlineData` → `contents[0].parts[1].inline_data`, as Google writes places: in the names of the proto. */
function placeOf(pointer: string): string {
  const steps = pointer
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
  return steps
    .map((step, at) => {
      if (/^\d+$/.test(step)) return `[${step}]`
      const name = MAPS.has(steps[at - 1] ?? '') ? step : snakeCase(step)
      return at === 0 ? name : `.${name}`
    })
    .join('')
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
