import type { Accounts } from '../accounts/index.js'
import { homeFolder, loadConfig, type Config } from '../config/index.js'
import type { Store } from '../store/index.js'
import type { Transport } from '../transport/index.js'
import type { ProxyPool } from '../transport/proxies/index.js'
import type { Deps } from './deps.js'

/** The data folder opened for one command, beside a gateway or without one. */
export interface Room {
  home: string
  config: Config
  store: Store
  accounts: Accounts
  transport: Transport
  proxies: ProxyPool
}

/** Opens the data folder, lets the command work, closes it. The heavy rooms are loaded here, not for `--help`. */
export async function inRoom<T>(deps: Deps, work: (room: Room) => Promise<T>): Promise<T> {
  const [{ createAccountPool }, { poolSettings }, { openStore }, { createWaysOut }] = await Promise.all([
    import('../accounts/index.js'),
    import('../open-accounts.js'),
    import('../store/index.js'),
    import('../transport/proxies/index.js'),
  ])
  const home = homeFolder(deps.env)
  const { config } = loadConfig({ home, env: deps.env })
  const secretKey = deps.env['DRAGOMAN_SECRET_KEY']
  const store = await openStore({
    home,
    keySource: config.security.key_source,
    onCorrupt: 'refuse',
    ...(secretKey === undefined ? {} : { secretKey }),
  })
  const waysOut = createWaysOut({
    config: () => config,
    rows: store.proxies,
    env: deps.env,
    connectionsPerOwner: 4,
    log: { info: () => undefined, warn: () => undefined },
  })
  const { transport, proxies } = waysOut
  const accounts = await createAccountPool({
    store,
    auth: authOf(config),
    http: transport.request,
    settings: () => poolSettings(config),
  })
  try {
    return await work({ home, config, store, accounts, transport, proxies })
  } finally {
    await accounts.close()
    await waysOut.close()
    await store.close()
  }
}

export function authOf(config: Config): { issuer: string; client_id: string } {
  return { issuer: config.auth.issuer.replace(/\/+$/, ''), client_id: config.auth.client_id }
}
