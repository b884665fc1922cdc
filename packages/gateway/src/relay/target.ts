import { unreachable, type Failure, type Note, type PivotEvent } from '@dragoman/protocol'
import type { Candidate, UpstreamCall } from '../providers/index.js'
import type { RequestRecord } from '../telemetry/index.js'
import { afterFailure } from './after-failure.js'
import { attempt, type Attempt } from './attempt.js'
import type { CommitBarrier } from './commit-barrier.js'
import type { Exchange } from './exchange.js'
import { nearestEffort } from './nearest-effort.js'
import type { Prepared } from './preparation.js'
import type { RelayHouse } from './relay-house.js'
import type { Reply } from './reply.js'
import type { RetryBudget } from './retry-budget.js'

/** What all targets of one exchange share while they are asked one after the other. */
export interface Asking {
  house: RelayHouse
  exchange: Exchange
  record: RequestRecord
  conversation: string
  barrier: CommitBarrier
  reply: Reply
  budget: RetryBudget
  /** Monotonic ms. */
  started: number
  /** Attempts made, whoever was asked. */
  attempts: number
  /** The one under way, or the last one. */
  current: Attempt | undefined
  /** Why everything ends, when it does from outside. */
  ended: Failure | undefined
  /** An attempt has begun. */
  onAttempt(): void
}

/**
 * Asks the candidates of one target until one has answered, and pumps the answer into the reply.
 * @returns undefined when the answer is complete, else the failure that the client is to be told
 */
export async function askTarget(asking: Asking, ready: Prepared): Promise<Failure | undefined> {
  const { house, exchange, record, conversation, barrier, reply, budget } = asking
  const { routed, limits, openUpstream } = ready
  const { provider } = routed
  const { fieldNames } = exchange.dialect.serve
  const tried = new Set<string>()
  const mended = new Set<string>()
  let { request } = ready
  let untouched = ready.untouched
  let withoutReasoning = false
  let effortStands = request.reasoning?.effort != null
  let askedAgain = false
  let attemptsHere = 0
  let candidate: Candidate | undefined
  let failure: Failure | undefined

  for (;;) {
    if (candidate === undefined) {
      candidate = provider.candidates({
        model: routed.model,
        ...(routed.within === undefined ? {} : { within: routed.within }),
        conversation,
        tried,
      }).ready[0]
      askedAgain = false
      if (candidate === undefined) return lastWord(failure, () => provider.whyNobody(routed.model, routed.within))
    }
    asking.attempts++
    attemptsHere++
    if (asking.attempts > 1) barrier.reset()
    const asked: Candidate = candidate
    const dialectId = asked.dialect ?? provider.dialect
    const speaksIt = exchange.dialect.id === dialectId
    const call: UpstreamCall = {
      exchangeId: exchange.id,
      request,
      model: asked.model ?? routed.model,
      conversation,
      clientHeaders: exchange.headers,
      keepFrames: exchange.stream && speaksIt,
      ...(speaksIt && untouched && exchange.body !== undefined ? { original: exchange.body } : {}),
      whole: !exchange.stream,
      withoutReasoning,
    }
    record.route = `${asked.provider ?? provider.id}:${routed.model}`
    const dialect = house.dialects[dialectId]
    if (dialect === undefined) throw new Error(`no dialect ${dialectId}`)
    const failureOf = (event: PivotEvent): Failure | undefined => dialect.call.failureOf(event)
    const begun = performance.now()
    const current = attempt(openUpstream, asked, call, barrier, reply, limits, failureOf)
    asking.current = current
    if (asking.ended !== undefined) current.stop(asking.ended)
    asking.onAttempt()
    failure = await current.done
    record.attempts.push({
      candidate: asked.label,
      outcome: failure === undefined ? 'ok' : failure.kind,
      ms: Math.round(performance.now() - begun),
    })
    if (current.firstOutputAt !== undefined) record.ttftMs = Math.round(current.firstOutputAt - asking.started)
    if (failure === undefined) return undefined
    if (asking.ended !== undefined) return asking.ended

    const decision = afterFailure({
      failure,
      committed: barrier.phase === 'committed',
      attempts: attemptsHere,
      maxAttempts: limits.maxAttempts,
      askedAgain,
      mended: mended.has(asked.id),
      withoutReasoning,
      effortStands,
      budget: budget.left,
    })
    if (decision === 'stop') return failure
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
        if (await provider.mend(asked, failure)) break
        tried.add(asked.id)
        candidate = undefined
        break
      case 'without-reasoning':
        withoutReasoning = true
        untouched = false
        record.notes.push(reasoningDropped(fieldNames))
        break
      case 'other-effort': {
        const refused = request.reasoning?.effort ?? ''
        const effort = nearestEffort(refused, failure.message)
        effortStands = false
        untouched = false
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
    if (asking.ended !== undefined) return asking.ended
    // A heartbeat fell due while the credential was being cured: the client has its 200, and nothing begins again.
    if (barrier.phase === 'committed') return { ...failure, phase: 'committed' }
  }
}

function reasoningDropped(fieldNames: Readonly<Record<string, string>> | undefined): Note {
  return {
    pointer: fieldNames?.['input'] ?? '/input',
    what: 'dropped',
    why: 'the upstream could not decrypt the reasoning of earlier turns',
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
