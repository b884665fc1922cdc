import { setTimeout as wait } from 'node:timers/promises'
import { cpuSeconds } from '../stage/processes.js'
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
      await stage.load.ask('firstTokens', { targets, rounds: stage.span(500, 300) })
      const [through, direct] = await stage.load.ask('firstTokens', { targets, rounds: stage.span(3000, 800) })
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
      await stage.mock.ask('scene', { kind: 'reply', deltas, perWrite: deltas })
      const target = chat(gateway.port, stage.home.clientKey, { stream: false, marks: deltas })
      await stage.load.ask('closedLoop', { target, clients: 64, forMs: stage.span(2000, 1000) })
      const { requests, elapsedMs, latencyMs } = await stage.load.ask('closedLoop', {
        target,
        clients: 64,
        forMs: stage.span(6000, 2500),
      })
      return {
        values: { 'clients.p99': latencyMs.p99 },
        detail: `p50 ${ms(latencyMs.p50)}, max ${ms(latencyMs.max)}, ${Math.round((requests / elapsedMs) * 1000).toLocaleString('en')} requests/s`,
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
      const forMs = stage.span(8000, 3000)
      await stage.mock.ask('scene', { kind: 'paced', everyMs: 200, streams })
      const watch = async (port: 'gateway' | 'direct') => {
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
      const direct = await watch('direct')
      const through = await watch('gateway')
      const expected = (streams * forMs) / 200
      if (through.events < expected * 0.8) throw new Error(`only ${through.events} of about ${expected} deltas came`)
      return {
        values: {
          'paced.cpu': (through.cpu / through.events) * 1e6,
          'paced.p50': through.ageMs.p50 - direct.ageMs.p50,
          'paced.p99': through.ageMs.p99 - direct.ageMs.p99,
        },
        detail: `gateway ${ms(through.ageMs.p50)} / ${ms(through.ageMs.p99)}, direct ${ms(direct.ageMs.p50)} / ${ms(direct.ageMs.p99)}, ${through.events} deltas`,
      }
    }),
}

function ms(value: number): string {
  return `${value.toFixed(2)} ms`
}
