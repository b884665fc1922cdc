import type { Accounts } from './accounts/index.js'
import type { CodexProvider } from './providers/index.js'
import type { ApiKeyRows } from './store/index.js'
import { sameWay, type Cookies, type Transport, type Way } from './transport/index.js'
import type { ProxyPool } from './transport/proxies/index.js'

export interface ConnectionOwnersHouse {
  accounts: Pick<Accounts, 'list'>
  apiKeys: Pick<ApiKeyRows, 'list'>
  transport: Pick<Transport, 'forget'>
  cookies: Cookies
  codex: Pick<CodexProvider, 'accountsChanged' | 'closeAccount'>
  proxies: Pick<ProxyPool, 'wayFor' | 'unpin'>
  /** Where the accounts' requests go. */
  backend(): URL
}

/** Closes connections whose owner is gone, has other credentials, or takes another way out. */
export interface ConnectionOwners {
  accountsChanged(): void
  apiKeysChanged(): void
  proxiesChanged(): void
}

export function connectionOwners(house: ConnectionOwnersHouse): ConnectionOwners {
  const { transport, cookies, codex, proxies } = house
  const accountIds = (): Set<string> => new Set(house.accounts.list().map(({ id }) => id))
  const keyStates = (): Map<string, number> => new Map(house.apiKeys.list().map(({ id, updatedAt }) => [id, updatedAt]))
  let accounts = accountIds()
  let keys = keyStates()
  let ways = accountWays()

  /** A way that is shut is one, too. */
  function wayOf(owner: string): Way | undefined {
    try {
      return proxies.wayFor(owner, house.backend())
    } catch {
      return undefined
    }
  }

  function accountWays(): Map<string, Way | undefined> {
    return new Map([...accounts].map((id) => [id, wayOf(id)]))
  }

  return {
    accountsChanged() {
      const now = accountIds()
      for (const id of accounts) {
        if (now.has(id)) continue
        transport.forget(id)
        cookies.forget(id)
        void proxies.unpin(id)
      }
      accounts = now
      ways = accountWays()
      codex.accountsChanged()
    },
    apiKeysChanged() {
      const now = keyStates()
      for (const [id, at] of keys) if (now.get(id) !== at) transport.forget(id)
      keys = now
    },
    proxiesChanged() {
      const now = accountWays()
      for (const [id, way] of now) if (!isSame(way, ways.get(id))) codex.closeAccount(id)
      ways = now
    },
  }
}

function isSame(a: Way | undefined, b: Way | undefined): boolean {
  return a === undefined || b === undefined ? a === b : sameWay(a, b)
}
