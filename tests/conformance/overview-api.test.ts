import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addKey, openHouse, type House } from '../house.js'

let house: House
beforeAll(async () => {
  house = await openHouse({ accounts: 3, config: { accounts: { strategy: 'round_robin' } } })
  await addKey(house, { vendor: 'openai', models: ['gpt-4.1'], label: 'paid' })
  const ask = (model: string, program: string, key = house.key) =>
    fetch(`${house.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'user-agent': program },
      body: JSON.stringify({ model, messages: [{ role: 'user', content: 'hello' }] }),
    }).then((reply) => reply.text())
  await ask('gpt-5.5', 'codex_exec/0.169.0 (Debian 12.0.0; x86_64) dumb (codex_exec; 0.169.0)')
  await ask('gpt-5.5', 'codex_exec/0.169.0 (Debian 12.0.0; x86_64) dumb (codex_exec; 0.169.0)')
  await ask('openai:gpt-4.1', 'curl/8.5.0')
  await ask('no-such-model', '<img src=x onerror=alert(1)>')
})
afterAll(() => house.close())

async function read(path: string, as = house.gateway.controlKey) {
  const reply = await fetch(`${house.url}/admin/${path}`, { headers: { authorization: `Bearer ${as}` } })
  const text = await reply.text()
  return { status: reply.status, text, type: reply.headers.get('content-type') ?? '' }
}
const told = async (path: string): Promise<Told> => JSON.parse((await read(path)).text) as Told
/** A document of any form, as deep as a test looks. */
interface Told {
  [name: string]: Told & string & number
}

describe('GET /admin/overview', () => {
  test('tells how the gateway is, in one look', async () => {
    const view = await told('overview?time_zone=Europe/Berlin')
    expect(view).toMatchObject({
      version: '0.0.0-test',
      listeners: [house.url],
      ollama: { enabled: false },
      pool: { total: 3, waiting: 0, strategy: 'round_robin', states: { active: 3, expired: 0 } },
      api_keys: { total: 1, enabled: 1 },
      client_keys: 1,
      serving: { open: 0, accounts: [], client_keys: [] },
      hour: { request_count: 4, request_failed_count: 1, ttft_p50_ms: expect.any(Number) as unknown },
      quota: { left: { primary: expect.any(Number) as unknown, secondary: expect.any(Number) as unknown } },
    })
    const minutes = view['minutes'] as unknown as { at: string[]; requests: number[]; failed: number[] }
    expect(minutes.at).toHaveLength(60)
    expect(minutes.requests.reduce((sum, one) => sum + one)).toBe(4)
    expect(minutes.failed.reduce((sum, one) => sum + one)).toBe(1)
    const trend = view['trend'] as unknown as { at: string[]; request_count: number[] }
    expect(trend.at).toHaveLength(24)
    expect(trend.request_count.reduce((sum, one) => sum + one)).toBe(4)
    // What accounts served costs nothing more than their plans; what a key served is to be paid.
    expect(view['today']?.['keys_cost_usd']).toBeGreaterThan(0)
    expect(view['today']?.['estimated_cost_usd']).toBeGreaterThan(view['today']?.['keys_cost_usd'] ?? 0)
    const accounts = view['quota']?.['accounts'] as unknown as { windows: { limit: string; slot: string }[] }[]
    expect(accounts).toHaveLength(3)
    expect(accounts.find(({ windows }) => windows.length > 0)?.windows).toMatchObject([
      { limit: 'codex', slot: 'primary' },
      { limit: 'codex', slot: 'secondary' },
    ])
  })

  test('names what wants a look, the gravest first', async () => {
    const [first, second] = house.gateway.accounts.list()
    const resetAt = Math.floor(Date.now() / 1000) + 3_600
    house.simulator.setQuota(first!.chatgptAccountId, { primary: { usedPercent: 97, windowMinutes: 300, resetAt } })
    await fetch(`${house.url}/auth/accounts/${first!.id}/quota`, {
      headers: { authorization: `Bearer ${house.gateway.controlKey}` },
    }).then((reply) => reply.text())
    const { warnings, quota } = (await told('overview')) as unknown as {
      warnings: Record<string, unknown>[]
      quota: { accounts: { id: string }[] }
    }
    expect(warnings.filter(({ kind }) => kind === 'quota')).toMatchObject([
      { account_id: first!.id, name: first!.email, slot: 'primary', used_percent: 97, critical: true },
    ])
    expect(quota.accounts[0]?.id).toBe(first!.id)
    await house.gateway.accounts.setEnabled(second!.id, false)
    const after = (await told('overview')) as unknown as { pool: { states: Record<string, number> } }
    expect(after.pool.states).toMatchObject({ active: 2, disabled: 1 })
    await house.gateway.accounts.setEnabled(second!.id, true)
  })

  test('events are sentences in the language asked for', async () => {
    house.gateway.notices.tell({ type: 'proxy_down', data: { proxy: 'tokyo', reason: 'no answer' } })
    const events = async (query: string) =>
      ((await told(`overview${query}`)) as unknown as { events: { sentence: string }[] }).events[0]?.sentence
    expect(await events('')).toMatch(/tokyo/)
    expect(await events('?language=zh-CN')).toMatch(/代理.*tokyo|tokyo.*代理/)
  })

  test.each([
    ['overview?time_zone=Mars', '/time_zone'],
    ['overview?language=xx', '/language'],
    ['usage-stats/hours?time_zone=Mars', '/time_zone'],
    ['usage-stats/hours?granularity=daily', '/granularity'],
    ['usage-stats/series?limit=0', '/limit'],
  ])('%s names what is wrong', async (path, pointer) => {
    const { status, text } = await read(path)
    expect(status).toBe(400)
    expect(JSON.parse(text)).toMatchObject({ pointer })
  })

  test('is not for client keys', async () => {
    expect((await read('overview', house.key)).status).toBe(403)
    expect((await read('usage-stats/hours', house.key)).status).toBe(403)
  })
})

describe('usage, looked at closer', () => {
  const groups = async (path: string) => {
    const { rows } = (await told(`usage-stats/${path}`)) as unknown as {
      rows: { group: string; request_count: number }[]
    }
    return new Map(rows.map(({ group, request_count: count }) => [group, count]))
  }

  test('by the program that asked; what nobody knows has no name', async () => {
    expect(await groups('clients')).toEqual(
      new Map([
        ['codex', 2],
        ['curl', 1],
        ['', 1],
      ]),
    )
  })

  test('of one group alone', async () => {
    expect(await groups('models?client=codex')).toEqual(new Map([['codex:gpt-5.5', 2]]))
    expect(await groups('clients?model=openai:gpt-4.1')).toEqual(new Map([['curl', 1]]))
    expect(await told('usage-stats/summary?provider=openai')).toMatchObject({ total_request_count: 1 })
    const { series } = (await told('usage-stats/series?hours=1&client=codex')) as unknown as {
      series: { request_count: number[]; duration_p95_ms: (number | null)[] }[]
    }
    expect(series[0]?.request_count.reduce((sum, one) => sum + one)).toBe(2)
    expect(series[0]?.duration_p95_ms.some((ms) => typeof ms === 'number')).toBe(true)
    const { text, type } = await read('usage-stats/series?hours=1&client=codex&format=csv')
    expect(type).toBe('text/csv; charset=utf-8')
    expect(text).toMatch(/^timestamp,request_count,/)
  })

  test('by hour of the week, as the clocks of the reader show it', async () => {
    const { request_count: week } = (await told('usage-stats/hours?hours=24&time_zone=Asia/Tokyo')) as unknown as {
      request_count: number[][]
    }
    expect(week).toHaveLength(7)
    expect(week.every((day) => day.length === 24)).toBe(true)
    expect(week.flat().reduce((sum, one) => sum + one)).toBe(4)
  })
})
