import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FailureError, type Failure } from '@dragoman/protocol'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { openStore, type NewProxy, type Store } from '../../store/index.js'
import { Secret } from '../../telemetry/index.js'
import type { Way } from '../way.js'
import { createProxyPool, type AskBy, type ProxyPool, type ProxySettings, type ProxyTurn } from './index.js'

const TARGET = new URL('https://upstream.example/')
const SECOND = 1_000
const MINUTE = 60_000

let home: string
let store: Store
let now: number
let settings: ProxySettings
let pool: ProxyPool
let logged: string[]
/** What the check address says through a proxy, by its port. */
let answers: Map<number, Awaited<ReturnType<AskBy>> | Error>
let asked: { via: string; url: string }[]
const more: { close(): Promise<void> }[] = []

const viaEnvironment: Way = { id: 'environment', name: 'HTTPS_PROXY', protocol: 'http', host: 'env.example', port: 1 }

function poolOver(over: Store): ProxyPool {
  const line = (fields: object, sentence: string) => void logged.push(`${sentence} ${JSON.stringify(fields)}`)
  return createProxyPool({
    rows: over.proxies,
    settings: () => settings,
    environment: () => viaEnvironment,
    async check(way, url, signal) {
      signal.throwIfAborted()
      asked.push({ via: way === 'direct' ? way : way.name, url })
      const answer = way === 'direct' ? undefined : answers.get(way.port)
      if (answer instanceof Error) throw answer
      return answer ?? { status: 200, body: '198.51.100.7\n', ms: 41.5 }
    },
    log: { info: line, warn: line },
    now: () => now,
    random: () => 0.5,
  })
}

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'dragoman-pool-'))
  now = 1_000_000
  settings = { default: 'environment', checkUrl: 'https://check.example/', checkMinutes: 10 }
  answers = new Map()
  asked = []
  logged = []
  store = await openStore({ home, now: () => now })
  pool = poolOver(store)
})

afterEach(async () => {
  await pool.close()
  for (const one of more.splice(0)) await one.close()
  await store.close()
  await rm(home, { recursive: true })
})

const proxy = (port: number, about: Partial<NewProxy> = {}): NewProxy => ({
  name: `p${port}`,
  protocol: 'socks5h',
  host: 'proxy.example',
  port,
  ...about,
})
const failure = (scope: Failure['scope'], about: Partial<Failure> = {}): Failure => ({
  kind: 'unreachable',
  scope,
  phase: 'unsent',
  retry: 'other',
  message: 'it cannot be reached: nothing listens there',
  ...about,
})

async function add(...proxies: NewProxy[]): Promise<string[]> {
  const done = await pool.add(proxies)
  now += 1
  return done.map(({ proxy: { id } }) => id)
}
/** The name of the way an owner goes, or the failure. */
function way(owner: string, of = pool): string | Failure {
  try {
    const found = of.wayFor(owner, TARGET)
    return found === 'direct' ? 'direct' : found.name
  } catch (error) {
    if (error instanceof FailureError) return error.failure
    throw error
  }
}
const states = () => pool.list().map(({ name, state }) => `${name} ${state}`)
function breakDown(id: string | undefined): void {
  for (let n = 0; n < 3; n += 1) pool.report(id!, failure('proxy'))
}

describe('the way out', () => {
  test.each([
    ['environment', 'HTTPS_PROXY'],
    ['direct', 'direct'],
    ['auto', 'p1'],
    ['p1', 'p1'],
  ])('of everybody by proxy.default %s, read at every use', async (choice, expected) => {
    await add(proxy(1))
    settings = { ...settings, default: choice }
    expect(way('acc_1')).toBe(expected)
    await pool.pin('acc_1', 'global')
    expect(way('acc_1')).toBe(expected)
    settings = { ...settings, default: pool.list()[0]!.id }
    expect(way('acc_1')).toBe('p1')
  })

  test('of an owner by its pin, whatever the default is', async () => {
    await add(proxy(1), proxy(2))
    settings = { ...settings, default: 'p1' }
    await pool.pin('acc_direct', 'direct')
    await pool.pin('acc_two', 'p2')
    await pool.pin('acc_auto', 'auto')
    expect(['acc_direct', 'acc_two', 'acc_other'].map((owner) => way(owner))).toEqual(['direct', 'p2', 'p1'])
    expect(way('acc_auto')).toMatch(/^p[12]$/)
    expect(await pool.unpin('acc_two')).toBe(true)
    expect(await pool.unpin('acc_two')).toBe(false)
    expect(way('acc_two')).toBe('p1')
  })

  test('names host, port and login of the proxy', async () => {
    await add(proxy(1, { username: 'ann', password: new Secret('canary') }))
    settings = { ...settings, default: 'p1' }
    const found = pool.wayFor('acc_1', TARGET)
    expect(found).toMatchObject({ protocol: 'socks5h', host: 'proxy.example', port: 1, username: 'ann' })
    expect(found !== 'direct' && found.password?.reveal()).toBe('canary')
  })
})

describe('nothing goes direct when the way out is', () => {
  const cases: [string, (id: string) => unknown, Partial<Failure>][] = [
    ['disabled', () => pool.setEnabled('p1', false), { code: 'proxy_disabled', message: /the proxy p1 is disabled; nothing goes another way instead\. .*dragoman proxies enable p1/ as never }], // prettier-ignore
    ['removed', (id) => pool.remove(id, { evenIfPinned: true }), { code: 'proxy_unreachable', message: /nothing goes another way/ as never }], // prettier-ignore
    ['known to be dead by a check', async () => (answers.set(1, new FailureError(failure('proxy'))), pool.check('p1')), { code: 'proxy_unreachable', message: /the proxy p1 does not work \(it cannot be reached: nothing listens there\).*dragoman proxies check p1/ as never }], // prettier-ignore
    ['known to be dead by traffic', (id) => breakDown(id), { code: 'proxy_unreachable', message: /p1 does not work/ as never }], // prettier-ignore
  ]
  const chosen: [string, (id: string) => Promise<unknown>][] = [
    ['a pin', (id) => pool.pin('acc_1', id)],
    ['proxy.default, by name', async () => (settings = { ...settings, default: 'p1' })],
    ['proxy.default, by id', async (id) => (settings = { ...settings, default: id })],
    ['auto', () => pool.pin('acc_1', 'auto')],
    ['proxy.default auto', async () => (settings = { ...settings, default: 'auto' })],
  ]
  describe.each(cases)('%s', (_, make, expected) => {
    test.each(chosen)('chosen by %s', async (by, choose) => {
      const [id] = await add(proxy(1))
      await choose(id!)
      expect(way('acc_1')).toBe('p1')
      await make(id!)
      const refused = way('acc_1')
      expect(refused).toMatchObject({ scope: 'proxy', kind: 'unreachable', phase: 'unsent', retry: 'other' })
      if (by.includes('auto'))
        expect(refused).toMatchObject({ message: expect.stringMatching(/nothing goes another way/) })
      else expect(refused).toMatchObject({ ...expected, message: expect.stringMatching(expected.message!) })
    })
  })

  test('no proxy at all', () => {
    settings = { ...settings, default: 'auto' }
    expect(way('acc_1')).toMatchObject({
      code: 'proxy_unreachable',
      message: expect.stringContaining('dragoman proxies add'),
    })
    settings = { ...settings, default: 'nobody' }
    expect(way('acc_1')).toMatchObject({ code: 'proxy_unreachable', message: expect.stringContaining('nobody') })
  })

  test('one whose password cannot be read', async () => {
    await add(proxy(1, { username: 'ann', password: new Secret('x') }))
    const rows = { ...store.proxies, list: () => store.proxies.list().map(({ password: _, ...record }) => ({ ...record, passwordUnreadable: true as const })) } // prettier-ignore
    const other = poolOver({ ...store, proxies: rows })
    more.push(other)
    settings = { ...settings, default: 'p1' }
    expect(way('acc_1', other)).toMatchObject({
      code: 'proxy_disabled',
      message: expect.stringMatching(/password cannot be read/),
    })
    settings = { ...settings, default: 'auto' }
    expect(way('acc_1', other)).toMatchObject({ scope: 'proxy' })
    expect(other.list()).toMatchObject([
      { state: 'unreachable', error: expect.stringMatching(/password cannot be read/) },
    ])
    expect((await other.check('p1')).ok).toBe(false)
    expect(asked).toEqual([])
  })
})

describe('auto', () => {
  beforeEach(() => {
    settings = { ...settings, default: 'auto' }
  })

  test('gives every owner a proxy of its own as far as there are, and keeps it', async () => {
    await add(proxy(1), proxy(2), proxy(3))
    const owners = Array.from({ length: 6 }, (_, n) => `acc_${n}`)
    const first = owners.map((owner) => way(owner))
    expect([...first].sort()).toEqual(['p1', 'p1', 'p2', 'p2', 'p3', 'p3'])
    for (let n = 0; n < 3; n += 1) expect(owners.map((owner) => way(owner))).toEqual(first)
    await add(proxy(4))
    expect(owners.map((owner) => way(owner))).toEqual(first)
    expect(way('acc_new')).toBe('p4')
  })

  test('gives the same owner the same proxy after a restart', async () => {
    await add(proxy(1), proxy(2), proxy(3), proxy(4))
    const first = way('acc_1')
    const again = poolOver(store)
    more.push(again)
    expect(way('acc_1', again)).toBe(first)
  })

  test('moves only the owners of a proxy that fails, and they do not hop back', async () => {
    await add(proxy(1), proxy(2))
    const owners = ['acc_1', 'acc_2', 'acc_3', 'acc_4']
    const before = owners.map((owner) => way(owner))
    const gone = pool.list().find(({ name }) => name === before[0])!
    const stays = pool.list().find(({ name }) => name !== before[0])!
    breakDown(gone.id)
    expect(owners.map((owner) => way(owner))).toEqual(owners.map(() => stays.name))
    await pool.check(gone.id)
    expect(states()).toContain(`${gone.name} good`)
    expect(owners.map((owner) => way(owner))).toEqual(owners.map(() => stays.name))
    expect(way('acc_5')).toBe(gone.name)
  })

  test('leaves out disabled ones', async () => {
    await add(proxy(1), proxy(2))
    await pool.setEnabled('p1', false)
    expect([way('acc_1'), way('acc_2')]).toEqual(['p2', 'p2'])
    await pool.setEnabled('p2', false)
    expect(way('acc_1')).toMatchObject({
      code: 'proxy_disabled',
      message: expect.stringContaining('all proxies are disabled'),
    })
  })

  test('tries one that failed again after a minute when there is no other, one request at a time', async () => {
    const [id] = await add(proxy(1))
    way('acc_1')
    breakDown(id)
    expect(way('acc_1')).toMatchObject({
      retryAt: now + MINUTE,
      message: expect.stringContaining('the only enabled proxy'),
    })
    now += MINUTE - 1
    expect(way('acc_1')).toMatchObject({ code: 'proxy_unreachable' })
    now += 1
    expect(way('acc_1')).toBe('p1')
    expect(way('acc_2')).toMatchObject({ code: 'proxy_unreachable' })
    pool.report(id!, failure('proxy'))
    expect(way('acc_1')).toMatchObject({ retryAt: now + MINUTE })
    now += MINUTE
    expect(way('acc_1')).toBe('p1')
    pool.report(id!, 'ok')
    expect([way('acc_1'), way('acc_2')]).toEqual(['p1', 'p1'])
  })

  test('offers one that failed anew after a quarter of an hour, though others work', async () => {
    const [one] = await add(proxy(1), proxy(2))
    breakDown(one)
    expect([way('acc_1'), way('acc_2')]).toEqual(['p2', 'p2'])
    now += 15 * MINUTE
    expect([way('acc_1'), way('acc_3'), way('acc_4')]).toEqual(['p2', 'p1', 'p2'])
  })
})

describe('a pinned proxy that failed', () => {
  test('is tried again by traffic after ten seconds, one request at a time', async () => {
    const [id] = await add(proxy(1))
    await pool.pin('acc_1', 'p1')
    breakDown(id)
    expect(way('acc_1')).toMatchObject({ retryAt: now + 10 * SECOND })
    now += 10 * SECOND
    expect(way('acc_1')).toBe('p1')
    expect(way('acc_1')).toMatchObject({ code: 'proxy_unreachable' })
    pool.report(id!, 'ok')
    expect([way('acc_1'), way('acc_1')]).toEqual(['p1', 'p1'])
  })
})

describe('traffic tells', () => {
  test('that a proxy does not work by three failures in a row', async () => {
    const [id] = await add(proxy(1))
    for (const outcome of [failure('proxy'), failure('proxy'), 'ok', failure('proxy'), failure('proxy')] as const) {
      pool.report(id!, outcome)
    }
    expect(states()).toEqual(['p1 good'])
    pool.report(id!, failure('proxy'))
    expect(pool.list()).toMatchObject([{ state: 'unreachable', error: 'it cannot be reached: nothing listens there' }])
    expect(logged).toEqual([expect.stringMatching(/out of the rotation.*"proxy":"p1"/)])
    pool.report(id!, 'ok')
    expect(states()).toEqual(['p1 good'])
    expect(logged).toHaveLength(2)
  })

  test('whoever listens, once by turn', async () => {
    const turns: ProxyTurn[] = []
    const [id] = await add(proxy(1))
    const listenNoMore = pool.onTurn((turn) => void turns.push(turn))
    pool.report(id!, 'ok')
    expect(turns).toEqual([])
    breakDown(id)
    breakDown(id)
    const down = { id, name: 'p1', state: 'unreachable', reason: 'it cannot be reached: nothing listens there' }
    expect(turns).toEqual([down])
    pool.report(id!, 'ok')
    expect(turns).toEqual([down, { id, name: 'p1', state: 'good' }])
    listenNoMore()
    breakDown(id)
    expect(turns).toHaveLength(2)
  })

  test('nothing new of a proxy that was known to be dead at the start', async () => {
    await add(proxy(1))
    answers.set(1, new FailureError(failure('proxy')))
    await pool.check('p1')
    const turns: ProxyTurn[] = []
    const other = poolOver(store)
    more.push(other)
    other.onTurn((turn) => void turns.push(turn))
    expect(other.list()).toMatchObject([{ state: 'unreachable' }])
    expect(turns).toEqual([])
    answers.delete(1)
    await other.check('p1')
    expect(turns).toMatchObject([{ name: 'p1', state: 'good' }])
  })

  test.each(['request', 'account', 'model', 'provider', 'gateway'] as const)(
    'nothing by a failure of the %s',
    async (scope) => {
      const [id] = await add(proxy(1))
      for (let n = 0; n < 10; n += 1) pool.report(id!, failure(scope))
      expect(states()).toEqual(['p1 unchecked'])
    },
  )

  test('nothing of a proxy that is not ours', () => {
    pool.report('environment', failure('proxy'))
    expect(pool.list()).toEqual([])
  })
})

describe('a check', () => {
  test('finds the exit address and the time it took', async () => {
    await add(proxy(1))
    expect(await pool.check('p1')).toMatchObject({ ok: true, exitAddress: '198.51.100.7', latencyMs: 41.5 })
    expect(asked).toEqual([{ via: 'p1', url: 'https://check.example/' }])
    expect(pool.list()).toMatchObject([{ state: 'good', checkedAt: now, exitAddress: '198.51.100.7', latencyMs: 42 }])
  })

  test.each([
    ['{"ip":"2001:db8::1","country":"x"}', '2001:db8::1'],
    [' 203.0.113.9 ', '203.0.113.9'],
    ['{"ip":"<script>"}', undefined],
    ['{"ip":12}', undefined],
    ['null', undefined],
    ['999.1.1.1', undefined],
    ['', undefined],
    ['<html>', undefined],
  ])('reads the answer %j', async (body, exitAddress) => {
    await add(proxy(1))
    answers.set(1, { status: 200, body, ms: 5 })
    const found = await pool.check('p1')
    expect(found.exitAddress).toBe(exitAddress)
    expect(found.ok).toBe(exitAddress !== undefined)
    // It carried the question: what is wrong is the check address.
    expect(states()).toEqual(['p1 good'])
  })

  test.each([
    ['a refusal by the proxy', new FailureError(failure('proxy')), 'unreachable'],
    ['silence', new FailureError(failure('provider', { kind: 'timeout', phase: 'sent' })), 'unreachable'],
    ['a cut connection', Object.assign(new Error('cut'), { code: 'ECONNRESET' }), 'unreachable'],
    ['a check address that is down', new FailureError(failure('provider')), 'good'],
  ])('that ends in %s', async (_, error, state) => {
    await add(proxy(1))
    answers.set(1, error)
    expect(await pool.check('p1')).toMatchObject({ ok: false, error: expect.any(String) })
    expect(pool.list()).toMatchObject([{ state, error: expect.any(String) }])
    expect(pool.list()[0]).not.toHaveProperty('exitAddress')
  })

  test('of one that answers with another status is an error, but not the end of the proxy', async () => {
    await add(proxy(1))
    answers.set(1, { status: 503, body: '198.51.100.7', ms: 5 })
    expect(await pool.check('p1')).toMatchObject({ ok: false, error: 'the check address answered with status 503' })
    expect(states()).toEqual(['p1 good'])
  })

  test('brings a proxy back', async () => {
    const [id] = await add(proxy(1))
    breakDown(id)
    expect(states()).toEqual(['p1 unreachable'])
    await pool.check('p1')
    expect(states()).toEqual(['p1 good'])
  })

  test('believes the later of two in the same millisecond', async () => {
    await add(proxy(1))
    answers.set(1, new FailureError(failure('proxy')))
    await pool.check('p1')
    expect(states()).toEqual(['p1 unreachable'])
    answers.clear()
    await pool.check('p1')
    expect(states()).toEqual(['p1 good'])
  })

  test('of all takes the enabled ones, at most four at a time', async () => {
    await add(...Array.from({ length: 9 }, (_, n) => proxy(n + 1)))
    await pool.setEnabled('p5', false)
    let [open, most] = [0, 0]
    const gates: (() => void)[] = []
    const slow = createProxyPool({
      rows: store.proxies,
      settings: () => settings,
      environment: () => 'direct',
      check: () =>
        new Promise((resolve) => {
          most = Math.max(most, (open += 1))
          gates.push(() => {
            open -= 1
            resolve({ status: 200, body: '198.51.100.7', ms: 1 })
          })
        }),
      log: { info: () => undefined, warn: () => undefined },
    })
    more.push(slow)
    const all = slow.checkAll()
    for (let n = 0; n < 8; n += 1) {
      await vi.waitUntil(() => gates.length > n)
      gates[n]!()
    }
    expect((await all).map(({ name }) => name)).toEqual(['p1', 'p2', 'p3', 'p4', 'p6', 'p7', 'p8', 'p9'])
    expect(most).toBe(4)
  })

  test('can be broken off', async () => {
    await add(proxy(1))
    await expect(pool.check('p1', AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough')
    expect(states()).toEqual(['p1 unchecked'])
  })

  test('says nothing of a login that was changed meanwhile', async () => {
    const login = { username: 'ann', password: new Secret('old') }
    const [id] = await add(proxy(1, login))
    let release = (): void => undefined
    const slow = createProxyPool({
      rows: store.proxies,
      settings: () => settings,
      environment: () => 'direct',
      check: () => new Promise((_, reject) => (release = () => reject(new FailureError(failure('proxy'))))),
      log: { info: () => undefined, warn: () => undefined },
    })
    more.push(slow)
    const checking = slow.check(id!)
    await pool.add([proxy(1, { ...login, password: new Secret('new') })])
    release()
    expect((await checking).ok).toBe(false)
    expect(store.proxies.list()[0]).not.toHaveProperty('check')
    expect(slow.list()).toMatchObject([{ state: 'unchecked' }])
  })
})

describe('two processes over one data folder', () => {
  test('a change of the other is in force here when it is noticed', async () => {
    const elsewhere = await openStore({ home })
    const theirs = poolOver(elsewhere)
    more.push(theirs, elsewhere)
    await theirs.add([proxy(1)])
    await theirs.pin('acc_1', 'p1')
    await vi.waitUntil(() => way('acc_1') === 'p1')
    await theirs.setEnabled('p1', false)
    await vi.waitUntil(() => way('acc_1') !== 'p1')
    expect(way('acc_1')).toMatchObject({ code: 'proxy_disabled' })
    await theirs.setEnabled('p1', true)
    await vi.waitUntil(() => way('acc_1') === 'p1')
    // A check of theirs is believed here.
    answers.set(1, new FailureError(failure('proxy')))
    await theirs.check('p1')
    await vi.waitUntil(() => way('acc_1') !== 'p1')
    expect(states()).toEqual(['p1 unreachable'])
    now += 1
    answers.clear()
    await theirs.check('p1')
    await vi.waitUntil(() => way('acc_1') === 'p1')
    await theirs.unpin('acc_1')
    await vi.waitUntil(() => way('acc_1') === 'HTTPS_PROXY')
  })

  test('what a check found is known after a restart', async () => {
    await add(proxy(1), proxy(2))
    answers.set(1, new FailureError(failure('proxy')))
    await pool.checkAll()
    await pool.close()
    pool = poolOver(store)
    expect(states()).toEqual(['p1 unreachable', 'p2 good'])
  })

  test('a proxy whose login changed, or that was switched on again, begins anew', async () => {
    const login = { username: 'ann', password: new Secret('old') }
    const [id] = await add(proxy(1, login))
    breakDown(id)
    await pool.add([proxy(1, { ...login, password: new Secret('new') })])
    expect(states()).toEqual(['p1 unchecked'])
    breakDown(id)
    await pool.setEnabled('p1', false)
    expect(states()).toEqual(['p1 disabled'])
    await pool.setEnabled('p1', true)
    expect(states()).toEqual(['p1 unchecked'])
  })
})

describe('the list', () => {
  test('shows no password, nor a username that is one', async () => {
    await add(
      proxy(1, { username: 'ann', password: new Secret('canary') }),
      proxy(2, { protocol: 'http', username: 'canary-token' }),
      proxy(3, { host: '2001:db8::1' }),
    )
    expect(pool.list().map(({ url }) => url)).toEqual([
      'socks5h://ann:***@proxy.example:1',
      'http://***@proxy.example:2',
      'socks5h://[2001:db8::1]:3',
    ])
    expect(JSON.stringify(pool.list())).not.toContain('canary')
  })

  test('finds a proxy by id, name and the beginning of an id', async () => {
    const [one] = await add(proxy(1), proxy(2))
    expect(pool.find(one!).name).toBe('p1')
    expect(pool.find('p1').id).toBe(one)
    expect(pool.find(one!.slice(0, -2)).id).toBe(one)
    expect(() => pool.find('prx_')).toThrow(/there is no proxy prx_; dragoman proxies list/)
    expect(() => pool.find('p3')).toThrow(/there is no proxy p3/)
  })

  test.each(['auto', 'direct', 'global', 'environment', ' ', 'prx_1'])('has no proxy called %j', async (name) => {
    await expect(pool.add([proxy(1, { name })], { exactNames: true })).rejects.toThrow(/cannot be called/)
    await add(proxy(1, { name }))
    expect(pool.list()).toMatchObject([{ name: 'proxy.example:1' }])
  })

  test('has no name twice', async () => {
    await add(proxy(1))
    await expect(pool.add([proxy(2, { name: 'p1' })], { exactNames: true })).rejects.toThrow(
      /there is a proxy p1 already/,
    )
    await expect(pool.add([proxy(1)], { exactNames: true })).resolves.toMatchObject([{ outcome: 'unchanged' }])
    await add(proxy(2, { name: 'p1' }))
    expect(pool.list().map(({ name }) => name)).toEqual(['p1', 'p1 2'])
  })
})

describe('pins', () => {
  test('name their proxy, also when it is gone', async () => {
    const [id] = await add(proxy(1))
    expect(await pool.pin('acc_1', 'p1')).toEqual({ owner: 'acc_1', choice: id, proxyName: 'p1' })
    await pool.pin('acc_2', 'direct')
    expect(pool.list()).toMatchObject([{ owners: ['acc_1'] }])
    await expect(pool.remove('p1')).rejects.toThrow(/p1 is the way out of acc_1; .*--force: then they have no way out/)
    expect(await pool.remove('p1', { evenIfPinned: true })).toMatchObject({ proxy: { name: 'p1' }, owners: ['acc_1'] })
    expect(pool.pins()).toEqual([
      { owner: 'acc_1', choice: id },
      { owner: 'acc_2', choice: 'direct' },
    ])
    expect(way('acc_1')).toMatchObject({ scope: 'proxy' })
  })

  test('to nobody are refused', async () => {
    await expect(pool.pin('acc_1', 'p1')).rejects.toThrow(/there is no proxy p1/)
    await expect(pool.pin('acc_1', 'environment')).rejects.toThrow(/there is no proxy environment/)
    expect(pool.pins()).toEqual([])
  })

  test('what proxy.default names is not removed either', async () => {
    await add(proxy(1))
    settings = { ...settings, default: 'p1' }
    await expect(pool.remove('p1')).rejects.toThrow(/p1 is the way out of proxy.default/)
  })

  test('are spread in turn', async () => {
    await add(proxy(1), proxy(2))
    const done = await pool.assignRoundRobin(['a', 'b', 'c', 'a', 'd'], ['p1', 'p2', 'p1'])
    expect(done.map(({ owner, proxyName }) => `${owner} ${proxyName}`)).toEqual(['a p1', 'b p2', 'c p1', 'd p2'])
    expect(['a', 'b', 'c', 'd'].map((owner) => way(owner))).toEqual(['p1', 'p2', 'p1', 'p2'])
    await expect(pool.assignRoundRobin(['a'], [])).rejects.toThrow(/name the proxies/)
    await expect(pool.assignRoundRobin(['a'], ['p9'])).rejects.toThrow(/there is no proxy p9/)
  })
})

test('an export holds passwords only when asked for', async () => {
  await add(proxy(1, { username: 'ann', password: new Secret('canary') }))
  expect(pool.exportYaml({ passwords: false })).toMatch(/^# Without the passwords of 1\.\nproxies:\n {2}- name: p1\n/)
  expect(pool.exportYaml({ passwords: false })).not.toContain('canary')
  expect(pool.exportYaml({ passwords: true })).toContain('canary')
})
