import { randomBytes } from 'node:crypto'
import {
  LoginError,
  startBrowserLogin,
  startDeviceLogin,
  type Accounts,
  type AuthSettings,
  type BrowserLogin,
  type CallbackAddress,
  type DeviceLogin,
  type Http,
  type Login,
} from '../../accounts/index.js'
import type { Live } from './live.js'

/** How a login that began on a page stands. Holds nothing that signs anybody in. */
export interface LoginStanding {
  id: string
  kind: 'browser' | 'device'
  state: 'waiting' | 'done' | 'failed' | 'expired'
  startedAt: number
  expiresAt: number
  outcome?: 'added' | 'updated' | 'unchanged'
  account?: { id: string; email?: string; label?: string; plan?: string }
  error?: string
  /** A {@link LoginError}'s, or `failed`. */
  code?: string
}

interface Pending extends LoginStanding {
  /** Whose it is: a session, or the programs of this machine. Nobody else sees it or ends it. */
  owner: string
  login: { kind: 'browser'; own: BrowserLogin; state: string; port: number } | { kind: 'device'; own: DeviceLogin }
}

export interface LoginsHouse {
  accounts: Pick<Accounts, 'signIn'>
  live: Pick<Live, 'publish'>
  auth(): AuthSettings
  http: Http
  callback(): CallbackAddress
  /** Told who signed in: its quota can be read. */
  signedIn(accountId: string): void
  now?: () => number
}

/** The logins under way that began on pages, and those that ended lately. */
export interface PendingLogins {
  startBrowser(owner: string, label?: string): Promise<LoginStanding & { own: BrowserLogin; oauthState: string }>
  startDevice(owner: string, label?: string): Promise<LoginStanding & { own: DeviceLogin }>
  /** Takes an address that was pasted. @returns undefined when no login of this owner waits. @throws LoginError */
  submit(owner: string, pasted: string): Promise<LoginStanding | undefined>
  get(owner: string, id: string): LoginStanding | undefined
  list(owner: string): LoginStanding[]
  cancel(owner: string, id: string): boolean
  close(): void
}

const KEPT = 50
const BROWSER_MS = 10 * 60_000

export function createPendingLogins(house: LoginsHouse): PendingLogins {
  const now = house.now ?? Date.now
  const all = new Map<string, Pending>()

  function keep(pending: Pending, label: string | undefined): void {
    all.set(pending.id, pending)
    for (const [id, old] of all) {
      if (all.size <= KEPT) break
      old.login.own.cancel()
      all.delete(id)
    }
    tell(pending)
    pending.login.own.done
      .then((login) => signIn(pending, login, label))
      .catch((error: unknown) => {
        const code = error instanceof LoginError ? error.code : 'failed'
        end(pending, {
          state: code === 'timed_out' ? 'expired' : 'failed',
          code,
          error: error instanceof LoginError ? error.message : 'the account could not be stored; the log says why',
        })
      })
  }

  async function signIn(pending: Pending, login: Login, label: string | undefined): Promise<void> {
    const { account, outcome } = await house.accounts.signIn(login, label === undefined ? {} : { label })
    const { id, email, plan } = account
    end(pending, {
      state: 'done',
      outcome,
      account: {
        id,
        ...(email === undefined ? {} : { email }),
        ...(account.label === undefined ? {} : { label: account.label }),
        ...(plan === undefined ? {} : { plan }),
      },
    })
    house.signedIn(id)
  }

  const ends = new Map<Pending, PromiseWithResolvers<void>>()
  function end(pending: Pending, how: Partial<LoginStanding>): void {
    Object.assign(pending, how)
    tell(pending)
    ends.get(pending)?.resolve()
    ends.delete(pending)
  }

  function ended(pending: Pending): Promise<void> {
    if (pending.state !== 'waiting') return Promise.resolve()
    const known = ends.get(pending) ?? Promise.withResolvers<void>()
    ends.set(pending, known)
    return known.promise
  }

  const tell = (pending: Pending): void => house.live.publish('logins', standingOf(pending))
  const waiting = (owner?: string): (Pending & { login: { kind: 'browser' } })[] =>
    [...all.values()].filter(
      (one): one is Pending & { login: { kind: 'browser' } } =>
        one.state === 'waiting' && one.login.kind === 'browser' && (owner === undefined || one.owner === owner),
    )
  const newId = (): string => `login_${randomBytes(12).toString('hex')}`

  return {
    async startBrowser(owner, label) {
      // Whoever begins again has given the first one up, and its port is wanted.
      for (const old of waiting(owner)) {
        old.login.own.cancel()
        await ended(old)
      }
      const callback = house.callback()
      const taken = new Set(waiting().flatMap(({ login }) => (login.own.listening ? [login.port] : [])))
      const free = callback.listen.ports.filter((port) => port === 0 || !taken.has(port))
      const own = await startBrowserLogin({
        auth: house.auth(),
        http: house.http,
        callback,
        listen: free.length > 0,
        timeoutMs: BROWSER_MS,
        ...(free.length === 0 ? {} : { ports: free }),
      })
      const named = callback.setting === 'auth.redirect_uri'
      const port = named ? (callback.listen.ports[0] ?? 0) : Number(new URL(own.redirectUri).port)
      const oauthState = new URL(own.authorizeUrl).searchParams.get('state') ?? ''
      const pending: Pending = {
        id: newId(),
        kind: 'browser',
        state: 'waiting',
        startedAt: now(),
        expiresAt: now() + BROWSER_MS,
        owner,
        login: { kind: 'browser', own, state: oauthState, port },
      }
      keep(pending, label)
      return { ...standingOf(pending), own, oauthState }
    },

    async startDevice(owner, label) {
      const own = await startDeviceLogin({ auth: house.auth(), http: house.http })
      const pending: Pending = {
        id: newId(),
        kind: 'device',
        state: 'waiting',
        startedAt: now(),
        expiresAt: own.expiresAt,
        owner,
        login: { kind: 'device', own },
      }
      keep(pending, label)
      return { ...standingOf(pending), own }
    },

    async submit(owner, pasted) {
      const mine = waiting(owner)
      // One that nobody here began is told apart from a text that is no address at all.
      const meant = mine.find(({ login }) => pasted.includes(login.state)) ?? mine.at(-1)
      if (meant === undefined) return undefined
      await meant.login.own.submit(pasted)
      await ended(meant)
      return standingOf(meant)
    },

    get: (owner, id) => {
      const found = all.get(id)
      return found?.owner === owner ? standingOf(found) : undefined
    },
    list: (owner) => [...all.values()].filter((one) => one.owner === owner).map(standingOf),
    cancel(owner, id) {
      const found = all.get(id)
      if (found?.owner !== owner) return false
      found.login.own.cancel()
      return true
    },
    close() {
      for (const { login } of all.values()) login.own.cancel()
    },
  }
}

function standingOf({ owner: _, login: __, ...standing }: Pending): LoginStanding {
  return { ...standing }
}
