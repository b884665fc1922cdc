import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { FailureError } from '@dragoman/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createTransport, type Transport } from '../../transport/index.js'
import { startUpstream } from './key-provider.test-kit.js'
import { openReply } from './open-reply.js'

let transport: Transport
let upstream: Awaited<ReturnType<typeof startUpstream>>
let answer: (res: ServerResponse) => void
let leaving: AbortController

beforeEach(async () => {
  leaving = new AbortController()
  upstream = await startUpstream((res) => answer(res))
  transport = createTransport({
    connectTimeoutMs: 2_000,
    connectionsPerOwner: 8,
    allowedPrivateHosts: () => ['127.0.0.1'],
  })
})
afterEach(async () => {
  await transport.close()
  await upstream.close()
})

const ask = (timeoutMs = 5_000) =>
  openReply(
    transport,
    { origin: new URL(upstream.url).origin, path: '/x', method: 'POST', headers: [], body: 'hello', owner: 'k1' },
    { signal: leaving.signal, timeoutMs },
  )

async function failureOf(work: Promise<unknown>) {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof FailureError)) throw new Error(`no failure: ${String(error)}`)
  return error.failure
}

async function read(body: AsyncIterable<Buffer>): Promise<number> {
  let bytes = 0
  for await (const chunk of body) bytes += chunk.length
  return bytes
}

test('a reply is there with its head, and read to its end', async () => {
  const SIZE = 5_000_000
  answer = (res) => res.writeHead(201, { 'x-a': ['1', '2'] }).end(Buffer.alloc(SIZE, 'x'))
  const reply = await ask()
  expect([reply.status, reply.headers['x-a']]).toEqual([201, '1, 2'])
  expect(await read(reply.body)).toBe(SIZE)
})

test('who stops reading closes the upstream', async () => {
  let closed: Promise<unknown> | undefined
  answer = (res) => {
    closed = once(res, 'close')
    res.writeHead(200).write('piece')
  }
  const { body } = await ask()
  for await (const chunk of body) {
    expect(chunk.toString()).toBe('piece')
    break
  }
  await closed
})

test('who leaves before the head closes the upstream', async () => {
  let closed: Promise<unknown> | undefined
  answer = (res) => {
    closed = once(res, 'close')
    leaving.abort()
  }
  expect(await failureOf(ask())).toMatchObject({ kind: 'cancelled', scope: 'request' })
  await closed
})

test('who has left asks nobody', async () => {
  leaving.abort()
  expect(await failureOf(ask())).toMatchObject({ kind: 'cancelled' })
  expect(upstream.seen).toEqual([])
})

test('silence before the head, and in the middle, is a timeout', async () => {
  answer = () => undefined
  expect(await failureOf(ask(30))).toMatchObject({ kind: 'timeout', scope: 'provider', retry: 'other' })
  answer = (res) => res.writeHead(200).write('piece')
  const { body } = await ask(1_000)
  expect(await failureOf(read(body))).toMatchObject({ kind: 'timeout' })
})

test('a connection that breaks is a cut', async () => {
  answer = (res) => {
    res.writeHead(200, { 'content-length': '100' })
    res.write('piece', () => res.destroy())
  }
  const { body } = await ask()
  expect(await failureOf(read(body))).toMatchObject({ kind: 'stream_cut', scope: 'provider', phase: 'sent' })
})
