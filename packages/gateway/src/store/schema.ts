import type { ColumnType, Kysely } from 'kysely'
import type { TallyRow } from './usage-tally.js'

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
  /** Where conversations have their place: which account serves a chain of turns. */
  conversation_homes: {
    chain: string
    account_id: string
    /** Who served it first: that one alone sees the ids that a native client sends. */
    origin_id: string
    /** So many items at the front of the input were made with another account. */
    foreign_items: number
    moves: number
    updated_at: number
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
    /** JSON: ids of accounts and names of groups that it is bound to. Null: all. */
    accounts: string | null
  }
  settings: { key: string; value: string; updated_at: number }
  api_keys: ApiKeysTable
  proxies: ProxiesTable
  /** Which way out an account or an API key takes: `global`, `direct`, `auto`, or a proxy's id. */
  proxy_pins: { owner: string; choice: string; updated_at: number }
  /** What an upstream listed, as JSON; `source` says who: `codex:plus`, `key:key_…`. */
  model_lists: { source: string; models: string; etag: string | null; fetched_at: number }
  notices: {
    /** Sortable by time. */
    id: string
    at: number
    level: string
    type: string
    account_id: string | null
    /** JSON. */
    body: string
    /** For searches, in lower case. */
    words: string
  }
  /** Notices that the webhook has not taken yet. Until `next_at` nobody tries again. */
  webhook_deliveries: { id: string; notice: string; tries: number; next_at: number }
  /** Every request, as `createRequestLogRows` says. */
  request_log: {
    /** Sortable by the time of its end. */
    id: string
    request_id: string
    at: number
    /** What the row takes, its bodies included. */
    bytes: number
    path: string
    dialect: string
    model: string
    upstream_model: string
    provider: string
    candidate: string
    client_key: string
    client: string
    outcome: string
    status: number | null
    ttft_ms: number | null
    duration_ms: number | null
    cost_micro_usd: number | null
    tokens_per_second: number | null
    attempts: number
    bodies: number
    input_tokens: number
    cached_tokens: number
    output_tokens: number
    reasoning_tokens: number
    /** For searches, in lower case. */
    words: string
    /** JSON. */
    record: string
  }
  /** What was said in a request. Sealed. */
  request_bodies: { id: string; bodies: string }
  error_groups: {
    id: string
    source: string
    kind: string
    message: string
    frame: string
    first_at: number
    last_at: number
    count: number
    seen: number
    /** JSON. */
    models: string
    /** JSON. */
    candidates: string
  }
  /** Single errors. */
  error_log: { id: string; group_id: string; at: number; entry: string }
  /** What was used; `grain` says how long a bucket is, `candidate` which account or API key answered. */
  usage_buckets: TallyRow & {
    grain: 'five_min' | 'hour' | 'day'
    at: number
    provider: string
    model: string
    candidate: string
    client_key: string
    tier: string
    client: string
  }
  /** Running totals, which outlive the buckets. */
  usage_totals: TallyRow & {
    kind: 'all' | 'candidate' | 'client_key'
    id: string
    /** JSON: what had been used when it was reset. */
    baseline: string
    /** JSON: what was brought from elsewhere. */
    carried: string
    last_at: number
    reset_at: number | null
  }
  admin_sessions: AdminSessionsTable
  /** Links into management that nobody has used yet. */
  admin_links: { token_hash: string; ends_at: number }
  admin_acts: AdminActsTable
}

interface AdminSessionsTable {
  id: string
  /** SHA-256 in hex. */
  cookie_hash: string
  /** SHA-256 in hex. */
  second_hash: string
  way: string
  address: string
  user_agent: string
  opened_at: number
  used_at: number
  fresh_until: number
}

interface AdminActsTable {
  /** Sortable by time. */
  id: string
  at: number
  who: string
  session_id: string | null
  address: string
  method: string
  route: string
  target: string | null
  status: number
}

interface ApiKeysTable {
  id: ColumnType<string, string, never>
  /** The name by which models are asked for: `deepseek` of `deepseek:deepseek-chat`. Several keys may share it. */
  provider: string
  kind: string
  wire: string
  base_url: string
  label: string | null
  /** JSON. */
  models: string
  /** JSON. */
  capabilities: string
  /** JSON; headers that every request carries. Sealed. */
  headers: string | null
  /** Sealed. Null where the upstream asks for none. */
  api_key: string | null
  /** SHA-256 in hex, to notice that a key is known already. */
  api_key_hash: string | null
  enabled: number
  weight: number
  created_at: number
  updated_at: number
}

interface ProxiesTable {
  id: ColumnType<string, string, never>
  name: string
  /** `http`, `https`, `socks5`, `socks5h`. */
  protocol: string
  host: string
  port: number
  username: string | null
  /** Sealed. */
  password: string | null
  enabled: number
  checked_at: number | null
  exit_address: string | null
  latency_ms: number | null
  /** Why the last check failed; null when it went well. */
  error: string | null
  created_at: number
  updated_at: number
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
  note: string | null
  /** JSON: names of groups. */
  groups: string
  /** Its share of the work, beside others of its kind. */
  weight: number
  /** Requests that it may have open. Null: as the configuration says. */
  max_concurrent: number | null
  /** All clients appear as one session. */
  converge: number
  /** JSON, sealed: cookies set by hand, name to value. */
  cookies: string | null
  created_at: number
  updated_at: number
}

/** What a watcher is told about. `proxies` are their pins too. */
export const AGGREGATES = [
  'accounts',
  'account_states',
  'client_keys',
  'settings',
  'api_keys',
  'proxies',
  'model_lists',
  'notices',
  'admin_sessions',
] as const
export type Aggregate = (typeof AGGREGATES)[number]

export type Db = Kysely<Tables>
