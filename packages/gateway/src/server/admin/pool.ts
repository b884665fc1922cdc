import { createRoute, z } from '@hono/zod-openapi'
import type { Accounts, CacheFigures } from '../../accounts/index.js'
import { json, PROBLEMS, type AdminApi } from './api.js'

export interface PoolHouse {
  accounts: Pick<Accounts, 'list' | 'cache' | 'waiting'>
  strategy(): string
}

const count = z.int()
const CacheView = z
  .object({
    requests: count,
    input_tokens: count,
    cached_tokens: count,
    hit_rate: z
      .number()
      .nullable()
      .openapi({ description: 'Cached of all input tokens, from 0 to 1; null before the first.' }),
  })
  .openapi('CacheFigures')

/** What `GET /admin/pool` tells; counted since the gateway was started. */
const PoolView = z
  .object({
    strategy: z.string(),
    waiting: count.openapi({ description: 'Requests that wait in line for an account.' }),
    cache: CacheView.extend({ moves: count, lost_tokens: count }),
    accounts: z.array(
      z.object({ id: z.string(), name: z.string(), status: z.string(), open: count, cache: CacheView }),
    ),
    moves: z
      .array(
        z.object({
          conversation: z.string(),
          from: z.string(),
          to: z.string(),
          why: z.string(),
          at: z.string(),
          cached_tokens_before: count,
          cached_tokens_after: count,
          lost_tokens: count,
        }),
      )
      .openapi({ description: 'The last moves of conversations, the newest first.' }),
  })
  .openapi('Pool')
export type PoolView = z.infer<typeof PoolView>

const NOTHING: CacheFigures = { requests: 0, inputTokens: 0, cachedTokens: 0 }

/** `GET /admin/pool`: who is at work, what prompt caches save, and what the moves of conversations cost. */
export function poolApi(api: AdminApi, { accounts, strategy }: PoolHouse): void {
  const route = createRoute({
    method: 'get',
    path: '/admin/pool',
    tags: ['pool'],
    summary: 'Who is at work, what prompt caches save, and what moves cost',
    responses: { 200: json(PoolView, 'Since the gateway was started.'), ...PROBLEMS },
  })
  api.openapi(route, (c) => {
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
    return c.json(view, 200)
  })
}

function viewOf({ requests, inputTokens, cachedTokens }: CacheFigures) {
  return {
    requests,
    input_tokens: inputTokens,
    cached_tokens: cachedTokens,
    hit_rate: inputTokens === 0 ? null : cachedTokens / inputTokens,
  }
}
