import { openaiChat, openaiResponses, type Dialect, type DialectId } from '@dragoman/protocol'
import { expect, test } from 'vitest'
import { trustedProxies } from './forwarded.js'
import { keySlots } from './key-slots.js'
import { refusedKeys } from './refused-keys.js'
import { createServer } from './server.js'

function listen() {
  let now = 0
  const told: object[] = []
  const write = (fields: object): void => void told.push(fields)
  const keys = refusedKeys({ debug: write, info: write, warn: write, error: write }, () => now)
  return { keys, told, pass: (ms: number) => void (now += ms) }
}

test('tells once a minute for each address, and how often it was', () => {
  const { keys, told, pass } = listen()
  for (const id of ['r1', 'r2', 'r3']) keys.note('198.51.100.1', id)
  keys.note('2001:db8::7', 'r4')
  pass(60_000)
  keys.note('198.51.100.1', 'r5')
  pass(60_000)
  keys.note('198.51.100.1', 'r6')
  expect(told).toEqual([
    { from: '198.51.100.1', requestId: 'r1', times: 1 },
    { from: '2001:db8::7', requestId: 'r4', times: 1 },
    { from: '198.51.100.1', requestId: 'r5', times: 3 },
    { from: '198.51.100.1', requestId: 'r6', times: 1 },
  ])
})

test('forgets the longest known of more addresses than it keeps', () => {
  const { keys, told } = listen()
  for (let n = 0; n <= 1_000; n += 1) keys.note(`10.0.${n >> 8}.${n & 255}`, 'r')
  expect(told).toHaveLength(1_001)
  keys.note('10.0.0.1', 'r')
  expect(told).toHaveLength(1_001)
  keys.note('10.0.0.0', 'r')
  expect(told).toHaveLength(1_002)
})

test.each([
  ['the proxy that is not trusted', [], '127.0.0.1'],
  ['the client behind a proxy that is', ['127.0.0.0/8'], '198.51.100.1'],
])('the server names %s', async (_, ranges, from) => {
  const told: object[] = []
  const write = (fields: object): void => void told.push(fields)
  const server = createServer(
    {
      dialects: { 'openai-chat': openaiChat, 'openai-responses': openaiResponses } as unknown as Record<
        DialectId,
        Dialect
      >,
      findKey: () => undefined,
      slots: keySlots(),
      settings: () => ({
        allowedHosts: [],
        corsOrigins: [],
        exchangesPerKey: 1,
        headersTimeoutMs: 10_000,
        requestTimeoutMs: 10_000,
        keepAliveMs: 1000,
        maxConnections: 10,
      }),
      trusted: trustedProxies(() => ranges),
      log: { debug: write, info: write, warn: write, error: write },
    },
    [],
  )
  const { port } = await server.listen('127.0.0.1', 0)
  const ask = (headers: Record<string, string>) =>
    fetch(`http://127.0.0.1:${port}/v1/models`, {
      headers: { 'x-forwarded-for': '6.6.6.6, 198.51.100.1', 'x-request-id': 'r-1', ...headers },
    })
  // Who brings no key guesses none.
  expect((await ask({})).status).toBe(401)
  expect(told).toEqual([])
  expect((await ask({ authorization: 'Bearer sk-canary' })).status).toBe(401)
  expect(told).toEqual([{ from, requestId: 'r-1', times: 1 }])
  server.destroy()
  await server.close()
})
