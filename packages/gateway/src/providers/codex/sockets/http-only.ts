/** How long one that said it speaks no WebSocket is asked over HTTP only, ms. */
const SAID_NO_MS = 60 * 60_000
/** How long after several failures in a row, ms. */
const FAILED_MS = 10 * 60_000
const FAILURES = 3
/** Remembered at most; the oldest are forgotten first. */
const MOST_PLACES = 2_000

/** Which accounts' backends are asked over HTTP only, and how long. Source of the rules: upstream-codex 4.5. */
export interface HttpOnly {
  has(place: string): boolean
  /** It said 426, or that a message is too large. */
  saidNo(place: string): void
  /** A handshake failed, or connections broke before their answer began. Tells whether this was one too many. */
  failed(place: string): boolean
  worked(place: string): void
}

/**
 * A place is an account at an origin (another base URL begins anew) or one conversation of it. After its time a place is probed by
 * the next request.
 */
export function httpOnly(now: () => number): HttpOnly {
  const places = new Map<string, { until: number; failures: number }>()

  function remember(place: string, what: { until: number; failures: number }): void {
    places.delete(place)
    places.set(place, what)
    const [oldest] = places.keys()
    if (places.size > MOST_PLACES && oldest !== undefined) places.delete(oldest)
  }

  return {
    has: (place) => (places.get(place)?.until ?? 0) > now(),
    saidNo: (place) => remember(place, { until: now() + SAID_NO_MS, failures: 0 }),
    failed(place) {
      const failures = (places.get(place)?.failures ?? 0) + 1
      const tooMany = failures >= FAILURES
      // A probe that fails is enough to wait again.
      remember(place, {
        until: tooMany ? now() + FAILED_MS : 0,
        failures: Math.min(failures, FAILURES - (tooMany ? 1 : 0)),
      })
      return tooMany
    },
    worked: (place) => void places.delete(place),
  }
}
