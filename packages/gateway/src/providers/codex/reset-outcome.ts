import type { ResetOutcome } from './account-calls.js'

/** What became of a wish to spend a reset credit, in words. Source: upstream-codex 5.2. */
export const RESET_SAID: Readonly<Record<ResetOutcome, string>> = {
  reset: 'its usage windows begin anew',
  already_redeemed: 'the credit was spent before; nothing more was spent',
  no_credit: 'it has no reset credit',
  nothing_to_reset: 'its windows are empty; no credit was spent',
}

/** Did it reset something, now or when the same was asked before? */
export function isReset(outcome: ResetOutcome): boolean {
  return outcome === 'reset' || outcome === 'already_redeemed'
}
