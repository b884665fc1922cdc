import { createHash, randomBytes } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { Changes } from './changes.js'
import type { Tables } from './schema.js'
import type { SqliteConnection } from './sqlite.js'

/** A key that clients show. The key itself is told once, when it is made; only its hash is kept. */
export interface ClientKey {
  id: string
  name: string
  /** The first characters, to recognise it by. */
  prefix: string
  createdAt: number
  expiresAt?: number
  revokedAt?: number
  /** Undefined: all. */
  allowedModels?: readonly string[]
  /** Budgets and rates; their meaning belongs to the room that enforces them. */
  limits?: Readonly<Record<string, unknown>>
  /** Hosted tools that its requests get. Undefined: those of the configuration; empty: none. */
  defaultTools?: readonly string[]
  /** A request that would lose something in translation is refused. Undefined: only when it asks for that. */
  strict?: true
  /** Ids of accounts and names of groups of accounts that alone may serve it. Undefined: all. */
  accounts?: readonly string[]
  /** Switched off for a while. */
  disabled?: true
}

type Shaping = Pick<ClientKey, 'expiresAt' | 'allowedModels' | 'limits' | 'defaultTools' | 'accounts'>

export type NewClientKey = Pick<ClientKey, 'name' | 'strict'> & Shaping

/** What may be said anew of a key; null takes it away. */
export type ClientKeyChange = { [Field in keyof Shaping]?: NonNullable<Shaping[Field]> | null } & {
  name?: string
  strict?: boolean
  enabled?: boolean
}

export interface ClientKeyMatch {
  key: ClientKey
  /** Only a `valid` one may pass; the others are told so that the refusal can say why. */
  status: 'valid' | 'expired' | 'disabled' | 'revoked'
}

export interface ClientKeys {
  /** @param plaintext a key that somebody brought along; it must not be known yet. Default: a new one */
  create(wanted: NewClientKey, plaintext?: string): Promise<{ record: ClientKey; plaintext: string }>
  list(): Promise<ClientKey[]>
  /** A running gateway goes by it at the next request. @returns false when there is no such key or it was revoked */
  change(id: string, change: ClientKeyChange): Promise<boolean>
  /** @returns false when there is no such key or it was revoked before */
  revoke(id: string): Promise<boolean>
  /**
   * Looks in memory, then in the database: a fresh key works at once. One revoked by another process stops within 200 ms.
   * @param hash from {@link hashClientKey}
   */
  findByHash(hash: string): ClientKeyMatch | undefined
  /** Looks in memory alone; whoever has the id had the key found before. */
  findById(id: string): ClientKey | undefined
}

const PREFIX = 'dgm-'
const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const BODY_CHARACTERS = 43

/** SHA-256 in hex. A slow hash is for passwords; this one has 256 random bits. */
export function hashClientKey(plaintext: string): string {
  return createHash('sha256').update(plaintext, 'utf8').digest('hex')
}

/** `dgm-` and 43 base62 characters: 256 bits. */
export function formatClientKey(bytes: Uint8Array): string {
  let rest = BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
  let body = ''
  for (let n = 0; n < BODY_CHARACTERS; n += 1) {
    body = BASE62.charAt(Number(rest % 62n)) + body
    rest /= 62n
  }
  return PREFIX + body
}

export function createClientKeys(connection: SqliteConnection, changes: Changes, now: () => number): ClientKeys {
  const { db, readNow } = connection
  let known: Map<string, ClientKey> | undefined
  changes.watch(({ aggregate }) => {
    if (aggregate === 'client_keys') known = undefined
  })

  function remembered(): Map<string, ClientKey> {
    known ??= new Map(readNow(db.selectFrom('client_keys').selectAll()).map((row) => [row.hash, fromRow(row)]))
    return known
  }

  function readThrough(hash: string): ClientKey | undefined {
    const [row] = readNow(db.selectFrom('client_keys').selectAll().where('hash', '=', hash))
    if (row === undefined) return undefined
    const key = fromRow(row)
    remembered().set(hash, key)
    return key
  }

  return {
    async create(wanted, plaintext = formatClientKey(randomBytes(32))) {
      const row: Row = {
        id: `key_${randomBytes(8).toString('hex')}`,
        name: wanted.name,
        hash: hashClientKey(plaintext),
        prefix: plaintext.slice(0, PREFIX.length + 4),
        created_at: now(),
        expires_at: wanted.expiresAt ?? null,
        revoked_at: null,
        allowed_models: textOf(wanted.allowedModels),
        limits: textOf(wanted.limits),
        default_tools: textOf(wanted.defaultTools),
        strict: wanted.strict === true ? 1 : 0,
        accounts: textOf(wanted.accounts),
      }
      await changes.make('client_keys', async (trx) => {
        await trx.insertInto('client_keys').values(row).execute()
        return { value: undefined, changed: true }
      })
      return { record: fromRow(row), plaintext }
    },
    async list() {
      return (await db.selectFrom('client_keys').selectAll().orderBy('created_at').orderBy('id').execute()).map(fromRow)
    },
    async change(id, to) {
      return changes.make('client_keys', async (trx) => {
        const row = await trx
          .selectFrom('client_keys')
          .selectAll()
          .where('id', '=', id)
          .where('revoked_at', 'is', null)
          .executeTakeFirst()
        if (row === undefined) return { value: false, changed: false }
        await trx.updateTable('client_keys').set(changedRow(row, to)).where('id', '=', id).execute()
        return { value: true, changed: true }
      })
    },
    async revoke(id) {
      return changes.make('client_keys', async (trx) => {
        const done = await trx
          .updateTable('client_keys')
          .set({ revoked_at: now() })
          .where('id', '=', id)
          .where('revoked_at', 'is', null)
          .executeTakeFirst()
        const changed = done.numUpdatedRows > 0n
        return { value: changed, changed }
      })
    },
    findByHash(hash) {
      const key = remembered().get(hash) ?? readThrough(hash)
      if (key === undefined) return undefined
      if (key.revokedAt !== undefined) return { key, status: 'revoked' }
      if (key.disabled === true) return { key, status: 'disabled' }
      if (key.expiresAt !== undefined && key.expiresAt <= now()) return { key, status: 'expired' }
      return { key, status: 'valid' }
    },
    findById: (id) => [...remembered().values()].find((key) => key.id === id),
  }
}

type Row = Selectable<Tables['client_keys']>

function textOf(value: object | null | undefined): string | null {
  return value === undefined || value === null ? null : JSON.stringify(value)
}

/** All columns that a change can touch: one of nothing is a change, too, and tells whether there is such a key. */
function changedRow(row: Row, to: ClientKeyChange): Omit<Row, 'id' | 'hash' | 'prefix' | 'created_at' | 'revoked_at'> {
  const before = fromRow(row)
  const limits = to.limits === undefined ? before.limits : to.limits
  const enabled = to.enabled ?? before.disabled !== true
  return {
    name: to.name ?? row.name,
    expires_at: to.expiresAt === undefined ? row.expires_at : to.expiresAt,
    allowed_models: to.allowedModels === undefined ? row.allowed_models : textOf(to.allowedModels),
    limits: textOf(enabled ? limits : { ...limits, [DISABLED]: true }),
    default_tools: to.defaultTools === undefined ? row.default_tools : textOf(to.defaultTools),
    strict: to.strict === undefined ? row.strict : Number(to.strict),
    accounts: to.accounts === undefined ? row.accounts : textOf(to.accounts),
  }
}

/**
 * Among its limits a key carries whether it is switched off: a version that does not know the word cannot read the limits, and refuses the
 * key for that.
 */
const DISABLED = 'disabled'

function limitsFrom(text: string | null): Pick<ClientKey, 'limits' | 'disabled'> {
  if (text === null) return {}
  const { [DISABLED]: disabled, ...limits } = JSON.parse(text) as Record<string, unknown>
  return {
    // With none of its own it is as one that never had any.
    ...(disabled === true && Object.keys(limits).length === 0 ? {} : { limits }),
    ...(disabled === true ? { disabled } : {}),
  }
}

function fromRow(row: Row): ClientKey {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    createdAt: row.created_at,
    ...(row.expires_at === null ? {} : { expiresAt: row.expires_at }),
    ...(row.revoked_at === null ? {} : { revokedAt: row.revoked_at }),
    ...(row.allowed_models === null ? {} : { allowedModels: JSON.parse(row.allowed_models) as string[] }),
    ...limitsFrom(row.limits),
    ...(row.default_tools === null ? {} : { defaultTools: JSON.parse(row.default_tools) as string[] }),
    ...(row.strict === 0 ? {} : { strict: true }),
    ...(row.accounts === null ? {} : { accounts: JSON.parse(row.accounts) as string[] }),
  }
}
