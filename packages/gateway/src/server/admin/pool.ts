import type { Accounts, CacheFigures } from '../../accounts/index.js'
import type { Route } from '../route-table.js'
import { sendJson } from '../send.js'
import { adminRoute } from './accounts-house.js'

export interface PoolHouse {
  accounts: Pick<Accounts, 'list' | 'cache' | 'waiting'>
  strategy(): string
}

/** What `GET /admin/pool` tells; counted since the gateway was started. */
export interface PoolView {
  strategy: string
  /** Requests that wait in line for an account. */
  waiting: number
  cache: CacheView & { moves: number; lost_tokens: number }
  accounts: { id: string; name: string; status: string; open: number; cache: CacheView }[]
  /** The last moves of conversations, the newest first. */
  moves: {
    conversation: string
    from: string
    to: string
    why: string
    at: string
    cached_tokens_before: number
    cached_tokens_after: number
    lost_tokens: number
  }[]
}

interface CacheView {
  requests: number
  input_tokens: number
  cached_tokens: number
  /** Cached of all input tokens, from 0 to 1; null before the first. */
  hit_rate: number | null
}

const NOTHING: CacheFigures = { requests: 0, inputTokens: 0, cachedTokens: 0 }

/** `GET /admin/pool`: who is at work, what prompt caches save, and what the moves of conversations cost. */
export function poolRoutes({ accounts, strategy }: PoolHouse): Route[] {
  return [
    adminRoute('GET', '/admin/pool', ({ res, headers }) => {
      const { cache } = accounts
      const { moves, lostTokens, ...total } = cache.total()
      const byAccount = cache.byAccount()
      const view: PoolView = {
        strategy: strategy(),
        waiting: accounts.waiting,
        cache: { ...viewOf(total), moves, lost_tokens: lostTokens },
        accounts: accounts.list().map(({ id, label, email, status, open }) => ({
          id,
          name: label ?? email ?? id,
          status,
          open,
          cache: viewOf(byAccount.get(id) ?? NOTHING),
        })),
        moves: cache
          .moves()
          .toReversed()
          .map((move) => ({
            conversation: move.conversation,
            from: move.from,
            to: move.to,
            why: move.why,
            at: new Date(move.at).toISOString(),
            cached_tokens_before: move.before.cachedTokens,
            cached_tokens_after: move.after.cachedTokens,
            lost_tokens: move.lostTokens,
          })),
      }
      sendJson(res, 200, headers, view)
    }),
  ]
}

function viewOf({ requests, inputTokens, cachedTokens }: CacheFigures): CacheView {
  return {
    requests,
    input_tokens: inputTokens,
    cached_tokens: cachedTokens,
    hit_rate: inputTokens === 0 ? null : cachedTokens / inputTokens,
  }
}
