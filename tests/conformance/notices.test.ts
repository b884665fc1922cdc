import { faults } from '@dragoman/simulator'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { NoticeType } from '../../packages/gateway/src/config/index.js'
import { makeWebhookSecret } from '../../packages/gateway/src/notices/index.js'
import {
  isSignedWith,
  openReceiver,
  type Receiver,
} from '../../packages/gateway/src/notices/webhook-receiver.test-kit.js'
import { openHouse, type House } from '../house.js'
import { deadPort } from '../proxies.js'

let house: House
let receiver: Receiver
beforeEach(async () => {
  receiver = await openReceiver()
  house = await openHouse()
})
afterEach(async () => {
  await house.close()
  await receiver.close()
})

const manage = (path: string, method = 'GET', key = house.gateway.controlKey) =>
  fetch(house.url + path, { method, headers: { authorization: `Bearer ${key}` } })
const events = async (query = '') => (await (await manage(`/admin/events${query}`)).json()) as Page

interface Page {
  events: { id: string; type: string; level: string; sentence: string; accountId?: string }[]
  next: string | null
}

describe('GET /admin/events', () => {
  beforeEach(() => {
    const { notices } = house.gateway
    const accountId = house.gateway.accounts.list()[0]?.id ?? ''
    notices.tell({ type: 'proxy_down', data: { proxy: 'home', reason: 'refused' } })
    notices.tell({ type: 'login_needed', accountId, data: {} })
    notices.tell({ type: 'fallback_used', data: { from: 'a:b', to: 'c:d', why: 'quota' } })
  })

  test('tells what happened, the newest first, in sentences', async () => {
    const { events: told, next } = await events('?type=proxy_down,login_needed,fallback_used')
    expect(told.map(({ type, level }) => [type, level])).toEqual([
      ['fallback_used', 'info'],
      ['login_needed', 'critical'],
      ['proxy_down', 'warning'],
    ])
    expect(told[1]?.sentence).toBe('Account person0@example.com needs a new login: dragoman login.')
    expect(next).toBe(null)
  })

  test('in Chinese, of one level, of one account, of some words, in pages', async () => {
    expect((await events('?language=zh-CN&text=home')).events[0]?.sentence).toBe('代理 home 无法使用。（refused）')
    expect((await events('?level=critical')).events).toHaveLength(1)
    const accountId = (await events('?level=critical')).events[0]?.accountId ?? ''
    expect((await events(`?account=${accountId}&type=login_needed`)).events).toHaveLength(1)
    expect((await events(`?since=${Date.now() + 60_000}`)).events).toEqual([])
    const first = await events('?limit=2&type=proxy_down,login_needed,fallback_used')
    expect(first.events).toHaveLength(2)
    const rest = await events(`?limit=2&type=proxy_down,login_needed,fallback_used&before=${first.next}`)
    expect(rest.events.map(({ type }) => type)).toEqual(['proxy_down'])
    expect(rest.next).toBe(null)
  })

  test.each(['level=loud', 'type=news', 'since=soon', 'limit=0', 'limit=1000', 'language=xx'])(
    'refuses ?%s and names it',
    async (query) => {
      const answer = await manage(`/admin/events?${query}`)
      expect(answer.status).toBe(400)
      expect(await answer.text()).toContain(`${query.split('=')[0]}: takes`)
    },
  )

  test('all of them are given as a file', async () => {
    const csv = await manage('/admin/events/export?format=csv&level=warning&language=zh-CN')
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(csv.headers.get('content-disposition')).toBe('attachment; filename="dragoman-events.csv"')
    const [head, ...lines] = (await csv.text()).trim().split('\r\n')
    expect(head).toBe('time,level,type,account,api_key,client_key,sentence')
    expect(lines).toHaveLength(2)
    expect(lines[1]).toContain('代理 home 无法使用。')
    const json = (await (await manage('/admin/events/export?type=fallback_used')).json()) as Page
    expect(json.events.map(({ type }) => type)).toEqual(['fallback_used'])
    expect((await manage('/admin/events/export?format=pdf')).status).toBe(400)
  })

  test('can be emptied', async () => {
    expect(((await (await manage('/admin/events', 'DELETE')).json()) as { deleted: number }).deleted).toBeGreaterThan(2)
    expect((await events()).events).toEqual([])
  })

  test.each(['/admin/events', '/auth/quota/warnings'])('%s is for the owner alone', async (path) => {
    expect((await manage(path, 'GET', house.key)).status).toBe(403)
    expect((await fetch(house.url + path)).status).toBe(401)
    if (path === '/admin/events') expect((await manage(path, 'DELETE', house.key)).status).toBe(403)
  })
})

test('GET /auth/quota/warnings tells what holds now, live, in the fields of the predecessors', async () => {
  const warnings = async () => (await (await manage('/auth/quota/warnings')).json()) as { warnings: object[] }
  const { id } = house.gateway.accounts.list()[0] ?? { id: '' }
  expect(await warnings()).toEqual({ warnings: [], updatedAt: expect.any(String) as string })
  const resetAt = Math.floor(Date.now() / 1000) + 3600
  house.gateway.accounts.learn(id, {
    model: 'gpt-5.5',
    headers: {
      'x-codex-primary-used-percent': '85',
      'x-codex-primary-window-minutes': '300',
      'x-codex-primary-reset-at': String(resetAt),
    },
  })
  const told = {
    accountId: id,
    email: 'person0@example.com',
    window: 'primary',
    limit: 'codex',
    level: 'warning',
    usedPercent: 85,
    resetAt,
  }
  expect((await warnings()).warnings).toEqual([told])
  house.configure({ quota: { warning_thresholds: { primary: [85], secondary: [] } } })
  expect((await warnings()).warnings).toEqual([{ ...told, level: 'critical' }])
  house.configure({ quota: { warning_thresholds: { primary: [86], secondary: [] } } })
  expect((await warnings()).warnings).toEqual([])
})

test('a running gateway brings what happens to the webhook that its configuration names, signed', async () => {
  const secret = (await makeWebhookSecret(house.gateway.store.sealedSettings)).reveal()
  house.configure({ notices: { webhook_url: receiver.url } })
  house.gateway.notices.tell({ type: 'proxy_down', data: { proxy: 'home', reason: 'refused' } })
  const got = await receiver.came(1)
  expect(isSignedWith(secret, got)).toBe(true)
  expect(JSON.parse(got.body)).toMatchObject({ type: 'proxy_down', text: 'Proxy home does not work. refused' })
  expect(house.log.join('')).not.toContain('QUERYCANARY')
  expect(house.log.join('')).not.toContain(secret)
})

describe('a running gateway tells', () => {
  const told = async (type: NoticeType) => house.gateway.notices.list({ types: [type] })
  const accountId = () => house.gateway.accounts.list()[0]?.id ?? ''
  const ask = (key = house.key) =>
    fetch(`${house.url}/v1/responses`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'gpt-5.5', input: 'hello' }),
    })

  test('that a proxy stopped working, once, until it works again', async () => {
    const { proxies } = house.gateway.store
    const port = await deadPort()
    const [added] = await proxies.add([{ name: 'home', protocol: 'http', host: '127.0.0.1', port }])
    await proxies.pin(new Map([[accountId(), added?.record.id ?? '']]))
    for (let n = 0; n < 4; n++) expect((await ask()).status).toBeGreaterThanOrEqual(500)
    const [notice, ...more] = await told('proxy_down')
    expect(more).toEqual([])
    expect(notice).toMatchObject({ level: 'warning', data: { proxy: 'home' } })
    expect((await events('?type=proxy_down')).events[0]?.sentence).toMatch(/^Proxy home does not work\. [A-Z].+\.$/)
  })

  test('that a login could not be renewed, from the second failure on, once until it could', async () => {
    const { accounts } = house.gateway
    const refresh = () => accounts.refresh(accountId())
    house.simulator.script({ at: 'token', fault: faults.rateLimit429(), times: 3 })
    expect(await refresh()).toMatchObject({ ok: false })
    expect(await told('refresh_failed')).toEqual([])
    const before = Date.now()
    await refresh()
    await refresh()
    const [notice, ...more] = await told('refresh_failed')
    expect(more).toEqual([])
    expect(notice).toMatchObject({ level: 'warning', accountId: accountId() })
    expect(notice?.data).toEqual({
      reason: expect.stringMatching(/^[A-Z].*429.*\.$/) as string,
      retryAt: expect.any(Number) as number,
    })
    expect(notice?.data).toSatisfy(({ retryAt }: { retryAt: number }) => retryAt > before)

    expect(await refresh()).toMatchObject({ ok: true })
    house.simulator.script({ at: 'token', fault: faults.rateLimit429(), times: 2 })
    await refresh()
    expect(await told('refresh_failed')).toHaveLength(1)
    await refresh()
    expect(await told('refresh_failed')).toHaveLength(2)
  })

  test('that a budget is used up, once by key, unit and period', async () => {
    const { clientKeys } = house.gateway.store
    const { record, plaintext } = await clientKeys.create({ name: 'guest', limits: { tokens: { day: 1 } } as never })
    expect((await ask(plaintext)).status).toBe(200)
    expect(await told('budget_reached')).toEqual([])
    for (let n = 0; n < 2; n++) expect((await ask(plaintext)).status).toBe(429)
    const [notice, ...more] = await told('budget_reached')
    expect(more).toEqual([])
    expect(notice).toMatchObject({
      level: 'warning',
      clientKeyId: record.id,
      names: { [record.id]: { label: 'guest' } },
    })
    expect(notice?.data).toEqual({
      unit: 'tokens',
      period: 'day',
      limit: 1,
      used: expect.any(Number) as number,
      resetAt: expect.any(Number) as number,
    })
    const { used, resetAt } = notice?.data as { used: number; resetAt: number }
    expect(used).toBeGreaterThan(1)
    expect(resetAt % 86_400_000).toBe(0)
  })
})
