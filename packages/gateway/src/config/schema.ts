import { z } from 'zod'
import { parseAddressRange } from './address-range.js'
import { isPublicUrl, isRedirectUri, isUpstreamUrl, isWebhookUrl } from './web-address.js'

const bytes = (size: number) => z.int().min(1024).default(size)
/** A timer of Node takes at most 2^31 ms; beyond that it would fire at once. */
const LONGEST_TIMER_SECONDS = 2_000_000
const seconds = (length: number, minimum = 1) => z.number().min(minimum).max(LONGEST_TIMER_SECONDS).default(length)

/** An upstream's address: https, or http on this very machine (a test backend); no credentials, query or fragment. */
const upstreamUrl = (address: string) =>
  z
    .string()
    .default(address)
    .refine(isUpstreamUrl, 'an https URL without credentials, query and fragment (http only on a loopback address)')

/** Read once, when the gateway starts; a change needs a restart. */
const AT_START = { atStart: true }
/** Decides where secrets go, or who reaches the gateway: see `Setting.guarded`. */
const GUARDED = { guarded: true }

/** Tools that the upstream runs itself and that a request may get without asking. */
export const HOSTED_TOOLS = ['web_search', 'image_generation'] as const
/** Where system texts may go. */
export const SYSTEM_PROMPT_STRATEGIES = ['instructions', 'developer_inline', 'system_inline'] as const

/** How a new conversation gets its account. */
export const SELECTION_STRATEGIES = ['least_used', 'round_robin', 'sticky', 'earliest_reset', 'weighted'] as const
export type SelectionStrategy = (typeof SELECTION_STRATEGIES)[number]

/** What the gateway has to tell its owner. */
export const NOTICE_TYPES = [
  'account_state',
  'quota_warning',
  'quota_back',
  'login_needed',
  'refresh_failed',
  'conversation_moved',
  'fallback_used',
  'proxy_down',
  'budget_reached',
  'configuration',
  'started',
  'stopped',
] as const
export type NoticeType = (typeof NOTICE_TYPES)[number]

const thresholds = z
  .array(z.number().gt(0).max(100))
  .max(10)
  .refine((list) => list.every((value, at) => at === 0 || value > (list[at - 1] ?? 0)), 'ascending percent, each once')
  .default([80, 90])

/** When a fallback may answer in the place of what was asked first. */
export const FALLBACK_CASES = ['quota', 'overloaded', 'unavailable', 'context_too_long', 'refused'] as const
export type FallbackCase = (typeof FALLBACK_CASES)[number]

const fallbackStep = z.union([
  z.string().min(1),
  z.strictObject({ to: z.string().min(1), when: z.array(z.enum(FALLBACK_CASES)).min(1).optional() }),
])

const customModel = z.union([
  z.string().min(1),
  z.strictObject({
    id: z.string().min(1),
    display_name: z.string().min(1).optional(),
    efforts: z.array(z.string().min(1)).optional(),
    default_effort: z.string().min(1).optional(),
    context_window: z.int().positive().optional(),
    max_output_tokens: z.int().positive().optional(),
  }),
])

/** US dollars per million tokens. */
const rate = z.number().min(0).max(1_000_000)
const rates = {
  input: rate,
  cached: rate.optional(),
  output: rate,
  image_input: rate.optional(),
  image_output: rate.optional(),
}
const price = z.strictObject({
  ...rates,
  from: z.iso.date().optional(),
  tiers: z.record(z.string().min(1), z.union([z.number().min(0).max(1000), z.strictObject(rates)])).optional(),
})

/** Buckets that budgets of a month are counted from must live for a month. */
const DAYS_OF_A_MONTH = 32

const section = <Shape extends z.ZodRawShape>(shape: Shape) => z.strictObject(shape).prefault({} as never)

/** The whole configuration. Keys are spelled as in `config.yaml`; a key's path is its name everywhere. */
export const configSchema = z.strictObject({
  server: section({
    host: z
      .string()
      .default('')
      .describe('Address to listen on; empty means 127.0.0.1 and ::1.')
      .meta({ ...AT_START, ...GUARDED }),
    port: z.int().min(0).max(65535).default(8080).describe('Port to listen on; 0 takes a free one.').meta(AT_START),
    allowed_hosts: z
      .array(z.string())
      .default([])
      .describe('Host names beyond IP addresses and localhost by which the gateway may be called.')
      .meta(GUARDED),
    cors_origins: z
      .array(z.string())
      .default([])
      .describe('Exact origins of web pages that may call the protocol routes.'),
    insecure_expose: z
      .boolean()
      .default(false)
      .describe('Allow a host that other machines reach, without TLS.')
      .meta(GUARDED),
    public_url: z
      .string()
      .default('')
      .refine((text) => text === '' || isPublicUrl(text), 'an http(s) URL without credentials, query and fragment')
      .describe('Address by which others reach the gateway through a reverse proxy; its host name is let in, too.')
      .meta(GUARDED),
    trusted_proxies: z
      .array(
        z
          .string()
          .refine(
            (text) => parseAddressRange(text) !== undefined,
            'an address or a range of addresses such as 10.0.0.0/8 or fd00::/8',
          ),
      )
      .default([])
      .describe('Reverse proxies whose X-Forwarded-For, -Proto and -Host are believed: addresses or ranges.')
      .meta(GUARDED),
    body_wire_bytes: bytes(32 * 1024 * 1024).describe('Largest request body as it arrives, bytes.'),
    body_decoded_bytes: bytes(64 * 1024 * 1024).describe('Largest request body once decompressed, bytes.'),
    body_in_flight_bytes: bytes(512 * 1024 * 1024).describe('Bodies of all requests being read at one time, bytes.'),
    json_depth: z.int().min(8).default(128).describe('Deepest nesting of a JSON body.'),
    json_nodes: z.int().min(1000).default(200_000).describe('Most values in a JSON body.'),
    heartbeat_seconds: seconds(15, 0.05).describe('Silence after which a stream gets a heartbeat, seconds.'),
    drain_seconds: seconds(30, 0).describe('How long running streams may finish after SIGTERM, seconds.'),
    write_stall_seconds: seconds(120, 0.05).describe('A client that takes no byte for so long is cut, seconds.'),
    max_connections: z.int().min(1).default(2000).describe('Open connections at one time.').meta(AT_START),
    connections_per_key: z.int().min(1).default(64).describe('Requests that one client key may have open at one time.'),
    headers_timeout_seconds: seconds(15).describe('Time for a client to send its headers, seconds.').meta(AT_START),
    request_timeout_seconds: seconds(120)
      .describe('Time for a client to send its whole request, seconds.')
      .meta(AT_START),
    keep_alive_seconds: seconds(75).describe('How long an idle connection is kept, seconds.').meta(AT_START),
  }),
  codex: section({
    enabled: z.boolean().default(true).describe('Serve Codex models through ChatGPT accounts.'),
    base_url: upstreamUrl('https://chatgpt.com/backend-api')
      .describe('The Codex backend; /codex/responses and the rest are appended.')
      .meta(GUARDED),
    compress_requests: z
      .boolean()
      .default(true)
      .describe('Send large request bodies zstd-compressed, as the Codex client does.'),
    connections_per_account: z
      .int()
      .min(1)
      .default(1024)
      .describe('Connections, and so streams, to the backend per account.')
      .meta(AT_START),
    websocket: z
      .boolean()
      .default(true)
      .describe('Ask the backend over WebSocket, as the Codex client does, and over HTTP where that fails.'),
    websocket_max_age_minutes: z
      .number()
      .positive()
      .max(59)
      .default(55)
      .describe('Age at which a WebSocket is replaced, minutes; the backend closes them at 60.'),
    websockets_per_account: z
      .int()
      .min(1)
      .max(1024)
      .default(8)
      .describe('WebSockets kept open per account for the next turn of their conversation.'),
    routing_discovery: z
      .boolean()
      .default(true)
      .describe('Ask where the backend of an account is; workspaces may be bound to a region.'),
  }),
  auth: section({
    issuer: upstreamUrl('https://auth.openai.com')
      .describe('The login server.')
      .meta({ ...AT_START, ...GUARDED }),
    client_id: z
      .string()
      .min(1)
      .default('app_EMoamEEZ73f0CkXaXp7hrann')
      .describe('Public OAuth client id.')
      .meta({ ...AT_START, ...GUARDED }),
    callback_port: z
      .int()
      .min(1)
      .max(65535)
      .default(1455)
      .describe('Port of the login callback on 127.0.0.1; 1457 when it is taken.'),
    redirect_uri: z
      .string()
      .default('')
      .refine(
        (text) => text === '' || isRedirectUri(text),
        'an https URL without credentials, query and fragment (http only on a loopback address)',
      )
      .describe('Where the browser comes back to after a login; empty means http://127.0.0.1 and callback_port.'),
    refresh_enabled: z
      .boolean()
      .default(true)
      .describe('Renew logins ahead of time; off: only when a request needs the account.'),
    refresh_margin_seconds: z
      .number()
      .min(30)
      .max(LONGEST_TIMER_SECONDS)
      .default(300)
      .describe('How long before its access token ends a login is renewed, seconds; some come earlier, spread out.'),
    refresh_concurrency: z
      .int()
      .min(1)
      .max(64)
      .default(4)
      .describe('Logins renewed at one time ahead of time; as many again for requests that wait.'),
  }),
  client: section({
    profile: z
      .enum(['dragoman', 'codex_cli', 'codex_desktop', 'opencode', 'pi', 'custom'])
      .default('dragoman')
      .describe('Which originator and user agent the upstream sees.'),
    version: z
      .string()
      .regex(/^[\w.-]+$/)
      .default('0.169.0')
      .describe('Client version named to the model catalog; an old one hides new models.'),
    originator: z.string().default('').describe('Originator of the profile custom.'),
    user_agent: z.string().default('').describe('User agent of the profile custom.'),
  }),
  model: section({
    default: z.string().min(1).default('gpt-5.5').describe('Model of a request that names none.'),
    aliases: z
      .record(z.string(), z.string())
      .default({})
      .describe('Names of your own for models; a target may carry suffixes such as -high.'),
    claude_models: z
      .record(z.string().regex(/^[a-z0-9-]+$/), z.string().min(1))
      .default({ opus: 'gpt-5.5', sonnet: 'gpt-5.4', haiku: 'gpt-5.4-mini' })
      .describe('Models that answer to the names of Claude models which no provider serves, by family.'),
    effort: z
      .string()
      .default('')
      .describe('Reasoning effort when neither the request nor a suffix names one; empty leaves it to the model.'),
    service_tier: z.string().default('').describe('Service tier when neither the request nor a suffix names one.'),
    default_tools: z
      .array(z.enum(HOSTED_TOOLS))
      .default([])
      .describe('Hosted tools that every request gets; a key may have its own list, a header switches them off.'),
    system_prompt_strategy: z
      .enum(SYSTEM_PROMPT_STRATEGIES)
      .default('instructions')
      .describe('Where system texts go: the instructions field, or the first message with that role.'),
    allow_client_system_prompt_strategy: z
      .boolean()
      .default(false)
      .describe('Let a request choose with the header x-dragoman-system-prompt-strategy.'),
    inject_desktop_context: z
      .boolean()
      .default(false)
      .describe('Tell Codex models what the Codex desktop app would tell them of their surroundings.'),
    suppress_desktop_directives: z
      .boolean()
      .default(false)
      .describe('Tell Codex models to write no directives that only the Codex desktop app understands.'),
    routes: z
      .record(z.string().min(1), z.string().min(1))
      .default({})
      .describe(
        'Where single names go that no API key lists: a provider, provider:model or a model; before what Codex has.',
      ),
    patterns: z
      .record(z.string().min(1), z.string().min(1))
      .default({ 'claude-*': 'anthropic', 'gemini-*': 'gemini' })
      .describe('Providers of names that nothing else knows, by pattern with *; the first that fits wins.'),
    fallbacks: z
      .record(z.string().min(1), z.array(fallbackStep).min(1).max(10))
      .default({})
      .describe('Models asked in order when one, by name or pattern, cannot answer; each with the cases it is for.'),
    custom_models: z
      .array(customModel)
      .default([])
      .describe('Codex models beyond those that the backend lists: names, or objects with id and what is known.'),
    image_host_model: z
      .string()
      .min(1)
      .default('gpt-5.5')
      .describe('Model that hosts the image tool for the image routes.'),
    catalog_refresh_minutes: z
      .number()
      .min(1)
      .max(Math.floor(LONGEST_TIMER_SECONDS / 60))
      .default(60)
      .describe('How often the model list is read again, minutes.'),
  }),
  upstream: section({
    connect_timeout_seconds: seconds(10).describe('Time to connect, seconds.').meta(AT_START),
    first_byte_timeout_seconds: seconds(120, 0.05).describe('Time for an upstream to begin its answer, seconds.'),
    idle_timeout_seconds: seconds(300, 0.05).describe('Silence in the middle of an answer, seconds.'),
    wall_timeout_seconds: seconds(3600).describe('Longest answer, seconds.'),
    max_attempts: z.int().min(1).max(10).default(3).describe('Attempts for one request, over all accounts.'),
    allowed_private_hosts: z
      .array(z.string().min(1))
      .default([])
      .describe('Hosts (name or address, with :port if you like) that may lie on this machine or in its network.')
      .meta(GUARDED),
    system_ca: z
      .boolean()
      .default(true)
      .describe('Trust the certificates of the system beside those of Node.')
      .meta(AT_START),
  }),
  proxy: section({
    default: z
      .string()
      .min(1)
      .default('environment')
      .describe('Way out of what is pinned to none: environment (HTTPS_PROXY, NO_PROXY), direct, auto, or a proxy.'),
    check_minutes: z
      .number()
      .min(0)
      .max(Math.floor(LONGEST_TIMER_SECONDS / 60))
      .default(10)
      .describe('How often the proxies are checked, minutes; 0 never.'),
    check_url: upstreamUrl('https://api.ipify.org/').describe(
      'Address that a check asks through a proxy; it answers with the address it was asked from.',
    ),
  }),
  accounts: section({
    strategy: z
      .enum(SELECTION_STRATEGIES)
      .default('least_used')
      .describe('How a new conversation gets its account; one that goes on stays where it is.'),
    tier_priority: z
      .array(z.string().min(1))
      .default([])
      .describe('Plans in the order in which they are used; plans that are not named come last.'),
    max_concurrent_per_account: z
      .int()
      .min(0)
      .max(10_000)
      .default(16)
      .describe('Requests that one account may have open at one time; 0 for any number.'),
    request_interval_ms: z
      .number()
      .min(0)
      .max(60_000)
      .default(0)
      .describe('Pause between two requests of one account, give or take 30 %, ms; 0 for none.'),
    affinity_patience_seconds: z
      .number()
      .min(0)
      .max(600)
      .default(5)
      .describe('How long a conversation waits for its own account before it moves to a free one, seconds.'),
    queue_seconds: z
      .number()
      .min(0)
      .max(3600)
      .default(60)
      .describe('How long a request may wait in line when all accounts are busy, seconds.'),
    queue_length: z.int().min(0).max(100_000).default(512).describe('Requests that may wait in line at one time.'),
  }),
  quota: section({
    skip_exhausted: z
      .boolean()
      .default(true)
      .describe('Do not ask accounts whose last answer told a used-up limit; off: only those that refused.'),
    probe_minutes: z
      .number()
      .min(0.001)
      .max(1440)
      .default(5)
      .describe('How often it is looked whether an exhausted account has quota again, minutes.'),
    refresh_minutes: z
      .number()
      .min(0)
      .max(1440)
      .default(30)
      .describe('How often the usage of accounts that nothing was heard of is read, minutes; 0 never.'),
    warning_thresholds: z
      .strictObject({ primary: thresholds, secondary: thresholds })
      .default({ primary: [80, 90], secondary: [80, 90] })
      .describe('Percent of the primary and secondary window at which a warning is told; the last one is critical.'),
  }),
  notices: section({
    keep: z.int().min(0).max(1_000_000).default(5000).describe('Notices kept; the oldest go first.'),
    keep_days: z.int().min(1).max(3650).default(30).describe('Days that a notice is kept.'),
    webhook_url: z
      .string()
      .default('')
      .refine(
        (text) => text === '' || isWebhookUrl(text),
        'an https URL without credentials and fragment (http only on a loopback address)',
      )
      .describe('Address that is told notices, signed; empty tells nobody.')
      .meta({ ...GUARDED, masked: true }),
    webhook_events: z
      .array(z.enum(NOTICE_TYPES))
      .default([
        'account_state',
        'quota_warning',
        'quota_back',
        'login_needed',
        'refresh_failed',
        'proxy_down',
        'budget_reached',
      ])
      .describe('Notices that the webhook is told.'),
    webhook_identities: z
      .boolean()
      .default(false)
      .describe('Tell the webhook e-mail addresses too, not only labels and ids.')
      .meta(GUARDED),
  }),
  ollama: section({
    enabled: z.boolean().default(false).describe('Listen for Ollama clients on an address of its own.'),
    host: z
      .string()
      .min(1)
      .default('127.0.0.1')
      .describe('Address for Ollama clients; beyond this machine only with require_key.')
      .meta(GUARDED),
    port: z.int().min(0).max(65535).default(11434).describe('Port for Ollama clients; 0 takes a free one.'),
    require_key: z
      .boolean()
      .default(false)
      .describe('Ask Ollama clients for a client key. Without it anyone on this machine is served.')
      .meta(GUARDED),
    version: z
      .string()
      .regex(/^\d+\.\d+\.\d+$/)
      .default('0.18.3')
      .describe('Ollama version to name; clients refuse old ones.'),
    disable_vision: z.boolean().default(false).describe('Do not tell Ollama clients that models see pictures.'),
  }),
  demo: section({
    enabled: z.boolean().default(true).describe('Serve the model `demo`, which needs no account.'),
  }),
  log: section({
    level: z
      .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'])
      .default('info')
      .describe('Least level that is logged.'),
    file: z
      .boolean()
      .default(true)
      .describe('Keep the log in the folder logs/ of the data folder too, one file a day.')
      .meta(AT_START),
    keep_days: z.int().min(1).max(3650).default(7).describe('Days that a log file is kept.').meta(AT_START),
    keep_bytes: bytes(100 * 1024 * 1024)
      .describe('All log files together, bytes; the oldest go first.')
      .meta(AT_START),
  }),
  requests: section({
    keep: z.int().min(0).max(1_000_000).default(1000).describe('Request records kept in memory.'),
    log: z.boolean().default(true).describe('Keep every request in the database, too, without what was said in it.'),
    log_keep: z.int().min(1).max(10_000_000).default(20_000).describe('Requests kept there; the oldest go first.'),
    log_days: z.int().min(1).max(3650).default(30).describe('Days that a request is kept there.'),
    log_bytes: bytes(256 * 1024 * 1024).describe('All kept requests together, bytes; the oldest go first.'),
    capture_bodies: z
      .boolean()
      .default(false)
      .describe('Keep what was said as well: requests, what went upstream, replies. Sealed, without credentials.'),
    capture_bytes: bytes(256 * 1024).describe('Most that is kept of one body, bytes; the rest is cut off.'),
  }),
  usage: section({
    prices: z
      .record(z.string().min(1), z.union([price, z.array(price).min(1)]))
      .default({})
      .describe('Prices of your own by model, US dollars per million tokens: input, cached, output, from, tiers.'),
    keep_five_min_days: z
      .number()
      .min(0)
      .max(3650)
      .default(14)
      .describe('Days that usage is kept in steps of five minutes; 0 for ever.'),
    keep_hour_days: z.number().min(0).max(3650).default(180).describe('Days that usage is kept by hour; 0 for ever.'),
    keep_day_days: z
      .number()
      .min(0)
      .max(36_500)
      .default(0)
      .refine(
        (days) => days === 0 || days >= DAYS_OF_A_MONTH,
        `0, or at least ${DAYS_OF_A_MONTH}: budgets need the month`,
      )
      .describe('Days that usage is kept by day, at least 32; 0 for ever.'),
  }),
  updates: section({
    feed: z
      .string()
      .default('')
      .refine((text) => text === '' || isUpstreamUrl(text), 'an https URL without credentials, query and fragment')
      .describe('Address that names the newest version when it is asked to, JSON; empty looks nowhere.'),
  }),
  security: section({
    key_source: z
      .enum(['file', 'keyring'])
      .default('file')
      .describe('Where the sealing key lies: a file in the data folder, or the key ring of the system.')
      .meta(AT_START),
  }),
})

export type Config = z.infer<typeof configSchema>
