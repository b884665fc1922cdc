import { createHash } from 'node:crypto'
import Database from 'better-sqlite3'
import type { House } from '../house.js'

/** What the gateway writes by itself as time goes by; no route of management is about these. */
const BY_ITSELF = ['leases', 'versions', 'account_states', 'model_lists', 'refresh_intents']

/** Everything else that a gateway keeps: table → a hash of its rows. */
export async function keptBy(house: House): Promise<Record<string, string>> {
  // What was noted a moment ago is written first.
  await fetch(`${house.url}/admin/audit`, { headers: { authorization: `Bearer ${house.gateway.controlKey}` } })
  await house.gateway.notices.list()
  const db = new Database(house.gateway.store.path, { readonly: true })
  try {
    const tables = db.prepare("select name from sqlite_master where type = 'table'").pluck().all().map(String)
    return Object.fromEntries(
      tables
        .filter((table) => !BY_ITSELF.includes(table))
        .map((table) => {
          const rows = db.prepare(`select * from "${table}" order by 1`).raw().all()
          return [table, createHash('sha256').update(JSON.stringify(rows)).digest('hex')]
        }),
    )
  } finally {
    db.close()
  }
}

/** Every route of management with each of its methods, about things that are there. */
export function managementOf(house: House): { method: string; path: string }[] {
  const [account] = house.gateway.accounts.list()
  const [session] = house.gateway.sessions.list()
  return house.gateway.routes
    .filter(({ dialect }) => dialect === 'management')
    .flatMap(({ methods, paths }) =>
      paths.flatMap((path) => {
        const id = (path.includes('sessions') ? session?.id : account?.id) ?? 'none'
        return methods.map((method) => ({ method, path: path.replace(':id', id) }))
      }),
    )
}
