import { arch, cpus, freemem, platform, release, totalmem } from 'node:os'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createRoute, z } from '@hono/zod-openapi'
import type { Accounts } from '../../accounts/index.js'
import { settingOf, describeConfig, type Config, type ConfigFile } from '../../config/index.js'
import type { LogTail, RequestRecords } from '../../telemetry/index.js'
import { json, PROBLEMS, type AdminApi } from './api.js'
import { redacted } from './diagnostics-redact.js'
import { linesOf } from './log-tail.js'
import type { Installation } from './updates.js'

export interface DiagnosticsHouse {
  version: string
  startedAt: number
  installation: Installation
  config(): Config
  configFile?: ConfigFile
  accounts: Pick<Accounts, 'list' | 'waiting'>
  apiKeys(): readonly { id: string; provider: string; kind: string; enabled: boolean }[]
  proxies(): readonly { id: string; protocol: string; state: string }[]
  records: Pick<RequestRecords, 'list'>
  listeners(): readonly string[]
  ollama(): { enabled: boolean; listening: boolean; error?: string }
  logTail?: LogTail
  /** Who we say we are to the Codex backend. */
  fingerprint(): { originator: string; userAgent: string }
  /** SQLite's own word on the database. */
  integrity(): string
}

const Bundle = z.record(z.string(), z.any())

const RECENT_FAILURES = 50
const LOG_LINES = 500

/** What somebody who is to help needs to know, and nothing that opens anything. */
export function diagnosticsApi(api: AdminApi, house: DiagnosticsHouse): void {
  const delay = monitorEventLoopDelay({ resolution: 50 })
  delay.enable()
  const read = (): Record<string, unknown> => {
    const ms = (value: number): number => Math.round(value / 1e4) / 100
    return {
      ...bundleOf(house),
      eventLoopDelayMs: {
        mean: ms(delay.mean),
        p50: ms(delay.percentile(50)),
        p99: ms(delay.percentile(99)),
        max: ms(delay.max),
      },
    }
  }
  const tags = ['diagnostics']
  api.openapi(
    createRoute({
      method: 'get',
      path: '/admin/diagnostics',
      tags,
      summary: 'A file for whoever is to help: no secrets, no names of people',
      responses: { 200: json(Bundle, 'The file.'), ...PROBLEMS },
    }),
    (c) => {
      const name = `dragoman-diagnostics-${new Date().toISOString().slice(0, 10)}.json`
      c.header('content-disposition', `attachment; filename="${name}"`)
      return c.json(read(), 200)
    },
  )
  api.openapi(
    createRoute({
      method: 'get',
      path: '/debug/diagnostics',
      tags,
      summary: 'The same, to be looked at',
      responses: { 200: json(Bundle, 'What the file says.'), ...PROBLEMS },
    }),
    (c) => c.json(read(), 200),
  )
  api.openapi(
    createRoute({
      method: 'get',
      path: '/debug/fingerprint',
      tags,
      summary: 'Who the gateway says it is to the Codex backend',
      responses: {
        200: json(
          z.object({ profile: z.string(), originator: z.string(), user_agent: z.string(), version: z.string() }),
          'The profile and what follows from it.',
        ),
        ...PROBLEMS,
      },
    }),
    (c) => {
      const { profile, version } = house.config().client
      const { originator, userAgent } = house.fingerprint()
      return c.json({ profile, originator, user_agent: userAgent, version }, 200)
    },
  )
}

function bundleOf(house: DiagnosticsHouse): Record<string, unknown> {
  const config = house.config()
  const sources = house.configFile?.current().sources
  const changed = describeConfig().flatMap(({ path }) => {
    const source = sources?.get(path) ?? 'default'
    if (source === 'default') return []
    // Of the webhook the path is a secret, too.
    const value = path === 'notices.webhook_url' ? originOf(String(settingOf(config, path))) : settingOf(config, path)
    return [{ setting: path, value, source }]
  })
  const accounts = house.accounts.list()
  const failures = house.records.list(1000).filter(({ failure }) => failure !== undefined)
  const memory = process.memoryUsage()
  const told = {
    madeAt: new Date().toISOString(),
    dragoman: {
      version: house.version,
      installation: house.installation,
      uptimeSeconds: secondsSince(house.startedAt),
    },
    runtime: {
      node: process.version,
      platform: platform(),
      release: release(),
      arch: arch(),
      cpus: cpus().length,
      totalMemoryBytes: totalmem(),
      freeMemoryBytes: freemem(),
    },
    memory: { rssBytes: memory.rss, heapUsedBytes: memory.heapUsed, externalBytes: memory.external },
    listeners: house.listeners(),
    ollama: house.ollama(),
    settings: changed,
    configurationProblems: house.configFile?.problems() ?? [],
    database: { integrity: house.integrity() },
    pool: {
      strategy: config.accounts.strategy,
      waiting: house.accounts.waiting,
      accounts: accounts.map(({ id, status, plan, open }) => ({ id, status, plan, open })),
      apiKeys: house.apiKeys().map(({ id, provider, kind, enabled }) => ({ id, provider, kind, enabled })),
      proxies: house.proxies().map(({ id, protocol, state }) => ({ id, protocol, state })),
    },
    recentFailures: failures.slice(0, RECENT_FAILURES).map((record) => ({
      id: record.id,
      at: new Date(record.at).toISOString(),
      dialect: record.dialect,
      model: record.model,
      route: record.route,
      status: record.status,
      attempts: record.attempts.map(({ id, outcome }) => ({ id, outcome })),
      failure: { kind: record.failure?.kind, code: record.failure?.code, message: record.failure?.message },
    })),
    log: linesOf(house.logTail).slice(-LOG_LINES),
  }
  return redacted(told) as Record<string, unknown>
}

function originOf(url: string): string {
  return URL.canParse(url) ? `${new URL(url).origin}/[redacted]` : url
}

function secondsSince(at: number): number {
  return Math.round((Date.now() - at) / 1000)
}
