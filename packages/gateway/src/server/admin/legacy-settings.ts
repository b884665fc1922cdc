import { createRoute, z } from '@hono/zod-openapi'
import { FailureError, invalidRequest } from '@dragoman/protocol'
import { settingOf } from '../../config/index.js'
import { AdminProblem, json, jsonBody, PROBLEMS, ErrorBody, type AdminApi } from './api.js'
import { saveSettings, type SettingsHouse } from './settings.js'

/** A field of a predecessor: the setting that it is here, or what stands in its place. */
type Field = { setting: string; emptyIsNull?: true } | { instead: string }

interface Group {
  path: string
  summary: string
  fields: Readonly<Record<string, Field>>
}

const is = (setting: string): Field => ({ setting })
/** Null there is the empty text here. */
const isOrNull = (setting: string): Field => ({ setting, emptyIsNull: true })
const instead = (way: string): Field => ({ instead: way })
const NO_SELF_UPDATE = instead('the program never replaces itself; see updates.feed and POST /admin/check-update')

/** Source of paths and fields: parity 1.12. */
const GROUPS: readonly Group[] = [
  {
    path: '/admin/rotation-settings',
    summary: 'How a new conversation gets its account',
    fields: { rotation_strategy: is('accounts.strategy') },
  },
  {
    path: '/admin/settings',
    summary: 'There is no master key here',
    fields: {
      proxy_api_key: instead(
        'there is no master key; make client keys, each with its own limits, at /auth/client-keys',
      ),
    },
  },
  {
    path: '/admin/general-settings',
    summary: 'General settings by the names of other gateways',
    fields: {
      port: is('server.port'),
      proxy_url: instead('proxies stand at /api/proxies, and proxy.default names the usual one'),
      force_http11: instead('HTTP/1.1 is what is spoken upstream, and WebSocket; see codex.websocket'),
      inject_desktop_context: is('model.inject_desktop_context'),
      suppress_desktop_directives: is('model.suppress_desktop_directives'),
      allow_client_system_prompt_strategy: is('model.allow_client_system_prompt_strategy'),
      system_prompt_strategy: is('model.system_prompt_strategy'),
      default_model: is('model.default'),
      default_reasoning_effort: isOrNull('model.effort'),
      image_host_model: is('model.image_host_model'),
      default_tools: is('model.default_tools'),
      model_aliases: is('model.aliases'),
      refresh_enabled: is('auth.refresh_enabled'),
      refresh_margin_seconds: is('auth.refresh_margin_seconds'),
      refresh_concurrency: is('auth.refresh_concurrency'),
      max_concurrent_per_account: is('accounts.max_concurrent_per_account'),
      request_interval_ms: is('accounts.request_interval_ms'),
      auto_update: NO_SELF_UPDATE,
      auto_download: NO_SELF_UPDATE,
      show_update_dialog: NO_SELF_UPDATE,
      logs_enabled: is('requests.log'),
      logs_capacity: is('requests.log_keep'),
      logs_capture_body: is('requests.capture_bodies'),
      logs_llm_only: instead('the request log holds requests to models alone'),
      usage_history_retention_days: is('usage.keep_day_days'),
      credits_per_usd: instead('costs are told in US dollars; usage.prices holds prices of your own'),
    },
  },
  {
    path: '/admin/quota-settings',
    summary: 'How quotas are watched',
    fields: {
      refresh_interval_minutes: is('quota.refresh_minutes'),
      warning_thresholds: is('quota.warning_thresholds'),
      skip_exhausted: is('quota.skip_exhausted'),
    },
  },
  {
    path: '/admin/ollama-settings',
    summary: 'The listener for Ollama clients',
    fields: {
      enabled: is('ollama.enabled'),
      host: is('ollama.host'),
      port: is('ollama.port'),
      version: is('ollama.version'),
      disable_vision: is('ollama.disable_vision'),
      require_key: is('ollama.require_key'),
    },
  },
]

/** The same settings as `/admin/config`, by the paths and names that programs of the predecessors know. */
export function legacySettingsApi(api: AdminApi, house: SettingsHouse): void {
  const tags = ['settings']
  for (const group of GROUPS) {
    const values = z.object(
      Object.fromEntries(Object.keys(group.fields).map((name) => [name, fieldSchema(group, name)])),
    )
    api.openapi(
      createRoute({
        method: 'get',
        path: group.path,
        tags,
        summary: group.summary,
        responses: { 200: json(values, 'Null where there is no such setting here.'), ...PROBLEMS },
      }),
      (c) => c.json(valuesOf(group, house), 200),
    )
    api.openapi(
      createRoute({
        method: 'post',
        path: group.path,
        tags,
        summary: `Change: ${group.summary.toLowerCase()}`,
        request: { body: jsonBody(z.record(z.string(), z.any())) },
        responses: {
          200: json(values.extend({ success: z.literal(true), restart_required: z.boolean() }), 'In force.'),
          ...PROBLEMS,
          409: json(ErrorBody, 'The file cannot take it.'),
        },
      }),
      async (c) => {
        const changes = changesOf(group, c.req.valid('json'))
        const { restartRequired } = await saveSettings(house, changes, c.env.admin).catch((error: unknown) => {
          throw renamed(group, error)
        })
        const reply = {
          ...valuesOf(group, house),
          success: true as const,
          restart_required: restartRequired.length > 0,
        }
        return c.json(reply, 200)
      },
    )
  }
}

function fieldSchema({ fields }: Group, name: string): z.ZodType {
  const field = fields[name]
  const description = field === undefined || 'instead' in field ? field?.instead : `\`${field.setting}\``
  return z.any().openapi({ ...(description === undefined ? {} : { description }) })
}

function valuesOf({ fields }: Group, { config }: SettingsHouse): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => {
      if ('instead' in field) return [name, null]
      const value = settingOf(config(), field.setting)
      return [name, field.emptyIsNull === true && value === '' ? null : value]
    }),
  )
}

/** @throws FailureError that names the field */
function changesOf({ fields, path }: Group, body: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const changes: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(body)) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined
    if (field === undefined) {
      const known = Object.keys(fields).join(', ')
      throw new FailureError(
        invalidRequest(`/${name}`, `${path} has no field ${JSON.stringify(name)}; it has ${known}`),
      )
    }
    if ('instead' in field) throw new FailureError(invalidRequest(`/${name}`, field.instead, 'no_such_setting'))
    changes[field.setting] = field.emptyIsNull === true ? (value ?? '') : value
  }
  return changes
}

/** The place in the request that was sent, not in ours. */
function renamed({ fields }: Group, error: unknown): unknown {
  if (error instanceof AdminProblem || !(error instanceof FailureError)) return error
  const { pointer } = error.failure
  const found = Object.entries(fields).find(
    ([, field]) => 'setting' in field && (pointer === `/${field.setting}` || pointer?.startsWith(`/${field.setting}/`)),
  )
  if (found === undefined || pointer === undefined || !('setting' in found[1])) return error
  return new FailureError({ ...error.failure, pointer: `/${found[0]}${pointer.slice(found[1].setting.length + 1)}` })
}
