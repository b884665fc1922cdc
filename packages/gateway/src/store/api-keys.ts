import { createHash, randomBytes } from 'node:crypto'
import type { Selectable } from 'kysely'
import { Secret } from '../telemetry/index.js'
import type { Changes } from './changes.js'
import { StoreError } from './errors.js'
import type { Tables } from './schema.js'
import type { Sealer } from './seal.js'
import type { SqliteConnection } from './sqlite.js'

/** An API key of another provider, with what it is for. Words of kind, wire and capabilities belong to the room that uses it. */
export interface ApiKeyRecord {
  id: string
  /** The name by which its models are asked for. */
  provider: string
  kind: string
  wire: string
  baseUrl: string
  label?: string
  /** JSON. */
  models: unknown
  capabilities: readonly string[]
  enabled: boolean
  weight: number
  createdAt: number
  updatedAt: number
  /** Undefined: the upstream asks for none. */
  apiKey?: Secret
  /** Headers that every request carries. */
  headers: Readonly<Record<string, Secret>>
  /** It has a key that does not open with this sealing key: it must not be used without. */
  unreadable?: true
}

export type NewApiKey = Pick<ApiKeyRecord, 'provider' | 'kind' | 'wire' | 'baseUrl' | 'models' | 'capabilities'> &
  Partial<Pick<ApiKeyRecord, 'label' | 'enabled' | 'weight' | 'apiKey' | 'headers'>>

/** What may be changed; `label: null` takes it away. */
export type ApiKeyChange = Partial<Omit<NewApiKey, 'label'>> & { label?: string | null }

export interface ApiKeyRows {
  /** From memory, the oldest first; the same array until something changed. */
  list(): readonly ApiKeyRecord[]
  /** The same provider, address and key make it the same one, which is then changed. */
  add(key: NewApiKey): Promise<{ record: ApiKeyRecord; outcome: 'added' | 'updated' }>
  /** @returns undefined when there is none */
  change(id: string, change: ApiKeyChange): Promise<ApiKeyRecord | undefined>
  /** @returns false when there is none */
  remove(id: string): Promise<boolean>
}

export function createApiKeyRows(
  connection: SqliteConnection,
  changes: Changes,
  sealer: Sealer,
  now: () => number,
): ApiKeyRows {
  const { db, readNow } = connection
  let known: readonly ApiKeyRecord[] | undefined
  changes.watch(({ aggregate }) => {
    if (aggregate === 'api_keys') known = undefined
  })

  function list(): readonly ApiKeyRecord[] {
    known ??= readNow(db.selectFrom('api_keys').selectAll().orderBy('created_at').orderBy('id')).map(fromRow)
    return known
  }

  function fromRow(row: Selectable<Tables['api_keys']>): ApiKeyRecord {
    return {
      id: row.id,
      provider: row.provider,
      kind: row.kind,
      wire: row.wire,
      baseUrl: row.base_url,
      ...(row.label === null ? {} : { label: row.label }),
      models: JSON.parse(row.models) as unknown,
      capabilities: JSON.parse(row.capabilities) as string[],
      enabled: row.enabled !== 0,
      weight: row.weight,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
      ...secretsOf(row),
    }
  }

  /** One that does not open takes its key out of use, not all of them. */
  function secretsOf(row: Selectable<Tables['api_keys']>): Pick<ApiKeyRecord, 'apiKey' | 'headers' | 'unreadable'> {
    try {
      const headers =
        row.headers === null
          ? {}
          : (JSON.parse(sealer.open(row.headers, place(row.id, 'headers'))) as Record<string, string>)
      return {
        ...(row.api_key === null ? {} : { apiKey: new Secret(sealer.open(row.api_key, place(row.id, 'api_key'))) }),
        headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, new Secret(value)])),
      }
    } catch (error) {
      if (error instanceof StoreError) return { headers: {}, unreadable: true }
      throw error
    }
  }

  /** The columns that a record or a change of one names. */
  function columns(id: string, key: ApiKeyChange) {
    const { apiKey, headers, models, capabilities } = key
    return {
      ...(key.provider === undefined ? {} : { provider: key.provider }),
      ...(key.kind === undefined ? {} : { kind: key.kind }),
      ...(key.wire === undefined ? {} : { wire: key.wire }),
      ...(key.baseUrl === undefined ? {} : { base_url: key.baseUrl }),
      ...(key.label === undefined ? {} : { label: key.label }),
      ...(models === undefined ? {} : { models: JSON.stringify(models) }),
      ...(capabilities === undefined ? {} : { capabilities: JSON.stringify(capabilities) }),
      ...(key.enabled === undefined ? {} : { enabled: key.enabled ? 1 : 0 }),
      ...(key.weight === undefined ? {} : { weight: key.weight }),
      ...(apiKey === undefined
        ? {}
        : { api_key: sealer.seal(apiKey.reveal(), place(id, 'api_key')), api_key_hash: hashOf(apiKey) }),
      ...(headers === undefined
        ? {}
        : { headers: Object.keys(headers).length === 0 ? null : sealer.seal(revealed(headers), place(id, 'headers')) }),
    }
  }

  function found(id: string): ApiKeyRecord {
    const record = list().find((one) => one.id === id)
    if (record === undefined) throw new Error(`API key ${id} is gone`)
    return record
  }

  return {
    list,
    async add(key) {
      const { id, outcome } = await changes.make<{ id: string; outcome: 'added' | 'updated' }>(
        'api_keys',
        async (trx) => {
          const before = await trx
            .selectFrom('api_keys')
            .select('id')
            .where('provider', '=', key.provider)
            .where('base_url', '=', key.baseUrl)
            .where('api_key_hash', key.apiKey === undefined ? 'is' : '=', key.apiKey ? hashOf(key.apiKey) : null)
            .executeTakeFirst()
          const id = before?.id ?? `ak_${randomBytes(8).toString('hex')}`
          const told = { ...columns(id, key), updated_at: now() }
          if (before !== undefined) {
            await trx.updateTable('api_keys').set(told).where('id', '=', id).execute()
            return { value: { id, outcome: 'updated' }, changed: true }
          }
          await trx
            .insertInto('api_keys')
            .values({
              id,
              provider: key.provider,
              kind: key.kind,
              wire: key.wire,
              base_url: key.baseUrl,
              label: null,
              models: '[]',
              capabilities: '[]',
              headers: null,
              api_key: null,
              api_key_hash: null,
              enabled: 1,
              weight: 1,
              created_at: now(),
              ...told,
            })
            .execute()
          return { value: { id, outcome: 'added' }, changed: true }
        },
      )
      return { record: found(id), outcome }
    },
    async change(id, change) {
      const changed = await changes.make('api_keys', async (trx) => {
        const done = await trx
          .updateTable('api_keys')
          .set({ ...columns(id, change), updated_at: now() })
          .where('id', '=', id)
          .executeTakeFirst()
        const changed = done.numUpdatedRows > 0n
        return { value: changed, changed }
      })
      return changed ? found(id) : undefined
    },
    async remove(id) {
      return changes.make('api_keys', async (trx) => {
        await trx.deleteFrom('proxy_pins').where('owner', '=', id).execute()
        await trx.deleteFrom('model_lists').where('source', '=', `key:${id}`).execute()
        const done = await trx.deleteFrom('api_keys').where('id', '=', id).executeTakeFirst()
        const changed = done.numDeletedRows > 0n
        return { value: changed, changed }
      })
    },
  }
}

const place = (id: string, field: string) => ({ table: 'api_keys', id, field })

function hashOf(key: Secret): string {
  return createHash('sha256').update(key.reveal()).digest('hex')
}

function revealed(headers: Readonly<Record<string, Secret>>): string {
  return JSON.stringify(Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.reveal()])))
}
