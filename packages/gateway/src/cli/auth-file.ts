import { existsSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { CommandError, type Deps } from './deps.js'

/** Far more than tokens need; a wrong file should not be read whole. */
const MAX_BYTES = 64 * 1024 * 1024

/** Where the Codex CLI keeps its login. */
export function codexAuthPath(env: Deps['env']): string {
  const home = env['CODEX_HOME']
  return join(home === undefined || home === '' ? join(env['HOME'] ?? homedir(), '.codex') : home, 'auth.json')
}

/** The login of a Codex CLI on this machine, when there is one. */
export function foundCodexLogin(env: Deps['env']): string | undefined {
  const path = codexAuthPath(env)
  return existsSync(path) ? path : undefined
}

/**
 * The file of accounts that was named, or the Codex CLI's own when nothing was.
 * @throws CommandError when there is no such file, or it cannot be one
 */
export function authFilePath(named: string | undefined, deps: Deps): string {
  const path = named === undefined ? codexAuthPath(deps.env) : resolve(named)
  let stats
  try {
    stats = statSync(path)
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    if (code !== 'ENOENT' && code !== 'ENOTDIR') {
      throw new CommandError(`${path} cannot be read (${String(code)}); check whose it is`, 1, { cause })
    }
    throw new CommandError(
      named === undefined
        ? `there is no login of a Codex CLI at ${path}; name its auth.json, or sign in: dragoman login`
        : `there is no file ${path}; the Codex CLI keeps its login in ${codexAuthPath(deps.env)}`,
      1,
      { cause },
    )
  }
  if (stats.isDirectory()) {
    const inside = join(path, 'auth.json')
    if (existsSync(inside)) return inside
    throw new CommandError(`${path} is a folder; name the auth.json in it`)
  }
  if (!(stats.isFile() || stats.isFIFO()) || stats.size > MAX_BYTES) {
    throw new CommandError(`${path} is no auth.json; the Codex CLI keeps its login in ${codexAuthPath(deps.env)}`)
  }
  return path
}
