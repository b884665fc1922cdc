import { randomUUID } from 'node:crypto'
import { FailureError, invalidRequest } from '@dragoman/protocol'
import { isReset, RESET_SAID } from '../../providers/index.js'
import type { Asked, Route } from '../route-table.js'
import { sendJson } from '../send.js'
import { quotaView } from './account-view.js'
import { accountOf, adminRoute, fieldsOf, sendAccount, sendProblem, type AccountsHouse } from './accounts-house.js'

/** Spending twice by a double click would cost a credit that takes a month to come. */
const CONSUME_PAUSE_MS = 30_000
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Quota, counters and reset credits of one account. */
export function accountQuotaRoutes(house: AccountsHouse): Route[] {
  const { accounts, calls } = house
  const now = (): number => house.now?.() ?? Date.now()
  /** When a credit of each account was last to be spent, unix ms. */
  const consumedAt = new Map<string, number>()

  function quotaOf(id: string): object | null {
    const quota = accounts.quota(id)
    return quota === undefined ? null : quotaView(quota, now())
  }

  return [
    adminRoute('POST', '/auth/accounts/:id/quota-back', async (asked) => {
      const { limit } = await fieldsOf(house, asked)
      if (limit !== undefined && (typeof limit !== 'string' || limit === '')) {
        throw new FailureError(invalidRequest('/limit', 'limit is the id of one limit, e.g. "codex"; without it all'))
      }
      accounts.quotaIsBack(accountOf(house, asked.id).id, limit)
      await sendAccount(house, asked)
    }),

    adminRoute('POST', '/auth/accounts/:id/reset-usage', async (asked) => {
      const { id } = accountOf(house, asked.id)
      await house.usage.flush()
      await house.usage.resetAccount(id)
      await sendAccount(house, asked)
    }),

    adminRoute('GET', '/auth/accounts/:id/quota', async (asked) => {
      const { id, status, reason } = accountOf(house, asked.id)
      if (status !== 'active' && status !== 'cooling' && status !== 'exhausted') {
        const why = reason ?? `It is ${status}.`
        return sendProblem(asked, 409, 'account_not_active', `its usage cannot be read now. ${why}`)
      }
      await upstream(asked, async () => {
        const { raw } = await house.readUsage(id)
        return { quota: quotaOf(id), raw }
      })
    }),

    adminRoute('GET', '/auth/accounts/:id/reset-credits', async (asked) => {
      const { id } = accountOf(house, asked.id)
      await upstream(asked, async () => (await calls.listResetCredits(id)).raw)
    }),

    adminRoute('POST', '/auth/accounts/:id/reset-credits/consume', async (asked) => {
      const { redeem_request_id: redeemId = randomUUID() } = await fieldsOf(house, asked)
      const { id } = accountOf(house, asked.id)
      if (typeof redeemId !== 'string' || !UUID.test(redeemId)) {
        throw new FailureError(invalidRequest('/redeem_request_id', 'redeem_request_id is a UUID, or left out'))
      }
      const waitMs = (consumedAt.get(id) ?? -CONSUME_PAUSE_MS) + CONSUME_PAUSE_MS - now()
      if (waitMs > 0) {
        const seconds = Math.ceil(waitMs / 1000)
        const message = `a reset credit of this account was asked for just now; ask again in ${seconds} s`
        return sendProblem(asked, 429, 'too_soon', message, { 'retry-after': String(seconds) })
      }
      consumedAt.set(id, now())
      for (const known of consumedAt.keys()) if (accounts.get(known) === undefined) consumedAt.delete(known)
      await upstream(asked, async () => {
        const { outcome } = await calls.consumeResetCredit(id, { redeemRequestId: redeemId })
        const success = isReset(outcome)
        if (success) {
          accounts.quotaIsBack(id)
          // That it is back is known; how much there is now is good to know, and no reason to call what was spent a failure.
          await house.readUsage(id).catch(() => undefined)
        }
        return { success, outcome, message: RESET_SAID[outcome], quota: quotaOf(id) }
      })
    }),
  ]
}

/** Answers with what the backend said; its refusals are not the gateway's, so they all come as 502. */
async function upstream(asked: Asked, ask: () => Promise<unknown>): Promise<void> {
  let answer: unknown
  try {
    answer = await ask()
  } catch (error) {
    if (!(error instanceof FailureError)) throw error
    const { kind, message } = error.failure
    return sendProblem(asked, 502, kind, message)
  }
  sendJson(asked.res, 200, asked.headers, answer)
}
