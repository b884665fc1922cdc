import { watch } from 'node:fs'
import type { FSWatcher } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import type { Identity } from '../store/index.js'
import { importAuthJson } from './import-auth-json.js'
import { LoginError, identify } from './login/index.js'
import type { Login } from './login/index.js'

export type FileNews =
  | { kind: 'same' }
  | { kind: 'login'; login: Login; stamp: string }
  | { kind: 'problem'; problem: string; stamp?: string }

/**
 * Reads an auth.json that another program owns, when it is not as it was.
 * @param stamp from the last reading
 */
export async function readLinkedFile(path: string, owner: Identity, stamp: string | undefined): Promise<FileNews> {
  let fresh: string
  let content: string
  try {
    const { mtimeMs, size, ino } = await stat(path)
    fresh = `${mtimeMs}/${size}/${ino}`
    if (fresh === stamp) return { kind: 'same' }
    content = await readFile(path, 'utf8')
  } catch {
    return {
      kind: 'problem',
      problem: `${path} cannot be read: run "codex login", or sign in here with "dragoman login".`,
    }
  }
  try {
    const login = importAuthJson(content)
    if (!isSameOwner(identify(login), owner)) {
      return {
        kind: 'problem',
        problem: `${path} now belongs to another account: import it as a new one.`,
        stamp: fresh,
      }
    }
    return { kind: 'login', login, stamp: fresh }
  } catch (error) {
    // Its owner may be in the middle of writing: without a stamp it is read again next time.
    return {
      kind: 'problem',
      problem: error instanceof LoginError ? `${path}: ${error.message}` : `${path} cannot be understood.`,
    }
  }
}

function isSameOwner(one: Identity, other: Identity): boolean {
  if (one.chatgptAccountId !== other.chatgptAccountId) return false
  return one.userId === undefined || other.userId === undefined || one.userId === other.userId
}

/** Watches files that other programs replace. */
export interface FileWatch {
  /** Watches exactly these from now on. */
  set(paths: Iterable<string>): void
  close(): void
}

const SETTLE_MS = 100

/**
 * A file that is replaced by renaming loses its own watch, so its folder is watched. Where that is not possible the change is
 * found before the next use.
 */
export function watchFiles(onChange: (path: string) => void): FileWatch {
  const watches = new Map<string, { watcher: FSWatcher | undefined; timer: NodeJS.Timeout | undefined }>()

  function begin(path: string): void {
    const entry: { watcher: FSWatcher | undefined; timer: NodeJS.Timeout | undefined } = {
      watcher: undefined,
      timer: undefined,
    }
    watches.set(path, entry)
    try {
      entry.watcher = watch(dirname(path), { persistent: false }, (_event, name) => {
        if (name !== null && name !== basename(path)) return
        clearTimeout(entry.timer)
        entry.timer = setTimeout(onChange, SETTLE_MS, path).unref()
      })
      entry.watcher.on('error', () => entry.watcher?.close())
    } catch {
      // No such folder, or too many watches.
    }
  }

  function end(path: string): void {
    const entry = watches.get(path)
    entry?.watcher?.close()
    clearTimeout(entry?.timer)
    watches.delete(path)
  }

  return {
    set(paths) {
      const wanted = new Set(paths)
      for (const path of [...watches.keys()]) if (!wanted.has(path)) end(path)
      for (const path of wanted) if (!watches.has(path)) begin(path)
    },
    close() {
      for (const path of [...watches.keys()]) end(path)
    },
  }
}
