import { FailureError } from '@dragoman/protocol'
import type { Failure } from '@dragoman/protocol'
import { afterFailure } from '../../relay/after-failure.js'
import { retryBudget } from '../../relay/retry-budget.js'
import { Secret } from '../../telemetry/index.js'
import { createAccountPool } from '../pool.js'
import type { AccountPoolOptions } from '../pool.js'
import type { Accounts } from '../accounts.js'
import type { AccountLease, AccountWant, Credential } from '../types.js'
import { fakeLoginServer } from './login-server.js'
import { memoryStore } from './memory-store.js'
import { createPoolWorld } from './pool-world.js'
import type { PoolWorld, WorldAccount, WorldReply } from './pool-world.js'
import { seeded } from './seeded.js'
import { simulatedClock } from './simulated-clock.js'
import type { SimulatedClock } from './simulated-clock.js'

/** One request of a client, as the relay would bring it to the pool. */
export interface SimulatedRequest {
  want: Omit<AccountWant, 'tried'>
  tokens: number
  /** How long its answer takes. */
  takesMs: number
  inputItems?: number
}

/** How a request ended. */
export interface Told {
  /** Undefined: it was served. */
  failure?: Failure
  /** The accounts that were asked, in order. */
  asked: readonly string[]
  /** It found no place and nobody was asked. */
  byPool: boolean
}

/** Sees what happens between pool and world, at the moment when it does. */
export interface Onlooker {
  /** A place is wanted; what is returned hears how that ended. */
  wants?(want: AccountWant): { got?(lease: AccountLease): void; refused?(failure: Failure): void } | undefined
  /** The upstream has answered, and the pool has not yet learnt it. */
  asked?(accountId: string, want: AccountWant, reply: WorldReply): void
  /** A credential could not be had. */
  noCredential?(accountId: string): void
  /** The place is about to be given back. */
  released?(accountId: string): void
}

export interface SimulatedPoolOptions {
  seed: number
  startAt: number
  accounts: readonly WorldAccount[]
  settings?: AccountPoolOptions['settings']
  maxAttempts?: number
  /** Life of an access token in seconds. Default ten days. */
  tokenLifeS?: number
  onlooker?: Onlooker
}

/** The real pool over a world, in a time that passes as fast as it can be computed. */
export interface SimulatedPool {
  readonly clock: SimulatedClock
  readonly world: PoolWorld
  /** The one that runs now. */
  readonly pool: Accounts
  readonly ids: readonly string[]
  ask(request: SimulatedRequest): Promise<Told>
  /** Reads an account's usage page, as the gateway does from time to time. */
  readUsage(accountId: string): void
  /** The login of an account ends for good: its refresh token is refused. */
  endLogin(accountId: string): void
  /** Stops the pool and opens another one over the same store. What runs goes on against the new one. */
  restart(): Promise<void>
  /** Gives the timers back to the process. */
  close(): Promise<void>
}

/** A refusal takes so long to come back. */
export const FAILS_AFTER_MS = 200

/** Takes over the process's timers until it is closed. */
export async function simulatePool(options: SimulatedPoolOptions): Promise<SimulatedPool> {
  const { seed, startAt, onlooker = {}, maxAttempts = 3 } = options
  const clock = simulatedClock(startAt)
  const giveBack = takeTimers(clock)
  const random = seeded(seed)
  const store = memoryStore(clock.now)
  const login = fakeLoginServer(clock.now)
  login.settings.lifeS = options.tokenLifeS ?? 864_000
  const ids = options.accounts.map((_, at) => `acc_${String(at + 1).padStart(2, '0')}`)
  const world = createPoolWorld(new Map(options.accounts.map((account, at) => [ids[at] ?? '', account])), random)
  const ended = new Set<string>()
  const budget = retryBudget(clock.now)

  const poolOptions: AccountPoolOptions = {
    store,
    auth: login.auth,
    leases: { acquire: (name) => Promise.resolve({ name, fencing: 1, release: () => Promise.resolve() }) },
    http(request) {
      if (world.offline(clock.now())) {
        return Promise.reject(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }))
      }
      if ([...ended].some((id) => request.body?.includes(`rt_ws-${id}_`))) {
        const body = JSON.stringify({ error: { code: 'refresh_token_invalidated', message: 'signed out' } })
        return Promise.resolve({ status: 401, headers: {}, body })
      }
      return login.http(request)
    },
    now: clock.now,
    random,
    ...(options.settings === undefined ? {} : { settings: options.settings }),
  }
  let pool = await createAccountPool(poolOptions)
  for (const id of ids) {
    const { access, refresh, id: idToken } = login.issue({ account: `ws-${id}`, user: `user-${id}` })
    await pool.signIn({
      accessToken: new Secret(access),
      refreshToken: new Secret(refresh),
      idToken: new Secret(idToken),
    })
  }
  await pool.start()

  async function lease(want: AccountWant, inputItems: number): Promise<AccountLease | Failure> {
    const watching = onlooker.wants?.(want)
    try {
      const got = await pool.lease(want, { inputItems })
      watching?.got?.(got)
      return got
    } catch (error) {
      if (!(error instanceof FailureError)) throw error
      watching?.refused?.(error.failure)
      return error.failure
    }
  }

  /** One attempt with one credential, as a provider makes it. */
  async function attempt(accountId: string, { want, tokens, takesMs }: SimulatedRequest, used: Used) {
    let credential: Credential
    try {
      credential = await pool.credential(accountId)
    } catch (error) {
      if (!(error instanceof FailureError)) throw error
      onlooker.noCredential?.(accountId)
      pool.learn(accountId, { model: want.model, failure: error.failure })
      return error.failure
    }
    const { generation } = credential
    used.generation = generation
    const sentAt = clock.now()
    const reply = world.ask(accountId, { model: want.model, tokens, generation }, sentAt)
    onlooker.asked?.(accountId, want, reply)
    const { failure, headers } = reply
    if (failure !== undefined) await clock.sleep(FAILS_AFTER_MS)
    pool.learn(accountId, {
      model: want.model,
      generation,
      sentAt,
      headers,
      ...(failure === undefined ? {} : { failure }),
    })
    if (failure === undefined) await clock.sleep(takesMs)
    return failure
  }

  async function mend(accountId: string, generation: number): Promise<boolean> {
    try {
      await pool.recover(accountId, generation)
      return true
    } catch (error) {
      if (!(error instanceof FailureError)) throw error
      onlooker.noCredential?.(accountId)
      return false
    }
  }

  return {
    clock,
    world,
    get pool() {
      return pool
    },
    ids,

    async ask(request) {
      const tried = new Set<string>()
      const asked: string[] = []
      let failure: Failure | undefined
      budget.request()
      for (;;) {
        const got = await lease({ ...request.want, tried }, request.inputItems ?? 1)
        if ('kind' in got) {
          const last = failure === undefined ? got : lastWord(failure, () => pool.whyNobody(request.want))
          return { failure: last, asked, byPool: failure === undefined }
        }
        const { id } = got.account
        const used: Used = { generation: got.account.generation }
        let askedAgain = false
        let mended = false
        let decision: ReturnType<typeof afterFailure>
        do {
          asked.push(id)
          failure = await attempt(id, request, used)
          decision =
            failure === undefined
              ? 'stop'
              : afterFailure({
                  failure,
                  committed: false,
                  attempts: asked.length,
                  maxAttempts,
                  askedAgain,
                  mended,
                  withoutReasoning: true,
                  effortStands: false,
                  budget: budget.left,
                })
          if (decision === 'again' || decision === 'next') budget.retry()
          askedAgain = true
          if (decision === 'mend') {
            mended = true
            if (!(await mend(id, used.generation))) decision = 'next'
          }
        } while (decision === 'again' || decision === 'mend')
        onlooker.released?.(id)
        got.release(failure === undefined)
        if (failure === undefined) return { asked, byPool: false }
        if (decision !== 'next') return { failure, asked, byPool: false }
        tried.add(id)
      }
    },

    readUsage(accountId) {
      const body = world.usage(accountId, clock.now())
      if (body !== undefined) pool.learnUsage(accountId, body)
    },

    endLogin: (accountId) => void ended.add(accountId),

    async restart() {
      await pool.close()
      pool = await createAccountPool(poolOptions)
      await pool.start()
    },

    async close() {
      await pool.close()
      giveBack()
    },
  }
}

interface Used {
  generation: number
}

/** As the relay: the pool's own words about time if a limit was the reason, else what the last one said. */
function lastWord(failure: Failure, whyNobody: () => Failure): Failure {
  return failure.kind === 'quota_exhausted' || failure.kind === 'rate_limited' ? whyNobody() : failure
}

function takeTimers(clock: SimulatedClock): () => void {
  const { setTimeout, clearTimeout } = globalThis
  Object.assign(globalThis, { setTimeout: clock.setTimeout, clearTimeout: clock.clearTimeout })
  return () => Object.assign(globalThis, { setTimeout, clearTimeout })
}
