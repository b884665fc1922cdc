import { isDeepStrictEqual } from 'node:util'
import { createRoute, z } from '@hono/zod-openapi'
import { FailureError } from '@dragoman/protocol'
import {
  CHINESE_SETTINGS,
  ConfigError,
  describeConfig,
  settingOf,
  type Config,
  type ConfigFile,
  type ConfigProblem,
  type Setting,
} from '../../config/index.js'
import type { Admin } from '../../sessions/index.js'
import { refuseExposure } from '../addresses.js'
import { NOT_FRESH } from '../admin-door.js'
import { json, jsonBody, problem, PROBLEMS, type AdminApi } from './api.js'

export interface SettingsHouse {
  config(): Config
  /** Without it the settings can only be read. */
  configFile?: ConfigFile
  /** What was in force when the gateway was started; settings that are read then still say this. */
  started: Config
  /** Which environment variables are set. */
  env: Readonly<Record<string, string | undefined>>
}

/** What a change did. */
export interface SavedSettings {
  saved: string[]
  /** Written, and in force when the gateway is started again. */
  restartRequired: string[]
  /** Written, but a variable or a flag of this run wins. */
  overridden: string[]
}

const SettingView = z
  .object({
    path: z.string().openapi({ example: 'server.port' }),
    section: z.string().openapi({ example: 'server' }),
    type: z.enum(['text', 'number', 'boolean', 'choice', 'list', 'map']),
    choices: z.array(z.string()).optional().openapi({ description: 'Of a choice, and of a list of such words.' }),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    whole: z.boolean().optional().openapi({ description: 'A number without a fraction.' }),
    holds: z.enum(['text', 'anything']).optional().openapi({ description: 'What a list or a map is made of.' }),
    default: z.any(),
    value: z.any().openapi({ description: 'What is in force.' }),
    source: z.enum(['default', 'file', 'environment', 'flag']),
    variable: z.string().openapi({ description: 'The environment variable that sets it, or that could.' }),
    description: z.string(),
    descriptionZh: z.string(),
    atStart: z.boolean().openapi({ description: 'Read when the gateway starts.' }),
    restartPending: z.boolean().openapi({ description: 'The gateway still runs with another value.' }),
    locked: z.boolean().openapi({ description: 'The environment or a flag wins over what is saved.' }),
    guarded: z.boolean().openapi({ description: 'A change needs a fresh sign-in.' }),
    masked: z.boolean().openapi({ description: 'Parts of the value are secrets and stand as dots.' }),
  })
  .openapi('Setting')

const ConfigView = z
  .object({
    settings: z.array(SettingView),
    problems: z
      .array(z.object({ where: z.string(), key: z.string(), message: z.string() }))
      .openapi({ description: 'What is wrong with the file now; what it said before is in force.' }),
    path: z.string().optional().openapi({ description: 'Where the file lies.' }),
    writable: z.boolean(),
  })
  .openapi('Config')

const SavedView = z
  .object({
    saved: z.array(z.string()),
    restartRequired: z.array(z.string()).openapi({ description: 'In force when the gateway is started again.' }),
    overridden: z.array(z.string()).openapi({ description: 'A variable or a flag wins.' }),
  })
  .openapi('SavedSettings')

/** `GET` and `PATCH /admin/config`: every setting of `config.yaml`, read and changed. */
export function settingsApi(api: AdminApi, house: SettingsHouse): void {
  api.openapi(
    createRoute({
      method: 'get',
      path: '/admin/config',
      tags: ['settings'],
      summary: 'Every setting with its value, its default and where it comes from',
      responses: { 200: json(ConfigView, 'The settings, in the order of the documentation.'), ...PROBLEMS },
    }),
    (c) => c.json(configView(house), 200),
  )
  api.openapi(
    createRoute({
      method: 'patch',
      path: '/admin/config',
      tags: ['settings'],
      summary: 'Change settings: all of them, or none',
      description:
        'A map from settings to values; null goes back to the default. Written into config.yaml, comments kept, and in force before the answer.',
      request: {
        body: jsonBody(
          z
            .record(z.string(), z.any())
            .openapi({ example: { 'accounts.strategy': 'round_robin', 'model.aliases': { smart: 'gpt-5.5-high' } } }),
        ),
      },
      responses: { 200: json(SavedView, 'What was written.'), ...PROBLEMS },
    }),
    async (c) => c.json(await saveSettings(house, c.req.valid('json'), c.env.admin), 200),
  )
}

function configView(house: SettingsHouse): z.infer<typeof ConfigView> {
  const file = house.configFile
  const config = house.config()
  return {
    settings: describeConfig().map((setting) => settingView(house, setting, config)),
    problems: (file?.problems() ?? []).map(({ where, key, message }) => ({ where, key, message })),
    ...(file === undefined ? {} : { path: file.path }),
    writable: file !== undefined,
  }
}

function settingView(house: SettingsHouse, setting: Setting, config: Config): z.infer<typeof SettingView> {
  const { path, type, choices, variable, ...rest } = setting
  const source = house.configFile?.current().sources.get(path) ?? 'default'
  const inForce = settingOf(config, path)
  const value = rest.masked ? maskedUrl(inForce) : inForce
  return {
    path,
    section: path.split('.')[0] ?? '',
    ...rest,
    type: kindOf(type),
    ...(choices === undefined ? {} : { choices: [...choices] }),
    value,
    source,
    variable: variableOf(house, setting) ?? variable,
    descriptionZh: CHINESE_SETTINGS[path] ?? rest.description,
    restartPending: rest.atStart && !isDeepStrictEqual(inForce, settingOf(house.started, path)),
    locked: source === 'environment' || source === 'flag',
  }
}

/** Receivers know their callers by the path; the host alone is told. */
function maskedUrl(value: unknown): unknown {
  if (typeof value !== 'string' || !URL.canParse(value)) return value
  return `${new URL(value).origin}/••••••••`
}

function kindOf(type: string): z.infer<typeof SettingView>['type'] {
  switch (type) {
    case 'string':
      return 'text'
    case 'true/false':
      return 'boolean'
    case 'number':
    case 'list':
    case 'map':
      return type
    default:
      return 'choice'
  }
}

/** The variable that sets it now: two settings have a short one, too. */
function variableOf({ env }: SettingsHouse, { path, variable }: Setting): string | undefined {
  const short = { 'server.port': 'PORT', 'server.host': 'HOST' }[path]
  return [variable, ...(short === undefined ? [] : [short])].find((name) => (env[name] ?? '') !== '')
}

/**
 * Writes settings and puts them in force.
 * @throws FailureError that names the setting by its pointer, AdminProblem when the file cannot take them
 */
export async function saveSettings(
  house: SettingsHouse,
  changes: Readonly<Record<string, unknown>>,
  admin: Admin,
): Promise<SavedSettings> {
  const { configFile: file } = house
  if (file === undefined)
    throw problem(409, 'config_fixed', 'the settings of this gateway are given to it from outside')
  const names = Object.keys(changes)
  const touched = describeConfig().filter(({ path }) => names.includes(path))
  if (touched.some(({ guarded }) => guarded) && !isFresh(admin)) throw new FailureError(NOT_FRESH)
  refuseExposed(house, changes)
  try {
    await file.save(changes)
  } catch (error) {
    throw error instanceof ConfigError ? told(error, names) : error
  }
  const { sources, config } = file.current()
  const isOver = ({ path }: Setting): boolean => ['environment', 'flag'].includes(sources.get(path) ?? '')
  return {
    saved: names,
    restartRequired: touched
      .filter((setting) => setting.atStart && !isOver(setting))
      .map(({ path }) => path)
      .filter((path) => !isDeepStrictEqual(settingOf(config, path), settingOf(house.started, path))),
    overridden: touched.filter(isOver).map(({ path }) => path),
  }
}

function isFresh(admin: Admin): boolean {
  return admin.kind === 'control' || admin.session.freshUntil >= Date.now()
}

/** With these the next start would fail. */
function refuseExposed(house: SettingsHouse, changes: Readonly<Record<string, unknown>>): void {
  if (!('server.host' in changes) && !('server.insecure_expose' in changes)) return
  const { server } = house.config()
  const of = (name: 'host' | 'insecure_expose', fallback: unknown): unknown =>
    `server.${name}` in changes ? (changes[`server.${name}`] ?? fallback) : server[name]
  const host = of('host', '')
  if (typeof host !== 'string') return
  try {
    refuseExposure({ host, port: server.port, insecure_expose: of('insecure_expose', false) === true })
  } catch (error) {
    const where = 'server.host' in changes ? 'server.host' : 'server.insecure_expose'
    throw new FailureError(unfit(where, error instanceof Error ? error.message : String(error)))
  }
}

/** What is wrong with a new value names its place; what was wrong before it is another matter. */
function told({ problems }: ConfigError, names: readonly string[]): Error {
  const mine = problems.find(({ key }) => names.some((name) => key === name || key.startsWith(`${name}.`)))
  if (mine !== undefined) return new FailureError(unfit(mine.key, `${mine.key}: ${mine.message}`, mine.steps))
  const other = problems[0] ?? { where: 'config.yaml', key: '', message: 'it cannot be used' }
  return problem(409, 'config_broken', `correct the file first – ${sentenceOf(other)}`)
}

function sentenceOf({ where, key, message }: ConfigProblem): string {
  return `${where}: ${key === '' ? '' : `${key}: `}${message}`
}

/** `/server.port`, `/model.fallbacks/gpt-5.5/0`: a setting is one step of the body. */
function unfit(key: string, message: string, steps: readonly string[] = key.split('.')): FailureError['failure'] {
  const [section = '', name = '', ...rest] = steps
  const pointer = [`${section}.${name}`, ...rest].map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`)
  return {
    kind: 'invalid_request',
    scope: 'request',
    phase: 'unsent',
    retry: 'never',
    code: 'setting_unfit',
    message,
    pointer: pointer.join(''),
  }
}
