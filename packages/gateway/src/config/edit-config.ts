import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { isMap, isScalar, parseDocument, type Document } from 'yaml'
import { ConfigError } from './config-error.js'
import { findSetting } from './find-setting.js'
import { checkConfig, configPath, fromText, type LoadedConfig } from './load-config.js'
import { parseYaml, type Placed } from './parse-yaml.js'
import { spliceYaml } from './splice-yaml.js'

const HEADER = '# Dragoman. Every setting, with its default: docs/configuration.md, or `dragoman config list`.\n'

/**
 * Writes one setting into `config.yaml`; comments and order stay. An undefined value takes the setting out.
 * Nothing is written unless the whole file is valid afterwards, whatever environment and flags say over it.
 * @param home the data folder
 * @param text the value as one types it: a number, true or false, a word, `a,b` for a list, `a=b` for a map
 * @returns what the file alone says now
 * @throws ConfigError
 */
export function editConfig(home: string, name: string, text: string | undefined): LoadedConfig {
  return changeConfig(home, { [name]: valueOf(name, text) })
}

/**
 * The same for several settings at once: all of them are written, or none.
 * @param changes values as JSON has them, by the names of settings; null or undefined takes one out
 * @throws ConfigError
 */
export function changeConfig(home: string, changes: Readonly<Record<string, unknown>>): LoadedConfig {
  const path = configPath(home)
  const before = read(path)
  const file = parseYaml(before, path)
  let after = before.trim() === '' ? HEADER : before
  for (const [name, value] of Object.entries(changes)) {
    const [section = '', key = ''] = findSetting(name).path.split('.')
    refuseToReplace(file, section)
    after = edited(after, section, key, value ?? undefined)
  }
  const loaded = checkConfig(after, { home, env: {} })
  if (after !== before) write(path, after)
  return loaded
}

function valueOf(name: string, text: string | undefined): unknown {
  const setting = findSetting(name)
  if (text === undefined) return undefined
  const value = fromText(setting, text)
  if (value !== undefined) return value
  const message = `expected ${setting.type}, found ${JSON.stringify(text)}`
  throw new ConfigError([{ where: 'command line', key: name, message }])
}

/** A file that cannot be understood must not be made worse: what stands where a section belongs is somebody's text. */
function refuseToReplace(file: Placed, section: string): void {
  const isMap = (value: unknown): boolean => typeof value === 'object' && !Array.isArray(value)
  const whole = file.value ?? null
  const keys = isMap(whole) && whole !== null ? (Reflect.get(whole, section) as unknown) : undefined
  if (!isMap(whole))
    throw new ConfigError([{ where: file.at([]), key: '', message: 'expected sections such as "server:"' }])
  if (keys === undefined || isMap(keys)) return
  const message = `expected a section, found ${JSON.stringify(keys)}`
  throw new ConfigError([{ where: file.at([section]), key: section, message }])
}

/** The smallest change that says it; where that is too clever, the file is written anew from what was read. */
function edited(before: string, section: string, key: string, value: unknown): string {
  const document = parseDocument(before)
  if (value === undefined) remove(document, section, key)
  else put(document, section, key, value)
  const spliced = spliceYaml(before, section, key, value)
  if (spliced !== undefined) {
    const reread = parseDocument(spliced)
    if (reread.errors.length === 0 && isDeepStrictEqual(meant(reread), meant(document))) return spliced
  }
  // Lines of a person are not to be folded.
  return document.toString({ lineWidth: 0 })
}

/** An empty section says nothing. */
function meant(document: Document): unknown {
  const whole: unknown = document.toJS({ maxAliasCount: 100 })
  if (typeof whole !== 'object' || whole === null) return {}
  return Object.fromEntries(Object.entries(whole).filter(([, keys]) => keys !== null && !isDeepStrictEqual(keys, {})))
}

function put(document: Document, section: string, key: string, value: unknown): void {
  const node = document.get(section, true)
  if (!isMap(node)) {
    const fresh = document.createNode({})
    // `server:` with all its settings commented out: the comments belong to the section.
    if (isScalar(node) && node.value === null) fresh.comment = node.comment ?? node.commentBefore ?? null
    document.set(section, fresh)
  }
  document.setIn([section, key], document.createNode(value))
}

function remove(document: Document, section: string, key: string): void {
  const node = document.get(section, true)
  if (!isMap(node)) return
  node.delete(key)
  if (node.items.length === 0 && !node.comment && !node.commentBefore) document.delete(section)
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw new ConfigError([{ where: path, key: '', message: `the file cannot be read: ${String(error)}` }])
  }
}

/** All or nothing: a crash leaves the old file or the new one. A link stays a link, and the file keeps its mode. */
function write(path: string, text: string): void {
  const { target, mode } = existing(path)
  mkdirSync(dirname(target), { recursive: true, mode: 0o700 })
  const beside = `${target}.${process.pid}.tmp`
  try {
    const file = openSync(beside, 'w', mode)
    try {
      writeSync(file, text)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(beside, target)
  } catch (error) {
    rmSync(beside, { force: true })
    throw new ConfigError([{ where: path, key: '', message: `the file cannot be written: ${String(error)}` }])
  }
  syncFolder(dirname(target))
}

function existing(path: string): { target: string; mode: number } {
  try {
    const target = realpathSync(path)
    return { target, mode: statSync(target).mode & 0o777 }
  } catch {
    return { target: path, mode: 0o600 }
  }
}

/** The new name is on the disk only when its folder is. Not every system lets a folder be synced. */
function syncFolder(path: string): void {
  try {
    const folder = openSync(path, 'r')
    try {
      fsyncSync(folder)
    } finally {
      closeSync(folder)
    }
  } catch {
    // Windows: the rename alone has to do.
  }
}
