import { unreachable } from '@dragoman/protocol'
import { statusReply } from '../faults/status-replies.js'
import type { RecordedRequest } from '../http/recorded-request.js'
import type { Account, Accounts } from '../login/accounts.js'
import { UNBOUND } from './account-replies.js'
import { detail, Refusal } from './refusal.js'

/** Whose token is this, good or not? */
export function ownerOf(accounts: Accounts, authorization: string | undefined): Account | undefined {
  const access = accounts.access(bearer(authorization))
  return access.state === 'unknown' ? undefined : access.account
}

/** Whose request is this? @throws Refusal 401 or 403 */
export function whoMayAsk(accounts: Accounts, { headers }: RecordedRequest, nowMs: number): Account {
  const access = accounts.access(bearer(headers['authorization']))
  const refuse = (name: 'unauthorized' | 'token_expired' | 'token_invalidated') =>
    new Refusal(statusReply({ type: 'status', name }, nowMs))
  switch (access.state) {
    case 'unknown':
      throw refuse('unauthorized')
    case 'expired':
      throw refuse('token_expired')
    case 'invalidated':
      throw refuse('token_invalidated')
    case 'valid':
      refuseBanned(access.account, nowMs)
      if (headers['chatgpt-account-id'] !== access.account.accountId) {
        // How the real backend says this is not known; that it does not answer for another account is.
        throw detail('chatgpt-account-id does not match the access token', 403)
      }
      return access.account
  }
}

/** @throws Refusal 403 */
function refuseBanned({ banned }: Account, nowMs: number): void {
  switch (banned) {
    case undefined:
      return
    case 'forbidden':
      throw detail('Forbidden', 403)
    case 'deactivated':
      throw new Refusal(statusReply({ type: 'status', name: 'account_deactivated' }, nowMs))
    case 'challenge':
      throw new Refusal(statusReply({ type: 'status', name: 'challenge' }, nowMs))
    default:
      return unreachable(banned)
  }
}

/** A workspace that is bound to a region is served only where the client says so. How the real backend refuses is not known. @throws Refusal */
export function checkRouting({ headers }: RecordedRequest, { routing }: Account): void {
  const { override = UNBOUND } = routing
  if (override !== UNBOUND && headers['x-openai-account-routing-override'] !== override) {
    throw detail(`This workspace is served with x-openai-account-routing-override: ${override}`, 403)
  }
}

function bearer(authorization: string | undefined): string {
  return /^Bearer (.+)$/i.exec(authorization ?? '')?.[1] ?? ''
}
