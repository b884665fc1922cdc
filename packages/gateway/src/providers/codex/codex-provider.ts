import { FailureError } from '@dragoman/protocol'
import type { Account, AccountPool, AccountStatus, AccountWant } from '../../accounts/index.js'
import type { Log } from '../../telemetry/index.js'
import type { Cookies, Flow, Transport } from '../../transport/index.js'
import type { Candidate, EventSink, Provider, Stream, UpstreamCall, Wanted } from '../types.js'
import { AttemptNews, failureOf } from './attempt-news.js'
import { ANSWERS, COMPACTIONS, type Endpoint } from './endpoints.js'
import type { ProfileOptions } from './headers.js'
import { askOverHttp } from './over-http.js'
import { prepareCall, type PreparedCall } from './prepare-call.js'
import { createRoutingDiscovery, type Routing } from './routing-discovery.js'
import type { Bound, Timing } from './sockets/connection.js'
import { httpOnly } from './sockets/http-only.js'
import { conversationOf, placeOf, SocketTurn } from './sockets/over-socket.js'
import { createSocketPool } from './sockets/socket-pool.js'
import { goesOn, socketKey } from './sockets/turn-frame.js'

export interface CodexSettings {
  /** Without a trailing slash; `/codex/responses` is appended. */
  baseUrl: string
  profile: ProfileOptions
  compressRequests: boolean
  /** Ask over WebSocket where that gains something. Default false. */
  websocket?: boolean
  /** Default 55 minutes. */
  websocketMaxAgeMs?: number
  /** Connections kept per account. Default 8. */
  websocketsPerAccount?: number
  /** Ask where each account's workspace is served. Default false. */
  routingDiscovery?: boolean
}

export interface CodexOptions {
  accounts: AccountPool
  transport: Transport
  cookies: Cookies
  log: Log
  /** Secret of this installation; upstream ids are derived from it. */
  identitySecret: string
  /** Read at every request, so that a changed configuration is in force at the next one. */
  settings(): CodexSettings
  /** Does the catalog say that the model takes the lite shape? Default: none does. */
  usesLite?(model: string): boolean
  /** The backend told which model list is in force for an account. */
  onModelsEtag(etag: string, accountId: string): void
  /** Unix ms. */
  now?: () => number
  /** Of WebSockets; for tests. */
  timing?: Partial<Timing>
}

/** The Codex backend, and what must be told it of accounts. */
export interface CodexProvider extends Provider {
  /** An account's tokens, status or way out changed: its WebSockets are closed, what runs on them when it has ended. */
  closeAccount(accountId: string): void
  /** Closes the WebSockets of all accounts that are gone, may not serve, or have other tokens. To be called when accounts changed. */
  accountsChanged(): void
  /** Closes all WebSockets. */
  close(): void
}

const MAX_AGE_MS = 55 * 60_000
const PER_ACCOUNT = 8
const NOT_SERVING: ReadonlySet<AccountStatus> = new Set(['disabled', 'suspended', 'expired'])

/**
 * The Codex backend of ChatGPT over HTTP and WebSocket, paid by the accounts of the pool.
 *
 * A conversation that goes on is asked over a WebSocket of its own, which remembers what was said (see {@link goesOn}); what asks
 * once goes over HTTP.
 */
export function createCodexProvider(options: CodexOptions): CodexProvider {
  const { accounts, transport, cookies, log, now = Date.now } = options
  // The generation of tokens that a candidate was last asked with: one that was renewed meanwhile needs no second refresh.
  const generations = new WeakMap<Candidate, number>()
  // Whose conversations all appear as one session.
  const converging = new WeakSet<Candidate>()
  const onlyHttp = httpOnly(now)
  const pool = createSocketPool({
    transport,
    settings() {
      const { websocketsPerAccount = PER_ACCOUNT, websocketMaxAgeMs = MAX_AGE_MS } = options.settings()
      return { perAccount: websocketsPerAccount, maxAgeMs: websocketMaxAgeMs }
    },
    now,
    ...(options.timing === undefined ? {} : { timing: options.timing }),
  })
  const discovery = createRoutingDiscovery({
    request: transport.request,
    recover: (accountId, generation) => accounts.recover(accountId, generation),
    log,
    now,
  })
  let served = servingNow()

  return {
    id: 'codex',
    dialect: 'openai-responses',

    candidates(want) {
      const found = accounts.candidates(wantOf(want))
      return {
        ready: found.ready.map((account) => candidateOf(account)),
        skipped: found.skipped.map(({ account, reason }) => ({ label: labelOf(account), reason })),
      }
    },

    async lease(want, how) {
      const { account, why, movedFrom, ...lease } = await accounts.lease(wantOf(want), how)
      const candidate = candidateOf(account, why)
      if (account.converge) converging.add(candidate)
      return {
        ...lease,
        candidate,
        ...(movedFrom === undefined
          ? {}
          : {
              movedFrom: {
                id: movedFrom.id,
                label: movedFrom.account === undefined ? movedFrom.id : labelOf(movedFrom.account),
                why: movedFrom.why,
              },
            }),
      }
    },

    whyNobody: (model, _within, among) => accounts.whyNobody({ model, ...(among === undefined ? {} : { among }) }),

    async mend(candidate, failure) {
      if (failure.kind !== 'credential_expired') return false
      const generation = generations.get(candidate)
      if (generation === undefined) return false
      try {
        await accounts.recover(candidate.id, generation)
        return true
      } catch (error) {
        if (!(error instanceof FailureError)) throw error
        return false
      }
    },

    open: (candidate, call, sink) => start(ANSWERS, candidate, call, sink),
    compact: (candidate, call, sink) => start(COMPACTIONS, candidate, call, sink),

    closeAccount: (accountId) => pool.closeAccount(accountId),
    accountsChanged() {
      const may = servingNow()
      for (const [id, was] of served) {
        const is = may.get(id)
        if (is?.workspace === was.workspace && is.generation === was.generation) continue
        pool.closeAccount(id)
        if (is?.workspace !== was.workspace) discovery.forget(id)
      }
      served = may
    },
    close: () => pool.close(),
  }

  /** The accounts whose connections may be used again. */
  function servingNow(): Map<string, { workspace: string; generation: number }> {
    const may = accounts.list().filter(({ status }) => !NOT_SERVING.has(status))
    return new Map(may.map(({ id, chatgptAccountId, generation }) => [id, { workspace: chatgptAccountId, generation }]))
  }

  function start(endpoint: Endpoint, candidate: Candidate, call: UpstreamCall, sink: EventSink): Stream {
    let flow: Flow | undefined
    let cancelled = false
    let paused = false
    const isCancelled = (): boolean => cancelled

    function use(opened: Flow | undefined): void {
      flow = opened
      if (cancelled) opened?.abort()
      else if (paused) opened?.pause()
    }

    function broken(error: unknown): void {
      if (cancelled) return
      const failure = failureOf(error)
      if (endpoint.benches) accounts.learn(candidate.id, { model: call.model, failure })
      sink.fail(failure)
    }

    function overHttp(prepared: PreparedCall, news: AttemptNews): void {
      const { compressRequests: compress } = options.settings()
      const parts = { transport, cookies, compress, isCancelled, onModelsEtag: options.onModelsEtag }
      askOverHttp(parts, prepared, news).then(use).catch(broken)
    }

    prepare(endpoint, candidate, call, sink, isCancelled)
      .then((prepared) => {
        if (prepared === undefined) return
        const news = new AttemptNews(
          {
            accounts,
            accountId: candidate.id,
            generation: prepared.credential.generation,
            model: call.model,
            benches: endpoint.benches,
            restore: prepared.restore,
          },
          sink,
        )
        const bound = boundOf(prepared)
        if (bound === undefined) return overHttp(prepared, news)
        const turn = new SocketTurn(
          {
            pool,
            httpOnly: onlyHttp,
            cookies,
            onModelsEtag: options.onModelsEtag,
            onGivenUp: (accountId) =>
              log.warn({ accountId }, 'WebSockets to the Codex backend keep failing; asking over HTTP for ten minutes'),
            overHttp: () => overHttp(prepared, news),
          },
          prepared,
          bound,
          news,
        )
        use(turn)
        turn.begin()
      })
      .catch(broken)

    return {
      pause() {
        paused = true
        flow?.pause()
      },
      resume() {
        paused = false
        flow?.resume()
      },
      cancel() {
        cancelled = true
        flow?.abort()
      },
    }
  }

  /** Undefined when it was cancelled meanwhile. */
  async function prepare(
    endpoint: Endpoint,
    candidate: Candidate,
    call: UpstreamCall,
    sink: EventSink,
    isCancelled: () => boolean,
  ): Promise<PreparedCall | undefined> {
    const { baseUrl, profile, routingDiscovery } = options.settings()
    let credential = await accounts.credential(candidate.id)
    if (isCancelled()) return undefined
    let routing: Routing = {}
    if (routingDiscovery === true) {
      routing = await discovery.of(credential, baseUrl, profile)
      // The discovery may have had to renew the tokens.
      credential = await accounts.credential(candidate.id)
      if (isCancelled()) return undefined
    }
    generations.set(candidate, credential.generation)
    const prepared = prepareCall({
      endpoint,
      call,
      credential,
      routing,
      baseUrl,
      profile,
      identitySecret: options.identitySecret,
      usesLite: (model) => options.usesLite?.(model) ?? false,
      converge: converging.has(candidate),
    })
    sink.notes(prepared.notes)
    // Whoever wants nothing lost may have read enough.
    if (isCancelled()) return undefined
    sink.body?.(prepared.body)
    return prepared
  }

  /** Which connection a call may use; undefined when it goes over HTTP. */
  function boundOf(prepared: PreparedCall): Bound | undefined {
    const { endpoint, credential, url } = prepared
    if (options.settings().websocket !== true || !endpoint.hasSocket) return undefined
    const bound: Bound = {
      accountId: credential.accountId,
      key: socketKey(prepared),
      url: url.href.replace(/^http/, 'ws'),
      generation: credential.generation,
    }
    if (onlyHttp.has(placeOf(bound)) || onlyHttp.has(conversationOf(bound))) return undefined
    return pool.has(bound) || goesOn(prepared) ? bound : undefined
  }
}

function wantOf({ within: _, ...want }: Wanted): AccountWant {
  return want
}

function labelOf({ label, email, id }: Account): string {
  return label ?? email ?? id
}

function candidateOf(account: Account, why?: string): Candidate {
  const plan = account.plan === undefined ? 'account' : `account on plan ${account.plan}`
  return { id: account.id, label: labelOf(account), why: why === undefined ? plan : `${plan}: ${why}` }
}
