import type { Simulator } from '@dragoman/simulator'
import { hashToken, openStore } from '../../store/index.js'
import type { Store } from '../../store/index.js'
import { Secret } from '../../telemetry/index.js'
import { importAuthJson } from '../import-auth-json.js'
import { identify, toNewTokens } from '../login/index.js'

/** As the simulator's login server knows us. */
export const CLIENT_ID = 'app_EMoamEEZ73f0CkXaXp7hrann'

/** Signs so many accounts of the simulator in, in a data folder that nobody has opened. */
export async function signInAccounts(home: string, simulator: Simulator, count: number): Promise<void> {
  const store = await openStore({ home })
  for (let n = 0; n < count; n += 1) {
    const login = importAuthJson(JSON.stringify(simulator.addAccount().authJson))
    await store.accounts.signIn({
      identity: identify(login),
      tokens: toNewTokens(login, Date.now()),
      origin: 'login',
      replace: 'always',
    })
  }
  await store.close()
}

/** Of each account the hash of the refresh token that is stored, and of the one that the login server would take. */
export async function storedAndLive(
  store: Store,
  simulator: Simulator,
): Promise<{ chatgptAccountId: string; stored: string | undefined; live: string }[]> {
  return (await store.accounts.list()).map(({ chatgptAccountId, refreshTokenHash }) => ({
    chatgptAccountId,
    stored: refreshTokenHash,
    live: hashToken(new Secret(simulator.refreshState(chatgptAccountId).liveRefreshToken)),
  }))
}
