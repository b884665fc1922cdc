import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { accountControls, type AccountControls } from './codex/account-controls.js'
import { CodexBackend, type BackendOptions } from './codex/backend.js'
import type { ModelInfo } from './codex/models.js'
import { PromptCache, type CacheView } from './codex/prompt-cache.js'
import { Refusal } from './codex/refusal.js'
import { Seals } from './codex/seal.js'
import { isStreamFault } from './faults/fault.js'
import { Rules, type Endpoint, type Rule, type ScriptedRule } from './faults/rules.js'
import { json } from './faults/status-replies.js'
import { Gates, wait } from './http/gates.js'
import { readBody } from './http/read-body.js'
import { watchExchange, type Exchange, type RecordedRequest } from './http/recorded-request.js'
import { reset, sendFault, sendPlain } from './http/send.js'
import { Accounts, authJson, type AccountOptions } from './login/accounts.js'
import { LoginCodes } from './login/codes.js'
import { LoginServer, type LoginOptions } from './login/login-server.js'
import { VendorServer, type PlayedVendor, type Vendor, type VendorKey, type VendorKeyOptions } from './vendors/index.js'
import { SocketDoor, type SocketOptions } from './socket/socket-door.js'

export interface SimulatorOptions extends BackendOptions, LoginOptions, SocketOptions {
  /** Default 0: any free port. */
  port?: number
  /** Default `127.0.0.1`. */
  host?: string
  /** Unix ms; default the real clock. */
  now?: () => number
  /** How many requests are kept for inspection; default all. */
  keepRequests?: number
  /** Default 72 s, longer than a client's pool should keep a connection. */
  keepAliveTimeoutMs?: number
}

/** An account as a client would hold it after a login. */
export interface SimulatedAccount {
  accountId: string
  email: string
  plan: string
  accessToken: string
  refreshToken: string
  idToken: string
  /** A complete `auth.json` of the Codex CLI. */
  authJson: ReturnType<typeof authJson>
}

/** One running simulator. */
export interface Simulator extends AccountControls {
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  /** `url` + `/backend-api` */
  readonly backendUrl: string
  /** The login server's issuer; equals `url`. */
  readonly issuer: string
  /** The third parties. */
  readonly vendors: Readonly<Record<Vendor, PlayedVendor>>
  /** Everything that was asked, in the order in which the bodies were complete. */
  readonly requests: readonly RecordedRequest[]
  /** Event streams that are open now. */
  readonly openStreams: number
  /** TCP connections that are open now. */
  readonly openConnections: number
  /** WebSockets that are open now. */
  readonly openSockets: number
  readonly models: readonly ModelInfo[]
  /** What the prompt cache was worth, and a way to make it cold. */
  readonly cache: CacheView
  /** Sum over all accounts: refresh tokens redeemed, and tried again after that. */
  readonly counters: { readonly refreshes: number; readonly reuses: number }
  /** Adds a rule; the rules made first win. */
  script(rule: Rule): ScriptedRule
  /** The next request from now on that fits. */
  nextRequest(match?: (request: RecordedRequest) => boolean): Promise<RecordedRequest>
  /** Settles when no event stream is open. */
  streamsClosed(): Promise<void>
  /** Closes all WebSockets from the server's side; default code 1000. What runs on them is cut. */
  closeSockets(code?: number): void
  pingSockets(): void
  /** Settles when no WebSocket is open. */
  socketsClosed(): Promise<void>
  /** Lets go what waits at a gate of a scene or a delivery, now and later. */
  openGate(name: string): void
  shutGate(name: string): void
  addAccount(options?: AccountOptions): SimulatedAccount
  /** A key that a third party takes from now on. */
  addVendorKey(options: VendorKeyOptions): VendorKey
  setModels(models: readonly ModelInfo[]): void
  /** The person at the device page agrees; default account: the first. @throws Error when no login waits with this code */
  approveDevice(userCode: string, accountId?: string): void
  denyDevice(userCode: string): void
  expireDevice(userCode: string): void
  /** Whose thought is this `encrypted_content`? Undefined when it was made elsewhere. */
  readSeal(encrypted: string): { kind: string; accountId: string; session: string } | undefined
  /** Closes connections on which nothing runs, as a server's keep-alive timer does. */
  closeIdleConnections(): void
  /** Forgets requests, rules, accounts, gates and caches. Streams that are open are broken off. */
  reset(): void
  close(): Promise<void>
}

const ROUTES: readonly (readonly [string, string, Endpoint])[] = [
  ['POST', '/backend-api/codex/responses', 'responses'],
  ['POST', '/backend-api/codex/responses/compact', 'compact'],
  ['GET', '/backend-api/codex/models', 'models'],
  ['GET', '/backend-api/wham/usage', 'usage'],
  ['GET', '/backend-api/codex/usage', 'usage'],
  ['GET', '/backend-api/wham/rate-limit-reset-credits', 'reset-credits'],
  ['POST', '/backend-api/wham/rate-limit-reset-credits/consume', 'reset-credits'],
  ['GET', '/backend-api/wham/accounts/check', 'accounts-check'],
  ['GET', '/oauth/authorize', 'authorize'],
  ['GET', '/oauth/authorize/approve', 'authorize'],
  ['POST', '/oauth/token', 'token'],
  ['POST', '/oauth/revoke', 'revoke'],
  ['POST', '/api/accounts/deviceauth/usercode', 'device-code'],
  ['POST', '/api/accounts/deviceauth/token', 'device-token'],
]

/**
 * Starts a server on loopback that plays the Codex backend, its login server and the third parties.
 * @example
 * const simulator = await startSimulator()
 * const { accessToken, accountId } = simulator.addAccount({ email: 'someone@example.com', plan: 'plus' })
 * simulator.script({ times: 1, fault: { type: 'status', name: 'overloaded' } })
 * @example
 * const { key } = simulator.addVendorKey({ vendor: 'anthropic' })
 * simulator.script({ at: 'vendor-messages', recording: { lines: await readFile('text.chunks.txt', 'utf8') } })
 * await fetch(`${simulator.vendors.anthropic.baseUrl}/messages`, …)
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const now = options.now ?? Date.now
  const gates = new Gates()
  const rules = new Rules()
  const seals = new Seals()
  const cache = new PromptCache()
  let url = ''
  const origin = () => url
  const accounts = new Accounts(origin, now)
  const codes = new LoginCodes(origin, now)
  const requests: RecordedRequest[] = []
  const keep = options.keepRequests ?? Infinity
  const sockets = new Map<Socket, number>()
  let awaited: { match: (request: RecordedRequest) => boolean; resolve: (request: RecordedRequest) => void }[] = []
  let streamWatchers: (() => void)[] = []
  let openStreams = 0
  let arrivals = 0
  let connections = 0

  function streamOpens(): () => void {
    openStreams += 1
    return () => {
      openStreams -= 1
      if (openStreams > 0) return
      for (const resolve of streamWatchers) resolve()
      streamWatchers = []
    }
  }

  const backend = new CodexBackend({
    options,
    accounts,
    seals,
    cache,
    gates,
    now,
    origin,
    streamOpens,
  })
  const door = new SocketDoor({
    options,
    backend,
    rules,
    gates,
    gapOf: (accountId) => accounts.gapOf({ accountId }),
    now,
    remember,
    streamOpens,
    nextIndex: () => arrivals++,
    connectionId: (socket) => sockets.get(socket) ?? -1,
  })
  const vendors = new VendorServer({
    unchecked: options.unchecked === true,
    seals,
    gates,
    rules,
    now,
    origin,
    streamOpens,
  })
  const login = new LoginServer({ options, accounts, codes, gates, issuer: origin })

  const server: Server = createServer({
    keepAliveTimeout: options.keepAliveTimeoutMs ?? 72_000,
    requestTimeout: 0,
    noDelay: true,
  })
  server.on('connection', (socket: Socket) => {
    sockets.set(socket, connections++)
    socket.on('close', () => sockets.delete(socket))
    // A client that resets its connection is part of the play.
    socket.on('error', () => socket.destroy())
  })
  server.on('request', (request, response) => {
    const connectionId = sockets.get(request.socket) ?? -1
    const watched = watchExchange(request, response, { index: arrivals++, connectionId, now })
    readBody(request).then(
      (body) => {
        const exchange = watched.exchange(body)
        const account = backend.accountOf(exchange.record.headers['authorization'])
        if (account !== undefined) exchange.record.accountId = account.accountId
        vendors.identify(exchange.record)
        remember(exchange.record)
        answer(exchange).catch((problem: unknown) => fail(exchange, problem))
      },
      () => response.destroy(),
    )
  })

  // Those of WebSockets, too, and those that wait for their handshake.
  const breakConnections = () => {
    for (const socket of sockets.keys()) socket.destroy()
  }
  server.on('upgrade', (request, socket, head) => door.upgrade(request, socket as Socket, head))

  function remember(record: RecordedRequest): void {
    if (keep > 0) requests.push(record)
    if (requests.length > keep) requests.splice(0, requests.length - keep)
    const fitting = awaited.filter(({ match }) => match(record))
    awaited = awaited.filter((waiter) => !fitting.includes(waiter))
    for (const { resolve } of fitting) resolve(record)
  }

  async function answer(exchange: Exchange): Promise<void> {
    const { record } = exchange
    if (record.path.startsWith('/vendors/')) return vendors.answer(exchange)
    const { refresh_token: refreshToken } = (record.body ?? {}) as { refresh_token?: unknown }
    const gap = accounts.gapOf({ accountId: record.accountId, refreshToken })
    if (gap === 'hang') return
    if (gap === 'reset') return reset(exchange)
    const at = ROUTES.find(([method, path]) => method === record.method && path === record.path)?.[2] ?? 'other'
    const rule = rules.find(at, record)
    const account = record.accountId === undefined ? undefined : accounts.find(record.accountId)
    const ofBackend = record.path.startsWith('/backend-api/')
    if (rule?.fault !== undefined && !isStreamFault(rule.fault)) {
      rule.use()
      return sendFault(exchange, rule.fault, {
        now: now(),
        plan: account?.plan ?? 'plus',
        gates,
        delivery: rule.delivery ?? {},
        headers: ofBackend ? backend.replyHeaders(account) : {},
      })
    }
    // The event stream has its own waits; every other reply knows this one.
    if (at !== 'responses') await wait(rule?.delivery?.headersAfter, gates, exchange.signal)
    return ofBackend ? backend.answer(at, exchange, rule) : login.answer(at, exchange, rule)
  }

  function fail(exchange: Exchange, problem: unknown): void {
    if (problem instanceof Refusal) return sendPlain(exchange, problem.reply, backend.replyHeaders(undefined))
    // A mistake of the simulator or of a test's own scene: say so where the test will see it.
    const message = problem instanceof Error ? (problem.stack ?? problem.message) : String(problem)
    if (exchange.response.headersSent) exchange.response.destroy()
    else sendPlain(exchange, json(599, { simulator_error: message }))
  }

  server.listen(options.port ?? 0, options.host ?? '127.0.0.1')
  await once(server, 'listening')
  const { address, port, family } = server.address() as AddressInfo
  url = `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`

  return {
    url,
    backendUrl: `${url}/backend-api`,
    issuer: url,
    vendors: vendors.vendors,
    requests,
    get openStreams() {
      return openStreams
    },
    get openConnections() {
      return sockets.size
    },
    get openSockets() {
      return door.openSockets
    },
    get models() {
      return backend.models
    },
    cache: cache.view(),
    counters: {
      get refreshes() {
        return accounts.refreshes
      },
      get reuses() {
        return accounts.reuses
      },
    },
    script: (rule) => rules.add(rule),
    nextRequest: (match = () => true) => new Promise((resolve) => awaited.push({ match, resolve })),
    streamsClosed: () =>
      openStreams === 0 ? Promise.resolve() : new Promise((resolve) => void streamWatchers.push(resolve)),
    closeSockets: (code) => door.closeAll(code),
    pingSockets: () => door.ping(),
    socketsClosed: () => door.closed(),
    openGate: (name) => gates.open(name),
    shutGate: (name) => gates.shut(name),
    addVendorKey: (about) => vendors.keys.add(about),
    addAccount(about) {
      const account = accounts.add(about)
      const tokens = accounts.login(account)
      const { accountId, email, plan } = account
      const { accessToken, refreshToken, idToken } = tokens
      return {
        accountId,
        email,
        plan,
        accessToken,
        refreshToken,
        idToken,
        authJson: authJson(account, tokens, url, now()),
      }
    },
    ...accountControls(accounts, now),
    setModels: (models) => backend.setModels(models),
    approveDevice(userCode, accountId) {
      const account = accountId === undefined ? (accounts.all()[0] ?? accounts.add()) : accounts.get(accountId)
      codes.decideDevice(userCode, account)
    },
    denyDevice: (userCode) => codes.decideDevice(userCode, 'deny'),
    expireDevice: (userCode) => codes.decideDevice(userCode, 'expire'),
    readSeal: (encrypted) => seals.read(encrypted),
    closeIdleConnections: () => server.closeIdleConnections(),
    reset() {
      breakConnections()
      gates.clear()
      rules.clear()
      accounts.clear()
      vendors.clear()
      codes.clear()
      cache.reset()
      requests.length = 0
      awaited = []
      backend.restoreModels()
    },
    async close() {
      const closed = once(server, 'close')
      server.close()
      breakConnections()
      gates.clear()
      await closed
    },
  }
}
