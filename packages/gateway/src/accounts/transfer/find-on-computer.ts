import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Whose login lies there. */
export type FoundProgram = 'codex' | 'codex-proxy' | 'codex-proapi' | 'cliproxyapi' | 'opencode'

/** A file on this computer that may hold accounts; nobody has read it yet. */
export interface FoundFile {
  program: FoundProgram
  path: string
  /** It can be followed instead of copied: its program goes on to refresh it. */
  linkable: boolean
}

type Env = Readonly<Record<string, string | undefined>>

/** Of a folder with a file for each account. */
const MOST_FILES = 200
const MOST_BYTES = 64 * 1024 * 1024

/**
 * Where the programs that people come from keep their logins on this computer, as far as such files are there. Sources: parity 2.5
 * (codex-proxy), 7.2 (codex-proapi), product 2; those of other programs as their documentation says.
 */
export function findAccountFiles(env: Env): FoundFile[] {
  const home = named(env['HOME']) ?? named(env['USERPROFILE'])
  if (home === undefined) return []
  const codexHome = named(env['CODEX_HOME']) ?? join(home, '.codex')
  const data = named(env['XDG_DATA_HOME']) ?? join(home, '.local', 'share')
  const proapi = named(env['CODEX_DATA_DIR']) ?? join(home, '.codex-proapi')
  const found: FoundFile[] = [
    { program: 'codex', path: join(codexHome, 'auth.json'), linkable: true },
    ...codexProxyFolders(env, home).flatMap((folder) => onlyFirst(folder, ['accounts.sqlite', 'accounts.json'])),
    { program: 'codex-proapi', path: join(proapi, 'accounts.json'), linkable: false },
    ...filesIn(join(home, '.cli-proxy-api')),
    { program: 'opencode', path: join(data, 'opencode', 'auth.json'), linkable: false },
  ]
  return found.filter(({ path }) => isReadable(path))
}

/** A clone beside the person's other things, or the desktop application. */
function codexProxyFolders(env: Env, home: string): string[] {
  const applications = [
    named(env['XDG_CONFIG_HOME']) ?? join(home, '.config'),
    join(home, 'Library', 'Application Support'),
    named(env['APPDATA']) ?? join(home, 'AppData', 'Roaming'),
  ]
  return [
    join(home, 'codex-proxy', 'data'),
    ...applications.flatMap((folder) => ['Codex Proxy', 'codex-proxy'].map((name) => join(folder, name, 'data'))),
  ]
}

/** The database is the newer one; its mirror says the same. */
function onlyFirst(folder: string, names: readonly string[]): FoundFile[] {
  const path = names.map((name) => join(folder, name)).find((one) => existsSync(one))
  return path === undefined ? [] : [{ program: 'codex-proxy', path, linkable: false }]
}

function filesIn(folder: string): FoundFile[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .toSorted()
      .slice(0, MOST_FILES)
      .map((name) => ({ program: 'cliproxyapi', path: join(folder, name), linkable: false }))
  } catch {
    return []
  }
}

function isReadable(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false })
  return stats?.isFile() === true && stats.size <= MOST_BYTES
}

function named(value: string | undefined): string | undefined {
  return value === '' ? undefined : value
}
