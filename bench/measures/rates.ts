import type { Target } from '../actors/load.js'
import type { Scene } from '../actors/mock-upstream.js'
import { cpuSeconds } from '../stage/processes.js'
import type { Stage } from '../stage/stage.js'
import { median } from '../statistics.js'
import type { Finding, Measure } from './measure.js'
import { chat, codex } from './targets.js'

/** Small requests answered whole. */
export const requests: Measure = {
  name: 'requests',
  goals: ['requests.ratio'],
  async run(stage) {
    const deltas = 4
    const rates = await compare(stage, { kind: 'reply', deltas, perWrite: deltas }, 1, (port, marks) => ({
      gateway: chat(port, stage.home.clientKey, { stream: false, marks: deltas }),
      reference: codex(port, marks),
    }))
    return told(rates, 'requests.ratio')
  },
}

/** Sixteen streams of 500 deltas; the upstream sends ten a write, as a fast model behind a busy network does. */
export const events: Measure = {
  name: 'events',
  goals: ['events.ratio'],
  async run(stage) {
    const deltas = 500
    const rates = await compare(stage, { kind: 'reply', deltas, perWrite: 10 }, deltas, (port, marks) => ({
      gateway: chat(port, stage.home.clientKey, { stream: true, marks: deltas }),
      reference: codex(port, marks),
    }))
    return told(rates, 'events.ratio')
  },
}

const CLIENTS = 16

interface Rates {
  name: string
  /** Units per CPU-second, one a round. */
  perCpuSecond: number[]
}

/** Rounds of the gateway and each reference in turn, so that a noisy neighbour hits all of them. The gateway comes first. */
async function compare(
  stage: Stage,
  scene: Scene,
  unitsPerRequest: number,
  targets: (port: number, marks: number) => { gateway: Target; reference: Target },
): Promise<Rates[]> {
  const { marks } = await stage.mock.ask('scene', scene)
  return stage.withGateway(async (gateway) => {
    const players = [
      { name: 'gateway', pid: gateway.pid, target: targets(gateway.port, marks).gateway },
      ...stage.references.map(({ name, pid, port }) => ({ name, pid, target: targets(port, marks).reference })),
    ].map((player) => ({ ...player, perCpuSecond: [] as number[] }))
    for (const { target } of players) {
      await stage.load.ask('closedLoop', { target, clients: CLIENTS, forMs: stage.span(2000, 700) })
    }
    for (let round = 0; round < stage.span(5, 3); round++) {
      for (const { pid, target, perCpuSecond } of players) {
        const before = cpuSeconds(pid)
        const done = await stage.load.ask('closedLoop', { target, clients: CLIENTS, forMs: stage.span(2500, 800) })
        perCpuSecond.push((done.requests * unitsPerRequest) / (cpuSeconds(pid) - before))
      }
    }
    return players.map(({ name, perCpuSecond }) => ({ name, perCpuSecond }))
  })
}

function told(rates: Rates[], id: 'requests.ratio' | 'events.ratio'): Finding {
  const [gateway, pipe] = rates
  if (gateway === undefined || pipe === undefined) throw new Error('nothing was measured')
  // Rounds are paired: the two halves of a pair saw the same machine.
  const ratio = median(gateway.perCpuSecond.map((rate, round) => rate / (pipe.perCpuSecond[round] ?? NaN)))
  const detail = rates.map(
    ({ name, perCpuSecond }) => `${name} ${Math.round(median(perCpuSecond)).toLocaleString('en')}/CPU-s`,
  )
  return { values: { [id]: ratio }, detail: detail.join(', ') }
}
