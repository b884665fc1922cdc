import { randomUUID } from 'node:crypto'
import { json, type PlainReply } from '../faults/status-replies.js'
import type { Account, ResetCredit } from '../login/accounts.js'
import { resetWindows } from './account-limits.js'
import { OWN_LIMIT } from './limits.js'
import { badValue, missing } from './refusal.js'

/** A guess: how long the real ones live is not known. */
const LIFE_MS = 30 * 86_400_000

export function grantCredits(account: Account, count: number, nowMs: number, lifeMs = LIFE_MS): void {
  for (let granted = 0; granted < count; granted += 1) {
    account.resetCredits.push({ id: `rlrc_${randomUUID()}`, grantedAtMs: nowMs, expiresAtMs: nowMs + lifeMs })
  }
}

/** Those that can be spent, the one that ends first at the front. */
export function availableCredits(account: Account, nowMs: number): ResetCredit[] {
  return account.resetCredits
    .filter((credit) => statusOf(credit, nowMs) === 'available')
    .sort((one, other) => one.expiresAtMs - other.expiresAtMs)
}

/** `GET /wham/rate-limit-reset-credits`. Source: upstream notes 5.2; the words of status and type: public clients of the endpoint (2026). */
export function creditsReply(account: Account, nowMs: number) {
  return {
    credits: account.resetCredits.map((credit) => ({
      id: credit.id,
      status: statusOf(credit, nowMs),
      reset_type: 'codex_rate_limits',
      granted_at: new Date(credit.grantedAtMs).toISOString(),
      expires_at: new Date(credit.expiresAtMs).toISOString(),
      redeemed_at: credit.redeemedAtMs === undefined ? null : new Date(credit.redeemedAtMs).toISOString(),
    })),
    available_count: availableCredits(account, nowMs).length,
  }
}

/**
 * `POST /wham/rate-limit-reset-credits/consume`: 200 with what came of it. The same request a second time spends nothing.
 * Source: upstream notes 5.2; the outcomes and that they come with 200: public clients of the endpoint (2026).
 * @throws Refusal for what is no request
 */
export function consumeCredit(account: Account, body: unknown, nowMs: number): PlainReply {
  const { redeem_request_id: requestId, credit_id: creditId } = (
    typeof body === 'object' && body !== null ? body : {}
  ) as Record<string, unknown>
  if (requestId === undefined) throw missing('redeem_request_id')
  if (typeof requestId !== 'string' || requestId === '') {
    throw badValue("Invalid type for 'redeem_request_id'.", 'redeem_request_id', 'invalid_type')
  }
  if (account.redeemed.has(requestId)) return json(200, { code: 'already_redeemed', windows_reset: 0 })
  const credit = availableCredits(account, nowMs).find(({ id }) => creditId === undefined || id === creditId)
  if (credit === undefined) return json(200, { code: 'no_credit', windows_reset: 0 })
  const reset = resetWindows(account, { limit: OWN_LIMIT }, nowMs)
  if (reset === 0) return json(200, { code: 'nothing_to_reset', windows_reset: 0 })
  credit.redeemedAtMs = nowMs
  account.redeemed.add(requestId)
  return json(200, { code: 'reset', windows_reset: reset })
}

function statusOf(credit: ResetCredit, nowMs: number): 'redeemed' | 'expired' | 'available' {
  if (credit.redeemedAtMs !== undefined) return 'redeemed'
  return credit.expiresAtMs <= nowMs ? 'expired' : 'available'
}
