import { safeText, unreachable, type Dialect, type Failure, type ReplyMeta } from '@dragoman/protocol'
import type { Candidate, UpstreamCall } from '../providers/index.js'
import type { RequestRecord } from '../telemetry/index.js'
import { afterFailure } from './after-failure.js'
import { attempt, type Attempt } from './attempt.js'
import { commitBarrier } from './commit-barrier.js'
import type { Exchange } from './exchange.js'
import { exchangeWatch } from './exchange-watch.js'
import { CLIENT_LEFT, GATEWAY_STOPS, internalFailure } from './failures.js'
import { nearestEffort } from './nearest-effort.js'
import { prepare } from './preparation.js'
import { pulse } from './pulse.js'
import { recordOf, usageOf } from './record.js'
import type { RelayHouse } from './relay-house.js'
import { refuse, streamReply, wholeReply, type Reply } from './reply.js'
import { retryBudget } from './retry-budget.js'
import { clientNotes } from './strictness.js'

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
    try {
      await live(exchange, record, life)
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
      house.records.add(record)
    }
  }

  async function live(exchange: Exchange, record: RequestRecord, life: { stop(failure: Failure): void }) {
    const ready = prepare(house, exchange, record)
    if ('failure' in ready) return refuseRecorded(exchange, record, ready.failure)
    const { routed, upstreamDialect, limits, openUpstream, shift } = ready
    let { request } = ready
    const { fieldNames } = exchange.dialect.serve
    const conversation = house.conversationOf(exchange)
    const barrier = commitBarrier()
    const started = performance.now()
    let current: Attempt | undefined
    let attempts = 0

    let promptTokens: number | undefined
    const about: ReplyMeta = {
      requestId: exchange.id,
      model: exchange.request.model === '' ? routed.model : exchange.request.model,
      createdAt: Math.floor(exchange.at / 1000),
      request: exchange.request,
      inputTokens: () => (promptTokens ??= house.inputTokens(exchange.request)),
      note: (note) => void record.notes.push(note),
    }
    const reply: Reply = (exchange.stream ? streamReply : wholeReply)({
      res: exchange.response,
      dialect: exchange.dialect,
      about,
      headers: () => ({
        ...current?.headers,
        ...exchange.replyHeaders,
        'x-dragoman-translation': translationHeader(record.notes.length + (current?.notes.length ?? 0)),
        ...(attempts > 1 ? { 'x-dragoman-attempts': String(attempts) } : {}),
      }),
      onDrain: () => current?.resume(),
      poolTried: () => attempts > 1,
      ...(exchange.dialect.id === 'openai-responses' && exchange.request.store !== false
        ? { onItem: (item) => house.told.keep(exchange.key.id, item) }
        : {}),
    })

    // The end of everything: the client left, time is over, the gateway stops.
    let ended: Failure | undefined
    const stop = (failure: Failure): void => {
      ended ??= failure
      current?.stop(failure)
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
      started,
      attempt: () => current,
      stop,
    })
    heart.add(watch)

    const failureOf = (event: Parameters<Dialect['call']['failureOf']>[0]) => upstreamDialect.call.failureOf(event)
    const tried = new Set<string>()
    const mended = new Set<string>()
    let withoutReasoning = false
    let effortStands = request.reasoning?.effort != null
    let askedAgain = false
    let candidate: Candidate | undefined
    let failure: Failure | undefined

    try {
      for (;;) {
        if (candidate === undefined) {
          const found = routed.provider.candidates({ model: routed.model, conversation, tried })
          candidate = found.ready[0]
          askedAgain = false
          if (candidate === undefined) {
            failure = lastWord(failure, () => routed.provider.whyNobody(routed.model))
            break
          }
        }
        attempts++
        if (attempts > 1) barrier.reset()
        const call: UpstreamCall = {
          exchangeId: exchange.id,
          request,
          model: routed.model,
          conversation,
          clientHeaders: exchange.headers,
          keepFrames: exchange.stream && exchange.dialect.id === routed.provider.dialect,
          whole: !exchange.stream,
          withoutReasoning,
        }
        const begun = performance.now()
        const asked = candidate
        current = attempt(openUpstream, asked, call, barrier, reply, limits, failureOf)
        if (ended !== undefined) current.stop(ended)
        // This protocol tells the prompt's size first; it is counted while the upstream thinks, not when it speaks.
        if (exchange.stream && exchange.dialect.id === 'anthropic-messages') setImmediate(() => about.inputTokens?.())
        failure = await current.done
        record.attempts.push({
          candidate: asked.label,
          outcome: failure === undefined ? 'ok' : failure.kind,
          ms: Math.round(performance.now() - begun),
        })
        if (current.firstOutputAt !== undefined) record.ttftMs = Math.round(current.firstOutputAt - started)
        if (failure === undefined) break
        if (ended !== undefined) {
          failure = ended
          break
        }

        const decision = afterFailure({
          failure,
          committed: barrier.phase === 'committed',
          attempts,
          maxAttempts: limits.maxAttempts,
          askedAgain,
          mended: mended.has(asked.id),
          withoutReasoning,
          effortStands,
          budget: budget.left,
        })
        if (decision === 'stop') break
        house.log.info(
          { requestId: exchange.id, candidate: asked.label, failure: failure.kind, next: decision },
          'an attempt failed',
        )
        switch (decision) {
          case 'again':
            askedAgain = true
            budget.retry()
            break
          case 'mend':
            mended.add(asked.id)
            if (await routed.provider.mend(asked, failure)) break
            tried.add(asked.id)
            candidate = undefined
            break
          case 'without-reasoning':
            withoutReasoning = true
            record.notes.push({
              pointer: fieldNames?.['input'] ?? '/input',
              what: 'dropped',
              why: 'the upstream could not decrypt the reasoning of earlier turns',
            })
            break
          case 'other-effort': {
            const refused = request.reasoning?.effort ?? ''
            const effort = nearestEffort(refused, failure.message)
            effortStands = false
            request = { ...request, reasoning: { ...request.reasoning, effort: effort ?? null } }
            record.notes.push({
              pointer: fieldNames?.['reasoning'] ?? '/reasoning',
              what: 'approximated',
              why: `${routed.model} does not take the effort '${refused}'; it was asked for ${effort === undefined ? 'its own default' : `'${effort}'`}`,
            })
            break
          }
          case 'next':
            tried.add(asked.id)
            candidate = undefined
            budget.retry()
            break
          default:
            unreachable(decision)
        }
        if (ended !== undefined) {
          failure = ended
          break
        }
        // A heartbeat fell due while the credential was being cured: the client has its 200, and nothing begins again.
        if (barrier.phase === 'committed') break
      }
      if (failure !== undefined) {
        record.failure = failure
        if (failure.kind === 'cancelled' && exchange.response.destroyed) return
        reply.fail(attempts > 1 && !reply.begun ? alreadyTried(failure, attempts) : failure)
      }
    } finally {
      exchange.response.off('close', onClose)
      if (current !== undefined) record.notes.push(...clientNotes(current.notes, fieldNames, shift))
      const usage = usageOf(reply.response()?.usage)
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

/** When candidates ran out: the pool's own words about time if quota was the reason, else what the last one said. */
function lastWord(failure: Failure | undefined, whyNobody: () => Failure): Failure {
  if (failure === undefined) return whyNobody()
  if (failure.kind !== 'quota_exhausted' && failure.kind !== 'rate_limited') return failure
  const why = whyNobody()
  // A helper call benches nobody, so the pool knows of no trouble.
  return why.kind === 'overloaded' ? failure : why
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
