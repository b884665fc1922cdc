import { startSimulator, type Simulator } from '@dragoman/simulator'
import { obey } from './orders.js'

export interface SimulatorOrders {
  listen: { ask: undefined; reply: { port: number } }
  /** Of the requests for an answer since the last time, in their order: bytes on the wire, and whether they came over a WebSocket. */
  asked: { ask: undefined; reply: { bytes: number; socket: boolean }[] }
}

/** The simulated Codex backend: every answer calls a tool, as an agent's do. */
let simulator: Simulator | undefined
let seen = 0

obey<SimulatorOrders>({
  async listen() {
    // What it costs to compare prompts and to check bodies is not the gateway's.
    simulator = await startSimulator({ promptCache: false, unchecked: true })
    simulator.addAccount()
    let calls = 0
    simulator.script({
      scene: () => [
        { type: 'reasoning', summary: [], sealed: true },
        {
          type: 'toolCalls',
          calls: [
            { name: 'tool_1', arguments: { path: `/src/file-${calls}.ts`, limit: 200 }, callId: `call_${calls++}` },
          ],
        },
      ],
    })
    return { port: Number(new URL(simulator.url).port) }
  },
  asked() {
    const fresh = simulator?.requests.slice(seen) ?? []
    seen += fresh.length
    return fresh
      .filter(({ path, method }) => path.endsWith('/codex/responses') && method !== 'GET')
      .map(({ wireBytes, method }) => ({ bytes: wireBytes, socket: method === 'WS' }))
  },
})
