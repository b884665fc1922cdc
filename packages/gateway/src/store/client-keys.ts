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
}

export type NewClientKey = Pick<
  ClientKey,
  'name' | 'expiresAt' | 'allowedModels' | 'limits' | 'defaultTools' | 'strict' | 'accounts'
>

/** What may be said anew of a key; null takes it away. */
export interface ClientKeyChange {
  limits?: NonNullable<ClientKey['limits']> | null
  accounts?: NonNullable<ClientKey['accounts']> | null
}

export interface ClientKeyMatch {
  key: ClientKey
  /** Only a `valid` one may pass; the others are told so that the refusal can say why. */
  status: 'valid' | 'expired' | 'revoked'
}

export interface ClientKeys {
  create(wanted: NewClientKey): Promise<{ record: ClientKey; plaintext: string }>
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
    async create(wanted) {
      const plaintext = formatClientKey(randomBytes(32))
      const row: Row = {
        id: `key_${randomBytes(8).toString('hex')}`,
        name: wanted.name,
        hash: hashClientKey(plaintext),
        prefix: plaintext.slice(0, PREFIX.length + 4),
        created_at: now(),
        expires_at: wanted.expiresAt ?? null,
        revoked_at: null,
        allowed_models: wanted.allowedModels === undefined ? null : JSON.stringify(wanted.allowedModels),
        limits: wanted.limits === undefined ? null : JSON.stringify(wanted.limits),
        default_tools: wanted.defaultTools === undefined ? null : JSON.stringify(wanted.defaultTools),
        strict: wanted.strict === true ? 1 : 0,
        accounts: wanted.accounts === undefined ? null : JSON.stringify(wanted.accounts),
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
    async change(id, { limits, accounts }) {
      return changes.make('client_keys', async (trx) => {
        const done = await trx
          .updateTable('client_keys')
          .set({
            // Set to itself, so that a change of nothing still tells whether there is such a key.
            id,
            ...(limits === undefined ? {} : { limits: limits === null ? null : JSON.stringify(limits) }),
            ...(accounts === undefined ? {} : { accounts: accounts === null ? null : JSON.stringify(accounts) }),
          })
          .where('id', '=', id)
          .where('revoked_at', 'is', null)
          .executeTakeFirst()
        const changed = done.numUpdatedRows > 0n
        return { value: changed, changed }
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
      if (key.expiresAt !== undefined && key.expiresAt <= now()) return { key, status: 'expired' }
      return { key, status: 'valid' }
    },
    findById: (id) => [...remembered().values()].find((key) => key.id === id),
  }
}

type Row = Selectable<Tables['client_keys']>

function fromRow(row: Row): ClientKey {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    createdAt: row.created_at,
    ...(row.expires_at === null ? {} : { expiresAt: row.expires_at }),
    ...(row.revoked_at === null ? {} : { revokedAt: row.revoked_at }),
    ...(row.allowed_models === null ? {} : { allowedModels: JSON.parse(row.allowed_models) as string[] }),
    ...(row.limits === null ? {} : { limits: JSON.parse(row.limits) as Record<string, unknown> }),
    ...(row.default_tools === null ? {} : { defaultTools: JSON.parse(row.default_tools) as string[] }),
    ...(row.strict === 0 ? {} : { strict: true }),
    ...(row.accounts === null ? {} : { accounts: JSON.parse(row.accounts) as string[] }),
  }
}
