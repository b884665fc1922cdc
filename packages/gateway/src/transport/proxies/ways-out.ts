import { FailureError, safeText } from '@dragoman/protocol'
import type { Config } from '../../config/index.js'
import type { ProxyRows } from '../../store/index.js'
import type { Log } from '../../telemetry/index.js'
import { configuredPrivateHosts } from '../configured-private-hosts.js'
import type { Lookup } from '../dial/index.js'
import { environmentWay } from '../environment-way.js'
import { egressEnvironment } from '../hand-over.js'
import { trustSystemCertificates } from '../system-certificates.js'
import { createTransport, type Transport } from '../transport.js'
import { usesTls, type Way } from '../way.js'
import { askBy } from './ask-for-address.js'
import { createProxyPool } from './pool.js'
import type { ProxyPool } from './types.js'

export interface WaysOutOptions {
  /** Read at every use. */
  config(): Config
  rows: ProxyRows
  /** Where HTTPS_PROXY and its like stand. */
  env: Readonly<Record<string, string | undefined>>
  connectionsPerOwner: number
  log: Pick<Log, 'info' | 'warn'>
  /** Default: the system's resolver. */
  lookup?: Lookup
}

/** The door out and the proxies behind it, which need each other. */
export interface WaysOut {
  transport: Transport
  proxies: ProxyPool
  /**
   * Trusts the system's certificates as `upstream.system_ca` says. Reading them takes a while, so a gateway does it soon after its
   * start, and the first connection over TLS at the latest.
   */
  trust(): void
  /** For the helper process that renews this account's login: its way out, see `egressEnvironment`. @throws as `wayFor` */
  egressOf(owner: string): Record<string, string>
  close(): Promise<void>
}

export function createWaysOut(options: WaysOutOptions): WaysOut {
  const { config, env, log } = options
  const connectTimeoutMs = config().upstream.connect_timeout_seconds * 1000
  const allowedPrivateHosts = (): readonly string[] => configuredPrivateHosts(config())
  let trusted = !config().upstream.system_ca
  let fromEnvironment: ((url: URL) => Way) | undefined

  function trust(): void {
    if (trusted) return
    trusted = true
    const error = trustSystemCertificates()
    if (error !== undefined) log.warn({ reason: error.message }, 'the certificates of the system cannot be read')
  }

  function environment(url: URL): Way {
    try {
      fromEnvironment ??= environmentWay(env)
    } catch (error) {
      throw unreadable(error)
    }
    return fromEnvironment(url)
  }

  const transport = createTransport({
    connectTimeoutMs,
    connectionsPerOwner: options.connectionsPerOwner,
    allowedPrivateHosts,
    wayFor(owner, target) {
      const way = proxies.wayFor(owner, target)
      if (usesTls(target, way)) trust()
      return way
    },
    onProxyOutcome: (id, outcome) => proxies.report(id, outcome),
    ...(options.lookup === undefined ? {} : { lookup: options.lookup }),
  })
  const ask = askBy(transport.request)
  const proxies = createProxyPool({
    rows: options.rows,
    settings: () => ({
      default: config().proxy.default,
      checkUrl: config().proxy.check_url,
      checkMinutes: config().proxy.check_minutes,
    }),
    environment,
    check(way, url, signal) {
      if (usesTls(new URL(url), way)) trust()
      return ask(way, url, signal)
    },
    log,
  })

  return {
    transport,
    proxies,
    trust,
    egressOf: (owner) =>
      egressEnvironment({
        way: proxies.wayFor(owner, new URL(config().auth.issuer)),
        allowedPrivateHosts: allowedPrivateHosts(),
        connectTimeoutMs,
        systemCa: config().upstream.system_ca,
      }),
    async close() {
      await proxies.close()
      await transport.close()
    },
  }
}

/** Its message names the variable, not its value. */
function unreadable(error: unknown): FailureError {
  return new FailureError({
    kind: 'unreachable',
    scope: 'proxy',
    phase: 'unsent',
    retry: 'never',
    code: 'proxy_unreachable',
    message: safeText(error instanceof Error ? error.message : 'the proxy of the environment cannot be read'),
  })
}
