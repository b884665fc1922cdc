/** How far ahead, and how many at a time, logins are renewed. */
export interface RefreshSettings {
  /** Off: only when a request needs the account. */
  enabled: boolean
  /** How long before its access token ends an account is due. */
  marginMs: number
  /** Refreshes at one time ahead of time; as many again for those that somebody waits for. */
  concurrency: number
}

export const DEFAULT_REFRESH_SETTINGS: RefreshSettings = { enabled: true, marginMs: 5 * 60_000, concurrency: 4 }

/** Lets refreshes through, a few at a time. */
export interface RefreshGate {
  /**
   * Runs the work when there is a place. Work that somebody waits for has places of its own: it never stands behind what is done
   * ahead of time, and a crowd of requests for as many dead logins still asks the login server a few at a time.
   */
  pass<T>(accountId: string, lane: RefreshLane, work: () => Promise<T>): Promise<T>
  /** Somebody waits now: if the account's refresh stands in line, it goes over to those with places of their own. */
  hurry(accountId: string): void
}

export type RefreshLane = 'waited_for' | 'ahead'

interface Turn {
  accountId: string
  begin: (lane: RefreshLane) => void
}

/** @param places how many may run in each lane at one time; asked whenever one begins or ends */
export function createRefreshGate(places: () => number): RefreshGate {
  const lines: Record<RefreshLane, Turn[]> = { waited_for: [], ahead: [] }
  const running: Record<RefreshLane, number> = { waited_for: 0, ahead: 0 }

  function admit(): void {
    for (const lane of ['waited_for', 'ahead'] as const) {
      while (running[lane] < places()) {
        const turn = lines[lane].shift()
        if (turn === undefined) break
        running[lane] += 1
        turn.begin(lane)
      }
    }
  }

  return {
    async pass(accountId, lane, work) {
      const { promise, resolve } = Promise.withResolvers<RefreshLane>()
      lines[lane].push({ accountId, begin: resolve })
      admit()
      const taken = await promise
      try {
        return await work()
      } finally {
        running[taken] -= 1
        admit()
      }
    },

    hurry(accountId) {
      const place = lines.ahead.findIndex((turn) => turn.accountId === accountId)
      if (place < 0) return
      lines.waited_for.push(...lines.ahead.splice(place, 1))
      admit()
    },
  }
}
