import { mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { ConfigError } from './config-error.js'

/**
 * `$DRAGOMAN_HOME`, else `~/.dragoman`; made (0700) when it is missing.
 * @throws ConfigError when it cannot be made
 */
export function homeFolder(env: Readonly<Record<string, string | undefined>>): string {
  const named = env['DRAGOMAN_HOME']
  const home = named === undefined || named === '' ? join(env['HOME'] ?? homedir(), '.dragoman') : resolve(named)
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 })
  } catch (error) {
    const message = `the data folder cannot be made (${String(error)}); name another with $DRAGOMAN_HOME`
    throw new ConfigError([{ where: home, key: '', message }])
  }
  return home
}
