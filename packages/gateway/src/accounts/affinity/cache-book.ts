import { LRUCache } from 'lru-cache'

/** Tokens of prompts, and how many of them the upstream had in its cache. */
export interface CacheFigures {
  requests: number
  inputTokens: number
  cachedTokens: number
}

/** What one move of a conversation to another account cost. */
export interface MoveCost {
  conversation: string
  from: string
  to: string
  why: string
  /** Unix ms. */
  at: number
  /** Of the prompt of the turn before. */
  before: { inputTokens: number; cachedTokens: number }
  /** Of the first prompt at the new place. */
  after: { inputTokens: number; cachedTokens: number }
  /** Tokens that the old place would have had in its cache: the prompt of the turn before, less what the new one had. */
  lostTokens: number
}

/** Hit rates of prompt caches since the start, and the cost of moves. In memory: long series are the usage's matter. */
export interface CacheBook {
  /**
   * Books a request that was answered.
   * @returns the cost, when it was the first after a move
   */
  book(turn: {
    chain: string
    accountId: string
    inputTokens: number
    cachedTokens: number
    movedFrom?: { id: string; why: string }
  }): MoveCost | undefined
  total(): CacheFigures & { moves: number; lostTokens: number }
  byAccount(): ReadonlyMap<string, CacheFigures>
  /** The newest last. */
  moves(): readonly MoveCost[]
}

const MOVES_KEPT = 200
const CHAINS_KEPT = 10_000

export function createCacheBook(now: () => number): CacheBook {
  const accounts = new Map<string, CacheFigures>()
  const last = new LRUCache<string, { inputTokens: number; cachedTokens: number }>({ max: CHAINS_KEPT })
  const moves: MoveCost[] = []
  const sum = { requests: 0, inputTokens: 0, cachedTokens: 0, moves: 0, lostTokens: 0 }

  return {
    book({ chain, accountId, inputTokens, cachedTokens, movedFrom }) {
      const figures = accounts.get(accountId) ?? { requests: 0, inputTokens: 0, cachedTokens: 0 }
      accounts.set(accountId, figures)
      for (const one of [figures, sum]) {
        one.requests += 1
        one.inputTokens += inputTokens
        one.cachedTokens += cachedTokens
      }
      const before = last.get(chain)
      last.set(chain, { inputTokens, cachedTokens })
      if (movedFrom === undefined || before === undefined) return undefined
      const cost: MoveCost = {
        conversation: chain,
        from: movedFrom.id,
        to: accountId,
        why: movedFrom.why,
        at: now(),
        before,
        after: { inputTokens, cachedTokens },
        lostTokens: Math.max(0, Math.min(before.inputTokens, inputTokens) - cachedTokens),
      }
      moves.push(cost)
      if (moves.length > MOVES_KEPT) moves.shift()
      sum.moves += 1
      sum.lostTokens += cost.lostTokens
      return cost
    },
    total: () => ({ ...sum }),
    byAccount: () => accounts,
    moves: () => moves,
  }
}
