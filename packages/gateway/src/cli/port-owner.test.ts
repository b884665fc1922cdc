import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { portOwner } from './port-owner.js'

describe.skipIf(process.platform !== 'linux')('who listens on a port', () => {
  test.each(['127.0.0.1', '::'])('is found on %s, and forgotten when it has gone', async (host) => {
    const server = createServer().listen(0, host)
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    expect(portOwner(port)).toMatchObject({ pid: process.pid, name: expect.stringMatching(/./) as string })
    server.close()
    await once(server, 'close')
    expect(portOwner(port)).toBe(undefined)
  })
})
