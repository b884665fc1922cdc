import { FailureError, type Failure } from '@dragoman/protocol'
import { faults, startSimulator, type Fault, type SimulatedAccount, type Simulator } from '@dragoman/simulator'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Credential } from '../../accounts/index.js'
import { Secret } from '../../telemetry/index.js'
import { createTransport, type Transport } from '../../transport/index.js'
import { createAccountCalls, type AccountCalls } from './account-calls.js'

let simulator: Simulator
let account: SimulatedAccount
let transport: Transport
let recovered: number[]
let baseUrl: string
let calls: AccountCalls

beforeEach(async () => {
  simulator = await startSimulator()
  account = simulator.addAccount({ limits: { primary: { windowMinutes: 300, capacityTokens: 1_000 } } })
  transport = createTransport({
    connectTimeoutMs: 5_000,
    connectionsPerOwner: 10,
    allowedPrivateHosts: () => ['127.0.0.1'],
  })
  recovered = []
  baseUrl = simulator.backendUrl
  calls = open(account.accessToken)
})
afterEach(async () => {
  await transport.close()
  await simulator.close()
})

/** The calls of one account, whose tokens are these. */
function open(accessToken: string, renewed = account.accessToken): AccountCalls {
  const credential = (token: string, generation: number): Credential => ({
    accountId: 'acc_1',
    accessToken: new Secret(token),
    chatgptAccountId: account.accountId,
    fedramp: false,
    generation,
  })
  return createAccountCalls({
    accounts: {
      credential: async () => credential(accessToken, 1),
      async recover(_, generation) {
        recovered.push(generation)
        return credential(renewed, generation + 1)
      },
    },
    request: transport.request,
    cookies: { header: (owner) => `cf_clearance=of-${owner}` },
    settings: () => ({
      baseUrl,
      profile: { profile: 'dragoman', version: '1', originator: '', user_agent: '', dragomanVersion: '1' },
    }),
  })
}

async function failureOf(call: Promise<unknown>): Promise<Failure> {
  const error = await call.then(
    () => undefined,
    (problem: unknown) => problem,
  )
  if (!(error instanceof FailureError)) throw new Error('expected a FailureError', { cause: error })
  return error.failure
}
const paths = () => simulator.requests.map(({ path }) => path.replace('/backend-api', ''))
const at = (path: string, fault: Fault, times = Infinity) =>
  simulator.script({ at: 'any', when: (request) => request.path.endsWith(path), fault, times })
const reply = (status: number, body: string | object): Fault => ({ type: 'reply', status, body })

describe('the usage', () => {
  test('comes as it was told, asked as the account', async () => {
    expect(await calls.fetchUsage('acc_1')).toMatchObject({
      plan_type: 'plus',
      rate_limit: { primary_window: { used_percent: 0, limit_window_seconds: 18_000 } },
    })
    expect(simulator.requests).toMatchObject([
      {
        method: 'GET',
        path: '/backend-api/wham/usage',
        accountId: account.accountId,
        headers: { 'chatgpt-account-id': account.accountId, cookie: 'cf_clearance=of-acc_1' },
      },
    ])
  })

  test.each<[string, Fault]>([
    ['a block of the path', faults.notFound404Empty],
    ['trouble at the backend', faults.error500],
    ['a challenge', faults.challenge403Html],
    ['a web page', reply(200, '<!doctype html><title>Welcome</title>')],
    ['no JSON', reply(200, 'usage: much')],
    ['a JSON that is no report', reply(200, { detail: 'soon' })],
    ['a list', reply(200, '[]')],
    ['too much', reply(200, `{"plan_type":"${'x'.repeat(300_000)}"}`)],
  ])('is read elsewhere after %s', async (_, fault) => {
    at('/wham/usage', fault)
    expect(await calls.fetchUsage('acc_1')).toMatchObject({ plan_type: 'plus' })
    expect(paths()).toEqual(['/wham/usage', '/codex/usage'])
    expect(recovered).toEqual([])
  })

  test.each<[string, Fault, Partial<Failure>]>([
    ['a challenge', faults.challenge403Html, { kind: 'challenged', scope: 'account' }],
    ['a web page', reply(200, '<!doctype html><title>Welcome</title>'), { kind: 'challenged', scope: 'provider' }],
    ['trouble', faults.error500, { kind: 'overloaded', scope: 'provider' }],
    ['what is the fault of a request', reply(400, { detail: 'no' }), { kind: 'invalid_request', scope: 'provider' }],
    ['no JSON', reply(200, 'usage'), { kind: 'internal', scope: 'provider' }],
  ])('that is nowhere fails as it first did: %s', async (_, fault, expected) => {
    at('/wham/usage', fault, 1)
    at('/codex/usage', faults.overloaded503)
    const failure = await failureOf(calls.fetchUsage('acc_1'))
    expect(failure).toMatchObject(expected)
    expect(failure.message).toMatch(/^the usage: /)
    expect(failure.message.includes('another way out')).toBe(expected.kind === 'challenged')
    expect(failure.message).not.toContain('<')
    expect(paths()).toEqual(['/wham/usage', '/codex/usage'])
  })

  test.each<[string, Fault, Partial<Failure>]>([
    ['a closed account', faults.forbidden403, { kind: 'account_suspended', scope: 'account' }],
    ['an unpaid one', faults.paymentRequired402, { kind: 'payment_required', scope: 'account' }],
    ['too many questions', faults.rateLimit429(7), { kind: 'rate_limited', scope: 'account' }],
    ['a connection that broke', faults.connectionReset, { kind: 'stream_cut', scope: 'provider' }],
  ])('is not asked twice for %s', async (_, fault, expected) => {
    at('/usage', fault)
    expect(await failureOf(calls.fetchUsage('acc_1'))).toMatchObject(expected)
    expect(paths()).toEqual(['/wham/usage'])
  })

  test('of nobody who listens is unreachable', async () => {
    baseUrl = 'http://127.0.0.1:1/backend-api'
    expect(await failureOf(calls.fetchUsage('acc_1'))).toMatchObject({ kind: 'unreachable', scope: 'provider' })
  })

  test('ends with whoever wanted it', async () => {
    at('/wham/usage', faults.noAnswer)
    const seen = simulator.nextRequest()
    const leaving = new AbortController()
    const reading = calls.fetchUsage('acc_1', leaving.signal)
    const asked = await seen
    leaving.abort(new Error('gone'))
    await expect(reading).rejects.toThrow('gone')
    expect(await asked.closed).toBe('client-left')
  })
})

describe('tokens that are refused', () => {
  test('are renewed once, and the call is made again', async () => {
    calls = open('old')
    expect(await calls.fetchUsage('acc_1')).toMatchObject({ plan_type: 'plus' })
    expect([recovered, paths()]).toEqual([[1], ['/wham/usage', '/wham/usage']])
  })

  test('again are the end, and blame the account', async () => {
    calls = open('old', 'older')
    expect(await failureOf(calls.fetchUsage('acc_1'))).toMatchObject({ kind: 'credential_expired', scope: 'account' })
    expect([recovered, paths()]).toEqual([[1], ['/wham/usage', '/wham/usage']])
  })
})

describe('resets', () => {
  async function spendQuota(): Promise<void> {
    simulator.script({ times: 1, unchecked: true, scene: [{ type: 'usage', inputTokens: 1_000, outputTokens: 0 }] })
    const answer = await fetch(`${baseUrl}/codex/responses`, {
      method: 'POST',
      headers: { authorization: `Bearer ${account.accessToken}`, 'content-type': 'application/json' },
      body: '{}',
    })
    await answer.text()
  }
  const usedPercent = async () => {
    const { rate_limit: limit } = await calls.fetchUsage('acc_1')
    return (limit as { primary_window: { used_percent: number } }).primary_window.used_percent
  }
  const redeem = (redeemRequestId: string, creditId?: string) =>
    calls.consumeResetCredit('acc_1', { redeemRequestId, ...(creditId === undefined ? {} : { creditId }) })

  test('are listed, spent one at a time, and never twice for one wish', async () => {
    simulator.grantResetCredits(account.accountId, 2)
    const { available, credits } = await calls.listResetCredits('acc_1')
    expect(available).toBe(2)
    expect(credits[0]).toEqual({
      id: expect.any(String) as unknown,
      status: 'available',
      type: 'codex_rate_limits',
      grantedAt: expect.any(Number) as unknown,
      expiresAt: credits[0]!.grantedAt! + 30 * 86_400_000,
    })
    await spendQuota()
    expect(await usedPercent()).toBe(100)
    expect(await redeem('wish-1')).toEqual({ outcome: 'reset', windowsReset: 1 })
    expect(await usedPercent()).toBe(0)
    expect(await redeem('wish-1')).toEqual({ outcome: 'already_redeemed', windowsReset: 0 })
    expect(await redeem('wish-2')).toEqual({ outcome: 'nothing_to_reset', windowsReset: 0 })
    await spendQuota()
    expect(await redeem('wish-3', credits[0]!.id)).toMatchObject({ outcome: 'no_credit' }) // it is the one that was spent
    expect(await redeem('wish-3', credits[1]!.id)).toMatchObject({ outcome: 'reset' })
    expect((await calls.listResetCredits('acc_1')).available).toBe(0)
  })

  test.each([
    [409, { code: 'no_credit' }],
    [400, { error: { code: 'no_credit', message: 'none left' } }],
    [409, { detail: { code: 'no_credit' } }],
  ])('that are gone may be told with status %i and %j', async (status, body) => {
    at('/consume', reply(status, body))
    expect(await redeem('wish-1')).toEqual({ outcome: 'no_credit', windowsReset: 0 })
  })

  test.each<[string, Fault, RegExp]>([
    ['an outcome that nobody knows', reply(200, { code: 'perhaps' }), /does not say what became of it/],
    ['a web page', faults.badGateway502, /^the reset: the upstream answered 502 with a web page/],
    ['no outcome at all', reply(200, ''), /does not say/],
    ['a success that a failing server tells', reply(500, { code: 'reset' }), /^the reset: /],
  ])('are not called spent after %s', async (_, fault, told) => {
    at('/consume', fault)
    const failure = await failureOf(redeem('wish-1'))
    expect(failure).toMatchObject({ scope: 'provider', message: expect.stringMatching(told) as unknown })
  })

  test('are wished for again with the same name after a renewal of the tokens', async () => {
    simulator.grantResetCredits(account.accountId, 1)
    await spendQuota()
    calls = open('old')
    expect(await redeem('wish-1')).toMatchObject({ outcome: 'reset' })
    const wishes = simulator.requests.filter(({ path }) => path.endsWith('/consume')).map(({ body }) => body)
    expect(wishes).toEqual([{ redeem_request_id: 'wish-1' }, { redeem_request_id: 'wish-1' }])
  })

  test.each<[string, object, object]>([
    ['only a number', { available_count: 3 }, { available: 3, credits: [] }],
    [
      'times in seconds, and entries that are none',
      { credits: [{ id: 'c', status: 'available', expires_at: 1_800_000_000 }, 'x', { id: 5 }, null] },
      { available: 1, credits: [{ id: 'c', status: 'available', expiresAt: 1_800_000_000_000 }] },
    ],
  ])('are read from a list that tells %s', async (_, body, expected) => {
    at('/rate-limit-reset-credits', reply(200, body))
    expect(await calls.listResetCredits('acc_1')).toEqual({ ...expected, raw: body })
  })

  test('are not read from what is no list', async () => {
    at('/rate-limit-reset-credits', reply(200, { ok: true }))
    expect(await failureOf(calls.listResetCredits('acc_1'))).toMatchObject({ kind: 'internal', scope: 'provider' })
  })
})
