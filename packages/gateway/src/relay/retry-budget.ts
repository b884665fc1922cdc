/**
 * Keeps retries from multiplying an outage: within 10 s at most one retry for five requests, but always three.
 * Source of the figures: reliability-security R21.
 */
export interface RetryBudget {
  request(): void
  /** True when one more retry is allowed. */
  readonly left: boolean
  retry(): void
}

const WINDOW_MS = 10_000
const SLOTS = 10

export function retryBudget(now: () => number): RetryBudget {
  const requests = new Array<number>(SLOTS).fill(0)
  const retries = new Array<number>(SLOTS).fill(0)
  let current = Math.floor(now() / (WINDOW_MS / SLOTS))

  function slot(): number {
    const at = Math.floor(now() / (WINDOW_MS / SLOTS))
    for (let gone = current + 1; gone <= at && gone <= current + SLOTS; gone++) {
      requests[gone % SLOTS] = 0
      retries[gone % SLOTS] = 0
    }
    if (at > current) current = at
    return current % SLOTS
  }
  const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0)
  const add = (counts: number[]): void => {
    const at = slot()
    counts[at] = (counts[at] ?? 0) + 1
  }

  return {
    request: () => add(requests),
    retry: () => add(retries),
    get left() {
      slot()
      return sum(retries) < Math.max(3, sum(requests) / 5)
    },
  }
}
