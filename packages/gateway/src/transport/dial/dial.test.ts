import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createDialler, type Dialler } from './dial.js'

let server: Server
let port: number
let addresses: string[]
let resolve: (name: string) => Promise<{ address: string }[]>
let dialler: Dialler

beforeEach(async () => {
  server = createServer((socket) => socket.on('error', () => undefined))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
  resolve = () => Promise.resolve(addresses.map((address) => ({ address })))
  dialler = createDialler({ allowedPrivateHosts: () => ['here.example'], lookup: (name) => resolve(name) })
})
afterEach(() => void server.close())

const to = (more: object = {}) => ({ host: 'here.example', port, way: 'direct' as const, timeoutMs: 5_000, ...more })

describe('dialling', () => {
  test.each([
    ['the first address', ['127.0.0.1', '127.0.0.2']],
    ['the next when one refuses', ['127.0.0.2', '127.0.0.3', '127.0.0.1']],
  ])('connects to %s', async (_, all) => {
    addresses = all
    const socket = await dialler.dial(to())
    expect(socket.remoteAddress).toBe('127.0.0.1')
    socket.destroy()
  })

  test('says what the first address said when all refuse', async () => {
    addresses = ['127.0.0.2', '127.0.0.3']
    await expect(dialler.dial(to())).rejects.toMatchObject({
      message: `cannot reach http://here.example:${port}: nothing listens there`,
      failure: { kind: 'unreachable', scope: 'provider', phase: 'unsent' },
      cause: { code: 'ECONNREFUSED', address: '127.0.0.2' },
    })
  })

  test('tells an unknown name', async () => {
    resolve = () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }))
    await expect(dialler.dial(to({ port: 443, tls: {} }))).rejects.toThrow(
      'cannot reach https://here.example: its name does not resolve; is the network up?',
    )
  })

  test('gives a resolver, and a server that never speaks TLS, no more than its time', async () => {
    resolve = () => new Promise(() => undefined)
    await expect(dialler.dial(to({ timeoutMs: 20 }))).rejects.toThrow(/connecting took too long/)
    addresses = ['127.0.0.1']
    resolve = () => Promise.resolve([{ address: '127.0.0.1' }])
    const arriving = once(server, 'connection')
    const dialling = dialler.dial(to({ timeoutMs: 50, tls: {} }))
    await expect(dialling).rejects.toThrow(/connecting took too long/)
    const [peer] = (await arriving) as [Socket]
    peer.resume()
    await once(peer, 'close')
  })

  test('ends with its signal, and leaves no connection', async () => {
    addresses = ['127.0.0.1']
    const ending = new AbortController()
    const arriving = once(server, 'connection')
    const dialling = dialler.dial(to({ tls: {}, signal: ending.signal }))
    const [peer] = (await arriving) as [Socket]
    const reason = new Error('enough')
    ending.abort(reason)
    await expect(dialling).rejects.toBe(reason)
    peer.resume()
    await once(peer, 'close')
    await expect(dialler.dial(to({ signal: ending.signal }))).rejects.toBe(reason)
  })

  test('tells a server that speaks no TLS from one that cannot be reached', async () => {
    addresses = ['127.0.0.1']
    server.on('connection', (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    await expect(dialler.dial(to({ tls: {} }))).rejects.toMatchObject({
      failure: { kind: 'unreachable', scope: 'provider', phase: 'unsent' },
    })
  })
})
