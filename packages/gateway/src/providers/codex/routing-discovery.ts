import { FailureError, safeText } from '@dragoman/protocol'
import type { Credential } from '../../accounts/index.js'
import type { Log } from '../../telemetry/index.js'
import { isLoopback, type Transport } from '../../transport/index.js'
import { plainHeaders, type ProfileOptions } from './headers.js'

/** Where the requests of an account go. */
export interface Routing {
  /** `https://host[:port]` in the place of the configured one. */
  origin?: string
  /** `x-openai-account-routing-override` */
  override?: Override
}

const OVERRIDES = ['us', 'us_cr'] as const
type Override = (typeof OVERRIDES)[number]

export interface RoutingDiscoveryOptions {
  request: Transport['request']
  /** New tokens after a 401; shared by everybody who asks. @throws FailureError */
  recover(accountId: string, generation: number): Promise<Credential>
  log: Pick<Log, 'info' | 'warn'>
  /** Unix ms. */
  now?: () => number
}

export interface RoutingDiscovery {
  /**
   * Where an account's workspace is served, asked once an hour. Never fails for what the network or the reply is worth: then it is what
   * was known last, else the configured base URL.
   * @throws FailureError when the backend refuses the account's tokens and there are no new ones
   */
  of(credential: Credential, baseUrl: string, profile: ProfileOptions): Promise<Routing>
  /** The account changed. */
  forget(accountId: string): void
}

interface Known {
  /** What it was asked of: another workspace or base URL is asked anew. */
  of: string
  routing: Routing
  /** Unix ms when it is asked again. */
  until: number
}

const GOOD_MS = 60 * 60_000
const FAILED_MS = 5 * 60_000
const TIMEOUT_MS = 10_000

/** Source: upstream-codex 5.5. */
export function createRoutingDiscovery(options: RoutingDiscoveryOptions): RoutingDiscovery {
  const { request, recover, log, now = Date.now } = options
  const known = new Map<string, Known>()
  const asking = new Map<string, Promise<Routing>>()
  const complained = new Set<string>()

  async function ask(credential: Credential, baseUrl: string, profile: ProfileOptions): Promise<Routing> {
    const { accountId } = credential
    const of = placeOf(credential, baseUrl)
    const before = known.get(accountId)
    try {
      let reply = await check(credential, baseUrl, profile)
      if (reply.status === 401) {
        reply = await check(await recover(accountId, credential.generation), baseUrl, profile)
      }
      if (reply.status !== 200) throw new NoRouting(`it answered ${reply.status}`)
      const routing = readRouting(reply.body, credential.chatgptAccountId, baseUrl)
      known.set(accountId, { of, routing, until: now() + GOOD_MS })
      if (complained.delete(accountId)) log.info({ accountId }, 'where an account is served is known again')
      return routing
    } catch (error) {
      if (isRefusal(error)) throw error
      const routing = before?.of === of ? before.routing : {}
      known.set(accountId, { of, routing, until: now() + FAILED_MS })
      if (!complained.has(accountId)) {
        complained.add(accountId)
        const why = safeText(error instanceof Error ? error.message : String(error))
        log.warn({ accountId, why }, 'where an account is served could not be asked; going on with what is known')
      }
      return routing
    }
  }

  function check(credential: Credential, baseUrl: string, profile: ProfileOptions) {
    return request({
      url: `${baseUrl}/wham/accounts/check`,
      method: 'GET',
      headers: plainHeaders(profile, credential),
      timeoutMs: TIMEOUT_MS,
      owner: credential.accountId,
    })
  }

  return {
    async of(credential, baseUrl, profile) {
      const of = placeOf(credential, baseUrl)
      const found = known.get(credential.accountId)
      if (found?.of === of && found.until > now()) return found.routing
      const flight = `${credential.accountId}\n${of}`
      let running = asking.get(flight)
      if (running === undefined) {
        running = ask(credential, baseUrl, profile).finally(() => asking.delete(flight))
        asking.set(flight, running)
      }
      if (found?.of !== of) return running
      // An hour-old answer is still the best guess; nobody waits for the next one.
      running.catch(() => undefined)
      return found.routing
    },
    forget(accountId) {
      known.delete(accountId)
      complained.delete(accountId)
    },
  }
}

function placeOf({ chatgptAccountId }: Credential, baseUrl: string): string {
  return `${chatgptAccountId} ${baseUrl}`
}

/** The tokens are no good: no matter of routing. */
function isRefusal(error: unknown): boolean {
  return error instanceof FailureError && error.failure.scope === 'account'
}

class NoRouting extends Error {}

/** @throws NoRouting that says what is missing */
function readRouting(body: string, chatgptAccountId: string, baseUrl: string): Routing {
  let accounts: unknown
  try {
    accounts = (JSON.parse(body) as { accounts?: unknown } | null)?.accounts
  } catch {
    throw new NoRouting('its reply is no JSON')
  }
  const own = (Array.isArray(accounts) ? (accounts as unknown[]) : []).filter(
    (one): one is Record<string, unknown> =>
      typeof one === 'object' && one !== null && 'id' in one && one.id === chatgptAccountId,
  )
  const [account] = own
  if (account === undefined || own.length > 1) throw new NoRouting(`its reply names the account ${own.length} times`)
  const override = account['account_routing_override']
  return {
    origin: originOf(account['workspace_backend_origin'], baseUrl),
    ...(override === undefined || override === null || override === 'NO_CONSTRAINT'
      ? {}
      : { override: overrideOf(override) }),
  }
}

function overrideOf(told: unknown): Override {
  const known = OVERRIDES.find((one) => one === told)
  if (known === undefined) throw new NoRouting('its routing override is none that is known')
  return known
}

/** The account's tokens will be sent there: https and nothing but a host, or this machine when the backend itself is played on it. */
function originOf(told: unknown, baseUrl: string): string {
  if (typeof told !== 'string' || !URL.canParse(told)) throw new NoRouting('it names no backend origin')
  const url = new URL(told)
  const played = url.protocol === 'http:' && isHere(url) && isPlayed(baseUrl)
  if (url.protocol !== 'https:' && !played) throw new NoRouting('its backend origin is not https')
  const more = url.username + url.password + url.search + url.hash + url.pathname.slice(1)
  if (more !== '' || /[?#]/.test(told)) throw new NoRouting('its backend origin is more than an origin')
  return url.origin
}

function isPlayed(baseUrl: string): boolean {
  const url = new URL(baseUrl)
  return url.protocol === 'http:' && isHere(url)
}

function isHere({ hostname }: URL): boolean {
  return isLoopback(hostname.replace(/^\[|\]$/g, ''))
}
