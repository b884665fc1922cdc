import { createServer, type AddressInfo, type Server } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { detectLocalProxies, USUAL_PORTS } from './index.js'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** @param answer what it says to the first bytes; undefined: it closes */
async function listening(answer?: Buffer): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    if (answer === undefined) socket.end()
    else socket.once('data', () => socket.end(answer))
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

test('finds what listens, and what answers as a SOCKS proxy', async () => {
  const http = await listening(Buffer.from(''))
  const socks = await listening(Buffer.from([5, 0]))
  const web = await listening(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'))
  const closing = await listening()
  const free = await listening()
  servers.pop()!.close()
  expect(
    await detectLocalProxies(
      [
        { protocol: 'http', port: http },
        { protocol: 'http', port: free },
        { protocol: 'socks5h', port: socks },
        { protocol: 'socks5h', port: web },
        { protocol: 'socks5h', port: closing },
      ],
      10_000,
    ),
  ).toEqual([
    { protocol: 'http', port: http },
    { protocol: 'socks5h', port: socks },
  ])
})

test('waits for nobody', async () => {
  const server = createServer(() => undefined)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  expect(await detectLocalProxies([{ protocol: 'socks5h', port }], 5)).toEqual([])
})

test('knows the usual ports', () => {
  expect(USUAL_PORTS.map(({ port }) => port)).toEqual([7890, 7897, 10809, 1080, 10808])
})
