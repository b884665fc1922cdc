import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { z } from 'zod'
import { ConfigError, type ConfigProblem } from './config-error.js'
import { describeConfig, type Setting } from './describe-config.js'
import { nearestName } from './nearest-name.js'
import { MAX_FILE_BYTES, parseYaml, tooLarge, type Placed } from './parse-yaml.js'
import { configSchema, type Config } from './schema.js'

export type Layer = 'default' | 'file' | 'environment' | 'flag'

export interface LoadOptions {
  /** The data folder. */
  home: string
  env: Readonly<Record<string, string | undefined>>
  /** `server.port` → `0`, as given on the command line. */
  flags?: Readonly<Record<string, string>>
}

export interface LoadedConfig {
  config: Config
  /** Which layer each setting came from. */
  sources: ReadonlyMap<string, Layer>
  path: string
  /** What is not wrong enough to refuse, but surely not meant: a misspelt environment variable. */
  remarks: readonly ConfigProblem[]
}

/** Variables that everybody knows, beside `DRAGOMAN_<SECTION>_<KEY>`. */
const COMMON_VARIABLES: Readonly<Record<string, string>> = { PORT: 'server.port', HOST: 'server.host' }

export function configPath(home: string): string {
  return join(home, 'config.yaml')
}

/**
 * Puts the layers together: defaults < `config.yaml` < environment < flags. A missing file is an empty one.
 * @throws ConfigError that names file, line, key, what was expected and what was found
 */
export function loadConfig(options: LoadOptions): LoadedConfig {
  const path = configPath(options.home)
  return combine(parseYaml(readFile(path), path), path, options)
}

/** The same for a file's text that is not on disk yet. */
export function checkConfig(text: string, options: LoadOptions): LoadedConfig {
  const path = configPath(options.home)
  return combine(parseYaml(text, path), path, options)
}

function combine(file: Placed, path: string, options: LoadOptions): LoadedConfig {
  const settings = describeConfig()
  const known = new Map(settings.map((setting) => [setting.path, setting]))
  const sources = new Map<string, Layer>(settings.map((setting) => [setting.path, 'default']))
  const places = new Map<string, string>()
  const problems: ConfigProblem[] = []
  const whole = sectionsOf(file, known.keys(), problems)

  for (const [section, keys] of Object.entries(whole)) {
    for (const key of Object.keys(keys)) {
      sources.set(`${section}.${key}`, 'file')
      places.set(`${section}.${key}`, file.at([section, key]))
    }
  }
  const put = (setting: Setting, text: string, layer: Layer, where: string): void => {
    const [section = '', key = ''] = setting.path.split('.')
    const target = (whole[section] ??= {})
    const value = fromText(setting, text)
    if (value === undefined) {
      problems.push({ where, key: setting.path, message: `expected ${setting.type}, found ${JSON.stringify(text)}` })
      return
    }
    target[key] = value
    sources.set(setting.path, layer)
    places.set(setting.path, where)
  }
  for (const [variable, target] of Object.entries(COMMON_VARIABLES)) {
    const text = options.env[variable]
    const setting = known.get(target)
    if (setting !== undefined && says(setting, text)) put(setting, text, 'environment', `$${variable}`)
  }
  for (const setting of settings) {
    const text = options.env[setting.variable]
    if (says(setting, text)) put(setting, text, 'environment', `$${setting.variable}`)
  }
  for (const [name, text] of Object.entries(options.flags ?? {})) {
    const setting = known.get(name)
    if (setting === undefined) {
      problems.push({ where: 'command line', key: name, message: unknownKey(name, known.keys()) })
    } else put(setting, text, 'flag', 'command line')
  }

  const parsed = configSchema.safeParse(whole)
  if (parsed.success && problems.length === 0) {
    return { config: parsed.data, sources, path, remarks: misspelt(options.env, settings) }
  }
  const issues = parsed.success ? [] : parsed.error.issues
  throw new ConfigError([...problems, ...issues.flatMap((issue) => problemOf(issue, file, places, known, whole))])
}

/**
 * Does a variable say anything? An empty one is how compose files and shells write "not set"; only a text, a list or a map can be
 * meant to be empty. And Kubernetes sets `DRAGOMAN_SERVER_PORT=tcp://…` itself for a service of the name dragoman-server.
 */
function says(setting: Setting, text: string | undefined): text is string {
  if (text === undefined || (setting.type === 'number' && text.startsWith('tcp://'))) return false
  return text.trim() !== '' || ['string', 'list', 'map'].includes(setting.type)
}

/** Variables that begin like a section of ours and are no setting. The ones that Kubernetes makes are nobody's mistake. */
function misspelt(env: LoadOptions['env'], settings: readonly Setting[]): ConfigProblem[] {
  const variables = settings.map(({ variable }) => variable)
  const known = new Set(variables)
  const begin = new Set(variables.map((variable) => variable.split('_', 2).join('_') + '_'))
  return Object.keys(env)
    .filter((name) => [...begin].some((start) => name.startsWith(start)) && !known.has(name))
    .filter((name) => name !== 'DRAGOMAN_SECRET_KEY' && !/_SERVICE_(HOST|PORT)|_PORT_\d+_|_PORT$/.test(name))
    .map((name) => {
      const near = nearestName(name, variables)
      return {
        where: `$${name}`,
        key: '',
        message: `there is no such setting${near === undefined ? '' : `; did you mean ${near}?`}`,
      }
    })
}

function sectionsOf(
  file: Placed,
  known: Iterable<string>,
  problems: ConfigProblem[],
): Record<string, Record<string, unknown>> {
  if (file.value === null || file.value === undefined) return {}
  if (!isMap(file.value)) {
    problems.push({ where: file.at([]), key: '', message: 'expected sections such as "server:", found something else' })
    return {}
  }
  // Without a prototype: a section may be called anything.
  const out = Object.create(null) as Record<string, Record<string, unknown>>
  for (const [section, keys] of Object.entries(file.value)) {
    // A setting without a value (`port:`) says nothing, nor does an empty section.
    if (isMap(keys)) out[section] = Object.fromEntries(Object.entries(keys).filter(([, value]) => value !== null))
    else if (!Object.hasOwn(configSchema.shape, section)) {
      problems.push({ where: file.at([section]), key: section, message: unknownKey(section, known) })
    } else if (keys !== null) {
      problems.push({ where: file.at([section]), key: section, message: `expected a section, found ${found(keys)}` })
    }
  }
  return out
}

function problemOf(
  issue: z.core.$ZodIssue,
  file: Placed,
  places: ReadonlyMap<string, string>,
  known: ReadonlyMap<string, Setting>,
  whole: Record<string, Record<string, unknown>>,
): ConfigProblem[] {
  const path = issue.path.map(String)
  if (issue.code === 'invalid_union') {
    // What came furthest is what was meant.
    const reach = (issues: readonly z.core.$ZodIssue[]): number => Math.max(0, ...issues.map((one) => one.path.length))
    const [meant = []] = issue.errors.toSorted((one, other) => reach(other) - reach(one))
    const inner = meant.map((one) => ({ ...one, path: [...issue.path, ...one.path] }))
    if (reach(meant) > 0) return inner.flatMap((one) => problemOf(one, file, places, known, whole))
  }
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const name = [...path, key].join('.')
      return { where: file.at([...path, key]), key: name, message: unknownKey(name, known.keys()) }
    })
  }
  const key = path.slice(0, 2).join('.')
  const setting = known.get(key)
  const value = path.reduce<unknown>(
    (at, step) => (isMap(at) || Array.isArray(at) ? Reflect.get(at, step) : undefined),
    whole,
  )
  // Of a part the type of the whole says nothing.
  const expected =
    issue.code === 'custom' || path.length > 2 || setting === undefined
      ? issue.message
      : `${setting.type} (${issue.message})`
  return [
    {
      where: places.get(key) ?? file.at(path),
      key: path.join('.'),
      steps: path,
      message: `expected ${expected}, found ${found(value)}`,
    },
  ]
}

function unknownKey(name: string, known: Iterable<string>): string {
  const near = nearestName(name, [...Object.keys(configSchema.shape), ...known])
  return `there is no such setting${near === undefined ? '; `dragoman config list` shows all' : `; did you mean ${near}?`}`
}

/** A value written as text (environment, flag): undefined when it cannot be of the setting's type. */
export function fromText(setting: Setting, text: string): unknown {
  switch (setting.type) {
    case 'number': {
      return /^\s*[+-]?\d+(?:\.\d+)?\s*$/.test(text) ? Number(text) : undefined
    }
    case 'true/false':
      return /^(?:true|1|yes|on)$/i.test(text) ? true : /^(?:false|0|no|off)$/i.test(text) ? false : undefined
    case 'list':
      return text
        .split(',')
        .map((piece) => piece.trim())
        .filter((piece) => piece !== '')
    case 'map':
      return mapFromText(text)
    default:
      return text
  }
}

/** `a=b,c=d`, or JSON. */
function mapFromText(text: string): unknown {
  if (text.trim().startsWith('{')) {
    try {
      return JSON.parse(text)
    } catch {
      return undefined
    }
  }
  const out: Record<string, string> = {}
  for (const piece of text.split(',').filter((part) => part.trim() !== '')) {
    const at = piece.indexOf('=')
    if (at <= 0) return undefined
    Object.defineProperty(out, piece.slice(0, at).trim(), { value: piece.slice(at + 1).trim(), enumerable: true })
  }
  return out
}

function readFile(path: string): string {
  try {
    if (statSync(path).size > MAX_FILE_BYTES) throw tooLarge(path)
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    if (error instanceof ConfigError) throw error
    throw new ConfigError([{ where: path, key: '', message: `the file cannot be read: ${String(error)}` }])
  }
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function found(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value)
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}
