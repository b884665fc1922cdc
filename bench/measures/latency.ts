import { setTimeout as wait } from 'node:timers/promises'
import { cpuSeconds } from '../stage/processes.js'
import type { Distribution } from '../statistics.js'
import type { Measure } from './measure.js'
import { chat, codex } from './targets.js'

/** Time until the first delta, one request at a time, through the gateway and straight to the upstream in turn. */
export const ttft: Measure = {
  name: 'ttft',
  goals: ['ttft.p50', 'ttft.p99'],
  run: (stage) =>
    stage.withGateway(async (gateway) => {
      const deltas = 4
      const { marks } = await stage.mock.ask('scene', { kind: 'reply', deltas, perWrite: 1 })
      const targets = [
        chat(gateway.port, stage.home.clientKey, { stream: true, marks: deltas }),
        codex(stage.mockPort, marks),
      ]
      await stage.load.ask('firstTokens', { targets, rounds: stage.span(500, 200) })
      const [through, direct] = await stage.load.ask('firstTokens', { targets, rounds: stage.span(3000, 600) })
      if (through === undefined || direct === undefined) throw new Error('nothing was measured')
      return {
        values: { 'ttft.p50': through.p50 - direct.p50, 'ttft.p99': through.p99 - direct.p99 },
        detail: `gateway ${ms(through.p50)} / ${ms(through.p99)}, direct ${ms(direct.p50)} / ${ms(direct.p99)}`,
      }
    }),
}

/** 64 clients that ask again as soon as they are answered: how the slowest hundredth fares. */
export const clients: Measure = {
  name: 'clients',
  goals: ['clients.p99'],
  run: (stage) =>
    stage.withGateway(async (gateway) => {
      const deltas = 4
      const { marks } = await stage.mock.ask('scene', { kind: 'reply', deltas, perWrite: deltas })
      const target = chat(gateway.port, stage.home.clientKey, { stream: false, marks: deltas })
      await stage.load.ask('closedLoop', { target, clients: 64, forMs: stage.span(2000, 1000) })
      const forMs = stage.span(6000, 2500)
      const { requests, elapsedMs, latencyMs } = await stage.load.ask('closedLoop', { target, clients: 64, forMs })
      const [pipe] = stage.references
      const piped = await stage.load.ask('closedLoop', {
        target: codex(pipe.port, marks),
        clients: 64,
        forMs: forMs / 2,
      })
      return {
        values: { 'clients.p99': latencyMs.p99 },
        detail: `p50 ${ms(latencyMs.p50)}, max ${ms(latencyMs.max)}, ${Math.round((requests / elapsedMs) * 1000).toLocaleString('en')} requests/s; raw-pipe p99 ${ms(piped.latencyMs.p99)}`,
      }
    }),
}

/** Many readers of slow models. Each delta carries when it was written; what the direct way takes is subtracted. */
export const paced: Measure = {
  name: 'paced',
  goals: ['paced.cpu', 'paced.p50', 'paced.p99'],
  run: (stage) =>
    stage.withGateway(async (gateway) => {
      const streams = 500
      const forMs = stage.span(5000, 3000)
      await stage.mock.ask('scene', { kind: 'paced', everyMs: 200, streams })
      const watch = async (port: 'gateway' | 'direct'): Promise<Watched> => {
        const target =
          port === 'direct' ? codex(stage.mockPort) : chat(gateway.port, stage.home.clientKey, { stream: true })
        await stage.load.ask('openStreams', { target, streams })
        await wait(stage.span(2000, 1000))
        const before = cpuSeconds(gateway.pid)
        const seen = await stage.load.ask('watchStreams', { forMs })
        const cpu = cpuSeconds(gateway.pid) - before
        await stage.load.ask('leaveStreams', undefined)
        await wait(300)
        return { ...seen, cpu }
      }
      const direct: Watched[] = []
      const through: Watched[] = []
      for (let round = 0; round < stage.span(2, 1); round++) {
        direct.push(await watch('direct'))
        through.push(await watch('gateway'))
      }
      const deltas = sum(through, ({ events }) => events)
      const expected = (streams * forMs * through.length) / 200
      if (deltas < expected * 0.8) throw new Error(`only ${deltas} of about ${expected} deltas came`)
      const age = (rounds: Watched[], share: 'p50' | 'p99'): number =>
        sum(rounds, ({ ageMs }) => ageMs[share]) / rounds.length
      return {
        values: {
          'paced.cpu': (sum(through, ({ cpu }) => cpu) / deltas) * 1e6,
          'paced.p50': age(through, 'p50') - age(direct, 'p50'),
          'paced.p99': age(through, 'p99') - age(direct, 'p99'),
        },
        detail: `gateway ${ms(age(through, 'p50'))} / ${ms(age(through, 'p99'))}, direct ${ms(age(direct, 'p50'))} / ${ms(age(direct, 'p99'))}, ${deltas} deltas`,
      }
    }),
}

interface Watched {
  events: number
  ageMs: Distribution
  /** CPU-seconds of the gateway meanwhile. */
  cpu: number
}

function sum<T>(values: readonly T[], of: (value: T) => number): number {
  return values.reduce((total, value) => total + of(value), 0)
}

function ms(value: number): string {
  return `${value.toFixed(2)} ms`
}
