import {
  FailureError,
  unreachable,
  type Failure,
  type Note,
  type PivotEvent,
  type PivotRequest,
} from '@dragoman/protocol'
import type { Candidate, Lease, Provider, UpstreamCall, Wanted } from '../providers/index.js'
import type { ExchangeBodies } from '../request-log/index.js'
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
  /** Its turns that share a prompt's beginning. */
  chain: string
  /** Aborted when everything ends from outside. */
  leaving: AbortSignal
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
  /** Gives the place back that is taken at the moment. */
  giveBack: () => void
  /** What is said, when somebody wants to keep it. */
  bodies?: ExchangeBodies
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
  let lease: Lease | undefined
  let moved = false
  let failure: Failure | undefined
  const { accounts } = exchange.key
  const want: Wanted = {
    model: routed.model,
    ...(routed.within === undefined ? {} : { within: routed.within }),
    conversation,
    chain: asking.chain,
    tried,
    ...(accounts === undefined ? {} : { among: accounts }),
    ...historyOf(request),
  }
  const give = (served: boolean): void => {
    lease?.release(served, withoutReasoning)
    lease = undefined
  }
  asking.giveBack = () => give(false)

  for (;;) {
    if (lease === undefined) {
      const taken = await takePlace(provider, want, request.input.length, asking.leaving)
      if ('kind' in taken) {
        if (asking.ended !== undefined) return asking.ended
        return lastWord(failure, () => taken)
      }
      lease = taken
      moved = lease.movedFrom !== undefined
      askedAgain = false
      recordLease(asking, lease)
      if (asking.ended !== undefined) {
        give(false)
        return asking.ended
      }
    }
    const candidate: Candidate = lease.candidate
    asking.attempts++
    attemptsHere++
    if (asking.attempts > 1) barrier.reset()
    const dialectId = candidate.dialect ?? provider.dialect
    const speaksIt = exchange.dialect.id === dialectId
    const call: UpstreamCall = {
      exchangeId: exchange.id,
      request,
      model: candidate.model ?? routed.model,
      conversation,
      clientHeaders: exchange.headers,
      keepFrames: exchange.stream && speaksIt,
      ...(speaksIt && untouched && exchange.body !== undefined ? { original: exchange.body } : {}),
      whole: !exchange.stream,
      withoutReasoning,
      foreignItems: lease.foreignItems,
      isOrigin: lease.isOrigin,
      moved,
    }
    record.provider = candidate.provider ?? provider.id
    record.upstreamModel = call.model
    record.candidateId = candidate.id
    if (request.service_tier != null) record.serviceTier = request.service_tier
    record.route = `${record.provider}:${routed.model}`
    const dialect = house.dialects[dialectId]
    if (dialect === undefined) throw new Error(`no dialect ${dialectId}`)
    const failureOf = (event: PivotEvent): Failure | undefined => dialect.call.failureOf(event)
    const begun = performance.now()
    const startMs = Date.now() - exchange.at
    const current = attempt(openUpstream, candidate, call, barrier, reply, limits, failureOf, asking.bodies?.upstream)
    asking.current = current
    if (asking.ended !== undefined) current.stop(asking.ended)
    asking.onAttempt()
    failure = await current.done
    record.attempts.push({
      candidate: candidate.label,
      id: candidate.id,
      why: candidate.why,
      provider: record.provider,
      model: call.model,
      outcome: failure === undefined ? 'ok' : failure.kind,
      ...(failure === undefined ? {} : { message: failure.message }),
      ...(failure?.upstream === undefined ? {} : { status: failure.upstream.status }),
      startMs,
      ms: Math.round(performance.now() - begun),
    })
    if (current.firstOutputAt !== undefined) record.ttftMs = Math.round(current.firstOutputAt - asking.started)
    // Who began to answer holds the prompt in its cache, even when the client left before the end.
    const served = failure === undefined || current.firstOutputAt !== undefined
    if (failure === undefined || asking.ended !== undefined) {
      give(served)
      return failure === undefined ? undefined : asking.ended
    }

    const decision = afterFailure({
      failure,
      committed: barrier.phase === 'committed',
      attempts: attemptsHere,
      maxAttempts: limits.maxAttempts,
      askedAgain,
      mended: mended.has(candidate.id),
      withoutReasoning,
      effortStands,
      budget: budget.left,
    })
    if (decision === 'stop') {
      give(served)
      return othersAreFree(provider, want, candidate, failure) ? { ...failure, retryAt: Date.now() + 1_000 } : failure
    }
    house.log.info(
      { requestId: exchange.id, candidate: candidate.label, failure: failure.kind, next: decision },
      'an attempt failed',
    )
    switch (decision) {
      case 'again':
        askedAgain = true
        budget.retry()
        break
      case 'mend':
        mended.add(candidate.id)
        if (await provider.mend(candidate, failure)) break
        tried.add(candidate.id)
        give(false)
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
        tried.add(candidate.id)
        give(false)
        budget.retry()
        break
      default:
        unreachable(decision)
    }
    const ended = asking.ended as Failure | undefined
    // A heartbeat fell due while the credential was being cured: the client has its 200, and nothing begins again.
    if (ended !== undefined || barrier.phase === 'committed') {
      give(false)
      return ended ?? { ...failure, phase: 'committed' }
    }
  }
}

function reasoningDropped(fieldNames: Readonly<Record<string, string>> | undefined): Note {
  return {
    pointer: fieldNames?.['input'] ?? '/input',
    what: 'dropped',
    why: 'the upstream could not decrypt the reasoning of earlier turns',
  }
}

/** It is told that its account is used up; that is no reason to wait for that account while others are free. */
function othersAreFree(provider: Provider, want: Wanted, asked: Candidate, { kind, scope }: Failure): boolean {
  if (scope !== 'account' || (kind !== 'quota_exhausted' && kind !== 'rate_limited')) return false
  return provider.candidates({ ...want, tried: new Set([...want.tried, asked.id]) }).ready.length > 0
}

/** A place at the best candidate, or why there is none. */
async function takePlace(
  provider: Provider,
  want: Wanted,
  inputItems: number,
  signal: AbortSignal,
): Promise<Lease | Failure> {
  if (provider.lease === undefined) {
    const [candidate] = provider.candidates(want).ready
    return candidate === undefined ? provider.whyNobody(want.model, want.within) : unleased(candidate)
  }
  try {
    return await provider.lease(want, { inputItems, signal })
  } catch (error) {
    if (error instanceof FailureError) return error.failure
    throw error
  }
}

function unleased(candidate: Candidate): Lease {
  return { candidate, queuedMs: 0, foreignItems: 0, isOrigin: true, release: () => undefined }
}

function recordLease({ record, exchange, house }: Asking, { candidate, queuedMs, movedFrom }: Lease): void {
  if (queuedMs > 0) record.queuedMs = (record.queuedMs ?? 0) + Math.round(queuedMs)
  if (movedFrom === undefined) return
  record.move = { from: record.move?.from ?? movedFrom.id, to: candidate.id, why: movedFrom.why }
  house.log.info(
    { requestId: exchange.id, from: movedFrom.label, to: candidate.label, why: movedFrom.why },
    'a conversation moved to another account',
  )
}

/** What the input tells of the turns before. */
function historyOf({ input }: PivotRequest): Pick<Wanted, 'bound' | 'goesOn'> {
  let goesOn = false
  for (const item of input) {
    if (COMPACTED.test(item.type)) return { bound: true, goesOn: true }
    goesOn ||= 'role' in item ? item['role'] === 'assistant' : item.type !== 'additional_tools'
  }
  return { goesOn }
}

/** They stand for turns that nobody else can read. */
const COMPACTED = /^(?:compaction|compaction_summary|context_compaction)$/

/** When candidates ran out: the pool's own words about time where waiting helps, else what the last one said. */
function lastWord(failure: Failure | undefined, whyNobody: () => Failure): Failure {
  if (failure === undefined) return whyNobody()
  const why = whyNobody()
  const waits = why.kind === 'quota_exhausted' || why.kind === 'rate_limited'
  // A helper call benches nobody, so the pool knows of no trouble.
  if (failure.kind === 'quota_exhausted' || failure.kind === 'rate_limited')
    return why.kind === 'overloaded' ? failure : why
  // One account's own trouble is no answer while others come back.
  return waits && failure.scope === 'account' ? why : failure
}
