import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { createLeases } from '../cluster/index.js'
import type { Leases } from '../cluster/index.js'
import { silent } from '../store/index.js'
import type { AccountOrigin, Log, Store } from '../store/index.js'
import type { Secret } from '../telemetry/index.js'
import { createCredentials } from './credentials.js'
import { importAuthJson } from './import-auth-json.js'
import { watchFiles } from './linked-file.js'
import { LoginError, asOwner, identify, toNewTokens } from './login/index.js'
import type { AuthSettings, Http, Login } from './login/index.js'
import { mergeQuota, namesOwnLimit, readQuotaHeaders, readUsage, usedUpUntil } from './quota/index.js'
import type { Quota } from './quota/index.js'
import { createRefreshSchedule } from './refresh-schedule.js'
import type { RefreshSchedule } from './refresh-schedule.js'
import { endsAt, loadRoster, reasonOf } from './roster.js'
import type { Entry } from './roster.js'
import { roundRobin } from './selection/round-robin.js'
import type { Contender, Strategy } from './selection/strategy.js'
import { createHelperRefresher, createLocalRefresher, revokeToken } from './tokens/index.js'
import type { HelperOptions, Refresher, RefusalCause } from './tokens/index.js'
import type { Account, AccountPool, AttemptOutcome, Skipped } from './types.js'
import { whyNobody } from './why-nobody.js'

export interface AccountPoolOptions {
  store: Store
  auth: AuthSettings
  http: Http
  /** Refresh in a process of its own. Without it, in this one: for tests and short commands. */
  helper?: Pick<HelperOptions, 'command' | 'execPath' | 'env' | 'secretKey' | 'keySource' | 'egress'>
  leases?: Leases
  /** Asked at every choice, so that a changed configuration holds at once. Default: round robin. */
  strategy?: () => Strategy
  /** May an account on this plan be asked for the model? Default: any may. */
  openTo?: (model: string, plan: string | undefined) => boolean
  now?: () => number
  random?: () => number
  log?: Log
}

export interface SignInOptions {
  label?: string
  origin?: AccountOrigin
  /** The file that it came from. */
  sourcePath?: string
  /** Default `always` for a login, `if_newer` for an import. */
  replace?: 'always' | 'if_newer'
}

export interface ImportOptions {
  label?: string
  /** Follow the file instead of copying it: its owner refreshes, we only read. */
  link?: boolean
}

/** The pool, and what its owner may do with it. */
export interface Accounts extends AccountPool {
  get(id: string): Account | undefined
  quota(id: string): Quota | undefined
  /** Adds an account or, for one that is known, takes the new tokens over. Works without network. */
  signIn(
    login: Login,
    options?: SignInOptions,
  ): Promise<{ account: Account; outcome: 'added' | 'updated' | 'unchanged' }>
  /**
   * Takes the login of a Codex CLI over, or links to it.
   * @throws LoginError
   */
  importFile(path: string, options?: ImportOptions): ReturnType<Accounts['signIn']>
  /** The body of a usage read. */
  learnUsage(id: string, body: unknown): void
  setEnabled(id: string, enabled: boolean): Promise<boolean>
  rename(id: string, label: string | undefined): Promise<boolean>
  /**
   * Deletes the account. A login made here is revoked too, as far as the network allows; a copy belongs to its source as well
   * and stays valid.
   */
  remove(id: string, options?: { revoke?: boolean }): Promise<boolean>
  /** By hand: renews the tokens now and says what came of it, in words. */
  refresh(id: string): Promise<{ ok: boolean; message: string }>
  onChange(listener: () => void): () => void
  /** Begins to refresh ahead, to follow linked files and to clear up what a crash left. For the server, not for commands. */
  start(): Promise<void>
  close(): Promise<void>
}

/**
 * Opens the pool over a store.
 * @example
 * const accounts = await createAccountPool({ store, auth: config.auth, http: transport.request, log })
 * await accounts.start()
 */
export async function createAccountPool(options: AccountPoolOptions): Promise<Accounts> {
  const { store, auth, http, now = Date.now, random = Math.random, log = silent } = options
  const leases = options.leases ?? createLeases({ rows: store.leases, now })
  const roster = await loadRoster({ store, now, random, log })
  const refresher = createRefresher(options, leases, now, log)
  const credentials = createCredentials({ store, roster, refresher, now, random, log })
  const strategy = options.strategy ?? (() => roundRobin)
  let turn = 0
  let schedule: RefreshSchedule | undefined
  const files = watchFiles((path) => {
    for (const entry of roster.all()) {
      if (entry.record.linked && entry.record.sourcePath === path) followInBackground(entry)
    }
  })
  let started = false
  const revoking = new Set<Promise<unknown>>()

  function revokeInBackground(id: string, token: Secret): void {
    const one = revokeToken(asOwner(http, id), auth, token).finally(() => revoking.delete(one))
    revoking.add(one)
  }

  function followInBackground(entry: Entry): void {
    credentials.follow(entry).catch((error: unknown) => {
      log.warn({ err: error, accountId: entry.record.id }, 'could not read a linked file')
    })
  }

  roster.onChange(() => {
    schedule?.rearm()
    if (started) files.set(linkedPaths())
  })

  function linkedPaths(): string[] {
    return roster
      .all()
      .flatMap(({ record }) => (record.linked && record.sourcePath !== undefined ? [record.sourcePath] : []))
  }

  /** Why an account may not serve now, or undefined when it may. */
  function obstacle(entry: Entry, account: Account, model: string): string | undefined {
    if (account.status !== 'active') return account.reason ?? account.status
    const benchedUntil = entry.benched.get(model) ?? 0
    if (benchedUntil > now()) return `Its limit for ${model} is reached until ${new Date(benchedUntil).toISOString()}.`
    const { linked, refreshTokenHash, generation, plan } = entry.record
    if (options.openTo?.(model, plan) === false) return `The backend lists no ${model} for its plan ${plan ?? ''}.`
    const ends = endsAt(entry.record)
    // A linked file may bring new tokens at any time: asking it is cheap.
    if (ends === undefined || ends > now() || linked) return undefined
    if (entry.refusal?.generation === generation) return reasonOf(entry.refusal.refusal)
    if (refreshTokenHash === undefined) return 'Sign in again: its login has ended and cannot be renewed.'
    return entry.retry.notBefore > now()
      ? `Its login cannot be renewed at the moment: ${entry.retry.message}.`
      : undefined
  }

  function learnQuota(entry: Entry, fresh: Quota, heal: boolean): void {
    const quota = mergeQuota(entry.quota, fresh)
    roster.learnQuota(entry, quota)
    const until = usedUpUntil(quota, now())
    if (until !== undefined) roster.apply(entry, { type: 'quota_reached', until })
    else if (heal && namesOwnLimit(fresh)) roster.apply(entry, { type: 'quota_free' })
  }

  function learn(id: string, outcome: AttemptOutcome): void {
    const entry = roster.get(id)
    if (entry === undefined) return
    const { failure, headers, model } = outcome
    const isOld = outcome.generation !== undefined && outcome.generation !== entry.record.generation
    if (failure === undefined) {
      entry.lastUsedAt = now()
      entry.benched.delete(model)
      if (!isOld) roster.apply(entry, { type: 'succeeded' })
      if (!isOld) forgetPrevious(entry)
    } else if (failure.scope === 'model' && isLimit(failure.kind)) {
      if (failure.retryAt !== undefined) entry.benched.set(model, failure.retryAt)
    } else if (!(isOld && failure.kind === 'credential_revoked')) {
      const knownReset = entry.quota === undefined ? undefined : usedUpUntil(entry.quota, now())
      const retryAt = failure.retryAt ?? (failure.kind === 'quota_exhausted' ? knownReset : undefined)
      const { kind, scope } = failure
      roster.apply(entry, { type: 'failed', failure: { kind, scope, ...(retryAt === undefined ? {} : { retryAt }) } })
    }
    const quota = headers === undefined ? undefined : readQuotaHeaders(headers, now())
    if (quota !== undefined) learnQuota(entry, quota, failure === undefined || !isLimit(failure.kind))
  }

  function forgetPrevious(entry: Entry): void {
    const { id, generation } = entry.record
    if (entry.verified === generation) return
    entry.verified = generation
    store.accounts.forgetPrevious(id, generation).catch((error: unknown) => {
      log.warn({ err: error, accountId: id }, 'could not forget a refresh token that was replaced')
    })
  }

  async function signIn(login: Login, how: SignInOptions = {}): ReturnType<Accounts['signIn']> {
    const origin = how.origin ?? 'login'
    const identity = identify(login)
    const { refreshToken, ...rest } = toNewTokens(login, now())
    const done = await store.accounts.signIn({
      identity,
      // The refresh token of a linked file is its owner's to spend.
      tokens: origin === 'link' || refreshToken === undefined ? rest : { ...rest, refreshToken },
      origin,
      replace: how.replace ?? (origin === 'import' ? 'if_newer' : 'always'),
      ...(how.sourcePath === undefined ? {} : { sourcePath: how.sourcePath }),
      ...(how.label === undefined ? {} : { label: how.label }),
    })
    await roster.reload()
    const entry = roster.get(done.id)
    if (entry === undefined) throw new LoginError('bad_tokens', 'the account was removed while it was added')
    if (done.outcome !== 'unchanged') roster.apply(entry, { type: 'signed_in' })
    if (done.replaced?.origin === 'login') revokeInBackground(done.id, done.replaced.refreshToken)
    return { account: roster.view(entry), outcome: done.outcome }
  }

  /** What a crash left in the journal: tokens whose refresh was begun and never heard of again. */
  async function clearUp(): Promise<void> {
    for (const intent of await store.refreshJournal.list()) {
      const entry = roster.get(intent.accountId)
      if (entry === undefined || entry.record.generation !== intent.generation) continue
      const refused =
        intent.outcome?.startsWith('refused_') === true ? intent.outcome.slice('refused_'.length) : undefined
      if (refused !== undefined) {
        const cause = refused as RefusalCause | 'crashed' | 'lost'
        credentials.noteRefusal(entry, { kind: 'refused', cause, message: 'as it said before' })
      } else if (intent.outcome === undefined) {
        log.warn({ accountId: intent.accountId }, 'a refresh was cut off by a crash: trying its token once')
        void credentials.refresh(entry, 'proactive_expiry')
      }
    }
  }

  return {
    list: () => roster.all().map((entry) => roster.view(entry)),

    get(id) {
      const entry = roster.get(id)
      return entry === undefined ? undefined : roster.view(entry)
    },

    quota: (id) => roster.get(id)?.quota,

    candidates({ model, conversation, tried }) {
      const contenders: Contender[] = []
      const skipped: Skipped[] = []
      for (const entry of roster.all()) {
        const account = roster.view(entry)
        if (tried?.has(account.id) === true) continue
        const reason = obstacle(entry, account, model)
        if (reason !== undefined) skipped.push({ account, reason })
        else contenders.push(contenderOf(entry, account))
      }
      const wish = { model, turn, ...(conversation === undefined ? {} : { conversation }) }
      const ready = strategy()(contenders, wish).map((contender) => contender.account)
      if (tried === undefined || tried.size === 0) turn += 1
      return { ready, skipped }
    },

    whyNobody(model) {
      return whyNobody(
        roster.all().map((entry) => roster.view(entry)),
        model,
      )
    },

    credential: (id) => credentials.credential(id),
    recover: (id, generation) => credentials.recover(id, generation),
    learn,

    learnUsage(id, body) {
      const entry = roster.get(id)
      const quota = readUsage(body, now())
      if (entry !== undefined && quota !== undefined) learnQuota(entry, quota, true)
    },

    signIn,

    async importFile(path, { label, link } = {}) {
      const sourcePath = resolve(path)
      const content = await readFile(sourcePath, 'utf8').catch((error: unknown) => {
        throw new LoginError('bad_file', `${sourcePath} cannot be read`, { cause: error })
      })
      return signIn(importAuthJson(content), {
        origin: link === true ? 'link' : 'import',
        sourcePath,
        ...(label === undefined ? {} : { label }),
      })
    },

    async setEnabled(id, enabled) {
      const done = await store.accounts.change(id, { enabled })
      await roster.reload()
      const entry = roster.get(id)
      // Enabling is also how a suspended account gets another chance.
      if (entry !== undefined && enabled) roster.apply(entry, { type: 'switched_on' })
      return done
    },

    async rename(id, label) {
      const done = await store.accounts.change(id, { label: label ?? null })
      await roster.reload()
      return done
    },

    async remove(id, { revoke } = {}) {
      const found = await store.accounts.read(id)
      const done = await store.accounts.remove(id)
      await roster.reload()
      if (done && found?.tokens.refreshToken !== undefined && (revoke ?? found.record.origin === 'login')) {
        await revokeToken(asOwner(http, id), auth, found.tokens.refreshToken)
      }
      return done
    },

    async refresh(id) {
      const entry = roster.get(id)
      if (entry === undefined) return { ok: false, message: 'there is no such account' }
      if (entry.record.linked) {
        await credentials.follow(entry)
        return { ok: entry.fileProblem === undefined, message: entry.fileProblem ?? 'read the linked file again' }
      }
      const outcome = await credentials.refresh(entry, 'forced')
      switch (outcome.kind) {
        case 'refreshed':
        case 'moved':
          return { ok: true, message: 'its tokens are new' }
        case 'refused':
          return { ok: false, message: reasonOf(outcome) }
        case 'failed':
          return { ok: false, message: outcome.message }
        case 'nothing_to_spend':
          return { ok: false, message: 'it has no refresh token: sign in again' }
        default:
          return outcome satisfies never
      }
    },

    onChange: (listener) => roster.onChange(listener),

    async start() {
      started = true
      files.set(linkedPaths())
      await Promise.all(roster.all().map((entry) => credentials.follow(entry)))
      await clearUp()
      schedule = createRefreshSchedule({ entries: () => roster.all(), refresh: credentials.refresh, now })
    },

    async close() {
      schedule?.close()
      files.close()
      await Promise.allSettled([refresher.close(), ...revoking])
      await roster.close()
    },
  }
}

function createRefresher(options: AccountPoolOptions, leases: Leases, now: () => number, log: Log): Refresher {
  const { store, auth, http, helper } = options
  const here = createLocalRefresher({ store, leases, http, auth, now, log })
  return helper === undefined
    ? here
    : createHelperRefresher({ ...helper, home: store.home, auth, otherwise: here, log })
}

function contenderOf(entry: Entry, account: Account): Contender {
  return {
    account,
    ...(entry.quota === undefined ? {} : { quota: entry.quota }),
    ...(entry.lastUsedAt === undefined ? {} : { lastUsedAt: entry.lastUsedAt }),
  }
}

function isLimit(kind: string): boolean {
  return kind === 'quota_exhausted' || kind === 'rate_limited' || kind === 'payment_required'
}
