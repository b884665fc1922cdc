import { mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/** `$DRAGOMAN_HOME`, else `~/.dragoman`; made (0700) when it is missing. */
export function homeFolder(env: Readonly<Record<string, string | undefined>>): string {
  const named = env['DRAGOMAN_HOME']
  const home = named === undefined || named === '' ? join(env['HOME'] ?? homedir(), '.dragoman') : resolve(named)
  mkdirSync(home, { recursive: true, mode: 0o700 })
  return home
}
