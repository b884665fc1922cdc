import type { Failure } from '@dragoman/protocol'
import { expect, test } from 'vitest'
import type { FallbackCase } from '../config/index.js'
import type { Provider } from '../providers/index.js'
import type { Routed } from './exchange.js'
import { fallbackCase, nextTarget } from './fallback.js'

const failure = (kind: Failure['kind'], more: Partial<Failure> = {}): Failure => ({
  kind,
  scope: 'account',
  phase: 'sent',
  retry: 'other',
  message: kind,
  ...more,
})
const provider = { id: 'codex' } as Provider
const target = (...when: FallbackCase[]): Routed => ({
  provider,
  model: 'm',
  why: 'test',
  ...(when.length === 0 ? {} : { when }),
})

test.each<[Failure['kind'], Partial<Failure>, FallbackCase | undefined]>([
  ['quota_exhausted', {}, 'quota'],
  ['quota_exhausted', { code: 'conversation_bound' }, undefined],
  ['payment_required', {}, 'quota'],
  ['rate_limited', { scope: 'model' }, 'quota'],
  ['overloaded', { scope: 'provider' }, 'overloaded'],
  ['overloaded', { scope: 'gateway' }, undefined],
  ['context_too_long', { scope: 'request' }, 'context_too_long'],
  ['payload_too_large', { scope: 'request' }, 'context_too_long'],
  ['refused', { scope: 'request' }, 'refused'],
  ['unreachable', { scope: 'proxy' }, 'unavailable'],
  ['stream_cut', { scope: 'provider' }, 'unavailable'],
  ['timeout', { scope: 'provider' }, 'unavailable'],
  ['model_unavailable', { scope: 'model' }, 'unavailable'],
  ['credential_revoked', {}, 'unavailable'],
  ['unauthenticated', {}, 'unavailable'],
  ['unauthenticated', { scope: 'request' }, undefined],
  ['not_found', { scope: 'model' }, 'unavailable'],
  ['internal', { scope: 'provider' }, 'unavailable'],
  ['internal', { scope: 'gateway' }, undefined],
  ['invalid_request', { scope: 'request' }, undefined],
  ['cancelled', { scope: 'request' }, undefined],
])('%s %j is the case %s', (kind, more, expected) => {
  expect(fallbackCase(failure(kind, more))).toBe(expected)
  expect(fallbackCase(failure(kind, { ...more, phase: 'committed' }))).toBeUndefined()
})

test('a step without cases is for quota, overload and outage, not for what the request itself is too large for', () => {
  const chain = [target(), target()]
  expect(nextTarget(chain, 0, failure('quota_exhausted'))).toBe(1)
  expect(nextTarget(chain, 0, failure('overloaded', { scope: 'provider' }))).toBe(1)
  expect(nextTarget(chain, 0, failure('context_too_long'))).toBeUndefined()
})

test('steps that are for something else are left out, and nobody is asked twice', () => {
  const chain = [target(), target('context_too_long'), target('quota'), target('context_too_long')]
  expect(nextTarget(chain, 0, failure('quota_exhausted'))).toBe(2)
  expect(nextTarget(chain, 0, failure('context_too_long'))).toBe(1)
  expect(nextTarget(chain, 1, failure('context_too_long'))).toBe(3)
  expect(nextTarget(chain, 2, failure('quota_exhausted'))).toBeUndefined()
})
