import { randomUUID } from 'node:crypto'
import { createRoute, z } from '@hono/zod-openapi'
import { FailureError } from '@dragoman/protocol'
import { isReset, RESET_SAID } from '../../providers/index.js'
import { ChangedAccount, IdParam, QuotaView } from './account-schemas.js'
import { objectOf } from './account-settings.js'
import { quotaView } from './account-view.js'
import { accountOf, viewOf, type AccountsHouse } from './accounts-house.js'
import { ErrorBody, json, NOT_FOUND, problem, PROBLEMS, type AdminApi } from './api.js'

/** Spending twice by a double click would cost a credit that takes a month to come. */
const CONSUME_PAUSE_MS = 30_000
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const UPSTREAM = { 502: json(ErrorBody, 'The backend refused, or was not reached.') } as const

/** A body that may be left out. */
function maybe<Shape extends z.ZodRawShape>(shape: Shape) {
  return { content: { 'application/json': { schema: objectOf(shape) } }, required: false } as const
}

/** Quota, counters and reset credits of one account. */
export function accountQuotaApi(api: AdminApi, house: AccountsHouse): void {
  const { accounts, calls } = house
  const tags = ['accounts']
  const now = (): number => house.now?.() ?? Date.now()
  /** When a credit of each account was last to be spent, unix ms. */
  const consumedAt = new Map<string, number>()

  function quotaOf(id: string): QuotaView | null {
    const quota = accounts.quota(id)
    return quota === undefined ? null : quotaView(quota, now())
  }

  const limitError = 'limit is the id of one limit, e.g. "codex"; without it all'
  api.openapi(
    createRoute({
      method: 'post',
      path: '/auth/accounts/{id}/quota-back',
      tags,
      summary: 'Its owner says that the quota is back: the next request tries',
      request: {
        params: IdParam,
        body: maybe({ limit: z.string({ error: limitError }).min(1, { error: limitError }).optional() }),
      },
      responses: { 200: json(ChangedAccount, 'As it is now.'), ...PROBLEMS, ...NOT_FOUND },
    }),
    async (c) => {
      const { limit } = c.req.valid('json')
      const { id } = accountOf(house, c.req.valid('param').id)
      accounts.quotaIsBack(id, limit)
      return c.json({ success: true as const, account: await viewOf(house, id) }, 200)
    },
  )

  api.openapi(
    createRoute({
      method: 'post',
      path: '/auth/accounts/{id}/reset-usage',
      tags,
      summary: 'Its counters begin at zero',
      request: { params: IdParam },
      responses: { 200: json(ChangedAccount, 'As it is now.'), ...PROBLEMS, ...NOT_FOUND },
    }),
    async (c) => {
      const { id } = accountOf(house, c.req.valid('param').id)
      await house.usage.flush()
      await house.usage.resetAccount(id)
      return c.json({ success: true as const, account: await viewOf(house, id) }, 200)
    },
  )

  api.openapi(
    createRoute({
      method: 'get',
      path: '/auth/accounts/{id}/quota',
      tags,
      summary: 'Read its quota now',
      request: { params: IdParam },
      responses: {
        200: json(
          z.object({ quota: QuotaView.nullable(), raw: z.any().openapi({ description: 'As it came.' }) }),
          'Its quota.',
        ),
        ...PROBLEMS,
        ...NOT_FOUND,
        409: json(ErrorBody, 'It cannot be read in this state.'),
        ...UPSTREAM,
      },
    }),
    async (c) => {
      const { id, status, reason } = accountOf(house, c.req.valid('param').id)
      if (status !== 'active' && status !== 'cooling' && status !== 'exhausted') {
        throw problem(409, 'account_not_active', `its usage cannot be read now. ${reason ?? `It is ${status}.`}`)
      }
      const { raw } = await asked(() => house.readUsage(id))
      return c.json({ quota: quotaOf(id), raw }, 200)
    },
  )

  api.openapi(
    createRoute({
      method: 'get',
      path: '/auth/accounts/{id}/reset-credits',
      tags,
      summary: 'Resets that its owner may spend, as the backend tells them',
      request: { params: IdParam },
      responses: {
        200: json(z.looseObject({ available_count: z.number().optional() }), 'The backend’s own list.'),
        ...PROBLEMS,
        ...NOT_FOUND,
        ...UPSTREAM,
      },
    }),
    async (c) => {
      const { id } = accountOf(house, c.req.valid('param').id)
      const { raw } = await asked(() => calls.listResetCredits(id))
      return c.json(raw as Record<string, unknown>, 200)
    },
  )

  api.openapi(
    createRoute({
      method: 'post',
      path: '/auth/accounts/{id}/reset-credits/consume',
      tags,
      summary: 'Spend one reset',
      request: {
        params: IdParam,
        body: maybe({
          redeem_request_id: z
            .string({ error: 'redeem_request_id is a UUID, or left out' })
            .regex(UUID, { error: 'redeem_request_id is a UUID, or left out' })
            .optional(),
        }),
      },
      responses: {
        200: json(
          z.object({ success: z.boolean(), outcome: z.string(), message: z.string(), quota: QuotaView.nullable() }),
          'What came of it.',
        ),
        ...PROBLEMS,
        ...NOT_FOUND,
        429: json(ErrorBody, 'One was asked for just now.'),
        ...UPSTREAM,
      },
    }),
    async (c) => {
      const { redeem_request_id: redeemRequestId = randomUUID() } = c.req.valid('json')
      const { id } = accountOf(house, c.req.valid('param').id)
      const waitMs = (consumedAt.get(id) ?? -CONSUME_PAUSE_MS) + CONSUME_PAUSE_MS - now()
      if (waitMs > 0) {
        const seconds = Math.ceil(waitMs / 1000)
        const message = `a reset credit of this account was asked for just now; ask again in ${seconds} s`
        throw problem(429, 'too_soon', message, { 'retry-after': String(seconds) })
      }
      consumedAt.set(id, now())
      for (const known of consumedAt.keys()) if (accounts.get(known) === undefined) consumedAt.delete(known)
      const { outcome } = await asked(() => calls.consumeResetCredit(id, { redeemRequestId }))
      const success = isReset(outcome)
      if (success) {
        accounts.quotaIsBack(id)
        // That it is back is known; how much there is now is good to know, and no reason to call what was spent a failure.
        await house.readUsage(id).catch(() => undefined)
      }
      return c.json({ success, outcome, message: RESET_SAID[outcome], quota: quotaOf(id) }, 200)
    },
  )
}

/** What the backend said; its refusals are not the gateway's, so they all come as 502. */
async function asked<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof FailureError)) throw error
    throw problem(502, error.failure.kind, error.failure.message)
  }
}
