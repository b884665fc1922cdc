import { Agent, request, type IncomingMessage, type RequestOptions } from 'node:http'
import { MARK, STAMP_DIGITS } from './codex-reply.js'
import { converse, type Conversation } from './converse.js'
import { obey } from './orders.js'
import { distribution, type Distribution } from '../statistics.js'

/** A request that is sent again and again. */
export interface Target {
  port: number
  method: 'GET' | 'POST'
  path: string
  headers: Record<string, string>
  body: string
  /** How often the mark of a delta must stand in a whole reply; undefined when the reply has none. */
  marks?: number
}

export interface LoopResult {
  requests: number
  elapsedMs: number
  latencyMs: Distribution
}

export interface LoadOrders {
  /** Clients that each send their next request when the last one is answered. */
  closedLoop: { ask: { target: Target; clients: number; forMs: number }; reply: LoopResult }
  /** One request at a time, each target in turn; time until the first delta. */
  firstTokens: { ask: { targets: Target[]; rounds: number }; reply: Distribution[] }
  /** One request at a time, so many; time until the end of the reply. */
  oneByOne: { ask: { target: Target; times: number }; reply: Distribution }
  /** Like `oneByOne`, until `stopProbing`. */
  startProbing: { ask: Target; reply: undefined }
  stopProbing: { ask: undefined; reply: Distribution }
  /** A conversation; time until the first output, turn by turn. */
  converse: { ask: Conversation; reply: number[] }
  /** Opens streams; answers when each has brought its first delta. */
  openStreams: { ask: { target: Target; streams: number }; reply: number }
  /** Watches the open streams for a while: the age of each delta when it arrived. */
  watchStreams: { ask: { forMs: number }; reply: { events: number; ageMs: Distribution } }
  /** Leaves without a word: every socket is destroyed. Answers how many were still open. */
  leaveStreams: { ask: undefined; reply: number }
}

const agent = new Agent({ keepAlive: true, maxSockets: Infinity, maxFreeSockets: 8192 })
const MARK_BYTE = MARK.charCodeAt(0)

interface Outcome {
  latencyMs: number
  firstMs: number
}

/** @throws Error when the answer is not 200, is cut, or has not as many deltas as it should have */
function exchange({ options, body, marks: expected }: Prepared): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const began = performance.now()
    let firstMs = 0
    let marks = 0
    const req = request(options, (res) => {
      const status = res.statusCode ?? 0
      let said = ''
      res.on('data', (chunk: Buffer) => {
        if (status !== 200 && said.length < 500) said += chunk.toString('latin1')
        if (expected === undefined) return
        for (let at = chunk.indexOf(MARK_BYTE); at !== -1; at = chunk.indexOf(MARK_BYTE, at + 1)) marks++
        if (firstMs === 0 && marks > 0) firstMs = performance.now() - began
      })
      res.on('end', () => {
        if (status !== 200) reject(new Error(`status ${status}: ${said}`))
        else if (expected !== undefined && marks !== expected) {
          reject(new Error(`${marks} deltas came, not ${expected}`))
        } else resolve({ latencyMs: performance.now() - began, firstMs })
      })
      res.on('error', reject)
    })
    req.on('error', reject)
    req.end(body)
  })
}

/** A target whose bytes are made once, not at every request. */
interface Prepared {
  options: RequestOptions
  body: Buffer
  marks: number | undefined
}

function prepare({ port, method, path, headers, body, marks }: Target): Prepared {
  const bytes = Buffer.from(body)
  const length = body === '' ? {} : { 'content-length': String(bytes.length) }
  return {
    options: { agent, host: '127.0.0.1', port, method, path, headers: { ...headers, ...length } },
    body: bytes,
    marks,
  }
}

async function closedLoop(target: Target, clients: number, forMs: number): Promise<LoopResult> {
  const prepared = prepare(target)
  const began = performance.now()
  const latencies: number[] = []
  const client = async (): Promise<void> => {
    while (performance.now() - began < forMs) latencies.push((await exchange(prepared)).latencyMs)
  }
  await Promise.all(Array.from({ length: clients }, client))
  return { requests: latencies.length, elapsedMs: performance.now() - began, latencyMs: distribution(latencies) }
}

let probing: { stop: boolean; done: Promise<Distribution> } | undefined

async function probe(target: Target, state: { stop: boolean }): Promise<Distribution> {
  const prepared = prepare(target)
  const latencies: number[] = []
  while (!state.stop) latencies.push((await exchange(prepared)).latencyMs)
  return distribution(latencies)
}

/** The streams that are open now, and what is watched of them. */
const streams = new Set<IncomingMessage>()
let ages: number[] = []

function openStream({ options, body }: Prepared): Promise<void> {
  return new Promise((resolve, reject) => {
    const req = request({ ...options, agent: false }, (res) => {
      if (res.statusCode !== 200) {
        reject(new Error(`status ${res.statusCode}`))
        res.resume()
        return
      }
      streams.add(res)
      let rest = ''
      res.on('data', (chunk: Buffer) => {
        const now = Number(process.hrtime.bigint() / 1000n)
        const text = rest + chunk.toString('latin1')
        rest = ''
        for (let at = text.indexOf(MARK); at !== -1; at = text.indexOf(MARK, at + 1)) {
          resolve()
          if (at + 1 + STAMP_DIGITS > text.length) {
            rest = text.slice(at)
            break
          }
          ages.push((now - Number(text.slice(at + 1, at + 1 + STAMP_DIGITS))) / 1000)
        }
      })
      res.on('close', () => streams.delete(res))
      res.on('error', () => undefined)
    })
    req.on('error', reject)
    req.end(body)
  })
}

obey<LoadOrders>({
  converse: (about) => converse(about, agent),
  closedLoop: ({ target, clients, forMs }) => closedLoop(target, clients, forMs),
  async firstTokens({ targets, rounds }) {
    const prepared = targets.map(prepare)
    const times = targets.map((): number[] => [])
    for (let round = 0; round < rounds; round++) {
      for (const [at, target] of prepared.entries()) times[at]?.push((await exchange(target)).firstMs)
    }
    return times.map(distribution)
  },
  async oneByOne({ target, times }) {
    const prepared = prepare(target)
    const latencies: number[] = []
    for (let turn = 0; turn < times; turn++) latencies.push((await exchange(prepared)).latencyMs)
    return distribution(latencies)
  },
  startProbing(target) {
    const state = { stop: false }
    const done = probe(target, state)
    done.catch(() => undefined)
    probing = Object.assign(state, { done })
    return undefined
  },
  async stopProbing() {
    if (probing === undefined) throw new Error('nothing is being probed')
    probing.stop = true
    return probing.done
  },
  async openStreams({ target, streams: wanted }) {
    const prepared = prepare(target)
    // In batches: a listen queue is not what is measured.
    for (let from = 0; from < wanted; from += 100) {
      await Promise.all(Array.from({ length: Math.min(100, wanted - from) }, () => openStream(prepared)))
    }
    return streams.size
  },
  async watchStreams({ forMs }) {
    ages = []
    await new Promise((resolve) => setTimeout(resolve, forMs))
    return { events: ages.length, ageMs: distribution(ages) }
  },
  leaveStreams() {
    const left = streams.size
    for (const res of streams) res.destroy()
    ages = []
    return left
  },
})
