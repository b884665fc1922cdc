import { once } from 'node:events'
import { connect } from 'node:net'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openHouse, type House } from '../house.js'

let house: House
beforeAll(async () => {
  house = await openHouse({
    config: { server: { allowed_hosts: ['gateway.example'], cors_origins: ['https://app.example'] } },
  })
})
afterAll(() => house.close())

/** One raw HTTP/1.1 exchange; the SDKs would never send some of these. */
async function raw(text: string): Promise<{ status: number; head: string; body: string }> {
  const url = new URL(house.url)
  const socket = connect(Number(url.port), url.hostname)
  socket.on('error', () => undefined)
  socket.write(text)
  let reply = ''
  socket.on('data', (chunk: Buffer) => (reply += chunk.toString('latin1')))
  await once(socket, 'close')
  const [head = '', body = ''] = reply.split('\r\n\r\n')
  return { status: Number(head.split(' ')[1]), head, body }
}
const get = (path: string, headers: readonly string[]) =>
  raw(`GET ${path} HTTP/1.1\r\n${[...headers, 'connection: close'].join('\r\n')}\r\n\r\n`)
const key = () => `authorization: Bearer ${house.key}`
const paths = () => [
  ...new Set(house.gateway.routes.flatMap(({ paths: all }) => all.map((path) => path.replace(':id', 'gpt-5.5')))),
]

describe('every path, whoever calls it', () => {
  test.each([
    'evil.example',
    '127.evil.com',
    'localhost.evil.com',
    '0.0.0.0',
    '[::]',
    '0x7f000001',
    'localhost.',
    'gateway.example.evil.com',
  ])('is closed to the host %s', async (host) => {
    for (const path of [...paths(), '/nothing']) {
      const { status } = await get(path, [`host: ${host}`, key()])
      expect(status, path).toBe(421)
    }
  })

  test('is closed when there are two hosts, or none', async () => {
    for (const path of paths()) {
      expect((await get(path, ['host: 127.0.0.1', 'host: 127.0.0.1', key()])).status).toBeGreaterThanOrEqual(400)
      expect((await get(path, [key()])).status).toBeGreaterThanOrEqual(400)
    }
  })

  test.each([
    'null',
    'https://evil.example',
    'http://localhost:5173',
    'https://app.example.evil.com',
    'https://app.example:444',
    'http://app.example',
    'https://APP.example',
  ])('is closed to web pages of %s', async (origin) => {
    for (const path of paths()) {
      const { status, head } = await get(path, ['host: 127.0.0.1', `origin: ${origin}`, key()])
      expect(status, path).toBe(403)
      expect(head.toLowerCase()).not.toContain('access-control-allow')
    }
  })

  test('is open to the page that was allowed, and to no other', async () => {
    const { status, head } = await get('/v1/models', ['host: gateway.example', 'origin: https://app.example', key()])
    expect(status).toBe(200)
    expect(head.toLowerCase()).toContain('access-control-allow-origin: https://app.example')
    expect(head.toLowerCase()).not.toContain('allow-credentials')
  })

  test('needs a key unless it is public, in whichever header form', async () => {
    for (const route of house.gateway.routes) {
      for (const path of route.paths) {
        const at = path.replace(':id', 'gpt-5.5')
        const method = route.methods[0] ?? 'GET'
        const ask = (headers: string[], query = '') =>
          raw(
            `${method} ${at}${query} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 0\r\nconnection: close\r\n${headers.map((line) => `${line}\r\n`).join('')}\r\n`,
          )
        const open = route.access === 'public'
        for (const headers of [
          [],
          ['authorization: Bearer dgm-wrong'],
          ['x-api-key: wrong'],
          ['x-goog-api-key: wrong'],
          ['authorization: Basic eDp5'],
          ['cookie: key=x'],
        ]) {
          const { status } = await ask(headers)
          if (open) expect(status, `${at} ${headers.join()}`).not.toBe(401)
          else expect(status, `${at} ${headers.join()}`).toBe(401)
        }
        for (const [headers, query] of [
          [[key()], ''],
          [[`x-api-key: ${house.key}`], ''],
          [[`x-goog-api-key: ${house.key}`], ''],
          [[], `?key=${house.key}`],
        ] as const) {
          expect((await ask([...headers], query)).status, at).not.toBe(401)
        }
      }
    }
  })

  test('an unknown path says nothing to strangers', async () => {
    expect((await get('/admin/secrets', ['host: 127.0.0.1'])).status).toBe(401)
    expect((await get('/admin/secrets', ['host: 127.0.0.1', key()])).status).toBe(404)
    expect((await get('/v1/chat/completions', ['host: 127.0.0.1', key()])).status).toBe(405)
  })

  test.each([
    '/..%2f..%2fetc/passwd',
    '//v1/models',
    '/v1//models',
    '/v1/models/..%2f..',
    '/%2e%2e/',
    '/v1/models%00',
    '/V1/MODELS',
  ])('odd path %s reads nothing', async (path) => {
    const { status, body } = await get(path, ['host: 127.0.0.1', key()])
    expect(status).toBeGreaterThanOrEqual(400)
    expect(body).not.toContain('root:')
  })

  test('a demo key opens the demo alone', async () => {
    const ask = (model: string) =>
      fetch(`${house.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${house.gateway.demoKey}`, 'content-type': 'application/json' },
        body: JSON.stringify({ model, messages: [{ role: 'user', content: 'hi' }] }),
      })
    expect((await ask('demo')).status).toBe(200)
    expect((await ask('gpt-5.5')).status).toBe(403)
  })

  test('a WebSocket needs what every request needs, and is sent to HTTP where none is served', async () => {
    const upgrade = (host: string, path: string, ...headers: string[]) =>
      raw(
        `GET ${path} HTTP/1.1\r\n${[`host: ${host}`, 'connection: upgrade', 'upgrade: websocket', 'sec-websocket-key: eA==', 'sec-websocket-version: 13', ...headers].join('\r\n')}\r\n\r\n`,
      )
    expect((await upgrade('evil.example', '/v1/responses', key())).status).toBe(403)
    expect((await upgrade('127.0.0.1', '/v1/responses', key(), 'origin: https://evil.example')).status).toBe(403)
    expect((await upgrade('127.0.0.1', '/v1/responses')).status).toBe(401)
    expect((await upgrade('127.0.0.1', '/v1/nothing')).status).toBe(401)
    expect((await upgrade('127.0.0.1', '/v1/responses', 'authorization: Bearer dgm-wrong')).status).toBe(401)
    expect((await upgrade('127.0.0.1', '/v1/chat/completions', key())).status).toBe(426)
    // A handshake whose key is no WebSocket key.
    expect((await upgrade('127.0.0.1', '/v1/responses', key())).status).toBe(400)
  })

  test('answers carry the safe headers and nothing of the upstream', async () => {
    const reply = await house.post(
      '/v1/chat/completions',
      { model: 'gpt-5.5', messages: [{ role: 'user', content: 'x' }] },
      { 'x-request-id': 'mine-1' },
    )
    expect(reply.headers.get('x-request-id')).toBe('mine-1')
    expect(reply.headers.get('x-content-type-options')).toBe('nosniff')
    expect(reply.headers.get('cache-control')).toBe('no-store')
    for (const name of ['server', 'x-powered-by', 'set-cookie', 'alt-svc', 'cf-ray'])
      expect(reply.headers.get(name)).toBe(null)
  })
})

describe('bodies that want too much', () => {
  const bomb = Buffer.alloc(300 * 1024 * 1024)
  const send = (body: Buffer | string, encoding?: string) =>
    house
      .post('/v1/responses', body as string, encoding === undefined ? {} : { 'content-encoding': encoding })
      .then(async (reply) => ({ status: reply.status, body: (await reply.json()) as { error: { message: string } } }))

  test.each([
    ['gzip', (): Buffer => gzipSync(bomb)],
    ['br', (): Buffer => brotliCompressSync(bomb, { params: { 1: 1 } })],
    ['zstd', (): Buffer => zstdCompressSync(bomb)],
  ])('a %s bomb is refused', async (encoding, make) => {
    const wire = make()
    const reply = await fetch(`${house.url}/v1/responses`, {
      method: 'POST',
      headers: { authorization: `Bearer ${house.key}`, 'content-encoding': encoding },
      body: new Uint8Array(wire),
    })
    expect(reply.status).toBe(413)
  })

  test.each<[string, string | Buffer, string | undefined, number]>([
    ['deep JSON', `{"a":${'['.repeat(100_000)}`, undefined, 400],
    ['crowded JSON', `[${'1,'.repeat(300_000)}1]`, undefined, 400],
    ['no JSON', 'hello', undefined, 400],
    ['nothing', '', undefined, 400],
    ['two encodings', 'x', 'gzip, br', 415],
    ['an unknown encoding', 'x', 'compress', 415],
    ['an encoding that is not there', 'x', 'gzip', 400],
  ])('%s', async (_, body, encoding, status) => {
    const reply = await send(body, encoding)
    expect(reply.status).toBe(status)
    expect(reply.body.error.message).not.toBe('')
  })

  test('a body larger than the limit is refused before it is read', async () => {
    const { status } = await raw(
      `POST /v1/responses HTTP/1.1\r\nhost: 127.0.0.1\r\n${key()}\r\ncontent-length: 99999999999\r\n\r\n`,
    )
    expect(status).toBe(413)
  })
})

describe('secrets', () => {
  test('none is readable in the data folder, in the log or in an answer', async () => {
    const account = house.accounts[0]
    await house.post('/v1/responses', { model: 'gpt-5.5', input: 'hi' })
    const canaries = [house.key, account?.accessToken ?? '', account?.refreshToken ?? '', account?.idToken ?? '']
    expect(canaries.every((canary) => canary.length > 20)).toBe(true)
    const { home } = house.gateway.store
    for (const name of await readdir(home)) {
      if (name.startsWith('auth-')) continue
      const file = join(home, name)
      if (!(await stat(file)).isFile()) continue
      const bytes = await readFile(file)
      for (const canary of canaries) {
        for (const form of [
          canary,
          Buffer.from(canary).toString('base64'),
          encodeURIComponent(canary),
          Buffer.from(canary).toString('hex'),
        ]) {
          expect(bytes.includes(form), `${name} holds a secret`).toBe(false)
        }
      }
      expect((await stat(file)).mode & 0o077, name).toBe(0)
    }
    for (const canary of canaries) expect(house.log.join('\n')).not.toContain(canary)
  })
})
