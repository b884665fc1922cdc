import type { Leases } from '../../cluster/index.js'
import { hashToken, StoreError } from '../../store/index.js'
import type { Store } from '../../store/index.js'
import type { Secret } from '../../telemetry/index.js'
import { asOwner } from '../login/index.js'
import type { AuthSettings, Http, Login } from '../login/index.js'
import { requestRefresh } from '../tokens/refresh-request.js'

export interface RedeemRoom {
  store: Store
  http: Http
  auth: AuthSettings
  leases: Leases
}

const LEASE_WAIT_MS = 75_000
const LEASE_HOLD_MS = 180_000

/**
 * Gets tokens for a refresh token of which nobody knows whose it is, and hands them to `keep` before anybody else: the login server
 * gives them once. Two processes never spend one token at the same time, and none is spent where its answer has no room.
 * @param owner whose way out the request takes
 * @throws RedeemError
 */
export async function redeem<T>(
  room: RedeemRoom,
  refresh: Secret,
  owner: string,
  keep: (login: Login) => Promise<T>,
): Promise<T> {
  const lease = await room.leases.acquire(`redeem:${hashToken(refresh)}`, {
    waitMs: LEASE_WAIT_MS,
    holdMs: LEASE_HOLD_MS,
  })
  if (lease === undefined) throw new RedeemError('another process is using its refresh token: try again later')
  try {
    room.store.reserve.hold()
    const answer = await requestRefresh(asOwner(room.http, owner), room.auth, refresh, 'forced')
    switch (answer.kind) {
      case 'tokens': {
        const { accessToken, refreshToken = refresh, idToken } = answer
        if (accessToken === undefined) throw new RedeemError('the login server gave no access token: sign in again')
        const login: Login = { accessToken, refreshToken, ...(idToken === undefined ? {} : { idToken }) }
        return await room.store.reserve.spendOn(() => keep(login))
      }
      case 'refused':
        throw new RedeemError(`the login server refused its refresh token (${answer.message}): sign in again`)
      case 'failed':
        throw new RedeemError(
          answer.unspent
            ? `${answer.message}: import it again later`
            : `${answer.message}; perhaps its refresh token is used up: import it again, or sign in`,
        )
      default:
        return answer satisfies never
    }
  } catch (error) {
    if (error instanceof StoreError) throw new RedeemError(error.message, { cause: error })
    throw error
  } finally {
    await lease.release()
  }
}

/** Why a refresh token brought nothing, and what to do. Holds no secret. */
export class RedeemError extends Error {
  override readonly name = 'RedeemError'
}
