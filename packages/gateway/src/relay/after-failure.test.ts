import type { Failure } from '@dragoman/protocol'
import { describe, expect, test } from 'vitest'
import { afterFailure, type Situation } from './after-failure.js'

const failure = (kind: Failure['kind'], more: Partial<Failure> = {}): Failure => ({
  kind,
  scope: 'account',
  phase: 'sent',
  retry: 'other',
  message: 'x',
  ...more,
})
const fresh: Omit<Situation, 'failure'> = {
  committed: false,
  attempts: 1,
  maxAttempts: 3,
  askedAgain: false,
  mended: false,
  withoutReasoning: false,
  effortStands: true,
  budget: true,
}

describe('what follows a failed attempt', () => {
  test.each<[string, Failure, Partial<Situation>, string]>([
    ['quota gone: the next account', failure('quota_exhausted'), {}, 'next'],
    ['rate limited: the next account', failure('rate_limited'), {}, 'next'],
    ['overloaded: the next account', failure('overloaded', { scope: 'provider' }), {}, 'next'],
    ['a refused token: refresh it', failure('credential_expired', { retry: 'same' }), {}, 'mend'],
    ['refused again after a refresh: the next account', failure('credential_expired'), { mended: true }, 'next'],
    ['a dead pooled socket: once more', failure('unreachable', { scope: 'provider', retry: 'same' }), {}, 'again'],
    [
      'dead twice: the next',
      failure('unreachable', { scope: 'provider', retry: 'same' }),
      { askedAgain: true },
      'next',
    ],
    ['a way that is shut: the next', failure('unreachable', { scope: 'proxy', retry: 'other' }), {}, 'next'],
    ['cut before output: once more', failure('stream_cut', { scope: 'provider', retry: 'same' }), {}, 'again'],
    ['cut after output: the client is told', failure('stream_cut'), { committed: true }, 'stop'],
    ["the client's own mistake", failure('invalid_request', { scope: 'request', retry: 'never' }), {}, 'stop'],
    [
      'reasoning of another account: without it',
      failure('invalid_request', { scope: 'request', retry: 'never', code: 'invalid_encrypted_content' }),
      {},
      'without-reasoning',
    ],
    [
      'an effort that the model does not take: another one',
      failure('invalid_request', {
        scope: 'request',
        retry: 'never',
        upstream: { status: 400, param: 'reasoning.effort' },
      }),
      {},
      'other-effort',
    ],
    [
      'the other effort is refused too',
      failure('invalid_request', {
        scope: 'request',
        retry: 'never',
        upstream: { status: 400, param: 'reasoning.effort' },
      }),
      { effortStands: false },
      'stop',
    ],
    [
      'still undecryptable without reasoning',
      failure('invalid_request', { scope: 'request', retry: 'never', code: 'invalid_encrypted_content' }),
      { withoutReasoning: true },
      'stop',
    ],
    ['enough attempts', failure('rate_limited'), { attempts: 3 }, 'stop'],
    ['one more that is used up, however many were', failure('quota_exhausted'), { attempts: 9, budget: false }, 'next'],
    ['used up without end', failure('quota_exhausted'), { attempts: 10 }, 'stop'],
    ['no budget left', failure('overloaded'), { budget: false }, 'stop'],
    ['the client left', failure('cancelled', { retry: 'other' }), {}, 'stop'],
  ])('%s', (_, happened, situation, expected) => {
    expect(afterFailure({ ...fresh, ...situation, failure: happened })).toBe(expected)
  })
})
