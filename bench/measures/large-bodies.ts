import type { Stage } from '../stage/stage.js'
import { peakRssMb, resetPeak } from '../stage/processes.js'
import type { Distribution } from '../statistics.js'
import type { Measure } from './measure.js'
import { chat, codex, health } from './targets.js'

/** One picture of 10 MB, as a data URL. */
export const image: Measure = {
  name: 'image',
  goals: ['image.p50', 'image.stall', 'image.rss'],
  async run(stage) {
    const data = Buffer.alloc((10 * 1024 * 1024 * 3) / 4, 'a picture, or nearly so; ').toString('base64')
    const { big, piped, probe, peak } = await largeBody(stage, stage.span(60, 12), [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is in this picture?' },
          { type: 'image_url', image_url: { url: `data:image/png;base64,${data}` } },
        ],
      },
    ])
    return {
      values: { 'image.p50': big.p50, 'image.stall': probe.max, 'image.rss': peak },
      detail: `p99 ${big.p99.toFixed(0)} ms, raw-pipe p50 ${piped.p50.toFixed(0)} ms; another request p50 ${probe.p50.toFixed(2)}, p99 ${probe.p99.toFixed(1)} ms`,
    }
  },
}

/** A long agent session: 930 messages, 2 MB. */
export const conversation: Measure = {
  name: 'conversation',
  goals: ['conversation.p50', 'conversation.stall'],
  async run(stage) {
    const line = 'They said "no",\nthen typed: const a = [1, 2, 3] // naïve — 你好.\n'
    const text = line.repeat(Math.ceil((2 * 1024 * 1024) / 930 / Buffer.byteLength(JSON.stringify(line))))
    const messages = Array.from({ length: 930 }, (_, at) => ({
      role: at % 2 === 0 ? 'user' : 'assistant',
      content: text,
    }))
    const { big, piped, probe, peak } = await largeBody(stage, stage.span(150, 40), messages)
    return {
      values: { 'conversation.p50': big.p50, 'conversation.stall': probe.max },
      detail: `p99 ${big.p99.toFixed(0)} ms, raw-pipe p50 ${piped.p50.toFixed(0)} ms, peak RSS ${peak.toFixed(0)} MB; another request p50 ${probe.p50.toFixed(2)}, p99 ${probe.p99.toFixed(1)} ms`,
    }
  },
}

interface LargeBody {
  big: Distribution
  /** The same bytes through raw-pipe: what moving them costs. */
  piped: Distribution
  /** Another client's small requests meanwhile. */
  probe: Distribution
  /** MB */
  peak: number
}

/** Sends a large request again and again, while another client keeps asking for `/health`. */
function largeBody(stage: Stage, times: number, messages: object[]): Promise<LargeBody> {
  return stage.withGateway(async (gateway) => {
    const deltas = 4
    const { marks } = await stage.mock.ask('scene', { kind: 'reply', deltas, perWrite: deltas })
    const target = chat(gateway.port, stage.home.clientKey, { stream: false, marks: deltas, messages })
    await stage.load.ask('oneByOne', { target, times: stage.span(10, 5) })
    resetPeak(gateway.pid)
    await stage.prober.ask('startProbing', health(gateway.port))
    const big = await stage.load.ask('oneByOne', { target, times })
    const probe = await stage.prober.ask('stopProbing', undefined)
    const peak = peakRssMb(gateway.pid)
    const [pipe] = stage.references
    const piped = await stage.load.ask('oneByOne', { target: { ...codex(pipe.port, marks), body: target.body }, times })
    return { big, piped, probe, peak }
  })
}
