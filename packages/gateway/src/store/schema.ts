import type { ColumnType, Kysely } from 'kysely'

/**
 * The tables. Times are unix ms; booleans are 0 or 1 and documents are JSON text, so that SQLite and PostgreSQL hold the same
 * rows. A column marked sealed holds the output of `seal`.
 */
export interface Tables {
  schema_migrations: { version: number; name: string; applied_at: number }
  versions: { aggregate: Aggregate; version: number }
  sealing_keys: { id: string; source: string; salt: string; wrapped: string; created_at: number }
  accounts: AccountsTable
  account_states: { account_id: string; health: string; quota: string | null; updated_at: number }
  refresh_intents: {
    account_id: string
    generation: number
    token_hash: string
    first_at: number
    last_at: number
    attempts: number
    /** Null while under way, and for ever when its process died. */
    outcome: string | null
  }
  leases: { name: string; holder: string | null; fencing: number; taken_at: number; ends_at: number }
  client_keys: {
    id: string
    name: string
    hash: string
    prefix: string
    created_at: number
    expires_at: number | null
    revoked_at: number | null
    allowed_models: string | null
    limits: string | null
    default_tools: string | null
    strict: number
  }
  settings: { key: string; value: string; updated_at: number }
}

interface AccountsTable {
  id: ColumnType<string, string, never>
  chatgpt_account_id: string
  /** Empty when the tokens do not say. */
  user_id: string
  email: string | null
  label: string | null
  plan: string | null
  fedramp: number
  enabled: number
  /** `login`, `import` or `link`: who else holds these tokens. */
  origin: string
  /** The auth.json that the account came from. */
  source_path: string | null
  linked: number
  generation: number
  /** Sealed. */
  access_token: string
  /** Sealed. */
  refresh_token: string | null
  /** Sealed. */
  id_token: string | null
  /** Sealed: the one before, until its successor has been seen to work. */
  previous_refresh_token: string | null
  refresh_token_hash: string | null
  expires_at: number | null
  issued_at: number | null
  last_refresh_at: number
  created_at: number
  updated_at: number
}

/** What a watcher is told about. */
export type Aggregate = 'accounts' | 'account_states' | 'client_keys' | 'settings'

export const AGGREGATES: readonly Aggregate[] = ['accounts', 'account_states', 'client_keys', 'settings']

export type Db = Kysely<Tables>
