import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { z } from 'zod'
import { ConfigError, type ConfigProblem } from './config-error.js'
import { describeConfig, type Setting } from './describe-config.js'
import { parseYaml, type Placed } from './parse-yaml.js'
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
}

/** Variables that everybody knows, beside `DRAGOMAN_<SECTION>_<KEY>`. */
const COMMON_VARIABLES: Readonly<Record<string, string>> = { PORT: 'server.port', HOST: 'server.host' }
const MAX_FILE_BYTES = 1024 * 1024

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
  const whole = sectionsOf(file, problems)

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
    if (text !== undefined && text !== '' && setting !== undefined) put(setting, text, 'environment', `$${variable}`)
  }
  for (const setting of settings) {
    const text = options.env[setting.variable]
    if (text !== undefined) put(setting, text, 'environment', `$${setting.variable}`)
  }
  for (const [name, text] of Object.entries(options.flags ?? {})) {
    const setting = known.get(name)
    if (setting === undefined) {
      problems.push({ where: 'command line', key: name, message: unknownKey(name, [...known.keys()]) })
    } else put(setting, text, 'flag', 'command line')
  }

  const parsed = configSchema.safeParse(whole)
  if (parsed.success && problems.length === 0) return { config: parsed.data, sources, path }
  const issues = parsed.success ? [] : parsed.error.issues
  throw new ConfigError([...problems, ...issues.flatMap((issue) => problemOf(issue, file, places, known, whole))])
}

function sectionsOf(file: Placed, problems: ConfigProblem[]): Record<string, Record<string, unknown>> {
  if (file.value === null || file.value === undefined) return {}
  if (!isMap(file.value)) {
    problems.push({ where: file.at([]), key: '', message: 'expected sections such as "server:", found something else' })
    return {}
  }
  const out: Record<string, Record<string, unknown>> = {}
  for (const [section, keys] of Object.entries(file.value)) {
    // An empty section (`server:` with all its keys commented out) says nothing.
    if (keys === null) continue
    if (isMap(keys)) out[section] = { ...keys }
    else problems.push({ where: file.at([section]), key: section, message: `expected a section, found ${found(keys)}` })
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
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const name = [...path, key].join('.')
      const choices = path.length === 0 ? Object.keys(configSchema.shape) : [...known.keys()]
      return { where: file.at([...path, key]), key: name, message: unknownKey(name, choices) }
    })
  }
  const key = path.slice(0, 2).join('.')
  const setting = known.get(key)
  const value = path.reduce<unknown>(
    (at, step) => (isMap(at) || Array.isArray(at) ? Reflect.get(at, step) : undefined),
    whole,
  )
  const expected =
    issue.code === 'custom' || setting === undefined ? issue.message : `${setting.type} (${issue.message})`
  return [
    {
      where: places.get(key) ?? file.at(path),
      key: path.join('.'),
      message: `expected ${expected}, found ${found(value)}`,
    },
  ]
}

function unknownKey(name: string, choices: readonly string[]): string {
  const tail = name.split('.').at(-1) ?? name
  const near = choices.find((choice) => choice.endsWith(`.${tail}`)) ?? choices.find((choice) => alike(choice, name))
  return `there is no such setting${near === undefined ? '; `dragoman config list` shows all' : `; did you mean ${near}?`}`
}

/** Same letters but for one or two: enough to catch a slip of the finger. */
function alike(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 2) return false
  let same = 0
  for (let at = 0; at < Math.min(a.length, b.length) && a[at] === b[at]; at++) same++
  let tail = 0
  while (tail < Math.min(a.length, b.length) - same && a.at(-1 - tail) === b.at(-1 - tail)) tail++
  return Math.max(a.length, b.length) - same - tail <= 2
}

/** A value written as text (environment, flag): undefined when it cannot be of the setting's type. */
export function fromText(setting: Setting, text: string): unknown {
  switch (setting.type) {
    case 'number': {
      const number = Number(text)
      return text.trim() === '' || Number.isNaN(number) ? undefined : number
    }
    case 'true/false':
      return /^(?:true|1|yes|on)$/i.test(text) ? true : /^(?:false|0|no|off)$/i.test(text) ? false : undefined
    case 'list':
      return text === '' ? [] : text.split(',').map((piece) => piece.trim())
    case 'map':
      return mapFromText(text)
    default:
      return text
  }
}

/** `a=b,c=d`, or JSON. */
function mapFromText(text: string): Record<string, string> | undefined {
  if (text.trim().startsWith('{')) {
    try {
      return JSON.parse(text) as Record<string, string>
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
    if (statSync(path).size > MAX_FILE_BYTES) {
      throw new ConfigError([
        { where: path, key: '', message: 'the file is larger than 1 MiB; this is no configuration' },
      ])
    }
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
