import { spawn } from 'node:child_process'
import { FailureError } from '@dragoman/protocol'
import type { Leases } from '../../cluster/index.js'
import { createLeases } from '../../cluster/index.js'
import { openStore, silent } from '../../store/index.js'
import type { Log } from '../../store/index.js'
import type { AuthSettings, Http } from '../login/index.js'
import { readObject } from '../login/index.js'
import { refreshAccount } from './refresh-account.js'
import type { RefreshOrder, RefreshOutcome, RefreshRoom } from './refresh-account.js'
import type { RefreshReason } from './refresh-request.js'

/** Refreshes one account; the outcome is durable before it is told. */
export interface Refresher {
  refresh(order: RefreshOrder): Promise<RefreshOutcome>
  /** Begins no more. What is under way is waited for, unless it ends by itself without this process. */
  close(): Promise<void>
}

/** Everything that the helper needs, as its environment carries it. */
export interface HelperSetup {
  home: string
  auth: AuthSettings
  secretKey?: string
  keySource?: 'file' | 'keyring'
}

export interface HelperOptions extends HelperSetup {
  /** The script that ends in {@link runRefreshHelper}, and what comes before the order: `['…/dragoman.mjs', '__refresh']`. */
  command: readonly string[]
  /** Default `process.execPath`. */
  execPath?: string
  /** What the helper inherits: its proxy and certificate settings among it. Default: this process's. */
  env?: NodeJS.ProcessEnv
  /**
   * What to add to the environment for the way out of one account's refresh, see `egressEnvironment`. Asked at each.
   * @throws FailureError when it has none: then nothing is sent
   */
  egress?: (accountId: string) => Readonly<Record<string, string>>
  /** How to refresh when no helper can be started. */
  otherwise: Refresher
  log?: Log
}

const SETUP_VARIABLE = 'DRAGOMAN_REFRESH_SETUP'
const SECRET_VARIABLE = 'DRAGOMAN_SECRET_KEY'
/** The helper's own limits end it long before. */
const PATIENCE_MS = 200_000

const STOPPING: RefreshOutcome = { kind: 'failed', message: 'the gateway is stopping' }

/** Refreshes in this process: a crash may lose the answer that is on its way. */
export function createLocalRefresher(room: RefreshRoom): Refresher {
  const running = new Set<Promise<unknown>>()
  let closed = false
  return {
    refresh(order) {
      if (closed) return Promise.resolve(STOPPING)
      const one = refreshAccount(room, order).finally(() => running.delete(one))
      running.add(one)
      return one
    },
    async close() {
      closed = true
      await Promise.allSettled(running)
    },
  }
}

/**
 * Refreshes in a small process of its own, which outlives this one: killed at any moment, the gateway loses no answer of the
 * login server. Source: spec reliability-security 0 (fact 4): 0 of 260 kills, against 20 of 120 in process.
 */
export function createHelperRefresher(options: HelperOptions): Refresher {
  const { log = silent } = options
  const closing = new AbortController()

  async function refresh(order: RefreshOrder): Promise<RefreshOutcome> {
    if (closing.signal.aborted) return STOPPING
    let wayOut: Readonly<Record<string, string>>
    try {
      wayOut = options.egress?.(order.accountId) ?? {}
    } catch (error) {
      if (error instanceof FailureError) return { kind: 'failed', message: error.message }
      throw error
    }
    const outcome = await runHelper(options, order, wayOut, closing.signal).catch(() => undefined)
    if (outcome !== undefined) return outcome
    if (closing.signal.aborted) return STOPPING
    // Safe even when the helper had begun: the lease and the journal tell how far it came.
    log.warn({ accountId: order.accountId }, 'the refresh helper did not work: refreshing in this process')
    return options.otherwise.refresh(order)
  }

  return {
    refresh,
    close() {
      closing.abort()
      return options.otherwise.close()
    },
  }
}

function runHelper(
  options: HelperOptions,
  order: RefreshOrder,
  wayOut: Readonly<Record<string, string>>,
  closing: AbortSignal,
): Promise<RefreshOutcome | undefined> {
  return new Promise((resolve) => {
    const child = spawn(
      options.execPath ?? process.execPath,
      [...options.command, order.accountId, String(order.generation), order.reason],
      {
        // Its own session: Ctrl-C in the terminal and the end of this process do not reach it.
        detached: true,
        stdio: ['ignore', 'pipe', 'ignore'],
        env: { ...(options.env ?? process.env), ...environmentOf(options), ...wayOut },
        windowsHide: true,
      },
    )
    child.unref()
    let said = ''
    const finish = (outcome: RefreshOutcome | undefined) => {
      clearTimeout(timer)
      closing.removeEventListener('abort', onClosing)
      child.stdout.destroy()
      resolve(outcome)
    }
    const onClosing = () => {
      finish(undefined)
    }
    const timer = setTimeout(() => {
      finish({ kind: 'failed', message: 'the refresh helper takes too long' })
    }, PATIENCE_MS)
    timer.unref()
    closing.addEventListener('abort', onClosing)
    child.once('error', () => {
      finish(undefined)
    })
    child.stdout.setEncoding('utf8')
    child.stdout.on('data', (chunk: string) => {
      said = (said + chunk).slice(-4096)
    })
    child.stdout.once('close', () => {
      finish(readOutcome(said))
    })
  })
}

function environmentOf({ home, auth, secretKey, keySource }: HelperSetup): Record<string, string> {
  return {
    [SETUP_VARIABLE]: JSON.stringify({ home, auth, ...(keySource === undefined ? {} : { keySource }) }),
    ...(secretKey === undefined ? {} : { [SECRET_VARIABLE]: secretKey }),
  }
}

export interface HelperRun {
  /** What follows `__refresh`: account id, generation, reason. */
  argv: readonly string[]
  env: NodeJS.ProcessEnv
  http: Http
  /** Default: standard output. */
  write?: (line: string) => void
}

/**
 * The helper's whole life: opens the store, refreshes, says the outcome in one line of JSON without secrets.
 * @returns the exit code
 */
export async function runRefreshHelper(run: HelperRun): Promise<number> {
  const [accountId, generation, reason] = run.argv
  const setup = readSetup(run.env[SETUP_VARIABLE] ?? '')
  if (accountId === undefined || generation === undefined || !isReason(reason) || setup === undefined) return 2
  const secretKey = run.env[SECRET_VARIABLE] || undefined
  const store = await openStore({
    home: setup.home,
    onCorrupt: 'refuse',
    ...(setup.keySource === undefined ? {} : { keySource: setup.keySource }),
    ...(secretKey === undefined ? {} : { secretKey }),
  })
  try {
    const leases: Leases = createLeases({ rows: store.leases })
    const room = { store, leases, http: run.http, auth: setup.auth, now: Date.now, log: silent }
    const outcome = await refreshAccount(room, { accountId, generation: Number(generation), reason })
    const write = run.write ?? writeLine
    write(JSON.stringify(outcome))
    return 0
  } finally {
    await store.close()
  }
}

function readSetup(text: string): Omit<HelperSetup, 'secretKey'> | undefined {
  const setup = readObject(text) as Partial<HelperSetup> | undefined
  if (setup?.home === undefined || setup.auth === undefined) return undefined
  const { home, auth, keySource } = setup
  return { home, auth, ...(keySource === undefined ? {} : { keySource }) }
}

function writeLine(line: string): void {
  // Whoever asked may be gone: everything that matters is in the store.
  process.stdout.on('error', () => undefined)
  process.stdout.write(`${line}\n`)
}

function readOutcome(said: string): RefreshOutcome | undefined {
  const line = readObject(said.trim().split('\n').at(-1) ?? '')
  return typeof line?.['kind'] === 'string' ? (line as unknown as RefreshOutcome) : undefined
}

function isReason(text: string | undefined): text is RefreshReason {
  return text === 'proactive_expiry' || text === 'scheduled' || text === 'unauthorized_recovery' || text === 'forced'
}
