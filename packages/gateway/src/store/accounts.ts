import { createHash, randomBytes } from 'node:crypto'
import type { Selectable, Transaction } from 'kysely'
import { Secret } from '../telemetry/index.js'
import type { Changes } from './changes.js'
import type { Db, Tables } from './schema.js'
import type { Sealer } from './seal.js'

/** `login`: signed in here. `import`: copied from a file. `link`: read from a file that another program owns. */
export type AccountOrigin = 'login' | 'import' | 'link'

/** An account without its tokens. */
export interface AccountRecord {
  id: string
  chatgptAccountId: string
  userId?: string
  email?: string
  label?: string
  plan?: string
  fedramp: boolean
  enabled: boolean
  origin: AccountOrigin
  /** The auth.json that it came from. */
  sourcePath?: string
  linked: boolean
  generation: number
  /** SHA-256 of the refresh token, hex; undefined when there is none. */
  refreshTokenHash?: string
  expiresAt?: number
  issuedAt?: number
  lastRefreshAt: number
  createdAt: number
  note?: string
  groups: readonly string[]
  /** Its share of the work; 1 when nobody said otherwise, 0 for only when no other can. */
  weight: number
  /** Requests that it may have open; 0 for any number. Undefined: as the configuration says. */
  maxConcurrent?: number
  /** All clients appear upstream as one session. */
  converge: boolean
  /** Cookies were set by hand. */
  hasCookies: boolean
}

/** What its owner may change. Null takes away, undefined leaves. */
export interface AccountChange {
  label?: string | null
  enabled?: boolean
  linkedTo?: string | null
  note?: string | null
  groups?: readonly string[]
  weight?: number
  maxConcurrent?: number | null
  converge?: boolean
  /** Set by hand, name to value. */
  cookies?: Readonly<Record<string, string>> | null
}

export interface StoredTokens {
  accessToken: Secret
  refreshToken?: Secret
  idToken?: Secret
  /** The one before, until its successor has been seen to work. */
  previousRefreshToken?: Secret
}

/** What the tokens say about their owner. */
export interface Identity {
  chatgptAccountId: string
  userId?: string
  email?: string
  plan?: string
  fedramp: boolean
}

/** A whole set of tokens: what is absent is not kept from before. */
export interface NewTokens {
  accessToken: Secret
  refreshToken?: Secret
  idToken?: Secret
  expiresAt?: number
  issuedAt?: number
  lastRefreshAt: number
}

export interface SignIn {
  identity: Identity
  tokens: NewTokens
  origin: AccountOrigin
  sourcePath?: string
  label?: string
  /** `if_newer` leaves stored tokens that were issued later alone: an old file must not replace living tokens. */
  replace: 'always' | 'if_newer'
  /** For an account that is not known yet, where it is to be as it was elsewhere. */
  asNew?: { id?: string; createdAt?: number; enabled?: boolean }
}

export interface SignedIn {
  id: string
  outcome: 'added' | 'updated' | 'unchanged'
  /** The refresh token that was replaced and whose it was, so that it can be revoked. */
  replaced?: { refreshToken: Secret; origin: AccountOrigin }
}

export interface AccountStateRow {
  /** JSON of the pool's own making. */
  health: string
  quota?: string
}

export interface AccountRows {
  list(): Promise<AccountRecord[]>
  /** One account with its tokens, read together. */
  read(id: string): Promise<{ record: AccountRecord; tokens: StoredTokens } | undefined>
  /** Whom {@link signIn} would give new tokens. */
  find(identity: Identity): Promise<AccountRecord | undefined>
  /** Adds the account, or gives the one of the same ChatGPT account and user new tokens. */
  signIn(signIn: SignIn): Promise<SignedIn>
  /**
   * Compare-and-swap by generation. Durable when it returns, and the intent in the refresh journal is gone with it.
   * @returns false when the account is gone or its tokens changed in the meantime; nothing is written then
   */
  replaceTokens(id: string, generation: number, tokens: NewTokens, about?: Partial<Identity>): Promise<boolean>
  /** The tokens of this generation work: the refresh token before them is forgotten. */
  forgetPrevious(id: string, generation: number): Promise<void>
  change(id: string, to: AccountChange): Promise<boolean>
  /** Cookies set by hand, name to value. */
  cookies(id: string): Promise<Readonly<Record<string, string>>>
  remove(id: string): Promise<boolean>
  states(): Promise<Map<string, AccountStateRow>>
  saveStates(states: ReadonlyMap<string, AccountStateRow>): Promise<void>
}

/** An id that nobody has. */
export function newAccountId(): string {
  return `acc_${randomBytes(8).toString('hex')}`
}

/** SHA-256 in hex: enough to recognise a token, not to use it. */
export function hashToken(token: Secret): string {
  return createHash('sha256').update(token.reveal(), 'utf8').digest('hex')
}

type Row = Selectable<Tables['accounts']>
type TokenField = 'access_token' | 'refresh_token' | 'id_token' | 'previous_refresh_token' | 'cookies'

export function createAccountRows(db: Db, changes: Changes, sealer: Sealer, now: () => number): AccountRows {
  const sealed = (id: string, field: TokenField, token: Secret) =>
    sealer.seal(token.reveal(), { table: 'accounts', id, field })
  const opened = (id: string, field: TokenField, text: string) =>
    new Secret(sealer.open(text, { table: 'accounts', id, field }))

  function tokenColumns(id: string, tokens: NewTokens, before: Row | undefined) {
    const { refreshToken } = tokens
    const old = before === undefined || hashOf(refreshToken) === before.refresh_token_hash ? null : before.refresh_token
    return {
      access_token: sealed(id, 'access_token', tokens.accessToken),
      refresh_token: refreshToken === undefined ? null : sealed(id, 'refresh_token', refreshToken),
      refresh_token_hash: hashOf(refreshToken),
      id_token: tokens.idToken === undefined ? null : sealed(id, 'id_token', tokens.idToken),
      ...(old === null
        ? {}
        : { previous_refresh_token: sealed(id, 'previous_refresh_token', opened(id, 'refresh_token', old)) }),
      expires_at: tokens.expiresAt ?? null,
      issued_at: tokens.issuedAt ?? null,
      last_refresh_at: tokens.lastRefreshAt,
      updated_at: now(),
    }
  }

  function cookieColumn(id: string, cookies: Readonly<Record<string, string>> | null): string | null {
    return cookies === null || Object.keys(cookies).length === 0
      ? null
      : sealed(id, 'cookies', new Secret(JSON.stringify(cookies)))
  }

  return {
    async list() {
      return (await db.selectFrom('accounts').selectAll().orderBy('created_at').orderBy('id').execute()).map(toRecord)
    },

    async read(id) {
      const row = await db.selectFrom('accounts').selectAll().where('id', '=', id).executeTakeFirst()
      if (row === undefined) return undefined
      const tokens: StoredTokens = { accessToken: opened(id, 'access_token', row.access_token) }
      if (row.refresh_token !== null) tokens.refreshToken = opened(id, 'refresh_token', row.refresh_token)
      if (row.id_token !== null) tokens.idToken = opened(id, 'id_token', row.id_token)
      if (row.previous_refresh_token !== null) {
        tokens.previousRefreshToken = opened(id, 'previous_refresh_token', row.previous_refresh_token)
      }
      return { record: toRecord(row), tokens }
    },

    async find(identity) {
      const row = await sameOwner(db, identity)
      return row === undefined ? undefined : toRecord(row)
    },

    signIn(signIn) {
      return changes.make('accounts', async (trx): Promise<{ value: SignedIn; changed: boolean }> => {
        const { identity, tokens } = signIn
        const known = await sameOwner(trx, identity)
        const linked = signIn.origin === 'link'
        const about = {
          chatgpt_account_id: identity.chatgptAccountId,
          user_id: identity.userId ?? known?.user_id ?? '',
          email: identity.email ?? known?.email ?? null,
          label: signIn.label ?? known?.label ?? null,
          plan: identity.plan ?? known?.plan ?? null,
          fedramp: identity.fedramp ? 1 : 0,
          origin: signIn.origin,
          source_path: signIn.sourcePath ?? null,
          linked: linked ? 1 : 0,
        }
        if (known === undefined) {
          const id = signIn.asNew?.id ?? newAccountId()
          await trx
            .insertInto('accounts')
            .values({
              id,
              ...about,
              enabled: signIn.asNew?.enabled === false ? 0 : 1,
              generation: 1,
              ...tokenColumns(id, tokens, undefined),
              previous_refresh_token: null,
              note: null,
              groups: '[]',
              weight: 1,
              max_concurrent: null,
              converge: 0,
              cookies: null,
              created_at: signIn.asNew?.createdAt ?? now(),
            })
            .execute()
          return { value: { id, outcome: 'added' }, changed: true }
        }
        const sameTokens =
          opened(known.id, 'access_token', known.access_token).reveal() === tokens.accessToken.reveal() &&
          known.refresh_token_hash === hashOf(tokens.refreshToken) &&
          known.linked === about.linked
        const older = signIn.replace === 'if_newer' && isOlder(tokens, known)
        if (sameTokens || older) return { value: { id: known.id, outcome: 'unchanged' }, changed: false }
        await trx
          .updateTable('accounts')
          .set({
            ...about,
            generation: known.generation + 1,
            ...tokenColumns(known.id, tokens, known),
            // A new sign-in is another chain of tokens: the old one is no way back.
            previous_refresh_token: null,
          })
          .where('id', '=', known.id)
          .execute()
        await trx.deleteFrom('refresh_intents').where('account_id', '=', known.id).execute()
        const value: SignedIn = { id: known.id, outcome: 'updated' }
        if (known.refresh_token !== null && known.refresh_token_hash !== hashOf(tokens.refreshToken)) {
          value.replaced = {
            refreshToken: opened(known.id, 'refresh_token', known.refresh_token),
            origin: originOf(known.origin),
          }
        }
        return { value, changed: true }
      })
    },

    replaceTokens(id, generation, tokens, about = {}) {
      return changes.make('accounts', async (trx) => {
        const before = await trx.selectFrom('accounts').selectAll().where('id', '=', id).executeTakeFirst()
        if (before?.generation !== generation) return { value: false, changed: false }
        await trx
          .updateTable('accounts')
          .set({
            ...tokenColumns(id, tokens, before),
            generation: generation + 1,
            ...(about.email === undefined ? {} : { email: about.email }),
            ...(about.plan === undefined ? {} : { plan: about.plan }),
            ...(about.fedramp === undefined ? {} : { fedramp: about.fedramp ? 1 : 0 }),
          })
          .where('id', '=', id)
          .where('generation', '=', generation)
          .execute()
        await trx.deleteFrom('refresh_intents').where('account_id', '=', id).execute()
        return { value: true, changed: true }
      })
    },

    async forgetPrevious(id, generation) {
      await db
        .updateTable('accounts')
        .set({ previous_refresh_token: null })
        .where('id', '=', id)
        .where('generation', '=', generation)
        .where('previous_refresh_token', 'is not', null)
        .execute()
    },

    change(id, to) {
      return changes.make('accounts', async (trx) => {
        const done = await trx
          .updateTable('accounts')
          .set({
            updated_at: now(),
            ...(to.label === undefined ? {} : { label: to.label }),
            ...(to.enabled === undefined ? {} : { enabled: to.enabled ? 1 : 0 }),
            ...(to.linkedTo === undefined ? {} : { linked: to.linkedTo === null ? 0 : 1 }),
            ...(typeof to.linkedTo === 'string' ? { source_path: to.linkedTo, origin: 'link' } : {}),
            ...(to.note === undefined ? {} : { note: to.note }),
            ...(to.groups === undefined ? {} : { groups: JSON.stringify(to.groups) }),
            ...(to.weight === undefined ? {} : { weight: to.weight }),
            ...(to.maxConcurrent === undefined ? {} : { max_concurrent: to.maxConcurrent }),
            ...(to.converge === undefined ? {} : { converge: to.converge ? 1 : 0 }),
            ...(to.cookies === undefined ? {} : { cookies: cookieColumn(id, to.cookies) }),
          })
          .where('id', '=', id)
          .executeTakeFirst()
        const changed = done.numUpdatedRows > 0n
        return { value: changed, changed }
      })
    },

    async cookies(id) {
      const row = await db.selectFrom('accounts').select('cookies').where('id', '=', id).executeTakeFirst()
      if (row === undefined || row.cookies === null) return {}
      return JSON.parse(opened(id, 'cookies', row.cookies).reveal()) as Record<string, string>
    },

    remove(id) {
      return changes.make('accounts', async (trx) => {
        const done = await trx.deleteFrom('accounts').where('id', '=', id).executeTakeFirst()
        const changed = done.numDeletedRows > 0n
        return { value: changed, changed }
      })
    },

    async states() {
      const rows = await db.selectFrom('account_states').selectAll().execute()
      return new Map(
        rows.map((row) => [
          row.account_id,
          { health: row.health, ...(row.quota === null ? {} : { quota: row.quota }) },
        ]),
      )
    },

    async saveStates(states) {
      if (states.size === 0) return
      await changes.make('account_states', async (trx) => {
        for (const [id, state] of states) {
          const row = { health: state.health, quota: state.quota ?? null, updated_at: now() }
          // The account may have been removed since; its state goes with it.
          const exists = await trx.selectFrom('accounts').select('id').where('id', '=', id).executeTakeFirst()
          if (exists === undefined) continue
          await trx
            .insertInto('account_states')
            .values({ account_id: id, ...row })
            .onConflict((c) => c.column('account_id').doUpdateSet(row))
            .execute()
        }
        return { value: undefined, changed: true }
      })
    },
  }
}

/**
 * Two members of one workspace are two accounts. Tokens that do not name their user belong to the workspace's only account;
 * with several, to the one that has no user either.
 */
async function sameOwner(db: Db | Transaction<Tables>, identity: Identity): Promise<Row | undefined> {
  const rows = await db
    .selectFrom('accounts')
    .selectAll()
    .where('chatgpt_account_id', '=', identity.chatgptAccountId)
    .execute()
  const nameless = rows.find((row) => row.user_id === '')
  if (identity.userId === undefined) return nameless ?? (rows.length === 1 ? rows[0] : undefined)
  return rows.find((row) => row.user_id === identity.userId) ?? nameless
}

function isOlder(tokens: NewTokens, known: Row): boolean {
  if (tokens.issuedAt !== undefined && known.issued_at !== null) return tokens.issuedAt < known.issued_at
  return tokens.lastRefreshAt < known.last_refresh_at
}

function hashOf(token: Secret | undefined): string | null {
  return token === undefined ? null : hashToken(token)
}

function originOf(text: string): AccountOrigin {
  return text === 'login' || text === 'link' ? text : 'import'
}

function toRecord(row: Row): AccountRecord {
  return {
    id: row.id,
    chatgptAccountId: row.chatgpt_account_id,
    ...(row.user_id === '' ? {} : { userId: row.user_id }),
    ...(row.email === null ? {} : { email: row.email }),
    ...(row.label === null ? {} : { label: row.label }),
    ...(row.plan === null ? {} : { plan: row.plan }),
    fedramp: row.fedramp !== 0,
    enabled: row.enabled !== 0,
    origin: originOf(row.origin),
    ...(row.source_path === null ? {} : { sourcePath: row.source_path }),
    linked: row.linked !== 0,
    generation: row.generation,
    ...(row.refresh_token_hash === null ? {} : { refreshTokenHash: row.refresh_token_hash }),
    ...(row.expires_at === null ? {} : { expiresAt: row.expires_at }),
    ...(row.issued_at === null ? {} : { issuedAt: row.issued_at }),
    lastRefreshAt: row.last_refresh_at,
    createdAt: row.created_at,
    ...(row.note === null ? {} : { note: row.note }),
    groups: JSON.parse(row.groups) as string[],
    weight: row.weight,
    ...(row.max_concurrent === null ? {} : { maxConcurrent: row.max_concurrent }),
    converge: row.converge !== 0,
    hasCookies: row.cookies !== null,
  }
}
