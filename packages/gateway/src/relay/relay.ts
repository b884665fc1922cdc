import { safeText, type Failure, type ReplyMeta } from '@dragoman/protocol'
import type { ExchangeBodies } from '../request-log/index.js'
import type { RequestRecord } from '../telemetry/index.js'
import { commitBarrier } from './commit-barrier.js'
import type { Exchange, Routed } from './exchange.js'
import { exchangeWatch } from './exchange-watch.js'
import { CLIENT_LEFT, GATEWAY_STOPS, internalFailure } from './failures.js'
import { fallbackCase, nextTarget } from './fallback.js'
import { exchangeBodies } from './exchange-bodies.js'
import { prepare, routeOf, nameOfTarget } from './preparation.js'
import { pulse } from './pulse.js'
import { recordOf, usageOf } from './record.js'
import type { RelayHouse } from './relay-house.js'
import { refuse, streamReply, wholeReply, type Reply } from './reply.js'
import { retryBudget } from './retry-budget.js'
import { clientNotes } from './strictness.js'
import { askTarget, type Asking } from './target.js'

export interface Relay {
  /** Lives the life of one request. Resolves when the reply is written or its socket is gone; never rejects. */
  run(exchange: Exchange): Promise<void>
  /** Exchanges under way. */
  readonly open: number
  /** Ends every exchange that is under way in its protocol's form of failure. */
  stop(): void
}

/** How often open exchanges look at the clock. */
const PULSE_MS = 250

export function createRelay(house: RelayHouse): Relay {
  const heart = pulse(PULSE_MS)
  const budget = retryBudget(Date.now)
  const open = new Set<{ stop(failure: Failure): void }>()

  async function run(exchange: Exchange): Promise<void> {
    const record = recordOf(exchange)
    const life = { stop: (_: Failure): void => undefined }
    open.add(life)
    budget.request()
    house.records.begin(record)
    const bodies = house.bodies?.wanted() === true ? exchangeBodies(exchange) : undefined
    try {
      await live(exchange, record, life, bodies)
    } catch (error) {
      house.log.error({ err: error, requestId: exchange.id }, 'an exchange failed inside the gateway')
      const failure = internalFailure(exchange.id)
      record.failure = failure
      if (exchange.response.headersSent) exchange.response.destroy()
      else refuseExchange(exchange, failure)
    } finally {
      open.delete(life)
      record.status = exchange.response.statusCode
      record.durationMs = Date.now() - exchange.at
      if (bodies !== undefined) house.bodies?.keep(record, bodies)
      house.records.add(record)
    }
  }

  async function live(
    exchange: Exchange,
    record: RequestRecord,
    life: { stop(failure: Failure): void },
    bodies: ExchangeBodies | undefined,
  ) {
    const routed = routeOf(house, exchange, record)
    if ('failure' in routed) return refuseRecorded(exchange, record, routed.failure)
    const { targets } = routed
    const [first] = targets
    const { fieldNames } = exchange.dialect.serve
    const ownNotes = record.notes.length
    let ready = prepare(house, exchange, record, routed, first)
    if ('failure' in ready) return refuseRecorded(exchange, record, ready.failure)
    const { limits } = ready
    const barrier = commitBarrier()
    const fallbacks: string[] = []
    const leaving = new AbortController()

    let promptTokens: number | undefined
    const about: ReplyMeta = {
      requestId: exchange.id,
      model: exchange.request.model === '' ? first.model : exchange.request.model,
      createdAt: Math.floor(exchange.at / 1000),
      request: exchange.request,
      inputTokens: () => (promptTokens ??= house.inputTokens(exchange.request)),
      note: (note) => void record.notes.push(note),
    }
    const notes = (): number =>
      (asking.current?.verbatim === true ? 0 : record.notes.length) + (asking.current?.notes.length ?? 0)
    const reply: Reply = (exchange.stream ? streamReply : wholeReply)({
      res: exchange.response,
      dialect: exchange.dialect,
      about,
      headers: () => ({
        ...asking.current?.headers,
        ...exchange.replyHeaders,
        'x-dragoman-translation': translationHeader(notes()),
        ...(asking.attempts > 1 ? { 'x-dragoman-attempts': String(asking.attempts) } : {}),
        ...(fallbacks.length > 0 ? { 'x-dragoman-fallback': fallbacks.join(', ') } : {}),
      }),
      ...(bodies === undefined ? {} : { keep: (told: () => unknown) => void (bodies.reply = told) }),
      onDrain: () => asking.current?.resume(),
      poolTried: () => asking.attempts > 1,
      ...(exchange.dialect.id === 'openai-responses' && exchange.request.store !== false
        ? { onItem: (item) => house.told.keep(exchange.key.id, item) }
        : {}),
    })
    const { conversation, chain } = house.conversationOf(exchange)
    record.chain = chain
    const asking: Asking = {
      house,
      exchange,
      record,
      conversation,
      chain,
      leaving: leaving.signal,
      barrier,
      reply,
      budget,
      started: performance.now(),
      attempts: 0,
      current: undefined,
      ended: undefined,
      // This protocol tells the prompt's size first; it is counted while the upstream thinks, not when it speaks.
      giveBack: () => undefined,
      ...(bodies === undefined ? {} : { bodies }),
      onAttempt() {
        if (exchange.stream && exchange.dialect.id === 'anthropic-messages') setImmediate(() => about.inputTokens?.())
      },
    }

    // The end of everything: the client left, time is over, the gateway stops.
    const stop = (failure: Failure): void => {
      asking.ended ??= failure
      asking.current?.stop(failure)
      leaving.abort()
    }
    life.stop = stop
    const onClose = (): void => {
      if (!exchange.response.writableFinished) stop(CLIENT_LEFT)
    }
    if (exchange.response.closed) return
    exchange.response.once('close', onClose)
    const watch = exchangeWatch({
      exchange,
      reply,
      barrier,
      limits,
      started: asking.started,
      attempt: () => asking.current,
      stop,
    })
    heart.add(watch)

    let shift = 0
    try {
      let at = 0
      let failure: Failure | undefined
      for (;;) {
        if ('failure' in ready) failure = ready.failure
        else {
          ;({ shift } = ready)
          failure = await askTarget(asking, ready)
        }
        if (failure === undefined || asking.ended !== undefined || barrier.phase === 'committed') break
        const next = nextTarget(targets, at, failure)
        const target = next === undefined ? undefined : targets[next]
        if (next === undefined || target === undefined) break
        fallbacks.push(fallbackWords(targets[at] ?? first, target, failure))
        house.log.info({ requestId: exchange.id, fallback: fallbacks.at(-1) }, 'a fallback is asked')
        at = next
        // What the first target's shape cost is not what this one's costs.
        record.notes.length = ownNotes
        asking.current = undefined
        ready = prepare(house, exchange, record, routed, target)
      }
      if (fallbacks.length > 0) record.fallbacks = fallbacks
      if (failure !== undefined) {
        record.failure = failure
        if (failure.kind === 'cancelled' && exchange.response.destroyed) return
        reply.fail(asking.attempts > 1 && !reply.begun ? alreadyTried(failure, asking.attempts) : failure)
      }
    } finally {
      asking.giveBack()
      exchange.response.off('close', onClose)
      if (asking.current?.verbatim === true) record.notes.length = 0
      if (asking.current !== undefined) record.notes.push(...clientNotes(asking.current.notes, fieldNames, shift))
      const usage = usageOf(reply.response())
      if (usage !== undefined) record.usage = usage
      heart.remove(watch)
    }
  }

  function refuseRecorded(exchange: Exchange, record: RequestRecord, failure: Failure): void {
    record.failure = failure
    refuseExchange(exchange, failure)
  }

  return {
    run,
    get open() {
      return open.size
    },
    stop() {
      for (const life of open) life.stop(GATEWAY_STOPS)
    },
  }
}

/** `codex:gpt-5.5 -> openai:gpt-5.5 (quota)`; fit for a header. */
function fallbackWords(from: Routed, to: Routed, failure: Failure): string {
  return `${nameOfTarget(from)} -> ${nameOfTarget(to)} (${fallbackCase(failure) ?? failure.kind})`.replace(
    /[^\x20-\x7e]/g,
    '?',
  )
}

/** Says that the gateway has already tried more than once. */
function alreadyTried(failure: Failure, attempts: number): Failure {
  return { ...failure, message: safeText(`${failure.message} (after ${attempts} attempts)`) }
}

function translationHeader(notes: number): string {
  return notes === 0 ? 'exact' : `notes=${notes}`
}

function refuseExchange(exchange: Exchange, failure: Failure): void {
  refuse(exchange.response, exchange.dialect.serve.encodeError(failure, exchange.id, Date.now()), exchange.replyHeaders)
}
