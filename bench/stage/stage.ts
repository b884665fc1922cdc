import { join } from 'node:path'
import type { LoadOrders } from '../actors/load.js'
import type { SimulatorOrders } from '../actors/codex-simulator.js'
import type { MockOrders } from '../actors/mock-upstream.js'
import type { PipeOrders } from '../actors/raw-pipe.js'
import { startActor, type Actor } from './actor.js'
import { createGatewayHome, type Gateway, type GatewayHome } from './gateway.js'
import { startNginx } from './nginx.js'

/** Something between a client and the mock upstream. */
export interface Reference {
  name: string
  pid: number
  port: number
}

/** A gateway before a simulated Codex backend. */
export interface SimulatedGateway extends Gateway {
  clientKey: string
  simulator: Actor<SimulatorOrders>
}

/** Everything that plays in the benchmark, each in a process of its own. */
export interface Stage {
  /** Chooses between a length for the full run and one for `--quick`. */
  span(full: number, quick: number): number
  mock: Actor<MockOrders>
  mockPort: number
  load: Actor<LoadOrders>
  /** A second client, so that the first one's work is not taken for a stall of the gateway. */
  prober: Actor<LoadOrders>
  /** `raw-pipe` first; `nginx` when it is installed. */
  references: readonly [Reference, ...Reference[]]
  home: GatewayHome
  /** Starts a gateway of its own for one measure, and ends it. */
  withGateway<T>(use: (gateway: Gateway) => Promise<T>): Promise<T>
  /** The same over the simulator, which speaks WebSocket, too. */
  withSimulator<T>(websocket: boolean, use: (gateway: SimulatedGateway) => Promise<T>): Promise<T>
  /** After a measure that failed half-way: nothing of it may weigh on the next one. */
  reset(): Promise<void>
  /** Ends every process that was started here, and only those. */
  clear(): Promise<void>
}

/**
 * @param root the clone
 * @param actors where the bundled actors lie
 * @param note tells what was left out
 */
export async function buildStage(
  root: string,
  actors: string,
  quick: boolean,
  note: (line: string) => void,
): Promise<Stage> {
  const ends: (() => Promise<void>)[] = []
  const clear = async (): Promise<void> => {
    await Promise.all(ends.splice(0).map((finish) => finish()))
  }
  const enter = <T extends { end(): Promise<void> }>(player: T): T => {
    ends.push(() => player.end())
    return player
  }
  try {
    const mock = enter(startActor<MockOrders>(join(actors, 'mock-upstream.mjs')))
    const load = enter(startActor<LoadOrders>(join(actors, 'load.mjs')))
    const prober = enter(startActor<LoadOrders>(join(actors, 'load.mjs')))
    const pipe = enter(startActor<PipeOrders>(join(actors, 'raw-pipe.mjs')))
    const { port: mockPort } = await mock.ask('listen', undefined)
    const rawPipe: Reference = {
      name: 'raw-pipe',
      pid: pipe.pid,
      port: (await pipe.ask('listen', { upstreamPort: mockPort })).port,
    }
    const nginx = await startNginx(mockPort)
    if (nginx === undefined) note('nginx was left out: it is not installed (Debian: apt-get install nginx-light)')
    else enter(nginx)
    const home = await createGatewayHome(root, mockPort)
    ends.push(() => home.remove())
    return {
      span: (full, short) => (quick ? short : full),
      mock,
      mockPort,
      load,
      prober,
      references: [rawPipe, ...(nginx === undefined ? [] : [{ name: 'nginx', pid: nginx.pid, port: nginx.port }])],
      home,
      async withGateway(use) {
        const gateway = await home.start()
        try {
          return await use(gateway)
        } finally {
          await gateway.end()
        }
      },
      async withSimulator(websocket, use) {
        const simulator = enter(startActor<SimulatorOrders>(join(actors, 'codex-simulator.mjs')))
        const { port } = await simulator.ask('listen', undefined)
        const simulated = await createGatewayHome(root, port, websocket)
        ends.push(() => simulated.remove())
        try {
          const gateway = await simulated.start()
          return await use({ ...gateway, clientKey: simulated.clientKey, simulator })
        } finally {
          await simulated.remove()
          await simulator.end()
        }
      },
      async reset() {
        await load.ask('leaveStreams', undefined).catch(() => undefined)
        await prober.ask('stopProbing', undefined).catch(() => undefined)
      },
      clear,
    }
  } catch (error) {
    await clear()
    throw error
  }
}
