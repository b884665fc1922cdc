import { once } from 'node:events'
import { request } from 'node:http'
import { createServer as createNetServer, type AddressInfo, type Server } from 'node:net'
import { ollama, openaiChat, type Dialect, type DialectId } from '@dragoman/protocol'
import { afterEach, describe, expect, test } from 'vitest'
import { keySlots } from './key-slots.js'
import { ollamaBridge, type OllamaBridge, type OllamaSettings } from './ollama-bridge.js'
import type { Asked, Route } from './route-table.js'
import { sendJson } from './send.js'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** A bridge with one route, which tells under which key it was asked; and its log, with what is waiting for a line of it. */
function bridgeOf(options: { retryMs?: number; answer?: Route['answer'] } = {}) {
  const log: string[] = []
  const waiting: { words: string; heard: () => void }[] = []
  const write = (fields: object, sentence: string): void => {
    const line = `${sentence} ${JSON.stringify(fields)}`
    log.push(line)
    waiting.filter(({ words }) => line.includes(words)).forEach(({ heard }) => heard())
  }
  const bridge = ollamaBridge(
    {
      dialects: { ollama, 'openai-chat': openaiChat } as unknown as Readonly<Record<DialectId, Dialect>>,
      // SHA-256 of "good".
      findKey: (hash) =>
        hash === '770e607624d689265ca6c44884d0807d9b054d23c473c106c72be9de08b7376c'
          ? { id: 'k1', name: 'own' }
          : undefined,
      slots: keySlots(),
      settings: () => ({
        allowedHosts: [],
        corsOrigins: [],
        exchangesPerKey: 10,
        headersTimeoutMs: 10_000,
        requestTimeoutMs: 10_000,
        keepAliveMs: 1000,
        maxConnections: 100,
      }),
      log: { debug: write, info: write, warn: write, error: write },
    },
    [
      {
        methods: ['GET'],
        paths: ['/api/who'],
        access: 'client key',
        dialect: 'ollama',
        answer: options.answer ?? (({ res, headers, key }: Asked) => sendJson(res, 200, headers, { key: key?.id })),
      },
    ],
    options.retryMs === undefined ? {} : { retryMs: options.retryMs },
  )
  closers.push(() => {
    const closed = bridge.close()
    bridge.destroy()
    return closed
  })
  return {
    bridge,
    log,
    told: (words: string) => new Promise<void>((heard) => void waiting.push({ words, heard })),
  }
}

const on: OllamaSettings = { enabled: true, host: '127.0.0.1', port: 0, require_key: false }
const off: OllamaSettings = { ...on, enabled: false }

async function occupied(): Promise<{ other: Server; port: number }> {
  const other = createNetServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  closers.push(() => other.close())
  return { other, port: (other.address() as AddressInfo).port }
}

async function who({ status }: OllamaBridge, headers: Record<string, string> = {}): Promise<unknown> {
  const reply = await fetch(`${status.url}/api/who`, { headers })
  return reply.ok ? ((await reply.json()) as { key: unknown }).key : reply.status
}

describe('under whose name a request runs', () => {
  test.each<[string, boolean, Record<string, string>, unknown]>([
    ['nobody’s key', false, {}, 'ollama'],
    ['a key that Ollama clients make up', false, { authorization: 'Bearer ollama' }, 'ollama'],
    ['a good key still counts', false, { authorization: 'Bearer good' }, 'k1'],
    ['no key where one is demanded', true, {}, 401],
    ['a made-up key where a good one is demanded', true, { authorization: 'Bearer ollama' }, 401],
    ['a good key where one is demanded', true, { authorization: 'Bearer good' }, 'k1'],
  ])('%s', async (_, require_key, headers, expected) => {
    const { bridge } = bridgeOf()
    await bridge.apply({ ...on, require_key })
    expect(await who(bridge, headers)).toEqual(expected)
  })

  test('require_key is in force at once, at the same address', async () => {
    const { bridge } = bridgeOf()
    const { url } = await bridge.apply(on)
    expect(await bridge.apply({ ...on, require_key: true })).toEqual({ enabled: true, listening: true, url })
    expect(await who(bridge)).toBe(401)
    await bridge.apply(on)
    expect(await who(bridge)).toBe('ollama')
  })

  test.each([
    ['a foreign name', { host: 'evil.example' }, 421],
    ['a foreign page', { origin: 'https://evil.example' }, 403],
    ['no page but its own', { origin: 'null' }, 403],
  ])('%s is turned away, key or not', async (_, headers, status) => {
    const { bridge } = bridgeOf()
    await bridge.apply(on)
    const asking = request(`${bridge.status.url}/api/who`, { headers: { ...headers, authorization: 'Bearer good' } })
    asking.end()
    const [reply] = (await once(asking, 'response')) as [{ statusCode: number; resume(): void }]
    reply.resume()
    expect(reply.statusCode).toBe(status)
  })
})

describe('which address may be listened on', () => {
  test.each(['0.0.0.0', '::', '192.168.1.5', '127.evil.com', '1127.0.0.1', 'example.com', ''])(
    '%j is refused without keys, before anything listens',
    async (host) => {
      const { bridge, log } = bridgeOf()
      expect(await bridge.apply({ ...on, host })).toEqual({
        enabled: true,
        listening: false,
        error: expect.stringMatching(/ollama\.require_key.*ollama\.host/) as string,
      })
      expect(log).toHaveLength(1)
    },
  )

  test.each(['127.0.0.1', '127.0.0.2', 'localhost'])('%s needs no keys', async (host) => {
    const { bridge } = bridgeOf()
    expect(await bridge.apply({ ...on, host })).toMatchObject({ listening: true })
    expect(await who(bridge)).toBe('ollama')
  })

  test('every address is served with keys; without them it is left again', async () => {
    const { bridge } = bridgeOf()
    const { url = '' } = await bridge.apply({ ...on, host: '0.0.0.0', require_key: true })
    const { port } = new URL(url)
    const there = { status: { enabled: true, listening: true, url: `http://127.0.0.1:${port}` } } as OllamaBridge
    expect(await who(there, { authorization: 'Bearer good' })).toBe('k1')
    expect(await who(there)).toBe(401)
    expect(await bridge.apply({ ...on, host: '0.0.0.0' })).toMatchObject({ listening: false })
    await expect(who(there)).rejects.toThrow()
  })

  test('an address of another machine is told, with the setting', async () => {
    const { bridge } = bridgeOf()
    expect(await bridge.apply({ ...on, host: '192.0.2.1', require_key: true })).toEqual({
      enabled: true,
      listening: false,
      error: 'this machine has no address 192.0.2.1; set ollama.host to one that it has',
    })
  })
})

describe('a port that is taken', () => {
  test('is told once, and tried again until it is free', async () => {
    const { other, port } = await occupied()
    const { bridge, log, told } = bridgeOf({ retryMs: 5 })
    const served = told('Ollama clients are served')
    const error = `port ${port} of 127.0.0.1 is taken, perhaps by Ollama itself; stop that program or set ollama.port`
    expect(await bridge.apply({ ...on, port })).toEqual({ enabled: true, listening: false, error })
    other.close()
    await served
    expect(log.filter((line) => line.includes('is taken'))).toHaveLength(1)
    expect(await who({ status: { url: `http://127.0.0.1:${port}` } } as OllamaBridge)).toBe('ollama')
  })

  test('is left alone once another one is asked for, or none', async () => {
    const { other, port } = await occupied()
    const { bridge, log } = bridgeOf({ retryMs: 1 })
    await bridge.apply({ ...on, port })
    await bridge.apply(off)
    expect(bridge.status).toEqual({ enabled: false, listening: false })
    other.close()
    await once(other, 'close')
    const { url } = await bridge.apply(on)
    expect(await who(bridge)).toBe('ollama')
    expect(bridge.status).toEqual({ enabled: true, listening: true, url })
    expect(log.filter((line) => line.startsWith('Ollama clients are served'))).toHaveLength(1)
  })

  test('one that comes back is told again', async () => {
    const { port } = await occupied()
    const { bridge, log } = bridgeOf()
    await bridge.apply({ ...on, port })
    await bridge.apply(on)
    await bridge.apply({ ...on, port })
    expect(log.filter((line) => line.includes('is taken'))).toHaveLength(2)
  })
})

describe('changes', () => {
  test('of several in a row the last one counts, whatever came before', async () => {
    const { bridge } = bridgeOf()
    const turns = [on, off, { ...on, host: '127.0.0.3' }, off, { ...on, host: '127.0.0.2' }].map((settings) =>
      bridge.apply(settings),
    )
    await Promise.all(turns)
    expect(bridge.status).toMatchObject({ listening: true, url: expect.stringContaining('//127.0.0.2:') as string })
    await Promise.all([bridge.apply(on), bridge.apply(off)])
    expect(bridge.status).toEqual({ enabled: false, listening: false })
  })

  test('nothing changes when the settings say what is', async () => {
    const { bridge, log } = bridgeOf()
    const first = await bridge.apply(on)
    expect(await bridge.apply({ ...on })).toEqual(first)
    expect(log).toHaveLength(1)
  })

  test('another host takes over the same port', async () => {
    const { bridge } = bridgeOf()
    const { url = '' } = await bridge.apply(on)
    const port = Number(new URL(url).port)
    await bridge.apply({ ...on, port })
    expect(await bridge.apply({ ...on, port, host: '0.0.0.0', require_key: true })).toMatchObject({ listening: true })
    expect(await who({ status: { url } } as OllamaBridge, { authorization: 'Bearer good' })).toBe('k1')
  })

  test('what runs is finished after it was switched off, and waited for at the end', async () => {
    const begun = Promise.withResolvers<Asked>()
    const { bridge } = bridgeOf({ answer: (asked) => begun.resolve(asked) })
    await bridge.apply(on)
    const reply = fetch(`${bridge.status.url}/api/who`)
    const { res, headers } = await begun.promise
    await bridge.apply(off)
    let over = false
    const closed = bridge.close().then(() => (over = true))
    await bridge.apply(on)
    expect([over, bridge.status.listening]).toEqual([false, false])
    sendJson(res, 200, headers, { key: 'finished' })
    expect(await (await reply).json()).toEqual({ key: 'finished' })
    await closed
  })

  test('what does not end by itself is broken by destroy', async () => {
    const begun = Promise.withResolvers<Asked>()
    const { bridge } = bridgeOf({ answer: (asked) => begun.resolve(asked) })
    await bridge.apply(on)
    const reply = fetch(`${bridge.status.url}/api/who`)
    await begun.promise
    const closed = bridge.close()
    bridge.destroy()
    await expect(reply).rejects.toThrow()
    await closed
  })
})
