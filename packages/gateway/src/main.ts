import { createHash, randomBytes } from 'node:crypto'
import { callbackAddress, type Accounts } from './accounts/index.js'
import { changedSettings, type Config, type ConfigFile } from './config/index.js'
import { connectionOwners } from './connection-owners.js'
import { chainKey, conversationKey, createToldItems } from './conversations/index.js'
import { createErrorLog } from './error-log/index.js'
import { createNotices, namesFrom, type Notices } from './notices/index.js'
import { authOf, openAccounts } from './open-accounts.js'
import { createRelay } from './relay/index.js'
import { createRequestLog } from './request-log/index.js'
import {
  createAdminDoor,
  createLive,
  createPlaygroundKeys,
  createPendingLogins,
  createTasks,
  bodyBudget,
  createKeyLimiter,
  createServer,
  hostNames,
  keySlots,
  listenOn,
  ollamaBridge,
  ollamaRoutes,
  protocolRoutes,
  publicRoutes,
  refuseExposure,
  trustedProxies,
  type ClientKey,
  type OllamaHouse,
  type OllamaStatus,
  type Route,
  type RoutesHouse,
  type ServerHouse,
} from './server/index.js'
import { publishNews } from './publish-news.js'
import { openAccess, type Sessions } from './sessions/index.js'
import { openStore, type Store } from './store/index.js'
import { createRequestRecords, type Log, type LogTail, type RequestRecords } from './telemetry/index.js'
import { tellNews } from './tell-news.js'
import { composeManagement } from './management.js'
import { loadHandSet } from './transport/index.js'
import { createWaysOut } from './transport/proxies/index.js'
import { composeUpstreams, DIALECTS, openCatalog } from './upstreams.js'
import { createCompaction, costOf, createMeter, createTokenCounter, livePrices } from './usage/index.js'

const TRUST_AFTER_MS = 1_000
const ACCOUNTS_SOON_MS = 20

/** What clients may still refer to; the oldest goes first. */
const TOLD_ITEMS_CHARACTERS = 32 * 1024 * 1024

export interface GatewayOptions {
  home: string
  /** Read at every request; the caller swaps what it returns when the configuration changes. */
  config(): Config
  /** Where {@link config} comes from, so that management can change it. Without it the settings can only be read. */
  configFile?: ConfigFile
  log: Log
  /** The last lines of it, for pages. */
  logTail?: LogTail
  version: string
  /** Where HTTPS_PROXY and its like stand. Default: no such proxy. */
  env?: Readonly<Record<string, string | undefined>>
  /** `DRAGOMAN_SECRET_KEY`, when it is set. */
  secretKey?: string
  /** Where the build of the dashboard lies. Without it `/` answers in plain text. */
  dashboard?: string
  /** The script, and its first arguments, that end in the refresh helper. Without it tokens are refreshed in this process. */
  refreshHelper?: readonly string[]
}

export interface RunningGateway {
  /** The first address, `http://127.0.0.1:8080`. */
  url: string
  urls: readonly string[]
  /** The first client key, when this start made it. Shown once. */
  firstClientKey?: string
  /** A key for the demo model alone; lives as long as this process. */
  demoKey: string
  /** Opens the management of this very process; lives as long as it. For the owner of the data folder alone. */
  controlKey: string
  store: Store
  /** Who is signed in to management. */
  sessions: Sessions
  /** There is a password for the dashboard, so that a link is not the only way in. */
  readonly passwordSet: boolean
  accounts: Accounts
  records: RequestRecords
  /** What happened that its owner may want to know. */
  notices: Notices
  /** What is served, and to whom. */
  routes: readonly Route[]
  /** The listener for Ollama clients. */
  readonly ollama: OllamaStatus
  /** To be called when `config()` says something new: starts, moves and stops listeners. */
  configChanged(): Promise<void>
  /** Takes nothing new and lets what runs finish, at most so long; then tells the rest and closes. */
  close(drainMs: number): Promise<void>
}

/**
 * The composition root: the only place where rooms meet.
 * @throws the system's error when the port is taken (`EADDRINUSE`), StoreError, or an Error that says what to change
 */
export async function startGateway(options: GatewayOptions): Promise<RunningGateway> {
  const { config, log, home } = options
  refuseExposure(config().server)
  const store = await openStore({
    home,
    log,
    keySource: config().security.key_source,
    ...(options.secretKey === undefined ? {} : { secretKey: options.secretKey }),
  })
  try {
    return await compose(options, store)
  } catch (error) {
    await store.close()
    throw error
  }
}

async function compose(options: GatewayOptions, store: Store): Promise<RunningGateway> {
  const { config, log, version } = options
  const demoKey = `dgm-demo-${randomBytes(24).toString('base64url')}`
  const demoHash = createHash('sha256').update(demoKey).digest('hex')
  const controlKey = `dgc-${randomBytes(32).toString('base64url')}`
  const controlHash = createHash('sha256').update(controlKey).digest('hex')

  const waysOut = createWaysOut({
    config,
    rows: store.proxies,
    env: options.env ?? {},
    connectionsPerOwner: config().codex.connections_per_account,
    log,
  })
  const { transport, proxies } = waysOut
  const records = createRequestRecords({ keep: () => config().requests.keep })
  const meter = createMeter({ rows: store.usage, prices: livePrices(() => config().usage.prices), log })
  await meter.readKeys()
  records.onAdd(meter.add)
  const compaction = createCompaction({
    rows: store.usage,
    keep() {
      const { keep_five_min_days: fine, keep_hour_days: hour, keep_day_days: day } = config().usage
      return { five_min: fine, hour, day }
    },
    log,
  })

  const catalog = await openCatalog({ config, store, log })
  const accounts = await openAccounts({
    config,
    store,
    catalog,
    waysOut,
    log,
    ...(options.refreshHelper === undefined ? {} : { refreshHelper: options.refreshHelper }),
    ...(options.secretKey === undefined ? {} : { secretKey: options.secretKey }),
  })
  const nameOf = namesFrom({ accounts, apiKeys: store.apiKeys, clientKeys: store.clientKeys })
  const prices = livePrices(() => config().usage.prices)
  const requestLog = createRequestLog({
    rows: store.requestLog,
    config,
    log,
    costOf: ({ usage, upstreamModel, model, serviceTier }) =>
      usage === undefined ? 0 : costOf(prices(), upstreamModel ?? model, usage, serviceTier, Date.now()),
    namesOf(id) {
      const { label, email } = nameOf(id) ?? {}
      return [label, email].filter((name) => name !== undefined)
    },
  })
  const errors = createErrorLog({ rows: store.errorLog, log })
  records.onAdd(requestLog.add)
  records.onAdd(errors.request)
  const notices = createNotices({
    rows: store.notices,
    settings: store.sealedSettings,
    transport,
    config,
    log,
    nameOf,
  })
  const upstreams = await composeUpstreams({ config, store, accounts, transport, catalog, log, version })
  const { refreshCatalog, routing, usageWatch } = upstreams
  tellNews({ config, accounts, proxies, records, notices })
  const owners = connectionOwners({
    accounts,
    apiKeys: store.apiKeys,
    transport,
    cookies: upstreams.cookies,
    codex: upstreams.codex,
    proxies,
    backend: () => new URL(config().codex.base_url),
  })
  accounts.onChange(owners.accountsChanged)
  const loadCookies = loadHandSet(store.accounts, upstreams.cookies)
  const cookiesChanged = (): Promise<void> =>
    loadCookies().then(
      (unreadable) => {
        for (const accountId of unreadable) log.warn({ accountId }, 'cookies that were set by hand cannot be read')
      },
      (error: unknown) => log.warn({ err: error }, 'could not look for cookies that were set by hand'),
    )
  await cookiesChanged()
  const tokens = createTokenCounter()

  const relay = createRelay({
    route: (request) => upstreams.targets(request.model),
    dialects: DIALECTS,
    told: createToldItems(TOLD_ITEMS_CHARACTERS),
    inputTokens: (request) => tokens.countNow(request),
    conversationOf(exchange) {
      const conversation = conversationKey(exchange.key.id, exchange.headers, exchange.request)
      return { conversation, chain: chainKey(conversation, exchange.request) }
    },
    limits() {
      const { server, upstream } = config()
      return {
        heartbeatMs: server.heartbeat_seconds * 1000,
        firstEventMs: upstream.first_byte_timeout_seconds * 1000,
        idleMs: upstream.idle_timeout_seconds * 1000,
        wallMs: upstream.wall_timeout_seconds * 1000,
        writeStallMs: server.write_stall_seconds * 1000,
        maxAttempts: upstream.max_attempts,
      }
    },
    shaping: () => config().model,
    records,
    bodies: requestLog.bodies,
    log,
  })

  let draining = false
  const trusted = trustedProxies(() => config().server.trusted_proxies)
  const access = await openAccess({ store, log })
  const { sessions, acts } = access
  const playground = createPlaygroundKeys({ isOpen: (id) => sessions.list().some((session) => session.id === id) })
  const door = createAdminDoor({ isControl: (hash) => hash === controlHash, sessions, acts })
  const live = createLive()
  const tasks = createTasks(live)
  const logins = createPendingLogins({
    accounts,
    live,
    auth: () => authOf(config()),
    http: transport.request,
    callback: () => callbackAddress(config()),
    signedIn: (id) => void upstreams.usageWatch.readNow(id).catch(() => undefined),
  })
  publishNews({
    keys: upstreams.keys,
    live,
    accounts,
    records,
    notices,
    proxies,
    store,
    acts,
    requestLog,
    errors,
    nameOf,
  })
  const serverHouse: ServerHouse = {
    dialects: DIALECTS,
    findKey(hash): ClientKey | undefined {
      if (hash === demoHash) return { id: 'demo', name: 'demo', allowedModels: ['demo'] }
      const played = playground.find(hash)
      if (played !== undefined) return played
      const match = store.clientKeys.findByHash(hash)
      return match?.status === 'valid' ? match.key : undefined
    },
    whyNoKey(hash) {
      const status = store.clientKeys.findByHash(hash)?.status
      return status === 'disabled' || status === 'expired' ? status : 'unknown'
    },
    admin: door,
    slots: keySlots(),
    trusted,
    keyLimits: createKeyLimiter({
      keys: meter.keys,
      onBudget: ({ keyId, ...data }) => notices.tell({ type: 'budget_reached', clientKeyId: keyId, data }),
    }),
    settings() {
      const { server } = config()
      return {
        allowedHosts: hostNames(server),
        corsOrigins: server.cors_origins,
        exchangesPerKey: server.connections_per_key,
        headersTimeoutMs: server.headers_timeout_seconds * 1000,
        requestTimeoutMs: server.request_timeout_seconds * 1000,
        keepAliveMs: server.keep_alive_seconds * 1000,
        maxConnections: server.max_connections,
      }
    },
    log,
  }
  const routesHouse: RoutesHouse & OllamaHouse = {
    ownKey: { keys: store.clientKeys, used: meter.keys },
    relay,
    routing,
    catalog,
    dialects: DIALECTS,
    tokens,
    budget: bodyBudget(() => config().server.body_in_flight_bytes),
    limits() {
      const { server } = config()
      return {
        wireBytes: server.body_wire_bytes,
        decodedBytes: server.body_decoded_bytes,
        depth: server.json_depth,
        nodes: server.json_nodes,
      }
    },
    imageHost: () => config().model.image_host_model,
    records,
    findCapability: upstreams.findCapability,
    health: () => ({
      status: draining ? 'draining' : 'ok',
      version,
      accounts: accounts.list().length,
      open: relay.open,
      ollama: bridge.status,
    }),
    version,
    ...(options.dashboard === undefined ? {} : { dashboard: options.dashboard }),
    ollama: () => ({ version: config().ollama.version, disableVision: config().ollama.disable_vision }),
  }
  const { budget, limits } = routesHouse
  const routes = [
    ...protocolRoutes(routesHouse),
    ...publicRoutes(routesHouse),
    ...composeManagement({
      config,
      playground,
      listeners: () => urls,
      ollama: () => bridge.status,
      configFile: options.configFile,
      logTail: options.logTail,
      sealedBy: options.secretKey === undefined ? config().security.key_source : 'environment',
      log,
      env: options.env ?? {},
      store,
      access,
      door,
      trusted,
      live,
      tasks,
      logins,
      relay,
      slots: serverHouse.slots,
      records,
      requestLog,
      errors,
      nameOf,
      meter,
      accounts,
      proxies,
      upstreams,
      catalog,
      transport,
      notices,
      budget,
      limits,
      version,
    }),
  ]
  const server = createServer(serverHouse, routes, {
    sockets: { relay, budget: routesHouse.budget, limits: routesHouse.limits, modelsEtag: () => catalog.etag },
  })
  const bridge = ollamaBridge(serverHouse, [...ollamaRoutes(routesHouse), ...protocolRoutes(routesHouse)])
  options.configFile?.onChange(async (now, before) => {
    await bridge.apply(now.config.ollama)
    live.publish('config', { settings: changedSettings(before.config, now.config).map(({ path }) => path) })
  })
  const urls = await listenOn(server, config().server, log)
  await bridge.apply(config().ollama)
  // Not before: a start that fails on a busy port would have made a key that nobody ever sees.
  const first = await firstClientKey(store)
  await accounts.start()
  usageWatch.start()
  refreshCatalog.start()
  proxies.start()
  compaction.start()
  notices.start()
  notices.tell({ type: 'started', data: { version, url: urls[0] ?? '' } })
  // Reading the system's certificates takes a while; whoever connects before does it then.
  const trusting = setTimeout(waysOut.trust, TRUST_AFTER_MS).unref()
  // Both look at every account: a batch that changes hundreds makes them look once in a while, not hundreds of times.
  let accountsSoon: ReturnType<typeof setTimeout> | undefined
  const accountsChanged = (): void => {
    accountsSoon = undefined
    refreshCatalog.accountsChanged()
    void cookiesChanged()
  }
  const stopWatching = store.watch(({ aggregate }) => {
    if (aggregate === 'accounts') accountsSoon ??= setTimeout(accountsChanged, ACCOUNTS_SOON_MS).unref()
    if (aggregate === 'model_lists') void catalog.load()
    if (aggregate === 'client_keys') {
      server.keysChanged()
      void meter.readKeys()
    }
    if (aggregate === 'api_keys') owners.apiKeysChanged()
    if (aggregate === 'proxies') owners.proxiesChanged()
  })

  return {
    url: urls[0] ?? '',
    urls,
    ...(first === undefined ? {} : { firstClientKey: first }),
    demoKey,
    controlKey,
    store,
    sessions,
    get passwordSet() {
      return access.passwords.isSet
    },
    accounts,
    records,
    notices,
    routes: server.routes.routes,
    get ollama() {
      return bridge.status
    },
    async configChanged() {
      await bridge.apply(config().ollama)
    },
    async close(drainMs) {
      draining = true
      stopWatching()
      clearTimeout(accountsSoon)
      clearTimeout(trusting)
      refreshCatalog.stop()
      usageWatch.stop()
      logins.close()
      live.close()
      const closed = Promise.all([server.close(), bridge.close()])
      const limit = setTimeout(() => {
        relay.stop()
        setTimeout(() => {
          server.destroy()
          bridge.destroy()
        }, 1_000).unref()
      }, drainMs)
      await closed
      clearTimeout(limit)
      await accounts.close()
      notices.tell({ type: 'stopped', data: {} })
      await notices.close()
      upstreams.codex.close()
      await waysOut.close()
      compaction.stop()
      await meter.close()
      await requestLog.close()
      await errors.close()
      await access.close()
      await store.close()
    },
  }
}

/** A new data folder gets one client key, told once. */
async function firstClientKey(store: Store): Promise<string | undefined> {
  if ((await store.clientKeys.list()).length > 0) return undefined
  return (await store.clientKeys.create({ name: 'first key' })).plaintext
}
