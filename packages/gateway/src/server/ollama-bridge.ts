import type { Log } from '../telemetry/index.js'
import type { ClientKey, Route } from './route-table.js'
import { isLoopback, urlOf } from './addresses.js'
import { createServer, type GatewayServer, type ServerHouse } from './server.js'

/** The settings of the listener for Ollama clients, as the configuration spells them. */
export interface OllamaSettings {
  enabled: boolean
  host: string
  port: number
  require_key: boolean
}

/** What `/health` tells of the listener. */
export interface OllamaStatus {
  enabled: boolean
  listening: boolean
  url?: string
  /** Why it does not listen, and what to do. */
  error?: string
}

export interface OllamaBridge {
  /**
   * Starts, moves or stops the listener as the settings say; nothing changes when they say what is. Never throws: what is in the way
   * is told by {@link status} and tried again, at the next call and every half minute. Calls are taken one after another.
   */
  apply(settings: OllamaSettings): Promise<OllamaStatus>
  readonly status: OllamaStatus
  /** Takes nothing new; what runs may finish. Resolves when all is over. */
  close(): Promise<void>
  /** Breaks what is still open. */
  destroy(): void
}

/** The key that requests without a good one run under. Anybody on this machine is it. */
const KEYLESS: ClientKey = { id: 'ollama', name: 'ollama bridge' }

const RETRY_MS = 30_000

/** One address that is listened on, and who is served there. */
interface Listener {
  server: GatewayServer
  host: string
  port: number
  url: string
  /** Read at every request. */
  rule: { requireKey: boolean }
}

/** The listener for Ollama clients: the same guards and routes as the main one, on an address and with a rule for keys of its own. */
export function ollamaBridge(
  house: ServerHouse & { log: Log },
  routes: readonly Route[],
  options: { retryMs?: number } = {},
): OllamaBridge {
  let current: Listener | undefined
  /** Those that were switched off and still have streams to finish. */
  const finishing = new Map<GatewayServer, Promise<void>>()
  let status: OllamaStatus = { enabled: false, listening: false }
  let queue: Promise<unknown> = Promise.resolve()
  let wanted: OllamaSettings | undefined
  let retry: NodeJS.Timeout | undefined
  let closed = false

  function stop(): void {
    if (current === undefined) return
    const { server, url } = current
    current = undefined
    house.log.info({ url }, 'Ollama clients are no longer served here')
    finishing.set(
      server,
      server.close().finally(() => finishing.delete(server)),
    )
  }

  async function start({ host, port, require_key: requireKey }: OllamaSettings): Promise<Listener> {
    const rule = { requireKey }
    const server = createServer(house, routes, { keyless: () => (rule.requireKey ? undefined : KEYLESS) })
    const address = await server.listen(host, port)
    return { server, host, port, url: urlOf(host, address.port), rule }
  }

  function failed(error: string): OllamaStatus {
    if (error !== status.error) house.log.warn({ problem: error }, 'Ollama clients are not served')
    return { enabled: true, listening: false, error }
  }

  async function settle(settings: OllamaSettings): Promise<OllamaStatus> {
    clearTimeout(retry)
    if (closed || !settings.enabled) {
      stop()
      return { enabled: settings.enabled, listening: false }
    }
    const exposed = exposure(settings)
    if (exposed !== undefined) {
      stop()
      return failed(exposed)
    }
    if (current !== undefined && current.host === settings.host && current.port === settings.port) {
      current.rule.requireKey = settings.require_key
      return { enabled: true, listening: true, url: current.url }
    }
    // First, because the new address may need the old one's port.
    stop()
    try {
      current = await start(settings)
    } catch (error) {
      retry = setTimeout(() => {
        // Settings that are no longer wanted must not come back.
        if (wanted === settings) void apply(settings)
      }, options.retryMs ?? RETRY_MS).unref()
      return failed(problemOf(error, settings))
    }
    house.log.info({ url: current.url }, 'Ollama clients are served')
    return { enabled: true, listening: true, url: current.url }
  }

  function apply(settings: OllamaSettings): Promise<OllamaStatus> {
    wanted = settings
    const turn = queue.then(async () => {
      // Of several changes in a row the last one counts.
      if (wanted === settings) status = await settle(settings)
      return status
    })
    queue = turn
    return turn
  }

  return {
    apply,
    get status() {
      return status
    },
    async close() {
      closed = true
      clearTimeout(retry)
      await queue
      clearTimeout(retry)
      stop()
      status = { enabled: status.enabled, listening: false }
      await Promise.all(finishing.values())
    },
    destroy() {
      for (const server of finishing.keys()) server.destroy()
      current?.server.destroy()
    },
  }
}

/** Whoever can reach a listener without keys uses the accounts behind it. Source: reliability-security 3.2. */
function exposure({ host, require_key: requireKey }: OllamaSettings): string | undefined {
  if (requireKey || isLoopback(host)) return undefined
  return `ollama.host ${host} is reachable from other machines, and anybody there would be served without a key; set ollama.require_key: true, or ollama.host: 127.0.0.1`
}

function problemOf(error: unknown, { host, port }: OllamaSettings): string {
  switch (error instanceof Error && 'code' in error ? error.code : undefined) {
    case 'EADDRINUSE':
      return `port ${port} of ${host} is taken, perhaps by Ollama itself; stop that program or set ollama.port`
    case 'EACCES':
      return `port ${port} needs special rights; set ollama.port above 1023`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EINVAL':
      return `this machine has no address ${host}; set ollama.host to one that it has`
    default:
      return `the listener could not be started: ${String(error)}`
  }
}
