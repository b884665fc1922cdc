import { createRoute, z } from '@hono/zod-openapi'
import { isLocked, usedNow, type Account, type Accounts, type AccountStatus, type Quota } from '../../accounts/index.js'
import { NOTICE_LANGUAGES, sentenceOf, type CurrentWarning, type Notices } from '../../notices/index.js'
import { GRAIN_MS, type UsageGrain, type UsageRows } from '../../store/index.js'
import { alignedSeries, startOfDay, sumOf, usageFields } from '../../usage/index.js'
import type { OllamaStatus } from '../ollama-bridge.js'
import { json, PROBLEMS, type AdminApi } from './api.js'
import type { TrafficMinutes } from './overview-minutes.js'
import { Overview, type Warning } from './overview-schemas.js'
import { zoneIn } from './usage-stats-query.js'

export interface OverviewHouse {
  version: string
  /** Unix ms. */
  startedAt: number
  listeners(): readonly string[]
  ollama(): OllamaStatus
  accounts: Pick<Accounts, 'list' | 'quota' | 'waiting'>
  strategy(): string
  apiKeys(): readonly { enabled: boolean }[]
  clientKeys(): Promise<readonly { id: string; name: string; revokedAt?: number }[]>
  /** Answers under way. */
  open(): number
  /** How many each client key has open, by its id. */
  openByKey(): ReadonlyMap<string, number>
  usage: Pick<UsageRows, 'points' | 'sums'>
  flush(): Promise<void>
  minutes: TrafficMinutes
  quotaWarnings(): readonly CurrentWarning[]
  proxies(): readonly { name: string; state: string; error?: string }[]
  unreadErrors(): Promise<number>
  notices: Pick<Notices, 'list'>
  now?: () => number
}

const MOST_BARS = 24
const EVENTS = 8
/** Stands for an unpaid plan: full from its beginning, and told as the state of the account. */
const PAYMENT = 'payment'

/** `GET /admin/overview`: the first page in one question. */
export function overviewApi(api: AdminApi, house: OverviewHouse): void {
  const route = createRoute({
    method: 'get',
    path: '/admin/overview',
    tags: ['overview'],
    summary: 'How the gateway is, in one look',
    request: {
      query: z.object({
        time_zone: z.string().optional().openapi({ description: 'Whose day is today: `Europe/Berlin`. Default UTC.' }),
        language: z.enum(NOTICE_LANGUAGES).optional().openapi({ description: 'Of the events. Default en.' }),
      }),
    },
    responses: { 200: json(Overview, 'Now.'), ...PROBLEMS },
  })
  api.openapi(route, async (c) => {
    const { time_zone: told, language = 'en' } = c.req.valid('query')
    const zone = zoneIn(told)
    const now = (house.now ?? Date.now)()
    const accounts = house.accounts.list()
    const keys = house.apiKeys()
    const [usage, clientKeys, errors, events] = await Promise.all([
      usageNow(house, zone, now),
      house.clientKeys(),
      house.unreadErrors(),
      house.notices.list({ count: EVENTS }),
    ])
    const named = new Map(clientKeys.map(({ id, name }) => [id, name]))
    const enabled = keys.filter((key) => key.enabled).length
    const view: Overview = {
      version: house.version,
      started_at: iso(house.startedAt),
      now: iso(now),
      listeners: [...house.listeners()],
      ollama: ollamaOf(house.ollama()),
      pool: {
        strategy: house.strategy(),
        total: accounts.length,
        states: statesOf(accounts),
        waiting: house.accounts.waiting,
      },
      api_keys: { total: keys.length, enabled },
      client_keys: clientKeys.filter(({ revokedAt }) => revokedAt === undefined).length,
      serving: {
        open: house.open(),
        accounts: accounts
          .filter(({ open }) => open > 0)
          .map((account) => ({ id: account.id, name: nameOf(account), open: account.open }))
          .sort((a, b) => b.open - a.open),
        client_keys: [...house.openByKey()]
          .map(([id, open]) => ({ id, name: named.get(id) ?? id, open }))
          .sort((a, b) => b.open - a.open),
      },
      ...usage,
      quota: quotaOf(house, accounts, now),
      warnings: [
        ...warningsOf(house, accounts, enabled),
        ...(errors > 0 ? [{ kind: 'errors' as const, count: errors }] : []),
        ...(usage.today.unpriced_request_count > 0
          ? [{ kind: 'unpriced' as const, count: usage.today.unpriced_request_count }]
          : []),
      ],
      events: events.map((notice) => ({
        id: notice.id,
        at: notice.at,
        level: notice.level,
        type: notice.type,
        sentence: sentenceOf(notice, language),
      })),
    }
    return c.json(view, 200)
  })
}

async function usageNow({ flush, usage: rows, minutes }: OverviewHouse, zone: string, now: number) {
  await flush()
  const midnight = startOfDay(now, zone)
  const hourAgo = floor(now - GRAIN_MS.hour, 'five_min')
  const dayAgo = floor(now - GRAIN_MS.day, 'hour') + GRAIN_MS.hour
  const of = async (from: number, to: number) => {
    const query = { grain: 'five_min' as const, from: floor(from, 'five_min'), to }
    const [all, keys] = await Promise.all([rows.sums(query), rows.sums({ ...query, by: 'api_key' })])
    return {
      from: iso(from),
      ...usageFields(sumOf(all.map(({ tally }) => tally))),
      keys_cost_usd: sumOf(keys.map(({ tally }) => tally)).costMicroUsd / 1e6,
    }
  }
  const [five, hours, today, yesterday] = await Promise.all([
    rows.points({ grain: 'five_min', from: hourAgo, to: now }),
    rows.points({ grain: 'hour', from: dayAgo, to: now }),
    of(midnight, now),
    of(midnight - GRAIN_MS.day, now - GRAIN_MS.day),
  ])
  const { at, requests, failed } = minutes.read(
    five.map((point) => ({ at: point.at, requests: point.tally.requests, failed: point.tally.failed })),
  )
  const day = alignedSeries(hours, { grain: 'hour', from: dayAgo, to: now, groups: 1 })
  const empty = sumOf([])
  const fields = day.at.map((_, n) => usageFields(day.series[0]?.tallies[n] ?? empty))
  return {
    minutes: { at: at.map(iso), requests, failed },
    hour: usageFields(sumOf(five.map(({ tally }) => tally))),
    today,
    yesterday,
    trend: {
      at: day.at.map(iso),
      request_count: fields.map((one) => one.request_count),
      request_failed_count: fields.map((one) => one.request_failed_count),
      input_tokens: fields.map((one) => one.input_tokens),
      cached_tokens: fields.map((one) => one.cached_tokens),
      output_tokens: fields.map((one) => one.output_tokens),
      estimated_cost_usd: fields.map((one) => one.estimated_cost_usd),
      ttft_p50_ms: fields.map((one) => one.ttft_p50_ms),
    },
  }
}

function floor(at: number, grain: UsageGrain): number {
  return Math.floor(at / GRAIN_MS[grain]) * GRAIN_MS[grain]
}

function statesOf(accounts: readonly Account[]): Record<AccountStatus, number> {
  const states = { active: 0, cooling: 0, exhausted: 0, expired: 0, suspended: 0, disabled: 0 }
  for (const { status } of accounts) states[status] += 1
  return states
}

function windowsOf(quota: Quota | undefined, now: number) {
  return Object.values(quota?.windows ?? {})
    .filter(({ limit }) => limit !== PAYMENT)
    .map((window) => {
      const used = usedNow(window, now)
      const reached = isLocked(window, now)
      return {
        limit: window.limit,
        name: window.name ?? null,
        slot: window.slot,
        allowed: !reached,
        limit_reached: reached,
        used_percent: used,
        remaining_percent: Math.max(0, 100 - used),
        reset_at: window.resetAt === undefined ? null : Math.ceil(window.resetAt / 1000),
        limit_window_seconds: window.windowMinutes === undefined ? null : window.windowMinutes * 60,
        source: window.source,
        told_at: iso(window.at),
        doubted_at: window.doubtedAt === undefined ? null : iso(window.doubtedAt),
      }
    })
    .sort((a, b) => Number(b.limit === OWN) - Number(a.limit === OWN) || (a.slot < b.slot ? -1 : 1))
}

const OWN = 'codex'

function quotaOf({ accounts: pool }: OverviewHouse, accounts: readonly Account[], now: number): Overview['quota'] {
  const all = accounts
    .filter(({ status }) => status !== 'disabled')
    .map((account) => ({
      id: account.id,
      name: nameOf(account),
      plan: account.plan ?? null,
      state: account.status,
      reason: account.reason ?? null,
      until: account.until === undefined ? null : iso(account.until),
      open: account.open,
      windows: windowsOf(pool.quota(account.id), now),
    }))
  const own = all.flatMap(({ state, windows }) =>
    state === 'expired' || state === 'suspended' ? [] : windows.filter(({ limit }) => limit === OWN),
  )
  const left = (slot: 'primary' | 'secondary'): number | null => {
    const used = own.filter((window) => window.slot === slot).map((window) => Math.min(100, window.used_percent))
    return used.length === 0 ? null : 100 - used.reduce((sum, one) => sum + one, 0) / used.length
  }
  const fullest = ({ windows }: (typeof all)[number]): number =>
    Math.max(-1, ...windows.map(({ limit_reached: reached, used_percent: used }) => (reached ? 1000 : used)))
  return {
    left: { primary: left('primary'), secondary: left('secondary') },
    accounts: all.sort((a, b) => fullest(b) - fullest(a)).slice(0, MOST_BARS),
  }
}

/** The gravest first. */
function warningsOf(house: OverviewHouse, accounts: readonly Account[], enabledKeys: number): Warning[] {
  const names = new Map(accounts.map((account) => [account.id, nameOf(account)]))
  const about = (account: Account) => ({ account_id: account.id, name: nameOf(account) })
  const served = accounts.some(({ status }) => status === 'active') || enabledKeys > 0
  const of = (status: AccountStatus) => accounts.filter((account) => account.status === status)
  return [
    ...(served || accounts.length === 0 ? [] : [{ kind: 'no_candidate' as const }]),
    ...of('expired').map((one) => ({ kind: 'login' as const, ...about(one), reason: one.reason ?? null })),
    ...of('suspended').map((one) => ({ kind: 'suspended' as const, ...about(one), reason: one.reason ?? null })),
    ...house.quotaWarnings().map((warning) => ({
      kind: 'quota' as const,
      account_id: warning.accountId,
      name: names.get(warning.accountId) ?? warning.accountId,
      limit: warning.limit,
      slot: warning.window,
      used_percent: warning.usedPercent,
      reset_at: warning.resetAt === null ? null : iso(warning.resetAt),
      critical: warning.level === 'critical',
    })),
    ...house
      .proxies()
      .filter(({ state }) => state === 'unreachable')
      .map(({ name, error }) => ({ kind: 'proxy' as const, name, reason: error ?? null })),
    ...accounts.flatMap((account) =>
      account.attention === undefined || account.status === 'disabled'
        ? []
        : [{ kind: 'attention' as const, ...about(account), reason: account.attention }],
    ),
  ]
}

function ollamaOf({ enabled, url, error }: OllamaStatus): Overview['ollama'] {
  return { enabled, url: url ?? null, error: error ?? null }
}

function nameOf({ id, label, email }: Account): string {
  return label ?? email ?? id
}

function iso(at: number): string {
  return new Date(at).toISOString()
}
