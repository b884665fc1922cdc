import type { FallbackCase } from '../config/index.js'
import { DEFAULT_CASES } from '../routing/index.js'
import type { Routed } from './exchange.js'
import { nameOfTarget } from './preparation.js'

/** One target of a route and everybody who could answer there, now. */
export interface TargetExplanation {
  /** `provider:model` */
  target: string
  why: string
  /** Of a fallback: the failures of those before it that it answers for. */
  when?: readonly FallbackCase[]
  /** In the order in which they would be asked; the skipped ones last. */
  candidates: readonly CandidateExplanation[]
  /** Set when nobody is ready: what a client would be told. */
  nobody?: string
}

export interface CandidateExplanation {
  label: string
  /** Who it belongs to, where that is not the target's own name. */
  provider?: string
  verdict: 'taken' | 'next' | 'skipped'
  reason: string
}

const NOBODY: ReadonlySet<string> = new Set([''])

/**
 * Who would answer a request that came now, and why not the others. Asks nobody and changes nothing.
 * @param conversation decides where a conversation has its place
 */
export function explainTargets(targets: readonly Routed[], conversation: string): TargetExplanation[] {
  let taken = false
  return targets.map((routed, at) => {
    const { provider, model, within, why } = routed
    const found = provider.candidates({
      model,
      ...(within === undefined ? {} : { within }),
      conversation,
      // A look is no first choice: those take turns.
      tried: NOBODY,
    })
    const ready = found.ready.map((candidate): CandidateExplanation => {
      const verdict = taken ? 'next' : 'taken'
      taken = true
      return {
        label: candidate.label,
        ...(candidate.provider === undefined || candidate.provider === within ? {} : { provider: candidate.provider }),
        verdict,
        reason: candidate.why,
      }
    })
    const skipped = found.skipped.map(({ label, reason }): CandidateExplanation => ({
      label,
      verdict: 'skipped',
      reason,
    }))
    return {
      target: nameOfTarget(routed),
      why,
      ...(at === 0 ? {} : { when: routed.when ?? DEFAULT_CASES }),
      candidates: [...ready, ...skipped],
      ...(ready.length > 0 ? {} : { nobody: provider.whyNobody(model, within).message }),
    }
  })
}
