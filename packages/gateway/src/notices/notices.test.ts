import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { configSchema, type Config } from '../config/index.js'
import { openStore, type NoticeRows, type Store } from '../store/index.js'
import { createTransport, type Transport } from '../transport/index.js'
import { createNotices, type Notices, type NoticesOptions } from './create-notices.js'
import type { News, Notice } from './notice.js'
import { makeWebhookSecret } from './webhook-request.js'
import { createWebhook, type Webhook } from './webhook.js'
import { isSignedWith, openReceiver, type Receiver } from './webhook-receiver.test-kit.js'

const NOW = Date.UTC(2026, 6, 1, 12)
const DAY = 86_400_000
const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJl'

let home: string
let store: Store
let transport: Transport
let receiver: Receiver
let settings: Partial<Config['notices']>
let now: number
let lines: { level: string; text: string }[]
const open: { close(): Promise<void> }[] = []

const config = () => configSchema.parse({ notices: settings })
const logAt = (level: string) => (fields: object, sentence: string) =>
  void lines.push({
    level,
    text: `${sentence} ${JSON.stringify(fields, (_, value: unknown) => (value instanceof Error ? String(value) : value))}`,
  })

function notices(more: Partial<NoticesOptions> = {}): Notices {
  const made = createNotices({
    rows: store.notices,
    settings: store.sealedSettings,
    transport,
    config,
    now: () => now,
    random: () => 0.5,
    log: { info: logAt('info'), warn: logAt('warn'), error: logAt('error') },
    nameOf: (id) => (id === 'acc_1' ? { label: 'work', email: 'ann@example.com' } : undefined),
    ...more,
  })
  open.push(made)
  return made
}

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'dragoman-notices-'))
  store = await openStore({ home })
  transport = createTransport({
    connectTimeoutMs: 5_000,
    connectionsPerOwner: 4,
    allowedPrivateHosts: () => ['127.0.0.1'],
  })
  receiver = await openReceiver()
  settings = {}
  now = NOW
  lines = []
})
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
  await transport.close()
  await receiver.close()
  await store.close()
  await rm(home, { recursive: true, force: true })
})

const loginNeeded = (accountId = 'acc_1'): News => ({ type: 'login_needed', accountId, data: {} })
const proxyDown = (reason: string): News => ({ type: 'proxy_down', data: { proxy: 'home', reason } })

/** Waits for what the disk says, without a clock. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve))
}

describe('what is told', () => {
  test('is listed newest first, also after a restart', async () => {
    const first = notices()
    first.tell(loginNeeded())
    now += 1000
    first.tell({ type: 'stopped', data: {} })
    expect((await first.list()).map(({ type }) => type)).toEqual(['stopped', 'login_needed'])
    await first.close()
    expect(await notices().list()).toMatchObject([
      { type: 'stopped', level: 'info', at: NOW + 1000, names: {} },
      {
        type: 'login_needed',
        level: 'critical',
        at: NOW,
        accountId: 'acc_1',
        names: { acc_1: { label: 'work', email: 'ann@example.com' } },
      },
    ])
  })

  test('has ids that sort by time, also within one ms and when the clock is set back', async () => {
    const room = notices()
    const ids = Array.from({ length: 50 }, (_, n) => {
      if (n === 25) now -= 5_000
      return room.tell(loginNeeded()).id
    })
    expect(ids.toSorted()).toEqual(ids)
    expect(new Set(ids).size).toBe(50)
  })

  test('is logged once, gravely when it is grave, without e-mail addresses', () => {
    const room = notices({ nameOf: () => ({ email: 'ann@example.com' }) })
    room.tell(loginNeeded())
    room.tell({ type: 'started', data: { version: '1', url: 'http://127.0.0.1:8080' } })
    room.tell(proxyDown('refused bob@example.com'))
    expect(lines.map(({ level }) => level)).toEqual(['warn', 'info', 'warn'])
    expect(lines[0]?.text).toContain('Account acc_1 needs a new login')
    expect(JSON.stringify(lines)).not.toContain('example.com')
  })

  test('holds no secret, wherever it stood', async () => {
    const room = notices({ nameOf: () => ({ label: `Bearer ${TOKEN}` }) })
    room.tell({ type: 'refresh_failed', accountId: 'acc_1', data: { reason: `refused ${TOKEN}` } })
    expect(JSON.stringify([await room.list(), lines])).not.toContain(TOKEN)
  })

  test('is heard live; a listener that fails disturbs nobody', () => {
    const room = notices()
    const heard: Notice[] = []
    room.onNotice(() => {
      throw new Error('broken')
    })
    const deaf = room.onNotice((notice) => heard.push(notice))
    room.tell(loginNeeded())
    deaf()
    room.tell(loginNeeded())
    expect(heard).toHaveLength(1)
    expect(lines.filter(({ level }) => level === 'error')).toHaveLength(2)
  })

  test('is kept in bounds of number and age', async () => {
    settings = { keep: 3, keep_days: 2 }
    const room = notices()
    room.tell(proxyDown('old'))
    await room.list()
    now += 2 * DAY + 1
    for (const reason of ['a', 'b', 'c', 'd']) room.tell(proxyDown(reason))
    const reasons = (await room.list()).map(({ data }) => 'reason' in data && data.reason)
    expect(reasons).toEqual(['d', 'c', 'b'])
    settings = { keep: 100, keep_days: 2 }
    now += 2 * DAY + 1
    room.tell(proxyDown('e'))
    expect(await room.list()).toHaveLength(1)
  })

  test('waits for a disk that fails, and that is told once', async () => {
    let broken = true
    const rows: NoticeRows = {
      ...store.notices,
      add: (...args) => (broken ? Promise.reject(new Error('disk full')) : store.notices.add(...args)),
    }
    const room = notices({ rows })
    room.tell(loginNeeded())
    expect(await room.list()).toEqual([])
    room.tell({ type: 'stopped', data: {} })
    expect(await room.list()).toEqual([])
    broken = false
    expect(await room.list()).toHaveLength(2)
    expect(lines.filter(({ text }) => text.includes('cannot be kept'))).toHaveLength(1)
  })
})

describe('a list', () => {
  let room: Notices
  beforeEach(() => {
    room = notices()
    room.tell({ type: 'started', data: { version: '1', url: 'http://127.0.0.1:8080' } })
    room.tell(proxyDown('100% of_them'))
    now += 60_000
    room.tell(loginNeeded())
    room.tell(loginNeeded('acc_2'))
  })
  const types = async (filter: Parameters<Notices['list']>[0]) => (await room.list(filter)).map(({ type }) => type)

  test.each<[string, Parameters<Notices['list']>[0], string[]]>([
    ['by level', { level: 'warning' }, ['login_needed', 'login_needed', 'proxy_down']],
    ['by the highest level', { level: 'critical' }, ['login_needed', 'login_needed']],
    ['by type', { types: ['started', 'proxy_down'] }, ['proxy_down', 'started']],
    ['by account', { accountId: 'acc_2' }, ['login_needed']],
    ['by time', { since: NOW + 1 }, ['login_needed', 'login_needed']],
    ['by words in English', { text: 'NEEDS a new' }, ['login_needed', 'login_needed']],
    ['by words in Chinese', { text: '重新登录' }, ['login_needed', 'login_needed']],
    ['by a name', { text: 'Ann@Example' }, ['login_needed']],
    ['by signs that a pattern would mean otherwise', { text: '0% of_' }, ['proxy_down']],
    ['not by a pattern', { text: 'l_gin%needed' }, []],
    ['by all at once', { level: 'warning', accountId: 'acc_1', text: 'work' }, ['login_needed']],
  ])('%s', async (_, filter, expected) => {
    expect(await types(filter)).toEqual(expected)
  })

  test('in pages', async () => {
    const [first, second] = await room.list({ count: 2 })
    expect(first?.accountId).toBe('acc_2')
    expect(await types({ before: second?.id ?? '' })).toEqual(['proxy_down', 'started'])
  })

  test('can be emptied', async () => {
    expect(await room.clear()).toBe(4)
    expect(await room.list()).toEqual([])
    expect(await room.clear()).toBe(0)
  })
})

describe('the webhook', () => {
  beforeEach(() => {
    settings = { webhook_url: receiver.url }
  })
  const secretOf = async () => (await makeWebhookSecret(store.sealedSettings)).reveal()

  test('is told, signed, without e-mail addresses', async () => {
    const secret = await secretOf()
    const room = notices()
    room.start()
    const { id } = room.tell({ type: 'refresh_failed', accountId: 'acc_1', data: { reason: 'of ann@example.com' } })
    const got = await receiver.came(1)
    expect(isSignedWith(secret, got)).toBe(true)
    expect(isSignedWith('', got)).toBe(false)
    expect(got.path).toBe('/hook?key=QUERYCANARY')
    expect(got.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'x-dragoman-event': 'refresh_failed',
      'x-dragoman-delivery': id.replace('ntc_', 'dlv_'),
      'x-dragoman-timestamp': String(NOW / 1000),
    })
    expect(JSON.parse(got.body)).toEqual({
      text: 'The login of account work could not be renewed. of [e-mail]',
      textZh: '账号 work 的登录未能续期。（of [e-mail]）',
      id,
      at: NOW,
      level: 'warning',
      type: 'refresh_failed',
      accountId: 'acc_1',
      names: { acc_1: { label: 'work' } },
      data: { reason: 'of [e-mail]' },
    })
    await until(async () => (await store.notices.nextDelivery()) === undefined)
  })

  test('is told e-mail addresses only when its owner wants it', async () => {
    settings = { ...settings, webhook_identities: true }
    await secretOf()
    const room = notices()
    room.start()
    room.tell(loginNeeded())
    expect((await receiver.came(1)).body).toContain('ann@example.com')
  })

  test('is told what was chosen, in order, and nothing else', async () => {
    settings = { ...settings, webhook_events: ['login_needed'] }
    await secretOf()
    const room = notices()
    room.start()
    room.tell(proxyDown('x'))
    for (const id of ['acc_1', 'acc_2', 'acc_3']) room.tell(loginNeeded(id))
    await receiver.came(3)
    expect(receiver.received.map(({ body }) => (JSON.parse(body) as Notice).accountId)).toEqual([
      'acc_1',
      'acc_2',
      'acc_3',
    ])
  })

  test('is told nothing without a secret, and the log says once what to do', async () => {
    const room = notices()
    room.start()
    room.tell(loginNeeded())
    await room.list()
    room.tell(loginNeeded())
    await room.list()
    expect(await store.notices.nextDelivery()).toBe(undefined)
    expect(lines.filter(({ text }) => text.includes('dragoman webhook secret'))).toHaveLength(1)
    const secret = await secretOf()
    room.tell(loginNeeded('acc_2'))
    expect(isSignedWith(secret, await receiver.came(1))).toBe(true)
    expect(receiver.received).toHaveLength(1)
  })

  test('a secret that was rotated signs what comes next', async () => {
    const before = await secretOf()
    const room = notices()
    room.start()
    room.tell(loginNeeded())
    await receiver.came(1)
    const after = await secretOf()
    room.tell(loginNeeded())
    const got = await receiver.came(2)
    expect([isSignedWith(before, got), isSignedWith(after, got)]).toEqual([false, true])
  })

  test('gets after a restart what it had not taken', async () => {
    await secretOf()
    receiver.answer = (res) => res.writeHead(503).end()
    const first = notices()
    first.start()
    const { id } = first.tell(loginNeeded())
    await receiver.came(1)
    await until(async () => ((await store.notices.nextDelivery()) ?? 0) > now)
    await first.close()
    await store.close()
    store = await openStore({ home })
    receiver.answer = (res) => res.writeHead(200).end('ok')
    now += 60_000
    notices().start()
    expect(JSON.parse((await receiver.came(2)).body)).toMatchObject({ id, names: { acc_1: { label: 'work' } } })
    await until(async () => (await store.notices.nextDelivery()) === undefined)
  })

  test('that was cut off by a stop is told again at once after the next start', async () => {
    await secretOf()
    receiver.answer = () => undefined
    const first = notices()
    first.start()
    first.tell(loginNeeded())
    await receiver.came(1)
    await first.close()
    receiver.answer = (res) => res.writeHead(204).end()
    notices().start()
    const [one, two] = [await receiver.came(1), await receiver.came(2)]
    expect(two.headers['x-dragoman-delivery']).toBe(one.headers['x-dragoman-delivery'])
  })
})

describe('a webhook that does not take anything', () => {
  const PAUSES = [5_000, 30_000, 120_000, 600_000]

  beforeEach(async () => {
    settings = { webhook_url: receiver.url }
    await makeWebhookSecret(store.sealedSettings)
  })

  let webhook: Webhook | undefined
  afterEach(() => (webhook = undefined))

  /** Tells it one notice, and moves the clock to each next try; ends when nothing waits any more. */
  async function tryOut(): Promise<number[]> {
    webhook ??= createWebhook({
      rows: store.notices,
      settings: store.sealedSettings,
      request: transport.request,
      config,
      now: () => now,
      random: () => 0.5,
      log: { info: logAt('info'), warn: logAt('warn'), error: logAt('error') },
      timeoutMs: 100,
    })
    open.push(webhook)
    const room = notices()
    room.tell(loginNeeded())
    await room.list()
    webhook.start()
    const pauses: number[] = []
    for (;;) {
      // Taken for a try it is due in a minute: what is meant is what the try put it off to.
      let next: number | undefined
      await until(async () => {
        next = await store.notices.nextDelivery()
        return next === undefined || (next > now && next !== now + 60_000)
      })
      if (next === undefined) return pauses
      pauses.push(next - now)
      now = next
      webhook.wake()
    }
  }

  test.each<[string, Receiver['answer'] | undefined, RegExp]>([
    ['by an error', (res) => res.writeHead(500).end('BODYCANARY'), /it answered 500/],
    [
      'by sending elsewhere, which is not followed',
      (res) => res.writeHead(302, { location: '/elsewhere' }).end(),
      /it redirects \(302\)/,
    ],
    ['by silence', () => undefined, /no answer from 127\.0\.0\.1:\d+ within 0\.1 s/],
    ['by hanging up', (res) => res.destroy(), /socket|closed|ECONNRESET/i],
  ])('%s', async (_, answer, why) => {
    if (answer !== undefined) receiver.answer = answer
    expect(await tryOut()).toEqual(PAUSES)
    // The pauses prove the tries; one that is given up early may not have been read here.
    expect(receiver.received.length).toBeGreaterThan(0)
    expect(receiver.received.length).toBeLessThanOrEqual(5)
    expect(new Set(receiver.received.map(({ path }) => path))).toEqual(new Set(['/hook?key=QUERYCANARY']))
    const ids = receiver.received.map(({ headers }) => headers['x-dragoman-delivery'])
    expect(new Set(ids).size).toBe(1)
    const told = lines.filter(({ text }) => text.includes('does not take notices'))
    expect(told).toHaveLength(1)
    expect(told[0]?.text).toMatch(why)
  })

  test('is told of once, and once more when it does again; the log holds no secret', async () => {
    receiver.answer = (res) => res.writeHead(500).end('BODYCANARY')
    await tryOut()
    await tryOut()
    receiver.answer = (res) => res.writeHead(204).end()
    await tryOut()
    const about = lines.filter(({ text }) => text.includes('the webhook')).map(({ level }) => level)
    expect(about).toEqual(['warn', 'info'])
    const secret = (await store.sealedSettings.get('webhook_secret'))?.reveal() ?? 'none'
    expect(JSON.stringify(lines)).not.toMatch(/QUERYCANARY|BODYCANARY/)
    expect(JSON.stringify(lines)).not.toContain(secret)
  })

  test('at an address that may not be reached is not asked', async () => {
    await transport.close()
    transport = createTransport({ connectTimeoutMs: 5_000, connectionsPerOwner: 4 })
    expect(await tryOut()).toEqual(PAUSES)
    expect(receiver.received).toEqual([])
    expect(JSON.stringify(lines)).toContain('upstream.allowed_private_hosts')
  })

  test('is not remembered without bound: the oldest go first', async () => {
    const room = notices()
    const ids = Array.from({ length: 1010 }, () => room.tell(loginNeeded()).id)
    await room.list()
    const first = await store.notices.takeDelivery(now, now + 1)
    expect(first?.notice.id).toBe(ids[10])
    expect(lines.filter(({ text }) => text.includes('the oldest are dropped'))).toHaveLength(1)
  })
})

test('two processes at one data folder bring each notice once', async () => {
  settings = { webhook_url: receiver.url }
  await makeWebhookSecret(store.sealedSettings)
  const other = await openStore({ home })
  const [one, two] = [notices(), notices({ rows: other.notices, settings: other.sealedSettings, random: () => 0.25 })]
  one.start()
  two.start()
  for (let n = 0; n < 10; n += 1) (n % 2 === 0 ? one : two).tell(loginNeeded(`acc_${n}`))
  await receiver.came(10)
  await until(async () => (await store.notices.nextDelivery()) === undefined)
  const ids = receiver.received.map(({ headers }) => headers['x-dragoman-delivery'])
  expect(new Set(ids).size).toBe(10)
  expect(ids).toHaveLength(10)
  await two.close()
  await other.close()
})
