import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { safeText, type Failure } from '../failure.js'
import { openAiError } from './openai-errors.js'
import { openaiResponses } from './openai-responses/index.js'

const { decodeError, failureOf } = openaiResponses.call
const { encodeError } = openaiResponses.serve
const bytes = (body: unknown): Uint8Array =>
  new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body))
const DATE = 'Sat, 21 Nov 2026 07:00:00 GMT'
const NOW = Date.parse(DATE)
const error = (fields: object) => ({ error: { message: 'sorry', ...fields } })

describe('what a reply with a bad status means', () => {
  test.each<[string, number, unknown, Partial<Failure>]>([
    ['a wrong field', 400, error({ type: 'invalid_request_error' }), { kind: 'invalid_request', retry: 'never' }],
    [
      'a refused field of the Codex backend',
      400,
      { detail: 'Unsupported parameter: top_p' },
      { kind: 'invalid_request', message: 'Unsupported parameter: top_p' },
    ],
    [
      'details in a list',
      422,
      { detail: [{ msg: 'Extra inputs are not permitted', loc: ['body', 'messages', 1, 'x'] }, { msg: 'no place' }] },
      { kind: 'invalid_request', scope: 'request', message: 'messages.1.x: Extra inputs are not permitted; no place' },
    ],
    ['details below the message', 422, { message: { detail: [{ msg: 'x' }] } }, { message: 'x' }],
    [
      'too long',
      400,
      error({ code: 'context_length_exceeded' }),
      { kind: 'context_too_long', scope: 'request', code: 'context_length_exceeded' },
    ],
    ['too long, in words alone', 400, error({ message: 'maximum context length is 9' }), { kind: 'context_too_long' }],
    [
      'reasoning of another account',
      400,
      error({ code: 'invalid_encrypted_content' }),
      { kind: 'invalid_request', code: 'invalid_encrypted_content' },
    ],
    ['policy', 400, error({ code: 'cyber_policy' }), { kind: 'refused', scope: 'request' }],
    [
      'a login that ended',
      401,
      { detail: { message: 'expired', code: 'token_expired' } },
      { kind: 'credential_expired', scope: 'account', retry: 'same' },
    ],
    [
      'a subscription that ended',
      402,
      { detail: { code: 'deactivated_workspace' } },
      { kind: 'payment_required', scope: 'account', retry: 'other' },
    ],
    ['not allowed', 403, { detail: 'region' }, { kind: 'forbidden', scope: 'account', retry: 'other' }],
    ['banned', 403, error({ code: 'account_deactivated' }), { kind: 'account_suspended', scope: 'account' }],
    ['a page instead of an answer', 403, '<!DOCTYPE html><title>Just a moment</title>', { kind: 'challenged' }],
    ['a blocked path', 404, '', { kind: 'challenged', scope: 'provider' }],
    ['no such model', 404, error({ code: 'model_not_found' }), { kind: 'model_unavailable', scope: 'model' }],
    ['nothing there', 404, error({}), { kind: 'not_found' }],
    ['too large', 413, { detail: 'Request body is too large' }, { kind: 'payload_too_large', scope: 'request' }],
    [
      'used up',
      429,
      error({ type: 'usage_limit_reached', resets_at: 1_800_000_000 }),
      { kind: 'quota_exhausted', scope: 'account', retry: 'other', retryAt: 1_800_000_000_000 },
    ],
    [
      'not in the plan',
      429,
      error({ type: 'usage_not_included' }),
      { kind: 'payment_required', code: 'usage_not_included' },
    ],
    ['no money', 429, error({ code: 'insufficient_quota', type: 'insufficient_quota' }), { kind: 'quota_exhausted' }],
    [
      'too fast',
      429,
      error({ code: 'rate_limit_exceeded', type: 'requests' }),
      { kind: 'rate_limited', scope: 'account', retry: 'other' },
    ],
    ['too fast, without words', 429, '', { kind: 'rate_limited' }],
    ['broken', 500, error({ type: 'server_error' }), { kind: 'overloaded', scope: 'provider', retry: 'other' }],
    ['a proxy without its server', 502, '<html>bad gateway</html>', { kind: 'overloaded' }],
    ['full', 503, error({ code: 'server_is_overloaded' }), { kind: 'overloaded', code: 'server_is_overloaded' }],
    ['slow down', 503, error({ code: 'slow_down' }), { kind: 'overloaded' }],
    ['late', 504, '', { kind: 'timeout', scope: 'provider' }],
    ['elsewhere', 302, '', { kind: 'unreachable' }],
  ])('%s (%i)', (_, status, body, expected) => {
    const failure = decodeError(status, { 'x-request-id': 'req_up' }, bytes(body))
    expect(failure).toMatchObject({ phase: 'sent', ...expected })
    expect(failure.upstream).toMatchObject({ status, requestId: 'req_up' })
    expect(failure.message).not.toBe('')
  })

  test.each<[string, number, unknown, Partial<Failure>]>([
    [
      'DeepSeek',
      400,
      error({ message: 'Model Not Exist', code: 'invalid_request_error' }),
      { kind: 'model_unavailable' },
    ],
    ['DeepSeek', 402, error({ message: 'Insufficient Balance', type: 'unknown_error' }), { kind: 'payment_required' }],
    ['DeepSeek', 400, error({ message: 'Content Exists Risk', code: 'invalid_request_error' }), { kind: 'refused' }],
    ['Groq', 498, error({ message: 'no room', code: 'capacity_exceeded' }), { kind: 'overloaded', retry: 'other' }],
    ['Groq', 400, error({ message: 'x', code: 'model_decommissioned' }), { kind: 'model_unavailable' }],
    ['Groq', 400, error({ message: 'x', code: 'organization_restricted' }), { kind: 'account_suspended' }],
    [
      'Groq',
      429,
      error({ message: 'Rate limit reached … upgrade at /settings/billing', code: 'rate_limit_exceeded' }),
      { kind: 'rate_limited' },
    ],
    [
      'Mistral',
      400,
      { object: 'error', message: 'Invalid model: x', type: 'invalid_model' },
      { kind: 'model_unavailable' },
    ],
    [
      'Mistral',
      400,
      { message: 'Prompt contains 9 tokens, too large for model with 8 maximum context length', code: '3051' },
      { kind: 'context_too_long', code: '3051' },
    ],
    [
      'Mistral',
      429,
      { message: 'full', type: 'service_tier_capacity_exceeded', code: '3505' },
      { kind: 'rate_limited' },
    ],
    [
      'xAI',
      400,
      { code: 'Client specified an invalid argument', error: 'Incorrect API key provided: xa***.' },
      { kind: 'credential_revoked', scope: 'account', retry: 'other' },
    ],
    [
      'xAI',
      403,
      { code: 'The caller does not have permission', error: "Your team doesn't have any credits or licenses yet." },
      { kind: 'payment_required', scope: 'account' },
    ],
    [
      'xAI',
      404,
      { error: 'The model x does not exist or your team does not have access to it.' },
      { kind: 'model_unavailable' },
    ],
    [
      'xAI',
      400,
      { error: "This model's maximum prompt length is 131072 but the request contains 140042 tokens." },
      { kind: 'context_too_long' },
    ],
    ['Moonshot', 429, error({ type: 'engine_overloaded_error' }), { kind: 'overloaded', scope: 'provider' }],
    ['Moonshot', 429, error({ type: 'exceeded_current_quota_error' }), { kind: 'payment_required' }],
    [
      'Moonshot',
      404,
      error({ message: 'Not found the model x or Permission denied', type: 'resource_not_found_error' }),
      { kind: 'model_unavailable', scope: 'model', retry: 'other' },
    ],
    [
      'Moonshot',
      400,
      error({
        message: 'Invalid request: Your request exceeded model token limit: 8192',
        type: 'invalid_request_error',
      }),
      { kind: 'context_too_long' },
    ],
    ['Qwen', 400, error({ message: 'x', type: 'Arrearage', code: 'Arrearage' }), { kind: 'payment_required' }],
    ['Qwen', 400, error({ message: 'x', code: 'data_inspection_failed' }), { kind: 'refused' }],
    [
      'Qwen',
      400,
      error({ message: 'Range of input length should be [1, 129024]', code: 'invalid_parameter_error' }),
      { kind: 'context_too_long' },
    ],
    ['OpenAI', 403, error({ message: 'no access', code: 'model_not_found' }), { kind: 'model_unavailable' }],
    ['OpenAI', 403, error({ message: 'no scope', code: 'missing_scope' }), { kind: 'forbidden', scope: 'account' }],
    [
      'OpenAI',
      429,
      error({ message: 'x', type: 'billing_not_active', code: 'billing_not_active' }),
      { kind: 'payment_required' },
    ],
    ['OpenRouter', 400, error({ message: 'a/b is not a valid model ID', code: 400 }), { kind: 'model_unavailable' }],
    ['OpenRouter', 404, error({ message: 'No endpoints found for a/b.', code: 404 }), { kind: 'model_unavailable' }],
    [
      'OpenRouter',
      404,
      error({ message: 'No endpoints found that support tool use.', code: 404 }),
      { kind: 'not_found', scope: 'request' },
    ],
    [
      'OpenRouter',
      403,
      error({ message: 'Key limit exceeded (total limit).', code: 403 }),
      { kind: 'quota_exhausted' },
    ],
    [
      'OpenRouter',
      403,
      error({ message: 'Your input was flagged for "x".', code: 403 }),
      { kind: 'refused', scope: 'request' },
    ],
    [
      'OpenRouter',
      400,
      error({
        message: 'Provider returned error',
        metadata: { provider_name: 'A', raw: JSON.stringify(error({ code: 'context_length_exceeded' })) },
      }),
      { kind: 'context_too_long', message: 'Provider returned error (A: sorry)' },
    ],
    [
      'OpenRouter',
      502,
      error({ message: 'Provider returned error', metadata: { raw: 'upstream connect error' } }),
      { kind: 'overloaded', message: 'Provider returned error (upstream connect error)' },
    ],
    [
      'Ollama',
      404,
      error({ message: 'model "x" not found, try pulling it first', type: 'api_error' }),
      { kind: 'model_unavailable' },
    ],
  ])('in the words of %s (%i) %#', (_, status, body, expected) => {
    expect(decodeError(status, {}, bytes(body))).toMatchObject(expected)
  })

  test('a challenge is told by its header, whatever the status', () => {
    expect(decodeError(503, { 'cf-mitigated': 'challenge' }, bytes('x'))).toMatchObject({ kind: 'challenged' })
  })

  test('an error may stand in a header', () => {
    const header = btoa(JSON.stringify(error({ code: 'token_invalidated', message: 'signed out' })))
    expect(decodeError(401, { 'x-error-json': header }, bytes(''))).toMatchObject({
      kind: 'credential_expired',
      message: 'signed out',
      code: 'token_invalidated',
    })
    expect(decodeError(401, { 'x-error-json': '%%%' }, bytes(''))).toMatchObject({ kind: 'credential_expired' })
  })

  test.each<[string, object, Record<string, string>, number | undefined]>([
    ['its own time', { resets_at: 1_800_000_000, resets_in_seconds: 5 }, { date: DATE }, 1_800_000_000_000],
    ['seconds, with the date of the reply', { resets_in_seconds: 90 }, { date: DATE }, NOW + 90_000],
    ['seconds without a date', { resets_in_seconds: 90 }, {}, undefined],
    ['retry-after in seconds', {}, { date: DATE, 'retry-after': '7' }, NOW + 7_000],
    ['retry-after as a date', {}, { 'retry-after': DATE }, NOW],
    ['retry-after in ms', {}, { date: DATE, 'retry-after-ms': '250', 'retry-after': '1' }, NOW + 250],
    ['words', { message: 'Please try again in 1.5s.' }, { date: DATE }, NOW + 1_500],
    ['words of ms', { message: 'Please try again in 250ms.' }, { date: DATE }, NOW + 250],
    ['words of hours', { message: 'Please try again in 1h2m3.5s. Bye' }, { date: DATE }, NOW + 3_723_500],
    ['words in full', { message: 'please try again after 2 minutes 5 seconds' }, { date: DATE }, NOW + 125_000],
    ['OpenRouter in ms', {}, { 'x-ratelimit-reset': '1800000000123' }, 1_800_000_000_123],
    ['others in seconds', {}, { 'x-ratelimit-reset': '1800000000' }, 1_800_000_000_000],
    ['a span is no time', {}, { 'x-ratelimit-reset': '60' }, undefined],
    [
      'the window that is used up',
      {},
      {
        'x-codex-primary-used-percent': '100',
        'x-codex-primary-reset-at': '1800000000',
        'x-codex-secondary-used-percent': '12',
        'x-codex-secondary-reset-at': '1900000000',
      },
      1_800_000_000_000,
    ],
    [
      'the later of two windows',
      {},
      {
        'x-codex-primary-used-percent': '100',
        'x-codex-primary-reset-at': '1800000000',
        'x-codex-secondary-used-percent': '100.5',
        'x-codex-secondary-reset-at': '1900000000',
      },
      1_900_000_000_000,
    ],
    [
      'no window that is used up',
      {},
      { 'x-codex-primary-used-percent': '99', 'x-codex-primary-reset-at': '1800000000' },
      undefined,
    ],
    ['a time beyond all calendars', { resets_at: 1e300 }, {}, undefined],
    ['a time before all', { resets_at: -1 }, {}, undefined],
  ])('when to come back: %s', (_, fields, headers, at) => {
    const failure = decodeError(429, headers, bytes(error({ type: 'usage_limit_reached', ...fields })))
    expect(failure.retryAt).toBe(at)
    expect(() => openAiError(failure)).not.toThrow()
  })

  test('it never shows credentials or control characters, however long', () => {
    const secrets = ['eyJhbGciOiJub25lIn0.eyJzdWIiOiJtZSJ9.c2ln', 'sk-proj-0123456789abcdef', 'rt_0123456789abcdef']
    const said = `Bearer ${secrets[0]} and ${secrets.join(' and ')}\u0007\u202e${'x'.repeat(5_000)}`
    for (const failure of [
      decodeError(400, {}, bytes(error({ message: said }))),
      failureOf({ type: 'error', message: said }),
    ]) {
      expect(failure?.message.length).toBeLessThan(2_100)
      expect(failure?.message).toBe(safeText(failure?.message ?? ''))
      for (const secret of secrets) expect(failure?.message).not.toContain(secret)
    }
  })

  test('no body makes it stumble', () => {
    fc.assert(
      fc.property(fc.integer({ min: 300, max: 599 }), fc.oneof(fc.jsonValue(), fc.string()), (status, body) => {
        const failure = decodeError(status, {}, bytes(body))
        const told = encodeError(failure)
        expect(told.status).toBeGreaterThanOrEqual(400)
        expect(failure.message).not.toBe('')
      }),
    )
  })
})

describe('what a failed stream means', () => {
  const failed = (fields: object) => ({
    type: 'response.failed' as const,
    response: { id: 'r', output: [], error: { message: 'sorry', ...fields } },
  })
  test.each([
    [failed({ code: 'context_length_exceeded' }), 'context_too_long'],
    [failed({ code: 'insufficient_quota' }), 'quota_exhausted'],
    [failed({ type: 'usage_limit_reached', resets_at: 1_800_000_000 }), 'quota_exhausted'],
    [failed({ code: 'usage_not_included' }), 'payment_required'],
    [failed({ code: 'rate_limit_exceeded' }), 'rate_limited'],
    [failed({ code: 'server_is_overloaded' }), 'overloaded'],
    [failed({ code: 'model_not_found' }), 'model_unavailable'],
    [failed({ code: 'invalid_prompt' }), 'refused'],
    [failed({ code: 'constructor' }), 'overloaded'],
    [failed({}), 'overloaded'],
    [{ type: 'response.failed', response: { id: 'r', output: [] } }, 'overloaded'],
    [{ type: 'error', code: 'server_error', message: 'm' }, 'overloaded'],
    [{ type: 'error', message: 'm', status: 401 }, 'credential_expired'],
    [
      { type: 'error', message: 'm', status: 429, errorType: 'usage_limit_reached', resetsAt: 1_800_000_000 },
      'quota_exhausted',
    ],
  ] as const)('%j is %s', (event, kind) => {
    const failure = failureOf(event as Parameters<typeof failureOf>[0])
    expect(failure).toMatchObject({ kind, phase: 'sent' })
    expect(failure?.message).not.toBe('')
    if (kind === 'quota_exhausted' && JSON.stringify(event).includes('1800000000')) {
      expect(failure?.retryAt).toBe(1_800_000_000_000)
    }
  })

  test('other events are no failures', () => {
    expect(failureOf({ type: 'response.completed', response: { id: 'r', output: [] } })).toBe(undefined)
    expect(failureOf({ type: 'response.incomplete', response: { id: 'r', output: [] } })).toBe(undefined)
  })
})

describe('what a client is told', () => {
  const failure = (fields: Partial<Failure>): Failure => ({
    kind: 'internal',
    scope: 'provider',
    phase: 'sent',
    retry: 'never',
    message: 'sorry',
    ...fields,
  })
  test.each<[Partial<Failure>, number, object]>([
    [
      { kind: 'invalid_request', pointer: '/input/3/content/0/text' },
      400,
      { type: 'invalid_request_error', param: 'input[3].content[0].text', code: null },
    ],
    [{ kind: 'unauthenticated' }, 401, { type: 'authentication_error' }],
    [{ kind: 'payment_required' }, 402, { code: 'insufficient_quota' }],
    [{ kind: 'payment_required', code: 'usage_not_included' }, 429, { type: 'usage_not_included' }],
    [{ kind: 'forbidden' }, 403, { type: 'permission_error' }],
    [{ kind: 'model_unavailable' }, 404, { code: 'model_not_found' }],
    [{ kind: 'context_too_long' }, 400, { code: 'context_length_exceeded' }],
    [{ kind: 'payload_too_large' }, 413, { code: 'request_too_large' }],
    [
      { kind: 'quota_exhausted', retryAt: 1_800_000_000_500 },
      429,
      { type: 'usage_limit_reached', resets_at: 1_800_000_001, message: 'sorry (again at 2027-01-15T08:00:00.500Z)' },
    ],
    [{ kind: 'rate_limited' }, 429, { type: 'rate_limit_error', code: 'rate_limit_exceeded' }],
    [{ kind: 'overloaded' }, 503, { code: 'server_is_overloaded' }],
    [{ kind: 'challenged' }, 503, {}],
    [{ kind: 'unreachable' }, 502, {}],
    [{ kind: 'stream_cut' }, 502, {}],
    [{ kind: 'timeout' }, 504, {}],
    [{ kind: 'cancelled' }, 499, {}],
    [{ kind: 'internal' }, 500, { type: 'server_error' }],
  ])('%j: %i', (fields, status, expected) => {
    const told = encodeError(failure(fields))
    expect(told.status).toBe(status)
    expect(told.body).toMatchObject({ error: { message: expect.stringContaining('sorry') as string, ...expected } })
  })
})
