import { createLeases } from '../../cluster/index.js'
import type { Leases } from '../../cluster/index.js'
import { newAccountId, silent } from '../../store/index.js'
import type { AccountRecord, Log, Store } from '../../store/index.js'
import { LoginError, toNewTokens } from '../login/index.js'
import type { AuthSettings, Http, Login } from '../login/index.js'
import { ACTIVE } from '../state.js'
import { createLocalRefresher } from '../tokens/index.js'
import type { Refresher } from '../tokens/index.js'
import { wayIn } from './carried-proxy.js'
import { loginOf, ownerOf } from './identity.js'
import { planImport } from './plan-import.js'
import type { Plan, PlanRoom } from './plan-import.js'
import { redeem } from './redeem.js'
import type { AccountDraft, AccountFileFormat } from './types.js'

/** What an import works with. */
export interface ImportRoom {
  store: Store
  http: Http
  auth: AuthSettings
  /** Default: those of the store. */
  leases?: Leases
  /** Renews what has ended. Default: in this process. */
  refresher?: Refresher
  /** `upstream.allowed_private_hosts`; default none. */
  allowedPrivateHosts?: readonly string[]
  now?: () => number
  log?: Log
}

/** What became of one entry; in a dry run, what would. */
export interface ImportedAccount {
  place: string
  format: AccountFileFormat
  /** `unknown`: in a dry run, what only its refresh token can tell. */
  outcome: 'added' | 'updated' | 'unchanged' | 'failed' | 'unknown'
  /** Ours; absent for what is not here. */
  id?: string
  /** Its label, e-mail address or ChatGPT account, as far as known. Not fit for a terminal as it is. */
  name?: string
  /** Why it failed, or what else is to be known. Holds no secret. */
  message?: string
}

/** One import under way. */
export interface Import {
  /** What plans are made with now. */
  room(): PlanRoom
  /** Does what was planned. */
  take(draft: AccountDraft, plan: Plan): Promise<ImportedAccount>
}

export async function openImport(room: ImportRoom): Promise<Import> {
  const { store, http, auth, allowedPrivateHosts = [], now = Date.now, log = silent } = room
  const leases = room.leases ?? createLeases({ rows: store.leases, now })
  const refresher = room.refresher ?? createLocalRefresher({ store, leases, http, auth, now, log })
  const states = await store.accounts.states()
  const byRefreshToken = new Map<string, AccountRecord>()
  for (const record of await store.accounts.list()) {
    if (record.refreshTokenHash !== undefined) byRefreshToken.set(record.refreshTokenHash, record)
  }

  const planRoom = (): PlanRoom => ({ store, allowedPrivateHosts, now: now(), states, byRefreshToken })

  /** Pins before there is anything to send: not one request may go another way. */
  async function pin(draft: AccountDraft, owner: string): Promise<void> {
    if (draft.proxy === undefined) return
    const way = wayIn(draft.proxy, store.proxies.list(), allowedPrivateHosts)
    if ('make' in way) {
      const [added] = await store.proxies.add([way.make])
      if (added !== undefined) await store.proxies.pin(new Map([[owner, added.record.id]]))
    } else if ('choice' in way) await store.proxies.pin(new Map([[owner, way.choice]]))
  }

  /** Refresh token → login, by the way out that its account will have. */
  async function redeemed(draft: AccountDraft): Promise<ImportedAccount> {
    const { refresh } = draft
    if (refresh === undefined) return told(draft, 'failed', { message: 'it holds no token' })
    const owner = draft.proxy === undefined ? 'login' : newAccountId()
    await pin(draft, owner)
    try {
      return await redeem({ store, http, auth, leases }, refresh, owner, async (login) => {
        const identity = ownerOf(login, draft)
        const known = await store.accounts.find(identity)
        const before = known === undefined ? {} : { known }
        const { lastRefreshAt: _then, ...about } = draft
        const fresh: AccountDraft = { ...about, ...tokensOf(login) }
        // Written before anything else is: the login server gave it once.
        const signedIn = await signIn(fresh, { ...before, identity }, 'always', known?.id ?? owner)
        const plan = await planImport(fresh, planRoom())
        if (plan.kind !== 'take') return told(fresh, 'added', { id: signedIn.id })
        const result = await carryOut(fresh, { ...plan, tokens: 'keep', renew: false }, signedIn.id)
        return { ...result, outcome: signedIn.outcome === 'added' ? 'added' : 'updated' }
      })
    } finally {
      if (owner !== 'login' && (await store.accounts.read(owner)) === undefined) {
        await store.proxies.pin(new Map([[owner, undefined]]))
      }
    }
  }

  async function signIn(
    draft: AccountDraft,
    { identity, known }: Pick<Take, 'identity' | 'known'>,
    replace: 'always' | 'if_newer',
    id: string,
  ): Promise<{ id: string; outcome: 'added' | 'updated' | 'unchanged' }> {
    const login = loginOf(draft)
    if (login === undefined) throw new LoginError('bad_tokens', 'it holds no access token')
    const { refreshToken, ...rest } = toNewTokens(login, now())
    const linked = draft.linkedTo !== undefined
    const done = await store.accounts.signIn({
      identity,
      // The refresh token of a linked file is its owner's to spend.
      tokens: linked || refreshToken === undefined ? rest : { ...rest, refreshToken },
      origin: linked ? 'link' : 'import',
      ...(draft.linkedTo === undefined ? {} : { sourcePath: draft.linkedTo }),
      ...(draft.label === undefined ? {} : { label: draft.label }),
      replace,
      asNew: {
        ...(id.startsWith('acc_') ? { id } : {}),
        ...(draft.createdAt === undefined ? {} : { createdAt: draft.createdAt }),
        ...(draft.enabled === undefined ? {} : { enabled: draft.enabled }),
      },
    })
    // New tokens by a person's doing give it another chance, whatever was believed before.
    const state = known === undefined ? undefined : states.get(known.id)
    if (state !== undefined && known?.enabled === true && done.outcome === 'updated') {
      await store.accounts.saveStates(new Map([[done.id, { ...state, health: JSON.stringify(ACTIVE) }]]))
    }
    return done
  }

  async function carryOut(draft: AccountDraft, plan: Plan, only?: string): Promise<ImportedAccount> {
    if (plan.kind === 'cannot') return told(draft, 'failed', { message: plan.why })
    if (plan.kind === 'redeem') return redeemed(draft)
    const wanted = only ?? plan.known?.id ?? newAccountId()
    const name = nameIn(draft, plan)
    if (plan.known !== undefined && only === undefined && changesNothing(plan)) {
      return told(draft, 'unchanged', { ...name, id: wanted, message: plan.remarks.join('; ') })
    }
    if (plan.way !== undefined) await pin(draft, wanted)
    let id = wanted
    let outcome: 'added' | 'updated' = 'updated'
    let { change } = plan
    if (plan.tokens !== 'keep') {
      const replace = plan.tokens === 'take_older' ? 'always' : 'if_newer'
      const done = await signIn(draft, plan, replace, wanted)
      id = done.id
      if (done.outcome === 'added') {
        outcome = 'added'
        const { label: _label, enabled: _enabled, ...rest } = change
        change = rest
      }
      // Somebody else added it meanwhile: the pin belongs to that one.
      if (id !== wanted && plan.way !== undefined) {
        await pin(draft, id)
        await store.proxies.pin(new Map([[wanted, undefined]]))
      }
    }
    if (plan.usage !== undefined) await store.usage.carry(id, plan.usage)
    if (plan.quota !== undefined) {
      const health = (plan.known === undefined ? undefined : states.get(id)?.health) ?? JSON.stringify(ACTIVE)
      await store.accounts.saveStates(new Map([[id, { health, quota: JSON.stringify(plan.quota) }]]))
    }
    // Last, for a pool that runs reads everything again when an account changed.
    if (Object.keys(change).length > 0 || plan.quota !== undefined) await store.accounts.change(id, change)
    const remarks = [...plan.remarks]
    if (plan.renew) {
      const problem = await renew(id)
      if (problem?.refused === true) {
        const message = `${problem.message}: sign in again`
        if (outcome === 'updated') return told(draft, 'failed', { ...name, id, message })
        // Nothing in it works, and nobody knew it before.
        await store.accounts.remove(id)
        if (plan.way !== undefined) await store.proxies.pin(new Map([[id, undefined]]))
        return told(draft, 'failed', { ...name, message })
      }
      if (problem !== undefined) remarks.push(problem.message)
    }
    return told(draft, outcome, { ...name, id, message: remarks.join('; ') })
  }

  /** @returns what went wrong */
  async function renew(id: string): Promise<{ refused: boolean; message: string } | undefined> {
    const found = await store.accounts.read(id)
    if (found === undefined) return undefined
    const outcome = await refresher.refresh({
      accountId: id,
      generation: found.record.generation,
      reason: 'proactive_expiry',
    })
    switch (outcome.kind) {
      case 'refreshed':
      case 'moved':
      case 'nothing_to_spend':
        return undefined
      case 'refused':
        return {
          refused: true,
          message: `its access token has ended, and its refresh token was refused (${outcome.message})`,
        }
      case 'failed':
        return { refused: false, message: `its access token has ended and is renewed later: ${outcome.message}` }
      default:
        return outcome satisfies never
    }
  }

  return { room: planRoom, take: (draft, plan) => carryOut(draft, plan) }
}

function tokensOf(login: Login): Pick<AccountDraft, 'access' | 'refresh' | 'idToken'> {
  return {
    access: login.accessToken,
    ...(login.refreshToken === undefined ? {} : { refresh: login.refreshToken }),
    ...(login.idToken === undefined ? {} : { idToken: login.idToken }),
  }
}

export function told(
  { place, format, label, email }: AccountDraft,
  outcome: ImportedAccount['outcome'],
  more: { id?: string; name?: string | undefined; message?: string | undefined },
): ImportedAccount {
  const name = more.name ?? label ?? email
  return {
    place,
    format,
    outcome,
    ...(more.id === undefined ? {} : { id: more.id }),
    ...(name === undefined ? {} : { name }),
    ...(more.message === undefined || more.message === '' ? {} : { message: more.message }),
  }
}

type Take = Extract<Plan, { kind: 'take' }>

export function changesNothing({ tokens, change, quota, usage, way }: Take): boolean {
  return (
    tokens === 'keep' &&
    Object.keys(change).length === 0 &&
    quota === undefined &&
    usage === undefined &&
    way === undefined
  )
}

export function nameIn(draft: AccountDraft, { known, identity }: Take): { name: string } {
  return { name: draft.label ?? known?.label ?? identity.email ?? known?.email ?? identity.chatgptAccountId }
}
