import { distribution } from '../statistics.js'
import type { Stage } from '../stage/stage.js'
import type { Measure } from './measure.js'

const TURNS = 50

/** A coding agent's conversation of 50 turns, over HTTP and over WebSocket, against the simulated Codex backend. */
export const turns: Measure = {
  name: 'turns',
  goals: ['turns.bytes', 'turns.last', 'turns.first'],
  async run(stage) {
    const http = await conversation(stage, false)
    const socket = await conversation(stage, true)
    return {
      values: {
        'turns.bytes': mean(socket.bytes) / mean(http.bytes),
        'turns.last': (socket.bytes.at(-1) ?? NaN) / (http.bytes.at(-1) ?? NaN),
        'turns.first': socket.firstMs.p50 - http.firstMs.p50,
      },
      detail: `HTTP ${said(http)}; WebSocket ${said(socket)}`,
    }
  },
}

interface Measured {
  /** Sent upstream, turn by turn. */
  bytes: readonly number[]
  firstMs: { p50: number; p99: number }
}

function conversation(stage: Stage, websocket: boolean): Promise<Measured> {
  return stage.withSimulator(websocket, async ({ port, clientKey, simulator }) => {
    const talk = (name: string, count: number) => stage.load.ask('converse', { port, clientKey, name, turns: count })
    await talk('warm', 20)
    await simulator.ask('asked', undefined)
    const times: number[] = []
    let bytes: number[] = []
    for (let n = 0; n < stage.span(6, 2); n++) {
      times.push(...(await talk(`conversation ${n}`, TURNS)))
      const asked = await simulator.ask('asked', undefined)
      if (asked.length !== TURNS) throw new Error(`${asked.length} requests came, not ${TURNS}`)
      const other = asked.filter(({ socket }) => socket !== websocket).length
      if (other > 0) throw new Error(`${other} requests came over the other transport`)
      bytes = asked.map((one) => one.bytes)
    }
    return { bytes, firstMs: distribution(times) }
  })
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function said({ bytes, firstMs }: Measured): string {
  const kb = (value: number | undefined): string => `${((value ?? NaN) / 1024).toFixed(1)} KB`
  return `${kb(mean(bytes))} a turn (first ${kb(bytes[0])}, last ${kb(bytes.at(-1))}), first token ${firstMs.p50.toFixed(2)} / ${firstMs.p99.toFixed(2)} ms`
}
