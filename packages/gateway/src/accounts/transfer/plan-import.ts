import { hashToken } from '../../store/index.js'
import type { AccountChange, AccountRecord, Identity, Store, UsageTotals } from '../../store/index.js'
import { readClaims } from '../jwt.js'
import { LoginError } from '../login/index.js'
import type { Quota } from '../quota/index.js'
import { loginOf, ownerOf } from './identity.js'
import { wayIn } from './carried-proxy.js'
import type { WayIn } from './carried-proxy.js'
import type { AccountDraft } from './types.js'

/** What is to be done with one draft. */
export type Plan =
  | { kind: 'cannot'; why: string }
  /** Whose it is only its refresh token tells, and that can be used once. */
  | { kind: 'redeem' }
  | {
      kind: 'take'
      /** Undefined: it is new. */
      known?: AccountRecord
      identity: Identity
      /** `take`: the file's. `take_older`: the file's, whatever is newer, for what is stored no longer works. */
      tokens: 'take' | 'take_older' | 'keep'
      /** Its access token has ended: after it is taken, its login is renewed. */
      renew: boolean
      change: AccountChange
      quota?: Quota
      usage?: UsageTotals
      way?: WayIn
      remarks: readonly string[]
    }

export interface PlanRoom {
  store: Store
  /** `upstream.allowed_private_hosts` */
  allowedPrivateHosts: readonly string[]
  now: number
  /** Of the accounts that are known: what is stored of their state. */
  states: ReadonlyMap<string, { health: string; quota?: string }>
  /** Hash of a refresh token → who has it. */
  byRefreshToken: ReadonlyMap<string, AccountRecord>
}

/** An access token that ends on the way is of no use. */
const SKEW_MS = 5_000

/** Looks at what is stored, and changes nothing. */
export async function planImport(draft: AccountDraft, room: PlanRoom): Promise<Plan> {
  const { store, now } = room
  const owner = ownerIn(draft, room)
  if (owner === undefined) return { kind: 'redeem' }
  if (typeof owner === 'string') return { kind: 'cannot', why: owner }
  const { identity } = owner
  const known = owner.known ?? (await store.accounts.find(identity))
  const ends = draft.access === undefined ? undefined : readClaims(draft.access.reveal())?.expiresAt
  const hasEnded = ends !== undefined && ends <= now + SKEW_MS
  const linked = draft.linkedTo !== undefined
  if (known === undefined && hasEnded && draft.refresh === undefined && !linked) {
    const why = `its access token ended on ${new Date(ends).toISOString().slice(0, 10)}, and it has no refresh token: sign in with this account (dragoman login)`
    return { kind: 'cannot', why }
  }
  const remarks: string[] = []
  const tokens = known === undefined ? 'take' : await tokensFor(draft, known, { room, hasEnded, linked, remarks })
  const proxies = store.proxies.list()
  const way = draft.proxy === undefined ? undefined : wayIn(draft.proxy, proxies, room.allowedPrivateHosts)
  if (way?.remark !== undefined) remarks.push(way.remark)
  const pinned = known === undefined ? undefined : store.proxies.pins().get(known.id)
  const hasNewWay = way !== undefined && ('make' in way || ('choice' in way && way.choice !== pinned))
  const quota = quotaFor(draft, known, room)
  const usage = await usageFor(draft, known, store)
  return {
    kind: 'take',
    ...(known === undefined ? {} : { known }),
    identity,
    tokens,
    renew: tokens !== 'keep' && hasEnded && draft.refresh !== undefined && !linked,
    change: await changeFor(draft, known, store),
    ...(quota === undefined ? {} : { quota }),
    ...(usage === undefined ? {} : { usage }),
    ...(hasNewWay ? { way } : {}),
    remarks,
  }
}

/** @returns a text: why nobody can be told; undefined when the login server could tell */
function ownerIn(
  draft: AccountDraft,
  { byRefreshToken }: PlanRoom,
): { identity: Identity; known?: AccountRecord } | string | undefined {
  const login = loginOf(draft)
  let why: string | undefined
  try {
    if (login !== undefined) return { identity: ownerOf(login, draft) }
  } catch (error) {
    if (!(error instanceof LoginError)) throw error
    why = error.message
  }
  if (draft.refresh === undefined) return why ?? 'it holds no token'
  const known = byRefreshToken.get(hashToken(draft.refresh))
  return known === undefined ? undefined : { identity: known, known }
}

async function tokensFor(
  draft: AccountDraft,
  known: AccountRecord,
  about: { room: PlanRoom; hasEnded: boolean; linked: boolean; remarks: string[] },
): Promise<'take' | 'take_older' | 'keep'> {
  const { room, hasEnded, linked, remarks } = about
  const { access, refresh } = draft
  if (access === undefined) return 'keep'
  if (known.linked && !linked) {
    remarks.push(`it follows ${known.sourcePath ?? 'the login of another program'}: its tokens stay those of that file`)
    return 'keep'
  }
  const stored = await room.store.accounts.read(known.id)
  const sameRefresh = (refresh === undefined ? undefined : hashToken(refresh)) === known.refreshTokenHash
  const sameAccess = stored?.tokens.accessToken.reveal() === access.reveal()
  if (sameAccess && (sameRefresh || linked) && known.linked === linked) {
    return 'keep'
  }
  if (hasEnded && refresh === undefined && !linked) return 'keep'
  // Its own login here is worth more than one that somebody else renews.
  if (linked && known.refreshTokenHash !== undefined) return 'keep'
  if (isDead(room.states.get(known.id)?.health)) return 'take_older'
  // What can be renewed is worth more than what cannot.
  if (refresh === undefined && known.refreshTokenHash !== undefined && !linked) return 'keep'
  if (hasEnded && (known.expiresAt ?? Infinity) > room.now) return 'keep'
  return isOlder(draft, known, sameAccess) ? 'keep' : 'take'
}

/** Only a new login heals it. */
function isDead(health: string | undefined): boolean {
  if (health === undefined) return false
  const { status } = JSON.parse(health) as { status: string }
  return status === 'expired'
}

/** Two tokens of one second are a token and what it was renewed to: what is here is the later one. */
function isOlder({ access, lastRefreshAt }: AccountDraft, known: AccountRecord, sameAccess: boolean): boolean {
  const issuedAt = access === undefined ? undefined : readClaims(access.reveal())?.issuedAt
  if (issuedAt !== undefined && known.issuedAt !== undefined) {
    return issuedAt < known.issuedAt || (issuedAt === known.issuedAt && !sameAccess)
  }
  return lastRefreshAt !== undefined && lastRefreshAt < known.lastRefreshAt
}

/** What the file says of it otherwise than it is. Cookies and names that are the same are none. */
async function changeFor(draft: AccountDraft, known: AccountRecord | undefined, store: Store): Promise<AccountChange> {
  const change: AccountChange = {}
  const { label, note, groups, weight, maxConcurrent, converge, enabled, cookies } = draft
  if (label !== undefined && label !== known?.label) change.label = label
  if (note !== undefined && note !== known?.note) change.note = note
  if (groups !== undefined && !isSame(groups, known?.groups ?? [])) change.groups = groups
  if (weight !== undefined && weight !== (known?.weight ?? 1)) change.weight = weight
  if (maxConcurrent !== undefined && maxConcurrent !== (known?.maxConcurrent ?? null)) {
    change.maxConcurrent = maxConcurrent
  }
  if (converge !== undefined && converge !== (known?.converge ?? false)) change.converge = converge
  if (enabled !== undefined && enabled !== (known?.enabled ?? true)) change.enabled = enabled
  if (cookies !== undefined) {
    const before = known === undefined ? {} : await store.accounts.cookies(known.id)
    if (!isSame(sorted(cookies), sorted(before))) change.cookies = cookies
  }
  return change
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

function sorted(cookies: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(cookies).sort(([a], [b]) => (a < b ? -1 : 1))
}

/** What is known here and newer stays. */
function quotaFor({ quota }: AccountDraft, known: AccountRecord | undefined, { states }: PlanRoom): Quota | undefined {
  if (quota === undefined || known === undefined) return quota
  const stored = states.get(known.id)?.quota
  const at = stored === undefined ? -1 : (JSON.parse(stored) as Quota).at
  return quota.at > at ? quota : undefined
}

async function usageFor(
  { usage }: AccountDraft,
  known: AccountRecord | undefined,
  store: Store,
): Promise<UsageTotals | undefined> {
  if (usage === undefined || known === undefined) return usage
  const here = await store.usage.totals({ accountId: known.id })
  const names = Object.keys(usage) as (keyof UsageTotals)[]
  return names.some((name) => usage[name] > here[name]) ? usage : undefined
}
