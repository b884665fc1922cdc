import { TIME_STEPS } from '../store/index.js'

/** Below this a time is in the first step. */
const FIRST_MS = 32

/** In which step of the histogram a time is counted: step n ends before 32 · 2^n ms. */
export function stepOf(ms: number): number {
  if (!(ms >= FIRST_MS)) return 0
  // The place of the highest bit, exact where a logarithm is not.
  return Math.min(TIME_STEPS - 1, 27 - Math.clz32(Math.min(ms, 0x7fffffff)))
}

/**
 * The time below which so many of all lie, ms, to within the width of its step: a step's times are taken to lie evenly in it.
 * @param share between 0 and 1
 */
export function percentile(steps: readonly number[], share: number): number | undefined {
  const count = steps.reduce((sum, one) => sum + one, 0)
  if (count === 0) return undefined
  let left = share * count
  for (const [step, inside] of steps.entries()) {
    if (inside === 0) continue
    if (left <= inside) {
      const from = step === 0 ? 0 : FIRST_MS * 2 ** (step - 1)
      const to = FIRST_MS * 2 ** step
      return Math.round(from + (to - from) * (left / inside))
    }
    left -= inside
  }
  return FIRST_MS * 2 ** (TIME_STEPS - 1)
}
