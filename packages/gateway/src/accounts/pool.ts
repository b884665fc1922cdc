import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Failure } from '@dragoman/protocol'
import { createLeases } from '../cluster/index.js'
import type { Leases } from '../cluster/index.js'
import { silent } from '../store/index.js'
import type { Log, Store } from '../store/index.js'
import type { Secret } from '../telemetry/index.js'
import { createHomes } from './affinity/homes.js'
import { createSettling } from './affinity/settling.js'
import { createCacheBook } from './affinity/cache-book.js'
import type { Accounts, SignInOptions } from './accounts.js'
import { choose } from './choose.js'
import type { ChoiceRules } from './choose.js'
import { createCredentials } from './credentials.js'
import { importAuthJson } from './import-auth-json.js'
import { watchFiles } from './linked-file.js'
import { LoginError, asOwner, identify, toNewTokens } from './login/index.js'
import type { AuthSettings, Http, Login } from './login/index.js'
import { readQuotaHeaders, readUsage } from './quota/index.js'
import { createRefreshSchedule } from './refresh-schedule.js'
import type { RefreshSchedule } from './refresh-schedule.js'
import { loadRoster, reasonOf } from './roster.js'
import type { Entry } from './roster.js'
import { inOrder, STRATEGIES } from './selection/strategies.js'
import { DEFAULT_SETTINGS } from './pool-settings.js'
import type { PoolSettings } from './pool-settings.js'
import { createPlaces } from './places.js'
import { createHelperRefresher, createLocalRefresher, revokeToken } from './tokens/index.js'
import type { HelperOptions, Refresher, RefusalCause } from './tokens/index.js'
import type { AccountWant, AttemptOutcome } from './types.js'
import { whyNobody } from './why-nobody.js'
import type { Refusal } from './why-nobody.js'

export interface AccountPoolOptions {
  store: Store
  auth: AuthSettings
  http: Http
  /** Refresh in a process of its own. Without it, in this one: for tests and short commands. */
  helper?: Pick<HelperOptions, 'command' | 'execPath' | 'env' | 'secretKey' | 'keySource' | 'egress'>
  leases?: Leases
  /** Read at every choice, so that a changed configuration holds at once. Default: {@link DEFAULT_SETTINGS}. */
  settings?: () => PoolSettings
  /** May an account on this plan be asked for the model? Default: any may. */
  openTo?: (model: string, plan: string | undefined) => boolean
  now?: () => number
  random?: () => number
  log?: Log
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
  const settings = options.settings ?? (() => DEFAULT_SETTINGS)
  const roster = await loadRoster({
    store,
    now,
    random,
    log,
    skipExhausted: () => settings().skipExhausted,
  })
  const refresher = createRefresher(options, leases, now, log)
  const credentials = createCredentials({
    store,
    roster,
    refresher,
    now,
    random,
    log,
    settings: () => settings().refresh,
  })
  const homes = createHomes({ rows: store.homes, now, log })
  const settling = createSettling(homes, now)
  const cache = createCacheBook(now)
  let turn = 0
  const places = createPlaces({
    roster,
    settling,
    settings() {
      const { maxConcurrent, requestIntervalMs: intervalMs, patienceMs, queueMs, queueLength } = settings()
      return { maxConcurrent, intervalMs, patienceMs, queueMs, queueLength }
    },
    rules: fitnessRules,
    choose: (want, home) => chooseFor(want, home),
    whyNobody: whyNobodyFor,
    now,
    random,
    log,
  })
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
    places.changed()
    if (started) files.set(linkedPaths())
  })

  function linkedPaths(): string[] {
    return roster
      .all()
      .flatMap(({ record }) => (record.linked && record.sourcePath !== undefined ? [record.sourcePath] : []))
  }

  function fitnessRules() {
    const { skipExhausted, probeMs } = settings()
    return { openTo: options.openTo, skipExhausted, probeMs }
  }

  function chooseFor(want: AccountWant, home: string | undefined): ReturnType<typeof choose> {
    const { strategy, tierPriority } = settings()
    const rules: ChoiceRules = {
      ...fitnessRules(),
      strategy: inOrder(STRATEGIES[strategy], tierPriority),
      byDraw: inOrder(STRATEGIES.weighted, tierPriority),
      view: (entry) => roster.view(entry),
    }
    const wish = {
      model: want.model,
      chain: want.chain ?? want.conversation ?? String(turn),
      turn,
      now: now(),
      home,
      byDrawAlone: home === undefined && want.goesOn === true,
    }
    return choose(roster.all(), want, wish, rules)
  }

  function refusals(refused: ReturnType<typeof choose>['refused']): Refusal[] {
    return refused.map(({ entry, ...rest }) => ({ account: roster.view(entry), ...rest }))
  }

  /** Those that were tried count, too: what they said is why. */
  function whyNobodyFor(want: AccountWant): Failure {
    const { refused, ready } = chooseFor({ ...want, tried: new Set() }, undefined)
    return whyNobody({
      model: want.model,
      known: roster.all().length,
      refusals: refusals(refused),
      ready: ready.length,
    })
  }

  function learn(id: string, outcome: AttemptOutcome): void {
    const entry = roster.get(id)
    if (entry === undefined) return
    const { failure, headers, model, sentAt = now() } = outcome
    const isOld = outcome.generation !== undefined && outcome.generation !== entry.record.generation
    const reading = headers === undefined ? undefined : readQuotaHeaders(headers, now())
    const about = { model, sentAt, ...(reading === undefined ? {} : { reading }) }
    if (failure === undefined) {
      entry.lastUsedAt = now()
      if (isOld) {
        if (reading !== undefined) roster.apply(entry, { type: 'quota_told', reading })
        return
      }
      roster.apply(entry, { type: 'answered', ...about })
      forgetPrevious(entry)
    } else if (!(isOld && failure.kind === 'credential_revoked')) {
      const { kind, scope, retryAt } = failure
      roster.apply(entry, {
        type: 'failed',
        failure: { kind, scope, ...(retryAt === undefined ? {} : { retryAt }) },
        ...about,
      })
    }
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

    candidates(want) {
      const { ready, refused } = chooseFor(want, settling.homeOf(want)?.accountId)
      const free = ready.filter((entry) => places.busy(entry) === undefined)
      const busy = ready.flatMap((entry) => {
        const reason = places.busy(entry)
        return reason === undefined ? [] : [{ account: roster.view(entry), reason }]
      })
      return {
        ready: free.map((entry) => roster.view(entry)),
        skipped: [...busy, ...refused.map(({ entry, reason }) => ({ account: roster.view(entry), reason }))],
      }
    },

    lease(want, how) {
      const isNew = settling.homeOf(want) === undefined
      if (isNew) turn += 1
      if (!isNew || want.goesOn !== true) return places.lease(want, how)
      // Another instance on this store may know where it is.
      return homes.find([want.chain, want.conversation]).then(() => places.lease(want, how))
    },

    whyNobody: whyNobodyFor,

    credential: (id) => credentials.credential(id),
    recover: (id, generation) => credentials.recover(id, generation),
    learn,

    learnUsage(id, body) {
      const entry = roster.get(id)
      const reading = readUsage(body, now())
      if (entry !== undefined && reading !== undefined) roster.apply(entry, { type: 'quota_told', reading })
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

    async change(id, to) {
      const done = await store.accounts.change(id, to)
      await roster.reload()
      const entry = roster.get(id)
      if (entry !== undefined && to.enabled === true) roster.apply(entry, { type: 'switched_on' })
      return done
    },

    quotaIsBack(id, limit) {
      const entry = roster.get(id)
      if (entry === undefined) return false
      roster.apply(entry, { type: 'quota_is_back', ...(limit === undefined ? {} : { limit }) })
      return true
    },

    restoreQuota(id, quota) {
      const entry = roster.get(id)
      if (entry === undefined || (entry.quota?.at ?? 0) >= quota.at) return false
      roster.apply(entry, { type: 'quota_told', reading: { ...quota, source: 'usage' } })
      return true
    },

    cache,
    get waiting() {
      return places.waiting
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
    onState: (listener) => roster.onState(listener),
    onRefreshFailed: (listener) => credentials.onRefreshFailed(listener),

    async start() {
      started = true
      await homes.load()
      files.set(linkedPaths())
      await Promise.all(roster.all().map((entry) => credentials.follow(entry)))
      await clearUp()
      schedule = createRefreshSchedule({
        entries: () => roster.all(),
        refresh: credentials.refresh,
        random,
        now,
        settings: () => settings().refresh,
      })
    },

    async close() {
      schedule?.close()
      files.close()
      places.close()
      await homes.close()
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
