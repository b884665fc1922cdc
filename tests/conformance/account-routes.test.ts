import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openHouse, type House } from '../house.js'

let house: House
let [ann, bob] = ['', '']
beforeEach(async () => {
  // Nobody reads usage but who is asked to.
  house = await openHouse({ accounts: 2, config: { quota: { refresh_minutes: 0 } } })
  ;[ann = '', bob = ''] = house.gateway.accounts.list().map(({ id }) => id)
})
afterEach(() => house.close())

interface Answer {
  status: number
  headers: Headers
  // Whatever the route tells; each test says what it expects of it.
  body: Record<string, unknown> & { error: string; code: string; pointer?: string }
}

async function ask(method: string, path: string, body?: unknown): Promise<Answer> {
  const answer = await fetch(`${house.url}/auth/${path}`, {
    method,
    headers: { authorization: `Bearer ${house.gateway.controlKey}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Answer['body'] }
}
const backendId = (n = 0): string => house.accounts[n]?.accountId ?? ''
const consumed = () => house.simulator.requests.filter(({ path }) => path.endsWith('/consume')).length

describe('accounts, seen', () => {
  test('all, with the fields of the predecessors and ours', async () => {
    await house.gateway.accounts.change(ann, { label: 'work', groups: ['night'], note: 'mine' })
    const { status, body } = await ask('GET', 'accounts')
    expect(status).toBe(200)
    expect(body['accounts']).toMatchObject([
      {
        id: ann,
        email: 'person0@example.com',
        accountId: backendId(),
        userId: expect.stringMatching(/^user-/) as string,
        label: 'work',
        codexFingerprintMode: 'off',
        planType: 'plus',
        status: 'active',
        state: 'active',
        groups: ['night'],
        note: 'mine',
        weight: 1,
        maxConcurrent: null,
        hasCookies: false,
        usage: { request_count: 0, input_tokens: 0, output_tokens: 0, estimated_cost_usd: 0 },
        addedAt: expect.stringMatching(/^\d{4}-.*Z$/) as string,
        expiresAt: expect.stringMatching(/^\d{4}-.*Z$/) as string,
        proxyId: 'global',
        proxyName: 'global',
      },
      { id: bob, label: null },
    ])
    expect((await ask('GET', `accounts/${bob}`)).body).toMatchObject({ account: { id: bob } })
  })

  test('in numbers, by the words of the predecessors', async () => {
    await house.gateway.accounts.setEnabled(bob, false)
    expect((await ask('GET', 'status')).body).toEqual({
      authenticated: true,
      user: { email: 'person0@example.com', accountId: backendId(), planType: 'plus' },
      pool: {
        total: 2,
        active: 1,
        disabled: 1,
        expired: 0,
        quota_exhausted: 0,
        rate_limited: 0,
        refreshing: 0,
        banned: 0,
      },
    })
    await ask('POST', 'accounts/batch-delete', { ids: [ann, bob] })
    expect((await ask('GET', 'status')).body).toMatchObject({ authenticated: false, user: null, pool: { total: 0 } })
  })

  test('with what it has used', async () => {
    await house.gateway.accounts.setEnabled(bob, false)
    await house.openai.responses.create({ model: 'gpt-5.5', input: 'hello' })
    const used = async (): Promise<unknown> => {
      const { account } = (await ask('GET', `accounts/${ann}`)).body as unknown as { account: { usage: object } }
      return account.usage
    }
    await expect.poll(used).toMatchObject({ request_count: 1, output_tokens: expect.any(Number) as number })
    const reset = await ask('POST', `accounts/${ann}/reset-usage`)
    expect(reset.body).toMatchObject({ success: true, account: { usage: { request_count: 0, output_tokens: 0 } } })
    expect(await used()).toMatchObject({ request_count: 0, input_tokens: 0 })
  })
})

describe('accounts, changed', () => {
  test('one: what its owner says of it', async () => {
    expect((await ask('PATCH', `accounts/${ann}/label`, { label: ' work ' })).body).toMatchObject({
      success: true,
      account: { label: 'work' },
    })
    expect((await ask('PATCH', `accounts/${ann}/label`, { label: null })).body).toMatchObject({
      account: { label: null },
    })
    const all = { note: 'n', groups: ['a', 'b'], weight: 0.5, maxConcurrent: 3, converge: true }
    expect((await ask('PATCH', `accounts/${ann}`, all)).body).toMatchObject({
      account: { note: 'n', groups: ['a', 'b'], weight: 0.5, maxConcurrent: 3, codexFingerprintMode: 'session' },
    })
    expect((await ask('PATCH', `accounts/${ann}/codex-fingerprint`, { mode: 'off' })).body).toMatchObject({
      account: { codexFingerprintMode: 'off' },
    })
  })

  test('many: switched, removed, and told who was not there', async () => {
    expect((await ask('POST', 'accounts/batch-status', { ids: [ann, 'acc_gone'], status: 'disabled' })).body).toEqual({
      updated: 1,
      notFound: ['acc_gone'],
    })
    expect(house.gateway.accounts.get(ann)?.status).toBe('disabled')
    await ask('POST', 'accounts/batch-status', { ids: [ann], status: 'active' })
    expect(house.gateway.accounts.get(ann)?.status).toBe('active')
    expect((await ask('POST', 'accounts/batch-delete', { ids: [bob, bob, 'acc_gone'] })).body).toEqual({
      deleted: 1,
      notFound: ['acc_gone'],
    })
    expect((await ask('DELETE', `accounts/${ann}`)).body).toEqual({ success: true })
    expect(house.gateway.accounts.list()).toEqual([])
  })

  test('renewed, or told why not', async () => {
    expect((await ask('POST', `accounts/${ann}/refresh`)).body).toMatchObject({ success: true, account: { id: ann } })
    house.simulator.endRefresh(backendId(), 'expired')
    const { status, body } = await ask('POST', `accounts/${ann}/refresh`)
    expect(status).toBe(502)
    expect(body).toMatchObject({ code: 'refresh_failed', error: expect.any(String) as string })
  })

  test('checked, at the login server alone', async () => {
    house.simulator.endRefresh(backendId(1), 'expired')
    await house.gateway.accounts.setEnabled(ann, false)
    const { body } = await ask('POST', 'accounts/health-check', { stagger_ms: 500, concurrency: 2 })
    expect(body).toMatchObject({
      summary: { total: 2, alive: 0, dead: 1, skipped: 1 },
      results: [
        { id: ann, email: 'person0@example.com', previousStatus: 'disabled', result: 'skipped' },
        { id: bob, result: 'dead', error: expect.any(String) as string },
      ],
    })
    const { body: one } = await ask('POST', 'accounts/health-check', { ids: ['acc_gone'] })
    expect(one).toMatchObject({ summary: { total: 1, skipped: 1 } })
  })

  test('cookies: set by a text or an object, shown by name, sent, and taken away', async () => {
    const path = `accounts/${ann}/cookies`
    expect((await ask('POST', path, { cookies: 'cf_clearance=one; other=2' })).body).toEqual({
      success: true,
      cookies: ['cf_clearance', 'other'],
    })
    await house.gateway.accounts.setEnabled(bob, false)
    await expect
      .poll(async () => {
        await ask('GET', `accounts/${ann}/quota`)
        return house.simulator.requests.findLast(({ path }) => path.endsWith('/usage'))?.headers['cookie']
      })
      .toBe('cf_clearance=one; other=2')
    expect((await ask('POST', path, { cookies: { mine: '3' } })).body).toMatchObject({ cookies: ['mine'] })
    expect((await ask('GET', path)).body).toEqual({ success: true, cookies: ['mine'] })
    expect((await ask('DELETE', path)).body).toEqual({ success: true, cookies: [] })
  })
})

describe('quota', () => {
  const at = Math.floor(Date.now() / 1000) + 3600
  const usedUp = { primary: { usedPercent: 100, windowMinutes: 300, resetAt: at }, limitReached: true }

  test('is read now, in the form of the predecessors and as it came', async () => {
    const { status, body } = await ask('GET', `accounts/${ann}/quota`)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      quota: {
        rate_limit: { used_percent: 12, remaining_percent: 88, limit_reached: false, limit_window_seconds: 18_000 },
        secondary_rate_limit: { used_percent: 5, limit_window_seconds: 604_800 },
        code_review_rate_limit: null,
        windows: [
          { limit: 'codex', slot: 'primary', source: 'usage' },
          { limit: 'codex', slot: 'secondary' },
        ],
      },
      raw: { plan_type: 'plus', rate_limit: { primary_window: { used_percent: 12 } } },
    })
    expect((await ask('GET', `accounts/${ann}`)).body).toMatchObject({
      account: { quota: { rate_limit: { used_percent: 12 } }, quotaVerifyRequired: false },
    })
  })

  test('of one that is switched off is not read; behind a bot check it says what helps', async () => {
    await house.gateway.accounts.setEnabled(bob, false)
    const off = await ask('GET', `accounts/${bob}/quota`)
    expect(off).toMatchObject({ status: 409, body: { code: 'account_not_active' } })
    expect(off.body.error).toContain('enable it')
    house.simulator.script({ at: 'usage', fault: { type: 'status', name: 'challenge' } })
    const challenged = await ask('GET', `accounts/${ann}/quota`)
    expect(challenged).toMatchObject({ status: 502, body: { code: 'challenged' } })
    expect(challenged.body.error).toMatch(/another way out|cookies/)
    expect(house.gateway.accounts.get(ann)?.status).toBe('active')
  })

  test('is back when its owner says so: the next request tries', async () => {
    await house.gateway.accounts.setEnabled(bob, false)
    house.simulator.setQuota(backendId(), usedUp)
    await ask('GET', `accounts/${ann}/quota`)
    expect((await ask('GET', `accounts/${ann}`)).body).toMatchObject({
      account: { status: 'quota_exhausted', state: 'exhausted', until: new Date(at * 1000).toISOString() },
    })
    const refused = await house.post('/v1/responses', { model: 'gpt-5.5', input: 'hello' })
    expect(refused.status).toBe(429)
    await refused.text()
    house.simulator.setQuota(backendId(), {
      primary: { usedPercent: 1, windowMinutes: 300, resetAt: at },
      limitReached: false,
    })
    expect((await ask('POST', `accounts/${ann}/quota-back`, { limit: 'codex' })).status).toBe(200)
    const { output_text } = await house.openai.responses.create({ model: 'gpt-5.5', input: 'hello' })
    expect(output_text).not.toBe('')
    expect(house.gateway.accounts.get(ann)?.status).toBe('active')
  })

  test('reset credits: listed, spent once in 30 seconds, and the account serves again', async () => {
    await house.gateway.accounts.setEnabled(bob, false)
    house.simulator.setLimits(backendId(), { primary: { windowMinutes: 300, capacityTokens: 10 } })
    await house.openai.responses.create({ model: 'gpt-5.5', input: 'hello' })
    await ask('GET', `accounts/${ann}/quota`)
    expect(house.gateway.accounts.get(ann)?.status).toBe('exhausted')
    house.simulator.grantResetCredits(backendId())
    const path = `accounts/${ann}/reset-credits`
    expect((await ask('GET', path)).body).toMatchObject({ available_count: 1, credits: [{ status: 'available' }] })
    const spent = await ask('POST', `${path}/consume`, { redeem_request_id: '6f1c1f5e-6a3a-4c3e-9d4e-0f6b8b6f2a11' })
    expect(spent).toMatchObject({
      status: 200,
      body: { success: true, outcome: 'reset', quota: { rate_limit: { used_percent: 0, limit_reached: false } } },
    })
    const again = await ask('POST', `${path}/consume`)
    expect(again).toMatchObject({ status: 429, body: { code: 'too_soon' } })
    expect(Number(again.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(consumed()).toBe(1)
    expect((await house.openai.responses.create({ model: 'gpt-5.5', input: 'hello' })).output_text).not.toBe('')
  })

  test('without a credit nothing is spent, and that is told', async () => {
    expect((await ask('POST', `accounts/${ann}/reset-credits/consume`)).body).toMatchObject({
      success: false,
      outcome: 'no_credit',
    })
    house.simulator.setUnreachable('all', 'reset')
    expect(await ask('GET', `accounts/${ann}/reset-credits`)).toMatchObject({ status: 502 })
  })
})

describe('what cannot be', () => {
  test.each<[string, string, unknown, number, RegExp]>([
    ['GET', 'accounts/acc_gone', undefined, 404, /there is no account "acc_gone"/],
    ['GET', 'accounts/a/b', undefined, 404, /nothing at this path/],
    ['DELETE', 'accounts/acc_gone', undefined, 404, /no account/],
    ['POST', 'accounts/acc_gone/quota-back', undefined, 404, /no account/],
    ['GET', 'accounts/acc_gone/cookies', undefined, 404, /no account/],
    ['PATCH', 'accounts/ANN', {}, 400, /say what is to change: label, note, groups/],
    ['PATCH', 'accounts/ANN', { weight: 'x' }, 400, /a weight is a number .*at \/weight/],
    ['PATCH', 'accounts/ANN', [], 400, /a JSON object/],
    ['PATCH', 'accounts/ANN', '{', 400, /not valid JSON/],
    ['PATCH', 'accounts/ANN/label', {}, 400, /null for none/],
    ['PATCH', 'accounts/ANN/label', { label: 'x'.repeat(65) }, 400, /at most 64/],
    ['PATCH', 'accounts/ANN/codex-fingerprint', { mode: 'on' }, 400, /mode is "off"/],
    ['POST', 'accounts/ANN/quota-back', { limit: 7 }, 400, /id of one limit/],
    ['POST', 'accounts/ANN/reset-credits/consume', { redeem_request_id: 'x' }, 400, /is a UUID/],
    ['POST', 'accounts/ANN/cookies', { cookies: 'hunter2' }, 400, /has no "="/],
    ['POST', 'accounts/ANN/cookies', {}, 400, /an object of names and values/],
    ['POST', 'accounts/batch-delete', { ids: 'all' }, 400, /ids is a list/],
    ['POST', 'accounts/batch-delete', {}, 400, /ids is a list/],
    ['POST', 'accounts/batch-status', { ids: [], status: 'off' }, 400, /"active" or "disabled"/],
    ['POST', 'accounts/health-check', { stagger_ms: 1 }, 400, /stagger_ms is a number from 500 to 30000/],
    ['POST', 'accounts/health-check', { concurrency: 11 }, 400, /concurrency is a number from 1 to 10/],
  ])('%s %s %j', async (method, path, body, status, why) => {
    const before = house.gateway.accounts.list()
    const answer = await ask(method, path.replace('ANN', ann), body)
    expect(answer.status).toBe(status)
    expect(answer.body.error).toMatch(why)
    expect(answer.body.error).not.toContain('hunter2')
    expect(house.gateway.accounts.list()).toEqual(before)
  })
})
