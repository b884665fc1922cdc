import { setTimeout as wait } from 'node:timers/promises'
import { rssMb } from '../stage/processes.js'
import type { Measure } from './measure.js'
import { chat } from './targets.js'

/** Streams that have begun and are silent: what each holds in memory. */
export const open: Measure = {
  name: 'open',
  goals: ['open.stream', 'open.rss'],
  run: (stage) =>
    stage.withGateway(async (gateway) => {
      const streams = 2000
      const target = chat(gateway.port, stage.home.clientKey, { stream: true })
      await stage.mock.ask('scene', { kind: 'hold' })
      // The first streams load code and warm the heap; that is not theirs to answer for.
      await stage.load.ask('openStreams', { target, streams: 50 })
      await stage.load.ask('leaveStreams', undefined)
      await wait(1000)
      const before = rssMb(gateway.pid)
      const opened = await stage.load.ask('openStreams', { target, streams })
      await wait(stage.span(3000, 1500))
      const during = rssMb(gateway.pid)
      const upstream = await stage.mock.ask('open', undefined)
      await stage.load.ask('leaveStreams', undefined)
      if (opened !== streams || upstream !== streams)
        throw new Error(`${opened} streams at the client and ${upstream} at the upstream, not ${streams}`)
      return {
        values: { 'open.stream': ((during - before) * 1024) / streams, 'open.rss': during },
        detail: `${before.toFixed(0)} MB before`,
      }
    }),
}

/** Clients that vanish: the upstream must not go on working for nobody. */
export const leave: Measure = {
  name: 'leave',
  goals: ['leave.open'],
  run: (stage) =>
    stage.withGateway(async (gateway) => {
      const streams = 500
      await stage.mock.ask('scene', { kind: 'paced', everyMs: 200, streams })
      await stage.load.ask('openStreams', {
        target: chat(gateway.port, stage.home.clientKey, { stream: true }),
        streams,
      })
      const before = await stage.mock.ask('open', undefined)
      if (before !== streams) throw new Error(`the upstream had ${before} streams, not ${streams}`)
      await stage.load.ask('leaveStreams', undefined)
      await wait(1000)
      const after = await stage.mock.ask('open', undefined)
      return { values: { 'leave.open': after }, detail: `${before} before` }
    }),
}
