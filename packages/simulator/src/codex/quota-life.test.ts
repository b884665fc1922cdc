import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ask, askCodex, codexHeaders, framesOf } from '../ask.js'
import { startSimulator, type SimulatedAccount, type Simulator, type SimulatorOptions } from '../simulator.js'
import { idOf, openClient } from '../socket/ask-socket.js'
import type { LimitsPlan } from './limits.js'

const MINUTE = 60_000
const T0 = 1_795_000_000_000
const SPARK = 'gpt-5.4-mini'

const plan: LimitsPlan = {
  primary: { windowMinutes: 300, capacityTokens: 10_000 },
  secondary: { windowMinutes: 10_080, capacityTokens: 100_000 },
  codeReview: { primary: { windowMinutes: 10_080, capacityTokens: 2_000 } },
  additional: [
    {
      limitId: 'codex_bengalfox',
      limitName: 'GPT-5.3-Codex-Spark',
      models: [SPARK],
      primary: { windowMinutes: 300, capacityTokens: 500 },
    },
  ],
}

let now: number
let simulator: Simulator
let account: SimulatedAccount
async function open(options: SimulatorOptions = {}, limits: LimitsPlan | undefined = plan): Promise<void> {
  simulator = await startSimulator({ now: () => now, ...options })
  account = simulator.addAccount(limits === undefined ? {} : { limits })
}
beforeEach(() => {
  now = T0
})
afterEach(() => simulator.close())

/** One request that uses so many tokens. */
function use(inputTokens: number, model = 'gpt-5.5', cachedTokens = 0) {
  simulator.script({ times: 1, scene: [{ type: 'usage', inputTokens, cachedTokens, outputTokens: 0 }] })
  return askCodex(simulator, account, { model })
}
async function get(path: string) {
  const { text } = await ask(`${simulator.backendUrl}${path}`, { headers: codexHeaders(account) })
  return JSON.parse(text)
}
const usage = () => get('/wham/usage')
const credits = () => get('/wham/rate-limit-reset-credits')
async function redeem(body: object) {
  const reply = await ask(`${simulator.backendUrl}/wham/rate-limit-reset-credits/consume`, {
    headers: codexHeaders(account),
    body: JSON.stringify(body),
  })
  return { status: reply.status, ...JSON.parse(reply.text) }
}

describe('limits that live', () => {
  test('are used by answers, cached input at a tenth, and told in every form', async () => {
    await open()
    await use(2_000, 'gpt-5.5', 1_000) // 1,000 fresh and 100 for the cached
    const { headers } = await use(100, SPARK)
    expect(headers).toMatchObject({
      'x-codex-active-limit': 'codex_bengalfox',
      'x-codex-plan-type': 'plus',
      'x-codex-primary-used-percent': '11',
      'x-codex-primary-window-minutes': '300',
      'x-codex-primary-reset-at': String(T0 / 1000 + 300 * 60),
      'x-codex-primary-reset-after-seconds': String(300 * 60),
      'x-codex-secondary-used-percent': '1.1',
      'x-codex-bengalfox-limit-name': 'GPT-5.3-Codex-Spark',
      'x-codex-bengalfox-primary-used-percent': '0',
      'x-codex-code-review-primary-used-percent': '0',
    })
    expect(headers).not.toHaveProperty('x-codex-bengalfox-secondary-used-percent')
    now += MINUTE
    expect(await usage()).toMatchObject({
      rate_limit: {
        allowed: true,
        limit_reached: false,
        primary_window: {
          used_percent: 11,
          limit_window_seconds: 18_000,
          reset_after_seconds: 18_000 - 60,
          reset_at: T0 / 1000 + 18_000,
        },
        secondary_window: { used_percent: 1 },
      },
      code_review_rate_limit: { primary_window: { used_percent: 0 }, secondary_window: null },
      additional_rate_limits: [
        {
          limit_name: 'GPT-5.3-Codex-Spark',
          metered_feature: 'codex_bengalfox',
          rate_limit: { limit_reached: false, primary_window: { used_percent: 20 }, secondary_window: null },
        },
      ],
      rate_limit_reached_type: null,
      rate_limit_reset_credits: { available_count: 0 },
    })
    expect(await get('/codex/usage')).toEqual(await usage())
  })

  test('come over a WebSocket in a frame each, with code reviews beside the own one', async () => {
    await open()
    await use(1_000)
    const client = await openClient(simulator, account)
    expect(client.headers).toMatchObject({ 'x-codex-primary-used-percent': '10' })
    const frames = await client.turn()
    const told = frames.filter(({ type }) => type === 'codex.rate_limits')
    expect(told).toMatchObject([
      {
        rate_limits: { allowed: true, primary: { used_percent: 10, window_minutes: 300 } },
        code_review_rate_limits: { allowed: true, primary: { used_percent: 0 } },
      },
      {
        metered_limit_name: 'codex_bengalfox',
        limit_name: 'GPT-5.3-Codex-Spark',
        rate_limits: { primary: { used_percent: 0 }, secondary: null },
      },
    ])
    expect(told[0]).not.toHaveProperty('metered_limit_name')
    const before = (await usage()).rate_limit.primary_window
    const id = idOf(frames)
    client.send({ type: 'response.create', model: 'gpt-5.5', stream: true, store: false, input: [], generate: false })
    expect(idOf([await client.next('response.completed')])).not.toBe(id)
    expect((await usage()).rate_limit.primary_window, 'a prewarm uses nothing').toEqual(before)
  })

  test('that are reached refuse their own models alone, with all windows and the true reset', async () => {
    await open()
    expect((await use(600, SPARK)).status).toBe(200)
    now += 2 * MINUTE
    const { status, text, headers } = await use(1, SPARK)
    const resetsAt = T0 / 1000 + 18_000
    expect([status, JSON.parse(text)]).toEqual([
      429,
      {
        error: {
          type: 'usage_limit_reached',
          message: expect.any(String) as unknown,
          plan_type: 'plus',
          resets_at: resetsAt,
          resets_in_seconds: 18_000 - 120,
        },
      },
    ])
    expect(headers).toMatchObject({
      'x-codex-active-limit': 'codex_bengalfox',
      'x-codex-rate-limit-reached-type': 'rate_limit_reached',
      'x-codex-bengalfox-primary-used-percent': '100',
      'x-codex-primary-used-percent': '0',
    })
    const client = await openClient(simulator, account)
    expect((await client.turn({ model: SPARK })).at(-1)).toMatchObject({
      type: 'error',
      status: 429,
      error: { type: 'usage_limit_reached', resets_at: resetsAt },
      headers: { 'x-codex-active-limit': 'codex_bengalfox', 'x-codex-bengalfox-primary-used-percent': '100' },
    })
    expect((await askCodex(simulator, account)).status).toBe(200)
    expect((await usage()).rate_limit).toMatchObject({ allowed: true, limit_reached: false })
    now = resetsAt * 1000
    expect((await askCodex(simulator, account, { model: SPARK })).status).toBe(200)
  })

  test('count a broken-off answer only when it had come to its end', async () => {
    await open()
    const scene = [{ type: 'text', text: 'x' } as const, { type: 'usage', inputTokens: 1_000 } as const]
    simulator.script({ times: 1, scene, fault: { type: 'cut', at: 3, how: 'rst' } })
    await askCodex(simulator, account)
    expect((await usage()).rate_limit.primary_window.used_percent).toBe(0)
    simulator.script({ times: 1, scene, fault: { type: 'cut', at: 'terminal', how: 'rst' } })
    await askCodex(simulator, account)
    expect((await usage()).rate_limit.primary_window.used_percent).toBe(10)
  })

  test('count compactions by what was read, and refuse them', async () => {
    await open()
    const compact = () =>
      ask(`${simulator.backendUrl}/codex/responses/compact`, {
        body: JSON.stringify({ model: 'gpt-5.5', instructions: 'x'.repeat(60_000), input: [] }),
        headers: codexHeaders(account),
      })
    expect((await compact()).status).toBe(200)
    expect((await usage()).rate_limit.primary_window.used_percent).toBe(100)
    expect((await compact()).status).toBe(429)
  })

  test('that are full are passed with credits', async () => {
    await open()
    await use(10_000)
    expect((await use(1)).status).toBe(429)
    simulator.setQuota(account.accountId, { credits: { hasCredits: true, unlimited: false, balance: '5' } })
    expect((await use(1)).status).toBe(200)
  })

  test('can be set and taken away', async () => {
    await open()
    await use(10_000)
    simulator.setLimits(account.accountId, { primary: { windowMinutes: 60, capacityTokens: 5 } })
    expect((await usage()).rate_limit).toMatchObject({
      primary_window: { used_percent: 0, limit_window_seconds: 3_600 },
      secondary_window: null,
    })
    simulator.setLimits(account.accountId, undefined)
    expect((await usage()).rate_limit.primary_window.used_percent).toBe(12)
  })

  test('as measured: the family of the name codex is that of the active limit, and windows that are not there are zeros', async () => {
    await open({ measuredLimitHeaders: true })
    await use(1_000)
    const own = (await askCodex(simulator, account)).headers
    expect(own).toMatchObject({ 'x-codex-active-limit': 'premium', 'x-codex-primary-used-percent': '10' })
    await use(400, SPARK)
    const spark = (await askCodex(simulator, account, { model: SPARK })).headers
    expect(spark).toMatchObject({
      'x-codex-active-limit': 'codex_bengalfox',
      'x-codex-primary-used-percent': '80',
      'x-codex-secondary-used-percent': '0',
      'x-codex-secondary-window-minutes': '0',
      'x-codex-bengalfox-primary-used-percent': '80',
    })
  })
})

describe('an early reset', () => {
  test('gives back the windows that were meant', async () => {
    await open()
    await use(10_000)
    await use(600, SPARK)
    simulator.resetQuota(account.accountId, { limit: 'codex', window: 'primary' })
    const { rate_limit: own, additional_rate_limits: more } = await usage()
    expect([own.primary_window.used_percent, own.secondary_window.used_percent]).toEqual([0, 10])
    expect(more[0].rate_limit.limit_reached).toBe(true)
    expect((await use(1)).status).toBe(200)
  })

  test('of what setQuota said', async () => {
    await open()
    simulator.setLimits(account.accountId, undefined)
    simulator.setQuota(account.accountId, { limitReached: true })
    expect((await use(1)).status).toBe(429)
    expect(() => simulator.resetQuota(account.accountId, { limit: 'codex_bengalfox' })).toThrow('there is no limit')
    simulator.resetQuota(account.accountId)
    expect((await usage()).rate_limit).toMatchObject({
      limit_reached: false,
      primary_window: { used_percent: 0, reset_at: T0 / 1000 + 18_000 },
    })
    expect((await use(1)).status).toBe(200)
  })
})

describe('reset credits', () => {
  const DAY = 86_400_000

  test('are listed with their ends, spent soonest end first, and once a request', async () => {
    await open()
    simulator.grantResetCredits(account.accountId, 1, 20 * DAY)
    simulator.grantResetCredits(account.accountId, 1, 2 * DAY)
    simulator.grantResetCredits(account.accountId, 1, DAY)
    now += DAY
    await use(10_000)
    const listed = await credits()
    expect(listed).toMatchObject({
      available_count: 2,
      credits: [
        { status: 'available', reset_type: 'codex_rate_limits', granted_at: new Date(T0).toISOString() },
        { status: 'available', expires_at: new Date(T0 + 2 * DAY).toISOString() },
        { status: 'expired' },
      ],
    })
    expect((await usage()).rate_limit_reset_credits).toEqual({ available_count: 2 })
    expect(await redeem({ redeem_request_id: 'r1' })).toEqual({ status: 200, code: 'reset', windows_reset: 2 })
    expect((await usage()).rate_limit).toMatchObject({ limit_reached: false, primary_window: { used_percent: 0 } })
    expect(await redeem({ redeem_request_id: 'r1' })).toMatchObject({ status: 200, code: 'already_redeemed' })
    expect(await credits()).toMatchObject({
      available_count: 1,
      credits: [{ status: 'available' }, { status: 'redeemed' }, { status: 'expired' }],
    })
    expect(await redeem({ redeem_request_id: 'r2' })).toMatchObject({ code: 'nothing_to_reset' })
    await use(1_000)
    const [last] = listed.credits
    expect(await redeem({ redeem_request_id: 'r3', credit_id: 'other' })).toMatchObject({ code: 'no_credit' })
    expect(await redeem({ redeem_request_id: 'r3', credit_id: last.id })).toMatchObject({ code: 'reset' })
    await use(1_000)
    expect(await redeem({ redeem_request_id: 'r4' })).toEqual({ status: 200, code: 'no_credit', windows_reset: 0 })
  })

  test.each([[{}], [{ redeem_request_id: '' }], [{ redeem_request_id: 5 }]])('are not spent for %j', async (body) => {
    await open()
    simulator.grantResetCredits(account.accountId)
    await use(1_000)
    expect((await redeem(body)).status).toBe(400)
    expect((await credits()).available_count).toBe(1)
  })

  test('have a door of their own for rules', async () => {
    await open()
    simulator.script({ at: 'reset-credits', fault: { type: 'status', name: 'internal' } })
    expect(await redeem({ redeem_request_id: 'r1' })).toMatchObject({ status: 500 })
    expect((await usage()).plan_type).toBe('plus')
  })
})

describe('a conversation of thirty turns with tools', () => {
  const long = 'word '.repeat(1_200)
  const tools = [{ type: 'function', name: 'ls', description: long, parameters: { type: 'object' } }]
  const call = { type: 'toolCalls' as const, calls: [{ name: 'ls', arguments: { path: '.' } }] }
  type Item = { type: string; call_id?: string }
  const asked = (turn: number) => ({
    type: 'message',
    role: 'user',
    content: [{ type: 'input_text', text: `turn ${turn} ${long.slice(0, 300)}` }],
  })
  const outputs = (items: Item[]) =>
    items
      .filter(({ type }) => type === 'function_call')
      .map(({ call_id }) => ({ type: 'function_call_output', call_id, output: long.slice(0, 400) }))
  const characters = (value: unknown) => JSON.stringify(value).length

  test('is told as cached, and counted, up to the prompt before it', async () => {
    await open()
    simulator.setLimits(account.accountId, undefined)
    const headers = { 'session-id': 's1' }
    const history: unknown[] = []
    let prompts = 0
    let cachedInAll = 0
    let before = 0
    for (let turn = 0; turn < 30; turn += 1) {
      history.push(asked(turn))
      for (const scene of [[call], [{ type: 'text' as const, text: 'done' }]]) {
        simulator.script({ times: 1, scene })
        const body = { tools, input: history, prompt_cache_key: 'c1' }
        const reply = await askCodex(simulator, account, body, { headers })
        expect(reply.status, reply.text).toBe(200)
        const frames = framesOf(reply.text)
        const items = frames.filter(({ type }) => type === 'response.output_item.done').map(({ item }) => item as Item)
        const { usage: told } = (frames.at(-1) as unknown as { response: { usage: ToldUsage } }).response
        const cached = told.input_tokens_details.cached_tokens
        expect(cached % 128).toBe(0)
        expect(cached).toBeLessThanOrEqual(told.input_tokens)
        // All of the prompt before it, but for the commas of JSON and the step.
        expect(cached).toBeGreaterThan(before / 4 - 128 - history.length)
        before = characters(tools) + characters(history)
        prompts += told.input_tokens
        cachedInAll += cached
        history.push(...items, ...outputs(items))
      }
    }
    expect(simulator.cache).toMatchObject({ requests: 60, inputTokens: prompts, cachedTokens: cachedInAll })
    expect(simulator.cache.byAccount).toEqual({
      [account.accountId]: { requests: 60, inputTokens: prompts, cachedTokens: cachedInAll },
    })
    expect(cachedInAll / prompts).toBeGreaterThan(0.9)
  })

  test('stays cached when it leaves a WebSocket, where it went on by id, and is told whole and in other words', async () => {
    await open()
    simulator.setLimits(account.accountId, undefined)
    const headers = { 'session-id': 's1' }
    const client = await openClient(simulator, account, headers)
    const cachedOf = (frames: readonly object[]) =>
      (frames.at(-1) as { response: { usage: ToldUsage } }).response.usage.input_tokens_details.cached_tokens
    simulator.script({ scene: [{ type: 'text', text: long }] })
    const first = await client.turn({ input: [asked(1)], prompt_cache_key: 'c1' })
    const second = await client.turn({ input: [asked(2)], prompt_cache_key: 'c1', previous_response_id: idOf(first) })
    const said = { content: [{ text: long, type: 'output_text' }], role: 'assistant', type: 'message' }
    const input = [asked(1), said, asked(2), said, asked(3)]
    const third = framesOf((await askCodex(simulator, account, { input, prompt_cache_key: 'c1' }, { headers })).text)
    expect(cachedOf(second)).toBe(0) // the first prompt was too short
    expect(cachedOf(third)).toBeGreaterThan(characters([asked(1), said]) / 4 - 128)
  })

  test('costs its cache on another account, and after a clear', async () => {
    await open()
    const other = simulator.addAccount()
    const input = [asked(1)]
    const cached = async (who: SimulatedAccount) => {
      const before = simulator.cache.cachedTokens
      await askCodex(simulator, who, { tools, input }, { headers: { 'session-id': 's1' } })
      return simulator.cache.cachedTokens - before
    }
    expect(await cached(account)).toBe(0)
    expect(await cached(account)).toBeGreaterThan(1_000)
    expect(await cached(other)).toBe(0)
    simulator.cache.clear(account.accountId)
    expect(await cached(account)).toBe(0)
    expect(await cached(other)).toBeGreaterThan(1_000)
    expect(Object.keys(simulator.cache.byAccount)).toEqual([account.accountId, other.accountId])
    simulator.reset()
    expect(simulator.cache).toMatchObject({ requests: 0, byAccount: {} })
  })
})

interface ToldUsage {
  input_tokens: number
  input_tokens_details: { cached_tokens: number }
}

describe('a ban', () => {
  test.each([
    ['forbidden', /"detail":"Forbidden"/],
    ['deactivated', /account_deactivated/],
    ['challenge', /Just a moment/],
  ] as const)('%s lasts until it is taken back, at every door', async (how, body) => {
    await open()
    const client = await openClient(simulator, account)
    simulator.setBanned(account.accountId, how)
    for (let time = 0; time < 2; time += 1) {
      const reply = await askCodex(simulator, account)
      expect([reply.status, reply.text]).toEqual([403, expect.stringMatching(body)])
    }
    const read = await ask(`${simulator.backendUrl}/wham/usage`, { headers: codexHeaders(account) })
    expect(read.status).toBe(403)
    expect((await client.turn()).at(-1)).toMatchObject({ type: 'error', status: 403 })
    await expect(openClient(simulator, account)).rejects.toThrow('403')
    simulator.setBanned(account.accountId, undefined)
    expect((await askCodex(simulator, account)).status).toBe(200)
  })
})

describe('a gap in the network', () => {
  const refresh = (who: SimulatedAccount) =>
    ask(`${simulator.url}/oauth/token`, {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ client_id: 'x', grant_type: 'refresh_token', refresh_token: who.refreshToken }),
    })

  test('of one account resets all that is asked for it, and nobody else', async () => {
    await open()
    const other = simulator.addAccount()
    const client = await openClient(simulator, account)
    simulator.setUnreachable(account.accountId, 'reset')
    await expect(askCodex(simulator, account)).rejects.toThrow(/ECONNRESET|socket hang up/)
    await expect(refresh(account)).rejects.toThrow(/ECONNRESET|socket hang up/)
    await expect(openClient(simulator, account)).rejects.toThrow(/ECONNRESET|socket hang up/)
    client.send({ type: 'response.create' })
    expect(await client.closed).toEqual({ code: 1006 })
    expect((await askCodex(simulator, other)).status).toBe(200)
    expect(simulator.refreshState(account.accountId).refreshes).toBe(0)
    simulator.setUnreachable(account.accountId, undefined)
    expect((await askCodex(simulator, account)).status).toBe(200)
  })

  test('of all lets everybody wait', async () => {
    await open()
    simulator.setUnreachable('all', 'hang')
    const seen = simulator.nextRequest()
    const leaving = new AbortController()
    const asking = ask(`${simulator.url}/oauth/authorize`, { signal: leaving.signal })
    const held = await seen
    leaving.abort()
    await expect(asking).rejects.toThrow()
    expect(await held.closed).toBe('client-left')
    simulator.reset()
    account = simulator.addAccount()
    expect((await askCodex(simulator, account)).status).toBe(200)
  })
})
