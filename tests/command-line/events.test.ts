import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createNotices, type News } from '../../packages/gateway/src/notices/index.js'
import {
  isSignedWith,
  openReceiver,
  type Receiver,
} from '../../packages/gateway/src/notices/webhook-receiver.test-kit.js'
import { configSchema } from '../../packages/gateway/src/config/index.js'
import { openStore } from '../../packages/gateway/src/store/index.js'
import { expectMistake, oneLineOfJson, openTerminal, type Terminal } from './terminal.js'

let at: Terminal
beforeEach(async () => {
  at = await openTerminal()
})
afterEach(() => at.close())

/** As a gateway on this data folder would. */
async function tell(...news: News[]): Promise<void> {
  const store = await openStore({ home: at.home })
  const nothing = (): void => undefined
  const notices = createNotices({
    rows: store.notices,
    settings: store.sealedSettings,
    transport: { request: () => Promise.reject(new Error('not here')) },
    config: () => configSchema.parse({}),
    log: { info: nothing, warn: nothing, error: nothing },
  })
  for (const one of news) notices.tell(one)
  await notices.close()
  await store.close()
}

const down = (proxy: string): News => ({ type: 'proxy_down', data: { proxy, reason: 'It refused.' } })
const fell: News = { type: 'fallback_used', data: { from: 'a:b', to: 'c:d', why: 'quota' } }

describe('events', () => {
  test('are shown with the newest last, whether or not a gateway runs', async () => {
    expect((await at.run('events')).out).toMatch(/^Nothing happened/)
    await tell(down('one'), fell, down('two'))
    expect((await at.run('events')).out).toMatch(
      /^\S+ \S+ {2}warning {3}Proxy one .+\n.+ {2}info {6}c:d answered .+\n.+Proxy two .+\n$/,
    )
    expect((await at.run('events', '--level', 'warning', '--count', '1', '--since', '1h')).out).toMatch(
      /^[^\n]+Proxy two does not work\. It refused\.\n$/,
    )
    expect((await at.run('events', '--text', 'ONE', '--language', 'zh-CN')).out).toContain('代理 one 无法使用。')
    expect(oneLineOfJson(await at.run('events', '--text', 'one', '--json'))).toMatchObject({
      type: 'proxy_down',
      data: { proxy: 'one' },
      sentence: 'Proxy one does not work. It refused.',
    })
  })

  test('nothing in them drives the terminal', async () => {
    await tell(down('\u001b[31mred\nforged line'))
    expect((await at.run('events')).out.trimEnd()).not.toContain('\n')
  })

  test('can be followed until Ctrl-C', async () => {
    await tell(fell)
    const following = at.start(['events', '--follow', '--level', 'warning'])
    await at.run('status')
    await tell(down('one'))
    await following.says(/Proxy one/)
    await tell(fell, down('two'))
    await following.says(/Proxy two/)
    following.signal()
    const { code, out } = await following.done
    expect(code).toBe(0)
    expect(out.match(/Proxy/g)).toHaveLength(2)
    expect(out).not.toContain('answered')
  })

  test.each([
    ['--level', 'loud'],
    ['--since', 'soon'],
    ['--count', '0'],
    ['--language', 'xx'],
  ])('%s %s is refused', async (option, value) => {
    expectMistake(await at.run('events', option, value), 2, `${option} takes`)
  })
})

describe('webhook', () => {
  let receiver: Receiver
  beforeEach(async () => {
    receiver = await openReceiver()
  })
  afterEach(() => receiver.close())

  test('secret is made once, shown again, and rotated', async () => {
    const { out: first } = await at.run('webhook', 'secret')
    expect(first).toMatch(/^dgw-[\w-]{43}\n$/)
    expect((await at.run('webhook', 'secret')).out).toBe(first)
    const rotated = oneLineOfJson(await at.run('webhook', 'secret', '--rotate', '--json')) as { secret: string }
    expect(rotated).toMatchObject({ made: true })
    expect(`${rotated.secret}\n`).not.toBe(first)
    expect((await at.run('webhook', 'secret')).out).toBe(`${rotated.secret}\n`)
  })

  test('test sends a signed test and says what came of it', async () => {
    expectMistake(await at.run('webhook', 'test'), 1, 'dragoman config set notices.webhook_url')
    await at.run('config', 'set', 'notices.webhook_url', receiver.url)
    expectMistake(await at.run('webhook', 'test'), 1, 'dragoman webhook secret')
    expect(receiver.received).toEqual([])
    const secret = (await at.run('webhook', 'secret')).out.trim()
    at.secrets.add(secret)
    expect((await at.run('webhook', 'test')).out).toMatch(/^127\.0\.0\.1:\d+ took it \(dlv_test_\w+\)\.\n$/)
    const got = await receiver.came(1)
    expect(isSignedWith(secret, got)).toBe(true)
    expect(got.headers['x-dragoman-event']).toBe('test')
    expect(JSON.parse(got.body)).toMatchObject({ type: 'test', level: 'info' })
    receiver.answer = (res) => res.writeHead(301, { location: '/' }).end()
    expectMistake(await at.run('webhook', 'test'), 1, /did not take it: it redirects \(301\)/)
    expect(receiver.received).toHaveLength(2)
  })

  test('must be https, or on this machine', async () => {
    for (const url of ['http://hooks.example.com/x', 'ftp://127.0.0.1/', 'https://me:pass@hooks.example.com/']) {
      expectMistake(await at.run('config', 'set', 'notices.webhook_url', url), 1, /https/)
    }
  })
})

test('a gateway tells what its changed configuration is worth', async () => {
  const path = join(at.home, 'config.yaml')
  writeFileSync(path, 'requests:\n  keep: 50\n')
  const gateway = at.start(['serve', '--port', '0', '--json'])
  await gateway.says(/"event":"ready"/)
  writeFileSync(path, 'requests:\n  keep: 60\n')
  await gateway.says(/the configuration is good and in force/)
  writeFileSync(path, 'requests:\n  keep: many\n')
  await gateway.says(/the configuration has a mistake/)
  gateway.signal()
  expect((await gateway.done).code).toBe(0)
  writeFileSync(path, 'requests:\n  keep: 60\n')
  const { out } = await at.run('events', '--text', 'configuration')
  expect(out).toMatch(
    /^\S+ \S+ {2}info {6}The changed configuration is in force: requests\.keep\.\n\S+ \S+ {2}warning {3}The configuration has a mistake; the old one stays in force\. .*config\.yaml:2:3: requests\.keep: expected number .*many.*\n$/,
  )
})
