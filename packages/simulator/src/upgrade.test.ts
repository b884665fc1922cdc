import { once } from 'node:events'
import { request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { expect, test } from 'vitest'
import { startSimulator } from './simulator.js'

test('where no WebSockets are served an upgrade is answered with 426, which sends a client to HTTP', async () => {
  const simulator = await startSimulator({ websocket: false })
  const upgrade = request(`${simulator.backendUrl}/codex/responses`, {
    headers: {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'eA==',
    },
  })
  upgrade.end()
  const [response] = (await once(upgrade, 'response')) as [IncomingMessage]
  expect(response.statusCode).toBe(426)
  expect(simulator.openStreams).toBe(0)
  await simulator.close()
})
