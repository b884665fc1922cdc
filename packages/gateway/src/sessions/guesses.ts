/** How fast secrets may be guessed: each failure makes the next try wait, for its source and for everybody together. */
export interface Guesses {
  /**
   * Somebody wants to try. Counts as a failure until {@link Guesses.wasRight} says otherwise, so that a thousand at once are one.
   * @param source whom to hold it against, see {@link sourceOf}
   * @returns 0 when it may, else ms until it may
   */
  begin(source: string): number
  /** Counts a failure without asking. */
  wasWrong(source: string): void
  /** It was right: what it had guessed wrong before is forgiven. */
  wasRight(source: string): void
  /** Ms until a source may try again; 0 when it may. */
  waits(source: string): number
}

interface Pace {
  /** Tries that cost nothing. */
  free: number
  firstMs: number
  mostMs: number
  /** After so long without a failure all is forgotten. */
  forgetMs: number
}

const OF_ONE: Pace = { free: 3, firstMs: 1_000, mostMs: 5 * 60_000, forgetMs: 30 * 60_000 }
/** Five at once, then ever slower down to one in five seconds: never more than 20 in a minute. */
const OF_ALL: Pace = { free: 5, firstMs: 250, mostMs: 5_000, forgetMs: 10 * 60_000 }
/** Whoever has many addresses shall not fill the memory. Source: reliability-security 3.2. */
const MOST_SOURCES = 10_000

interface Failures {
  count: number
  lastAt: number
}

export function createGuesses({ now = Date.now }: { now?: () => number } = {}): Guesses {
  /** The one that failed longest ago is first. */
  const sources = new Map<string, Failures>()
  let everybody: Failures = { count: 0, lastAt: 0 }

  function waitOf({ count, lastAt }: Failures, { free, firstMs, mostMs, forgetMs }: Pace): number {
    const since = now() - lastAt
    if (count < free || since >= forgetMs) return 0
    const delay = Math.min(firstMs * 2 ** Math.min(count - free, 30), mostMs)
    // A clock that was set back makes nobody wait for longer.
    return since < 0 ? delay : Math.max(0, delay - since)
  }

  const after = ({ count, lastAt }: Failures, { forgetMs }: Pace): Failures => ({
    count: now() - lastAt >= forgetMs ? 1 : count + 1,
    lastAt: now(),
  })

  function waits(source: string): number {
    const own = sources.get(source)
    return Math.max(own === undefined ? 0 : waitOf(own, OF_ONE), waitOf(everybody, OF_ALL))
  }

  function fail(source: string): void {
    const own = after(sources.get(source) ?? { count: 0, lastAt: now() }, OF_ONE)
    sources.delete(source)
    const [oldest] = sources.keys()
    if (oldest !== undefined && sources.size >= MOST_SOURCES) sources.delete(oldest)
    sources.set(source, own)
    everybody = after(everybody, OF_ALL)
  }

  return {
    waits,
    begin(source) {
      const wait = waits(source)
      if (wait === 0) fail(source)
      return wait
    },
    wasWrong: fail,
    wasRight(source) {
      sources.delete(source)
      everybody = { ...everybody, count: Math.max(0, everybody.count - 1) }
    },
  }
}

/**
 * Whom a guess is held against: an address, of IPv6 its network, since one person has all of that.
 * @param address as `clientAddress` gives it
 */
export function sourceOf(address: string): string {
  if (!address.includes(':')) return address
  const [head = '', tail] = address.split('::')
  const groups = head === '' ? [] : head.split(':')
  const rest = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - rest.length)
  return `${[...groups, ...Array.from({ length: zeros }, () => '0'), ...rest].slice(0, 4).join(':')}::/64`
}
