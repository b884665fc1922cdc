import { addTally, emptyTally, GRAIN_MS, type UsageEntry, type UsageRows, type UsageTally } from '../store/index.js'
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
    const tally = tallyOf(record, prices(), at)
    ledger.add(record.keyId, {
      costMicroUsd: tally.costMicroUsd,
      tokens: tally.inputTokens + tally.outputTokens,
    })
    keep(
      {
        at: Math.floor(at / GRAIN_MS.five_min) * GRAIN_MS.five_min,
        provider: nameOf(record.provider),
        model: modelOf(record, at),
        candidate: nameOf(record.candidateId),
        clientKey: nameOf(record.keyId),
        tier: nameOf(record.serviceTier),
        tally,
      },
      waiting,
    )
    if (!closed) timer ??= setTimeout(() => void flush(), writeMs).unref()
  }

  function keep(entry: UsageEntry, into: Map<string, UsageEntry>): void {
    const id = `${entry.at}\0${entry.provider}\0${entry.model}\0${entry.candidate}\0${entry.clientKey}\0${entry.tier}`
    const there = into.get(id)
    if (there !== undefined) addTally(there.tally, entry.tally)
    else if (into.size < MAX_WAITING) into.set(id, entry)
    else dropped += entry.tally.requests
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
      for (const entry of later.values()) keep(entry, waiting)
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

/** One request as counts. */
function tallyOf(record: RequestRecord, prices: PriceList, at: number): UsageTally {
  const { usage, failure, ttftMs, durationMs } = record
  const tally = emptyTally()
  tally.requests = 1
  if (failure?.kind === 'cancelled') tally.cancelled = 1
  else if (failure !== undefined) tally.failed = 1
  if (usage !== undefined) {
    tally.inputTokens = count(usage.inputTokens)
    tally.cachedTokens = count(usage.cachedTokens)
    tally.outputTokens = count(usage.outputTokens)
    tally.reasoningTokens = count(usage.reasoningTokens)
    tally.imageInputTokens = count(usage.imageInputTokens)
    tally.imageOutputTokens = count(usage.imageOutputTokens)
    const used = tally.inputTokens + tally.outputTokens
    const cost = used === 0 ? 0 : costOf(prices, record.upstreamModel ?? record.model, usage, record.serviceTier, at)
    if (cost === undefined) tally.unpriced = 1
    else tally.costMicroUsd = count(cost)
  }
  const picture = record.dialect === 'openai-images' || tally.imageOutputTokens > 0
  if (picture && failure === undefined) tally.imageRequests = 1
  else if (picture) tally.imageFailed = 1
  if (ttftMs !== undefined) {
    tally.ttftMs = count(ttftMs)
    tally.ttftSteps[stepOf(ttftMs)] = 1
  }
  if (durationMs !== undefined) {
    tally.durationMs = count(durationMs)
    tally.durationSteps[stepOf(durationMs)] = 1
  }
  return tally
}

/** Upstreams may say anything; only whole counts go into a sum. */
function count(told: number | undefined): number {
  return told !== undefined && Number.isFinite(told) && told > 0 ? Math.round(told) : 0
}
