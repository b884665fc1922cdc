import { randomBytes } from 'node:crypto'
import type { Selectable, Transaction } from 'kysely'
import { Secret } from '../telemetry/index.js'
import type { Changes } from './changes.js'
import { StoreError } from './errors.js'
import type { Tables } from './schema.js'
import type { Sealer } from './seal.js'
import type { SqliteConnection } from './sqlite.js'

/** An outbound proxy as it is kept. */
export interface ProxyRecord {
  id: string
  /** Unique. */
  name: string
  /** `http`, `https`, `socks5`, `socks5h`; what a later version wrote may be another. */
  protocol: string
  host: string
  port: number
  username?: string
  password?: Secret
  /** It has a password that does not open with this key: it must not be used without. */
  passwordUnreadable?: true
  enabled: boolean
  /** The last check; undefined: never since its address changed. */
  check?: ProxyCheck
  createdAt: number
  updatedAt: number
}

/** What a check found. With an error and a latency the proxy carried the question, and the answer was no good. */
export interface ProxyCheck {
  /** Unix ms. */
  at: number
  exitAddress?: string
  latencyMs?: number
  error?: string
}

/** A proxy to be kept. The same protocol, host, port and username make it the same one. */
export interface NewProxy {
  /** Undefined: a new one is called by its address, a known one keeps its name. */
  name?: string
  protocol: string
  host: string
  port: number
  username?: string
  /** Undefined: a known one keeps its own. */
  password?: Secret
  /** Undefined: a new one is enabled, a known one stays as it is. */
  enabled?: boolean
}

/** What may be said anew of a proxy; null takes it away. */
export interface ProxyChange {
  name?: string
  protocol?: string
  host?: string
  port?: number
  username?: string | null
  password?: Secret | null
  enabled?: boolean
}

export interface AddedProxy {
  record: ProxyRecord
  outcome: 'added' | 'updated' | 'unchanged'
}

export interface ProxyRows {
  /** From memory, oldest first; the same array until something changed. */
  list(): readonly ProxyRecord[]
  /** From memory: owner → `global`, `direct`, `auto`, or a proxy's id. */
  pins(): ReadonlyMap<string, string>
  /** All or none. A name that is taken gets a number. */
  add(proxies: readonly NewProxy[]): Promise<AddedProxy[]>
  /** @returns `taken` when another proxy has that name, or is the same one: then nothing is changed */
  change(id: string, to: ProxyChange): Promise<'changed' | 'unchanged' | 'taken' | 'gone'>
  /** @returns false when there is none, or nothing to change */
  setEnabled(id: string, enabled: boolean): Promise<boolean>
  saveCheck(id: string, check: ProxyCheck): Promise<void>
  /** @returns the owners that are pinned to it, when there are some and `evenIfPinned` is not said: then nothing is removed */
  remove(id: string, how?: { evenIfPinned?: boolean }): Promise<readonly string[]>
  /** Owner → choice; what is undefined is pinned no more. All or none. */
  pin(choices: ReadonlyMap<string, string | undefined>): Promise<void>
}

type Row = Selectable<Tables['proxies']>
type Work = Transaction<Tables>

const UNCHECKED = { checked_at: null, exit_address: null, latency_ms: null, error: null }

interface Remembered {
  proxies: readonly ProxyRecord[]
  pins: ReadonlyMap<string, string>
}

export function createProxyRows(
  connection: SqliteConnection,
  changes: Changes,
  sealer: Sealer,
  now: () => number,
): ProxyRows {
  const { db, readNow } = connection
  const place = (id: string) => ({ table: 'proxies', id, field: 'password' })
  let known: Remembered | undefined
  /** Id and sealed text → password: a check of one proxy must not open all passwords again. */
  let opened = new Map<string, Secret>()
  changes.watch(({ aggregate }) => {
    if (aggregate === 'proxies') known = undefined
  })

  function remembered(): Remembered {
    if (known !== undefined) return known
    const before = opened
    opened = new Map()
    const rows = readNow(db.selectFrom('proxies').selectAll().orderBy('created_at').orderBy('id'))
    const pins = readNow(db.selectFrom('proxy_pins').select(['owner', 'choice']).orderBy('owner'))
    known = {
      proxies: rows.map((row) => fromRow(row, before)),
      pins: new Map(pins.map(({ owner, choice }) => [owner, choice])),
    }
    return known
  }

  function fromRow(row: Row, before: ReadonlyMap<string, Secret>): ProxyRecord {
    return {
      id: row.id,
      name: row.name,
      protocol: row.protocol,
      host: row.host,
      port: row.port,
      ...(row.username === null ? {} : { username: row.username }),
      ...(row.password === null ? {} : passwordOf(row.id, row.password, before)),
      enabled: row.enabled !== 0,
      ...(row.checked_at === null ? {} : { check: checkOf(row, row.checked_at) }),
      createdAt: row.created_at,
      updatedAt: row.updated_at,
    }
  }

  /** One that does not open takes its proxy out of use, not all of them. */
  function passwordOf(
    id: string,
    sealed: string,
    before: ReadonlyMap<string, Secret>,
  ): { password: Secret } | { passwordUnreadable: true } {
    const key = `${id} ${sealed}`
    try {
      const password = before.get(key) ?? new Secret(sealer.open(sealed, place(id)))
      opened.set(key, password)
      return { password }
    } catch (error) {
      if (error instanceof StoreError) return { passwordUnreadable: true }
      throw error
    }
  }

  async function addAll(trx: Work, wanted: readonly NewProxy[]): Promise<{ value: AddedProxy[]; changed: boolean }> {
    const rows = await trx.selectFrom('proxies').selectAll().execute()
    const known = new Map(rows.map((row) => [whatMakesItOne(row), row]))
    const names = takenNames(rows)
    const value: AddedProxy[] = []
    // A list keeps its order.
    let createdAt = now()
    for (const one of wanted) {
      const key = whatMakesItOne(one)
      const before = known.get(key)
      const row = before === undefined ? newRow(one, names, createdAt++) : changedRow(before, one, names)
      if (row === before) {
        value.push({ record: fromRow(row, opened), outcome: 'unchanged' })
        continue
      }
      const { id, ...columns } = row
      if (before === undefined) await trx.insertInto('proxies').values(row).execute()
      else await trx.updateTable('proxies').set(columns).where('id', '=', id).execute()
      known.set(key, row)
      value.push({ record: fromRow(row, opened), outcome: before === undefined ? 'added' : 'updated' })
    }
    return { value, changed: value.some(({ outcome }) => outcome !== 'unchanged') }
  }

  function newRow(wanted: NewProxy, names: Names, createdAt: number): Row {
    const id = `prx_${randomBytes(8).toString('hex')}`
    return {
      id,
      name: names.take(wanted.name ?? addressOf(wanted)),
      protocol: wanted.protocol,
      host: wanted.host,
      port: wanted.port,
      username: wanted.username ?? null,
      password: wanted.password === undefined ? null : sealer.seal(wanted.password.reveal(), place(id)),
      enabled: wanted.enabled === false ? 0 : 1,
      ...UNCHECKED,
      created_at: createdAt,
      updated_at: now(),
    }
  }

  /** @returns the very same row when there is nothing to change */
  function changedRow(row: Row, wanted: NewProxy, names: Names): Row {
    const record = fromRow(row, opened)
    const renamed = wanted.name !== undefined && wanted.name !== row.name
    const switched = wanted.enabled !== undefined && wanted.enabled !== record.enabled
    const password = wanted.password?.reveal() === record.password?.reveal() ? undefined : wanted.password
    if (!renamed && !switched && password === undefined) return row
    return {
      ...row,
      ...(renamed ? { name: names.take(wanted.name ?? row.name) } : {}),
      ...(switched ? { enabled: wanted.enabled === true ? 1 : 0 } : {}),
      // What was found with the old login says nothing of the new one.
      ...(password === undefined ? {} : { password: sealer.seal(password.reveal(), place(row.id)), ...UNCHECKED }),
      updated_at: now(),
    }
  }

  /** @returns the very same row when there is nothing to change */
  function rowAfter(row: Row, to: ProxyChange): Row {
    const before = fromRow(row, opened)
    const kept = before.password?.reveal()
    const password = to.password === undefined ? kept : to.password?.reveal()
    const newPassword = to.password !== undefined && (password !== kept || before.passwordUnreadable === true)
    const after: Row = {
      ...row,
      name: to.name ?? row.name,
      protocol: to.protocol ?? row.protocol,
      host: to.host ?? row.host,
      port: to.port ?? row.port,
      username: to.username === undefined ? row.username : to.username,
      enabled: to.enabled === undefined ? row.enabled : Number(to.enabled),
    }
    const moved = newPassword || whatMakesItOne(after) !== whatMakesItOne(row)
    if (!moved && after.name === row.name && after.enabled === row.enabled) return row
    return {
      ...after,
      ...(newPassword ? { password: password === undefined ? null : sealer.seal(password, place(row.id)) } : {}),
      // What was found of another address or login says nothing of this one.
      ...(moved ? UNCHECKED : {}),
      updated_at: now(),
    }
  }

  return {
    list: () => remembered().proxies,
    pins: () => remembered().pins,

    add(proxies) {
      return changes.make('proxies', (trx) => addAll(trx, proxies))
    },

    change(id, to) {
      return changes.make('proxies', async (trx) => {
        const rows = await trx.selectFrom('proxies').selectAll().execute()
        const row = rows.find((one) => one.id === id)
        if (row === undefined) return { value: 'gone', changed: false }
        const after = rowAfter(row, to)
        if (after === row) return { value: 'unchanged', changed: false }
        const sameOne = whatMakesItOne(after)
        const others = rows.filter((one) => one.id !== id)
        if (others.some((one) => one.name === after.name || whatMakesItOne(one) === sameOne)) {
          return { value: 'taken', changed: false }
        }
        const { id: _, ...columns } = after
        await trx.updateTable('proxies').set(columns).where('id', '=', id).execute()
        return { value: 'changed', changed: true }
      })
    },

    setEnabled(id, enabled) {
      return changes.make('proxies', async (trx) => {
        const done = await trx
          .updateTable('proxies')
          .set({ enabled: enabled ? 1 : 0, updated_at: now() })
          .where('id', '=', id)
          .where('enabled', '=', enabled ? 0 : 1)
          .executeTakeFirst()
        const changed = done.numUpdatedRows > 0n
        return { value: changed, changed }
      })
    },

    saveCheck(id, check) {
      return changes.make('proxies', async (trx) => {
        const done = await trx
          .updateTable('proxies')
          .set({
            checked_at: check.at,
            exit_address: check.exitAddress ?? null,
            latency_ms: check.latencyMs === undefined ? null : Math.round(check.latencyMs),
            error: check.error ?? null,
          })
          .where('id', '=', id)
          .executeTakeFirst()
        return { value: undefined, changed: done.numUpdatedRows > 0n }
      })
    },

    remove(id, how = {}) {
      return changes.make('proxies', async (trx) => {
        const pinned = await trx.selectFrom('proxy_pins').select('owner').where('choice', '=', id).execute()
        const owners = pinned.map(({ owner }) => owner)
        if (owners.length > 0 && how.evenIfPinned !== true) return { value: owners, changed: false }
        const done = await trx.deleteFrom('proxies').where('id', '=', id).executeTakeFirst()
        return { value: [], changed: done.numDeletedRows > 0n }
      })
    },

    pin(choices) {
      return changes.make('proxies', async (trx) => {
        for (const [owner, choice] of choices) {
          if (choice === undefined) {
            await trx.deleteFrom('proxy_pins').where('owner', '=', owner).execute()
            continue
          }
          const row = { choice, updated_at: now() }
          await trx
            .insertInto('proxy_pins')
            .values({ owner, ...row })
            .onConflict((c) => c.column('owner').doUpdateSet(row))
            .execute()
        }
        return { value: undefined, changed: choices.size > 0 }
      })
    },
  }
}

function checkOf(row: Row, at: number): ProxyCheck {
  return {
    at,
    ...(row.exit_address === null ? {} : { exitAddress: row.exit_address }),
    ...(row.latency_ms === null ? {} : { latencyMs: row.latency_ms }),
    ...(row.error === null ? {} : { error: row.error }),
  }
}

function addressOf({ host, port }: NewProxy): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}

function whatMakesItOne({ protocol, host, port, username }: Row | NewProxy): string {
  return JSON.stringify([protocol, host, port, username ?? null])
}

interface Names {
  /** The name itself, or with the first number that makes it nobody else's. */
  take(wanted: string): string
}

/** Gateways of proxy vendors give a thousand proxies one address: counting goes on where it stopped. */
function takenNames(rows: readonly Row[]): Names {
  const taken = new Set(rows.map(({ name }) => name))
  const lastNumbers = new Map<string, number>()
  return {
    take(wanted) {
      let number = lastNumbers.get(wanted) ?? 1
      let name = wanted
      while (taken.has(name)) name = `${wanted} ${(number += 1)}`
      lastNumbers.set(wanted, number)
      taken.add(name)
      return name
    },
  }
}
