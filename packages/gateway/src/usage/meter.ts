import {
  addTally,
  emptyTally,
  GRAIN_MS,
  type UsageEntry,
  type UsageOwner,
  type UsageRows,
  type UsageTally,
} from '../store/index.js'
import type { Log, RequestRecord } from '../telemetry/index.js'
import { keyLedger, type KeyLedger } from './key-ledger.js'
import { costOf, type PriceList } from './prices.js'
import { stepOf } from './times.js'

export interface MeterOptions {
  rows: Pick<UsageRows, 'add' | 'keyStandings'>
  /** Read at every request. */
  prices(): PriceList
  log: Pick<Log, 'warn' | 'info'>
  /** Unix ms. */
  now?: () => number
  /** How long usage waits to be written, ms; what waits when the process is killed is lost. Default 1,500. */
  writeMs?: number
}

/** Books what requests used. Nothing of it is done while a request runs, and nothing waits for the disk. */
export interface Meter {
  /** To be called once when a request is over; takes a few microseconds. */
  add(record: RequestRecord): void
  /** Writes what is not written yet. Never rejects: what cannot be written waits. */
  flush(): Promise<void>
  /** What client keys have used, this moment included. */
  readonly keys: KeyLedger
  /** Reads anew what client keys have used; for when one was reset, and before the first request. */
  readKeys(): Promise<void>
  /** Requests that could not be kept, because the disk took nothing for too long. */
  readonly dropped: number
  /** Writes the rest. */
  close(): Promise<void>
}

/** Under 2 s, so that a kill loses no more than that. */
const WRITE_MS = 1_500
/** Other processes on the same data folder serve the same keys. */
const READ_KEYS_MS = 15_000
/** Buckets that may wait to be written; they are written in one transaction. */
const MAX_WAITING = 5_000
/** Models that clients name themselves could be any number; beyond this many in five minutes they are one. */
const MAX_MODELS = 200
const OTHER = '(other)'
const MAX_NAME = 120

/** @example records.onAdd(createMeter({ rows: store.usage, prices: () => list, log }).add) */
export function createMeter(options: MeterOptions): Meter {
  const { rows, prices, log, now = Date.now, writeMs = WRITE_MS } = options
  const ledger = keyLedger(now)
  let waiting = new Map<string, UsageEntry>()
  let models = { at: 0, names: new Set<string>() }
  let dropped = 0
  let droppedTold = 0
  let failing = false
  let closed = false
  let keysReadAt = -Infinity
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()

  function add(record: RequestRecord): void {
    const at = now()
    const cost = costOfRecord(record, prices(), at)
    ledger.add(record.keyId, {
      costMicroUsd: cost ?? 0,
      tokens: count(record.usage?.inputTokens) + count(record.usage?.outputTokens),
    })
    const owner = {
      provider: nameOf(record.provider),
      model: modelOf(record, at),
      candidate: nameOf(record.candidateId),
      clientKey: nameOf(record.keyId),
      tier: nameOf(record.serviceTier),
      client: nameOf(record.client),
    }
    const bucket = bucketIn(waiting, Math.floor(at / GRAIN_MS.five_min) * GRAIN_MS.five_min, owner)
    if (bucket === undefined) dropped += 1
    else book(bucket.tally, record, cost)
    if (!closed) timer ??= setTimeout(() => void flush(), writeMs).unref()
  }

  /** What waits for that bucket; undefined when too much waits to begin another. */
  function bucketIn(into: Map<string, UsageEntry>, at: number, owner: UsageOwner): UsageEntry | undefined {
    const { provider, model, candidate, clientKey, tier, client } = owner
    const id = `${at}\0${provider}\0${model}\0${candidate}\0${clientKey}\0${tier}\0${client}`
    let entry = into.get(id)
    if (entry === undefined && into.size < MAX_WAITING) {
      entry = { ...owner, at, tally: emptyTally() }
      into.set(id, entry)
    }
    return entry
  }

  function modelOf({ provider, upstreamModel }: RequestRecord, at: number): string {
    if (provider === undefined || upstreamModel === undefined) return ''
    const bucket = Math.floor(at / GRAIN_MS.five_min)
    if (models.at !== bucket) models = { at: bucket, names: new Set() }
    const name = nameOf(upstreamModel)
    if (models.names.has(name)) return name
    if (models.names.size >= MAX_MODELS) return OTHER
    models.names.add(name)
    return name
  }

  function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    // One after another: what is read of the keys must not meet a half-told sum.
    writing = writing.then(write)
    return writing
  }

  async function write(): Promise<void> {
    const batch = waiting
    if (batch.size === 0) return
    waiting = new Map()
    ledger.leave()
    try {
      await rows.add([...batch.values()])
    } catch (error) {
      // What waits longest is kept first.
      const later = waiting
      waiting = batch
      for (const entry of later.values()) {
        const bucket = bucketIn(waiting, entry.at, entry)
        if (bucket === undefined) dropped += entry.tally.requests
        else addTally(bucket.tally, entry.tally)
      }
      ledger.returned()
      if (!failing) log.warn({ err: error }, 'usage cannot be written now and waits in memory')
      failing = true
      if (!closed) timer ??= setTimeout(() => void flush(), writeMs).unref()
      tellDropped()
      return
    }
    ledger.arrived()
    if (failing) log.info({}, 'usage is written again')
    failing = false
    tellDropped()
    if (now() - keysReadAt >= READ_KEYS_MS) await read()
  }

  function tellDropped(): void {
    if (dropped === droppedTold) return
    log.warn({ dropped }, 'usage of some requests was dropped: too much waits to be written')
    droppedTold = dropped
  }

  async function read(): Promise<void> {
    try {
      ledger.read(await rows.keyStandings(now()))
      keysReadAt = now()
    } catch (error) {
      log.warn({ err: error }, 'what client keys have used could not be read')
    }
  }

  return {
    add,
    flush,
    keys: ledger,
    readKeys() {
      clearTimeout(timer)
      timer = undefined
      writing = writing.then(write).then(read)
      return writing
    },
    get dropped() {
      return dropped
    },
    async close() {
      closed = true
      await flush()
    },
  }
}

function nameOf(name: string | undefined): string {
  return name === undefined ? '' : name.length > MAX_NAME ? name.slice(0, MAX_NAME) : name
}

/** Millionths of a dollar; undefined for tokens that have no price. */
function costOfRecord(record: RequestRecord, prices: PriceList, at: number): number | undefined {
  const { usage, upstreamModel, model, serviceTier } = record
  if (usage === undefined || count(usage.inputTokens) + count(usage.outputTokens) === 0) return 0
  const cost = costOf(prices, upstreamModel ?? model, usage, serviceTier, at)
  return cost === undefined ? undefined : count(cost)
}

/** Adds one request to the counts. */
function book(tally: UsageTally, record: RequestRecord, cost: number | undefined): void {
  const { usage, failure, ttftMs, durationMs } = record
  tally.requests += 1
  if (failure?.kind === 'cancelled') tally.cancelled += 1
  else if (failure !== undefined) tally.failed += 1
  if (usage !== undefined) {
    tally.inputTokens += count(usage.inputTokens)
    tally.cachedTokens += count(usage.cachedTokens)
    tally.outputTokens += count(usage.outputTokens)
    tally.reasoningTokens += count(usage.reasoningTokens)
    tally.imageInputTokens += count(usage.imageInputTokens)
    tally.imageOutputTokens += count(usage.imageOutputTokens)
  }
  if (cost === undefined) tally.unpriced += 1
  else tally.costMicroUsd += cost
  if (record.dialect === 'openai-images' || count(usage?.imageOutputTokens) > 0) {
    if (failure === undefined) tally.imageRequests += 1
    else tally.imageFailed += 1
  }
  if (ttftMs !== undefined) {
    tally.ttftMs += count(ttftMs)
    countIn(tally.ttftSteps, ttftMs)
  }
  if (durationMs !== undefined) {
    tally.durationMs += count(durationMs)
    countIn(tally.durationSteps, durationMs)
  }
}

function countIn(steps: number[], ms: number): void {
  const step = stepOf(ms)
  steps[step] = (steps[step] ?? 0) + 1
}

/** Upstreams may say anything; only whole counts go into a sum. */
function count(told: number | undefined): number {
  return told !== undefined && Number.isFinite(told) && told > 0 ? Math.round(told) : 0
}
