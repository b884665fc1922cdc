import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Secret } from '../../packages/gateway/src/telemetry/index.js'
import { openStore } from '../../packages/gateway/src/store/index.js'
import { restoreBackup } from '../../packages/gateway/src/store/index.js'
import { addKey, openHouse, type House } from '../house.js'

/** Secrets that no answer may hold, each put where one might forget it. */
const CANARIES = ['canary-hook-path', 'sk-canary0123456789abcdef']

let house: House
beforeAll(async () => {
  house = await openHouse({
    accounts: 2,
    config: { notices: { webhook_url: `https://hooks.example.com/${CANARIES[0]}` } },
  })
  await addKey(house, { vendor: 'openai', models: ['gpt-x'], label: 'somebody@example.com' })
  await house.gateway.store.sealedSettings.set('webhook_secret', new Secret(CANARIES[1] ?? ''))
  await house.post('/v1/chat/completions', { model: 'demo', messages: [{ role: 'user', content: 'hello' }] })
  await house.post(
    '/v1/chat/completions',
    { model: 'no-such-model', messages: [] },
    { authorization: `Bearer ${CANARIES[1]}` },
  )
})
afterAll(() => house.close())

async function ask<Body = Record<string, unknown>>(
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: Body; text: string; headers: Headers }> {
  const reply = await fetch(house.url + path, {
    method,
    headers: { authorization: `Bearer ${house.gateway.controlKey}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await reply.text()
  return { status: reply.status, body: JSON.parse(text) as Body, text, headers: reply.headers }
}

describe('the diagnostics bundle', () => {
  test('tells what somebody needs who is to help', async () => {
    const { body, headers } = await ask('GET', '/admin/diagnostics')
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="dragoman-diagnostics-/)
    expect(body).toMatchObject({
      dragoman: { version: '0.0.0-test' },
      runtime: { node: process.version },
      database: { integrity: 'ok' },
      eventLoopDelayMs: { p99: expect.any(Number) as number },
      pool: { strategy: 'least_used', accounts: [{ status: 'active' }, { status: 'active' }] },
    })
    expect(JSON.stringify(body['settings'])).toContain('codex.base_url')
  })

  test('holds no secret and no name of a person', async () => {
    const tokens = house.simulator.requests.flatMap(
      ({ headers }) => String(headers['authorization'] ?? '').slice(7) || [],
    )
    for (const path of [
      '/admin/diagnostics',
      '/debug/diagnostics',
      '/admin/log-tail',
      '/admin/config',
      '/admin/webhook',
    ]) {
      const { text } = await ask('GET', path)
      for (const secret of [...CANARIES, ...tokens, house.key, house.gateway.controlKey])
        expect(text).not.toContain(secret)
      if (path !== '/admin/config' && path !== '/admin/log-tail') expect(text).not.toContain('@example.com')
    }
  })

  test('/debug/fingerprint says who we say we are', async () => {
    const { body } = await ask('GET', '/debug/fingerprint')
    expect(body).toMatchObject({
      profile: 'dragoman',
      originator: 'dragoman',
      user_agent: expect.stringMatching(/^dragoman\/0\.0\.0-test/) as string,
    })
  })
})

test('the end of the log is told, by level', async () => {
  interface Told {
    lines: { level: string; message: string }[]
  }
  const all = await ask<Told>('GET', '/admin/log-tail?limit=1000')
  expect(all.body.lines.length).toBeGreaterThan(0)
  const bad = await ask<Told>('GET', '/admin/log-tail?limit=1000&level=warn')
  expect(bad.body.lines.every(({ level }) => level === 'warn' || level === 'error')).toBe(true)
  expect(bad.body.lines.length).toBeLessThan(all.body.lines.length)
})

describe('the connection test', () => {
  test('tries each part, asks no model, and says what works', async () => {
    const before = house.simulator.requests.length
    const { body } = await ask('POST', '/admin/test-connection', {})
    expect(body).toMatchObject({
      overall: 'pass',
      checks: ['server', 'accounts', 'transport', 'upstream'].map((name) => ({ name, status: 'pass', error: null })),
    })
    const asked = house.simulator.requests.slice(before).map(({ path }) => path)
    expect(asked.filter((path) => path.includes('responses'))).toEqual([])
  })

  test('a backend that is not there is named, and benches nobody', async () => {
    await ask('PATCH', '/admin/config', { 'codex.base_url': 'http://127.0.0.1:9/backend-api' })
    const { body } = await ask('POST', '/admin/test-connection', { checks: ['transport', 'upstream'] })
    expect(body).toMatchObject({
      overall: 'fail',
      checks: [
        { name: 'transport', status: 'fail', error: expect.stringContaining('127.0.0.1') as string },
        { name: 'upstream', status: 'fail' },
      ],
    })
    expect(house.gateway.accounts.list().map(({ status }) => status)).toEqual(['active', 'active'])
    await ask('PATCH', '/admin/config', { 'codex.base_url': house.simulator.backendUrl })
  })
})

describe('new versions', () => {
  test('nobody is asked before somebody names a feed, and nothing installs itself', async () => {
    expect((await ask('GET', '/admin/update-status')).body).toMatchObject({ enabled: false, update_available: null })
    expect(await ask('POST', '/admin/check-update')).toMatchObject({ status: 409, body: { code: 'no_update_feed' } })
    expect(await ask('POST', '/admin/apply-update')).toMatchObject({
      status: 409,
      body: { code: 'update_by_hand', error: expect.stringMatching(/git pull|npm install|docker/) as string },
    })
  })

  test('a feed is asked when it is asked for', async () => {
    const feed = createServer((_, res) => res.end('{"tag_name":"v1.2.3","html_url":"https://example.com/1.2.3"}'))
    feed.listen(0, '127.0.0.1')
    await once(feed, 'listening')
    const { port } = feed.address() as AddressInfo
    await ask('PATCH', '/admin/config', { 'updates.feed': `http://127.0.0.1:${port}/latest` })
    expect((await ask('POST', '/admin/check-update')).body).toMatchObject({
      latest_version: '1.2.3',
      update_available: true,
      url: 'https://example.com/1.2.3',
      error: null,
    })
    feed.close()
    await ask('PATCH', '/admin/config', { 'updates.feed': null })
    expect((await ask('GET', '/admin/update-status')).body).toMatchObject({ latest_version: null })
  })
})

describe('settings by the names of the predecessors', () => {
  test.each([
    ['/admin/rotation-settings', { rotation_strategy: 'sticky' }, 'accounts.strategy', 'sticky'],
    ['/admin/general-settings', { default_reasoning_effort: 'high' }, 'model.effort', 'high'],
    ['/admin/general-settings', { default_reasoning_effort: null }, 'model.effort', ''],
    ['/admin/quota-settings', { refresh_interval_minutes: 11 }, 'quota.refresh_minutes', 11],
  ])('%s %j is %s', async (path, body, setting, value) => {
    expect(await ask('POST', path, body)).toMatchObject({
      status: 200,
      body: { success: true, restart_required: false },
    })
    const { body: config } = await ask<{ settings: { path: string; value: unknown }[] }>('GET', '/admin/config')
    expect(config.settings.find((one) => one.path === setting)?.value).toEqual(value)
    expect((await ask('GET', path)).body).toMatchObject(body)
  })

  test('what is not here says where it is', async () => {
    expect((await ask('GET', '/admin/settings')).body).toEqual({ proxy_api_key: null })
    expect(await ask('POST', '/admin/settings', { proxy_api_key: 'x' })).toMatchObject({
      status: 400,
      body: { pointer: '/proxy_api_key', error: expect.stringContaining('client keys') as string },
    })
    expect(await ask('POST', '/admin/general-settings', { port: 'x' })).toMatchObject({
      status: 400,
      body: { pointer: '/port' },
    })
    expect(await ask('POST', '/admin/general-settings', { port: 8090 })).toMatchObject({
      body: { restart_required: true },
    })
    await ask('PATCH', '/admin/config', { 'server.port': 0 })
  })

  test('the listener for Ollama clients starts when it is switched on, and says where', async () => {
    expect((await ask('GET', '/admin/ollama-status')).body).toMatchObject({ running: false })
    await ask('POST', '/admin/ollama-settings', { enabled: true, port: 0 })
    const { body } = await ask<{ running: boolean; address: string }>('GET', '/admin/ollama-status')
    expect(body.running).toBe(true)
    expect((await fetch(`${body.address}/api/version`)).status).toBe(200)
    await ask('POST', '/admin/ollama-settings', { enabled: false })
    expect((await ask('GET', '/admin/ollama-status')).body).toMatchObject({ running: false, address: null })
  })
})

describe('the webhook', () => {
  test('is tested with a signed request, and its secret is told to who asks for it', async () => {
    const heard: { signature: unknown; body: string }[] = []
    const receiver = createServer((req, res) => {
      let text = ''
      req.on('data', (chunk: Buffer) => (text += chunk.toString()))
      req.on('end', () => {
        heard.push({ signature: req.headers['x-dragoman-signature'], body: text })
        res.end()
      })
    }).listen(0, '127.0.0.1')
    await once(receiver, 'listening')
    const { port } = receiver.address() as AddressInfo
    await ask('PATCH', '/admin/config', { 'notices.webhook_url': `http://127.0.0.1:${port}/hook` })
    expect((await ask('GET', '/admin/webhook')).body).toEqual({ host: `127.0.0.1:${port}`, has_secret: true })
    expect((await ask('POST', '/admin/webhook/secret', { rotate: true })).body).toMatchObject({
      secret: expect.stringMatching(/^dgw-/) as string,
      made: true,
    })
    expect((await ask('POST', '/admin/webhook/test')).body).toMatchObject({ taken: true })
    expect(heard[0]).toMatchObject({ signature: expect.stringMatching(/^v1=/) as string })
    receiver.close()
    await ask('PATCH', '/admin/config', { 'notices.webhook_url': null })
    expect(await ask('POST', '/admin/webhook/test')).toMatchObject({ status: 409, body: { code: 'no_webhook' } })
  })
})

describe('a backup', () => {
  test('opens with its passphrase alone, on another machine', async () => {
    const reply = await fetch(`${house.url}/admin/backup`, {
      method: 'POST',
      headers: { authorization: `Bearer ${house.gateway.controlKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ passphrase: 'correct horse battery' }),
    })
    const bytes = Buffer.from(await reply.arrayBuffer())
    expect(reply.headers.get('content-disposition')).toMatch(/dragoman-.*\.backup/)
    const text = bytes.toString('latin1')
    for (const secret of [house.key, 'base_url', 'SQLite format']) expect(text).not.toContain(secret)

    const home = mkdtempSync(join(tmpdir(), 'dragoman-restored-'))
    try {
      const restore = (sealed: Buffer, passphrase: string) =>
        restoreBackup({
          home,
          sealed: (async function* () {
            await Promise.resolve()
            for (let at = 0; at < sealed.length; at += 7_001) yield sealed.subarray(at, at + 7_001)
          })(),
          passphrase,
          secretKey: 'another machine’s own key',
          keySource: () => 'file',
          now: Date.now(),
        })
      await expect(restore(bytes, 'wrong horse battery')).rejects.toThrow(/passphrase/)
      const changed = Buffer.from(bytes)
      changed[bytes.length - 20] = (changed[bytes.length - 20] ?? 0) ^ 1
      await expect(restore(changed, 'correct horse battery')).rejects.toThrow(/changed|damaged/)
      await expect(restore(bytes.subarray(0, -30), 'correct horse battery')).rejects.toThrow(/damaged/)
      await expect(restore(Buffer.from('{"a":1}\n'), 'correct horse battery')).rejects.toThrow(/no backup/)
      writeFileSync(join(home, 'config.yaml'), '# old\n')
      const { keptIn = '' } = await restore(bytes, 'correct horse battery')
      expect(readFileSync(join(keptIn, 'config.yaml'), 'utf8')).toBe('# old\n')
      expect(readFileSync(join(home, 'config.yaml'), 'utf8')).toContain('# of a test')
      expect(statSync(join(home, 'dragoman.db')).mode & 0o777).toBe(0o600)

      const store = await openStore({ home, secretKey: 'another machine’s own key' })
      const [account] = await store.accounts.list()
      expect(account).toBeDefined()
      expect((await store.sealedSettings.get('webhook_secret'))?.reveal()).toMatch(/^dgw-/)
      await store.close()
    } finally {
      rmSync(home, { recursive: true, force: true })
    }
  })

  test('wants a passphrase that is worth its name', async () => {
    expect(await ask('POST', '/admin/backup', { passphrase: 'short' })).toMatchObject({
      status: 400,
      body: { pointer: '/passphrase' },
    })
    expect((await ask('GET', '/admin/sealing')).body).toMatchObject({ source: 'file', home: house.home })
  })
})
