import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { parseDocument } from 'yaml'
import { ConfigError } from './config-error.js'
import { describeConfig } from './describe-config.js'
import { checkConfig, configPath, fromText, type LoadedConfig, type LoadOptions } from './load-config.js'

const HEADER = '# Dragoman. Every setting, with its default: docs/configuration.md, or `dragoman config list`.\n'

/**
 * Writes one setting into `config.yaml`; comments and order stay. An undefined value takes the setting out.
 * Nothing is written unless the whole is valid afterwards.
 * @param text the value as one types it: a number, true or false, a word, `a,b` for a list, `a=b` for a map
 * @throws ConfigError
 */
export function editConfig(options: LoadOptions, name: string, text: string | undefined): LoadedConfig {
  const setting = describeConfig().find(({ path }) => path === name)
  if (setting === undefined) {
    throw new ConfigError([
      { where: 'command line', key: name, message: 'there is no such setting; `dragoman config list` shows all' },
    ])
  }
  const value = text === undefined ? undefined : fromText(setting, text)
  if (text !== undefined && value === undefined) {
    throw new ConfigError([
      { where: 'command line', key: name, message: `expected ${setting.type}, found ${JSON.stringify(text)}` },
    ])
  }
  const path = configPath(options.home)
  const before = read(path)
  const document = parseDocument(before === '' ? HEADER : before)
  const [section = '', key = ''] = name.split('.')
  if (value === undefined) document.deleteIn([section, key])
  else {
    if (document.getIn([section]) === null || document.getIn([section]) === undefined)
      document.setIn([section], document.createNode({}))
    document.setIn([section, key], document.createNode(value))
  }
  const after = document.toString()
  const loaded = checkConfig(after, options)
  write(path, after)
  return loaded
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
}

/** All or nothing: a crash leaves the old file or the new one. */
function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const beside = `${path}.${process.pid}.tmp`
  const file = openSync(beside, 'w', 0o600)
  try {
    writeSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(beside, path)
}
