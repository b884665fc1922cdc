import { closeSync, openSync } from 'node:fs'
import { createAccountRows } from './accounts.js'
import type { AccountRows } from './accounts.js'
import { createActRows } from './admin-acts.js'
import type { ActRows } from './admin-acts.js'
import { createAdminSessionRows } from './admin-sessions.js'
import type { AdminSessionRows } from './admin-sessions.js'
import { createApiKeyRows } from './api-keys.js'
import type { ApiKeyRows } from './api-keys.js'
import { createChanges } from './changes.js'
import type { ChangeListener } from './changes.js'
import { createClientKeys } from './client-keys.js'
import type { ClientKeys } from './client-keys.js'
import { createConversationHomeRows } from './conversation-homes.js'
import type { ConversationHomeRows } from './conversation-homes.js'
import { createDiskReserve } from './disk-reserve.js'
import type { DiskReserve } from './disk-reserve.js'
import { createErrorLogRows } from './error-log.js'
import type { ErrorLogRows } from './error-log.js'
import { createLeaseRows } from './leases.js'
import type { LeaseRows } from './leases.js'
import { silent } from './log.js'
import type { Log } from './log.js'
import { createModelListRows } from './model-lists.js'
import type { ModelListRows } from './model-lists.js'
import { createNoticeRows } from './notices.js'
import type { NoticeRows } from './notices.js'
import { openDatabase } from './open-database.js'
import { createProxyRows } from './proxies.js'
import type { ProxyRows } from './proxies.js'
import { createRefreshJournal } from './refresh-journal.js'
import type { RefreshJournal } from './refresh-journal.js'
import { createRequestLogRows } from './request-log.js'
import type { RequestLogRows } from './request-log.js'
import { createSealedSettings } from './sealed-settings.js'
import type { SealedSettings } from './sealed-settings.js'
import { createSettings } from './settings.js'
import type { Settings } from './settings.js'
import { unlock } from './unlock.js'
import { createUsageRows } from './usage.js'
import type { UsageRows } from './usage.js'

export interface StoreOptions {
  /** The data folder, made when missing. */
  home: string
  /** `DRAGOMAN_SECRET_KEY`: 32 bytes in hex or base64, or a passphrase. Wins over `keySource`. */
  secretKey?: string
  /** Where the key lies when there is no `secretKey`. Default `file`. */
  keySource?: 'file' | 'keyring'
  /**
   * What to do with a damaged database. `set_aside` (default) is for the server; whatever runs beside one says `refuse`.
   */
  onCorrupt?: 'set_aside' | 'refuse'
  log?: Log
  now?: () => number
}

/** All that outlives the process. Everything it returns as written is on the disk. */
export interface Store {
  readonly home: string
  readonly path: string
  /** Where a damaged database went when this start had to put one aside. */
  readonly setAsideTo?: string
  readonly accounts: AccountRows
  readonly clientKeys: ClientKeys
  readonly settings: Settings
  /** The same for secrets. */
  readonly sealedSettings: SealedSettings
  readonly refreshJournal: RefreshJournal
  readonly leases: LeaseRows
  /** API keys of other providers. */
  readonly apiKeys: ApiKeyRows
  /** What upstreams listed. */
  readonly modelLists: ModelListRows
  /** Where conversations have their place in the pool. */
  readonly homes: ConversationHomeRows
  /** Outbound proxies and who is pinned to which. */
  readonly proxies: ProxyRows
  /** What was used, by whom and when. */
  readonly usage: UsageRows
  /** What the gateway told its owner. */
  readonly notices: NoticeRows
  /** Who is signed in to management, and the links into it. */
  readonly adminSessions: AdminSessionRows
  /** What was done in management. */
  readonly acts: ActRows
  /** Every request, as far as they are kept. */
  readonly requestLog: RequestLogRows
  readonly errorLog: ErrorLogRows
  readonly reserve: DiskReserve
  /**
   * Tells what changed, at once when it was this store, within 200 ms when it was another process.
   * @returns how to stop
   */
  watch(listener: ChangeListener): () => void
  /** SQLite's own check of the whole file: `ok`, or what is wrong. */
  integrity(): string
  /**
   * Copies the database to a file as it is now, while it is written to.
   * @returns the key that what is sealed in it opens with
   */
  copyTo(path: string): Promise<Buffer>
  close(): Promise<void>
}

/**
 * Opens the data folder's database.
 * @throws StoreError with a message that names the way out
 * @example
 * const store = await openStore({ home: join(homedir(), '.dragoman') })
 * const { plaintext } = await store.clientKeys.create({ name: 'laptop' })
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { home, log = silent, now = Date.now } = options
  const database = await openDatabase({ home, log, now, onCorrupt: options.onCorrupt ?? 'set_aside' })
  const { db, raw, path, setAsideTo } = database
  try {
    const { sealer, key } = await unlock(db, {
      home,
      now: now(),
      ...(options.secretKey === undefined ? {} : { secretKey: options.secretKey }),
      ...(options.keySource === undefined ? {} : { keySource: options.keySource }),
    })
    const changes = createChanges(database, log)
    const settings = createSettings(db, changes, now)
    return {
      home,
      path,
      ...(setAsideTo === undefined ? {} : { setAsideTo }),
      accounts: createAccountRows(db, changes, sealer, now),
      clientKeys: createClientKeys(database, changes, now),
      settings,
      sealedSettings: createSealedSettings(settings, sealer),
      refreshJournal: createRefreshJournal(db),
      leases: createLeaseRows(db),
      apiKeys: createApiKeyRows(database, changes, sealer, now),
      modelLists: createModelListRows(db, changes, now),
      homes: createConversationHomeRows(db),
      proxies: createProxyRows(database, changes, sealer, now),
      usage: createUsageRows(db, changes),
      notices: createNoticeRows(db, changes),
      adminSessions: createAdminSessionRows(db, changes),
      acts: createActRows(db),
      requestLog: createRequestLogRows(db, sealer),
      errorLog: createErrorLogRows(db),
      reserve: createDiskReserve(home),
      watch: (listener) => changes.watch(listener),
      integrity: () => String(raw.pragma('integrity_check(1)', { simple: true })),
      async copyTo(to) {
        // For its owner alone, before anything stands in it.
        closeSync(openSync(to, 'wx', 0o600))
        await raw.backup(to)
        return key
      },
      async close() {
        changes.close()
        await db.destroy()
      },
    }
  } catch (error) {
    await db.destroy()
    throw error
  }
}
