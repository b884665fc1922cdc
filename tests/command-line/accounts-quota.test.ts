import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { SimulatedAccount } from '@dragoman/simulator'
import { expectMistake, oneLineOfJson, openTerminal, type Terminal } from './terminal.js'

let at: Terminal
let ann: SimulatedAccount
beforeEach(async () => {
  at = await openTerminal()
  ann = at.account('ann@example.com')
  await at.run('accounts', 'import', (ann as SimulatedAccount & { file: string }).file)
})
afterEach(() => at.close())

const accounts = (...argv: string[]) => at.run('accounts', ...argv)
const WHO = 'ann@example.com'
const soon = () => Math.floor(Date.now() / 1000) + 3600
const state = async () => (oneLineOfJson(await accounts('show', WHO, '--json')) as { status: string }).status

/** Its five hours are used up, and its usage page says so. */
async function usedUp(): Promise<void> {
  at.simulator.setQuota(ann.accountId, {
    primary: { usedPercent: 100, windowMinutes: 300, resetAt: soon() },
    limitReached: true,
  })
  await accounts('quota', WHO, '--refresh')
}

/** The backend answers a request of the account, which uses its limits. */
async function answered(): Promise<void> {
  const answer = await fetch(`${at.simulator.backendUrl}/codex/responses`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${ann.accessToken}`,
      'chatgpt-account-id': ann.accountId,
      'content-type': 'application/json',
    },
    body: JSON.stringify({
      model: 'gpt-5.5',
      stream: true,
      store: false,
      input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Good morning' }] }],
    }),
  })
  expect(answer.status).toBe(200)
  await answer.text()
}

describe('quota', () => {
  test('is unknown until somebody tells; --refresh asks, and what it tells is kept', async () => {
    expect((await accounts('quota', WHO)).out).toBe(
      'ann@example.com\nNothing is known of its quota yet: its first answer tells, or --refresh asks.\n',
    )
    expect(oneLineOfJson(await accounts('quota', WHO, '--json'))).toMatchObject({ quota: null })
    const { out } = await accounts('quota', WHO, '--refresh')
    expect(out).toMatch(/^all requests +5h +12 % +free +\S.* +its usage page +\S.*\d$/m)
    expect(out).toMatch(/^all requests +7d +5 % +free +(?:\d{4}-)?\d\d-\d\d \d\d:\d\d +its usage page +\S.*\d$/m)
    expect((await accounts('quota', WHO)).out).toBe(out)
    expect(oneLineOfJson(await accounts('quota', WHO, '--json'))).toMatchObject({
      quota: { windows: { 'codex/primary': { usedPercent: 12, source: 'usage' } } },
    })
    expect((await accounts('list')).out).toMatch(/ 5h 12 % until [\d: -]+, 7d 5 % until /)
  })

  test('tells credits, and limits of single models by their name', async () => {
    at.simulator.setQuota(ann.accountId, { credits: { hasCredits: true, unlimited: false, balance: '9.99' } })
    at.simulator.setLimits(ann.accountId, {
      primary: { windowMinutes: 300, capacityTokens: 10_000 },
      additional: [
        {
          limitId: 'codex_bengalfox',
          limitName: 'GPT-5.3-Codex-Spark',
          models: ['gpt-5.4-mini'],
          primary: { windowMinutes: 300, capacityTokens: 500 },
        },
      ],
    })
    at.simulator.grantResetCredits(ann.accountId, 2)
    const { out } = await accounts('quota', WHO, '--refresh')
    expect(out).toMatch(/^GPT-5\.3-Codex-Spark +5h +0 % +free/m)
    expect(out).toMatch(/^Credits: 9\.99, said its usage page at /m)
    expect(out).toMatch(/^Reset credits: 2, said at /m)
  })

  test('that cannot be read says why', async () => {
    at.simulator.setUnreachable('all', 'reset')
    expectMistake(await accounts('quota', WHO, '--refresh'), 1, /^dragoman: the usage: /)
  })
})

describe('quota-back', () => {
  test('lets an exhausted account try at once', async () => {
    await usedUp()
    expect(await state()).toBe('exhausted')
    expect((await accounts('list')).out).toMatch(/ exhausted until \d?.*5h 100 % until /)
    expect((await accounts('quota-back', WHO)).out).toBe(
      'ann@example.com: the next request may try; what it meets is believed again.\n',
    )
    expect((await accounts('quota', WHO)).out).toMatch(/used up, to be tried|free/)
  })

  test('is heard by a running gateway', async () => {
    await usedUp()
    const gateway = at.start(['serve', '--port', '0', '--json'])
    await gateway.says(/"event":"ready"/)
    expect(oneLineOfJson(await accounts('quota-back', WHO, '--limit', 'codex', '--json'))).toMatchObject({
      success: true,
    })
    expect((await accounts('reset-usage', WHO)).out).toBe('ann@example.com: its counters begin at zero.\n')
    gateway.signal()
    expect((await gateway.done).code).toBe(0)
    const { quota } = oneLineOfJson(await accounts('quota', WHO, '--json')) as {
      quota: { windows: Record<string, { doubtedAt?: number }> }
    }
    expect(quota.windows['codex/primary']?.doubtedAt).toBeTypeOf('number')
  })
})

describe('reset credits', () => {
  test('are listed, and spent only when that is said twice', async () => {
    expect((await accounts('reset-credits', WHO)).out).toBe('ann@example.com may spend 0 reset credits.\n')
    at.simulator.grantResetCredits(ann.accountId)
    const { out } = await accounts('reset-credits', WHO)
    expect(out).toMatch(/^ann@example\.com may spend 1 reset credit\.\nID +STATE +GIVEN +ENDS\nrlrc_\S+ +available /)
    expect(oneLineOfJson(await accounts('reset-credits', WHO, '--json'))).toMatchObject({
      available: 1,
      credits: [{ status: 'available' }],
    })
    expectMistake(await accounts('reset-credits', WHO, '--consume'), 2, /spends a reset credit for good; say --yes/)
    expect(at.simulator.requests.filter(({ path }) => path.endsWith('/consume'))).toEqual([])
  })

  test('spent, the account serves again; with empty windows nothing is spent', async () => {
    at.simulator.setLimits(ann.accountId, { primary: { windowMinutes: 300, capacityTokens: 10 } })
    at.simulator.grantResetCredits(ann.accountId)
    expectMistake(
      await accounts('reset-credits', WHO, '--consume', '--yes'),
      1,
      /ann@example\.com: its windows are empty; no credit was spent/,
    )
    await answered()
    await accounts('quota', WHO, '--refresh')
    expect(await state()).toBe('exhausted')
    expect((await accounts('reset-credits', WHO, '--consume', '--yes')).out).toBe(
      'ann@example.com: its usage windows begin anew.\n',
    )
    expect(await state()).toBe('active')
    expect((await accounts('quota', WHO)).out).toMatch(/^all requests +5h +0 % +free/m)
    const ids = at.simulator.requests
      .filter(({ path }) => path.endsWith('/consume'))
      .map(({ body }) => (body as { redeem_request_id: string }).redeem_request_id)
    expect(ids).toHaveLength(2)
    expect(ids[0]).toMatch(/^[0-9a-f-]{36}$/)
    expect(new Set(ids).size).toBe(2)
  })

  test('of an account without any', async () => {
    const said = await accounts('reset-credits', WHO, '--consume', '--yes', '--json')
    expect(said.code).toBe(1)
    expect(JSON.parse(said.out)).toMatchObject({ success: false, outcome: 'no_credit' })
    expect(said.err).toBe('dragoman: ann@example.com: it has no reset credit\n')
  })
})

test('counters are set to zero', async () => {
  expect((await accounts('reset-usage', WHO)).out).toBe('ann@example.com: its counters begin at zero.\n')
  expect(oneLineOfJson(await accounts('reset-usage', WHO, '--json'))).toMatchObject({ success: true })
})
