import { unwatchFile, watch, watchFile, type FSWatcher } from 'node:fs'
import { basename, dirname } from 'node:path'

/** Editors write in several steps; the last one counts. */
const SETTLE_MS = 100
/** For what the system does not tell: network folders, bind mounts, a link whose target was replaced. */
const POLL_MS = 2_000

/**
 * Calls when a file may have changed, and once at the beginning. The folder is watched, not the file: editors replace files. Never keeps
 * the program alive.
 * @returns how to stop
 */
export function watchFileAt(path: string, onChange: () => void): () => void {
  let timer: NodeJS.Timeout | undefined
  function soon(): void {
    clearTimeout(timer)
    timer = setTimeout(onChange, SETTLE_MS).unref()
  }
  let watcher: FSWatcher | undefined
  try {
    watcher = watch(dirname(path), (_, name) => {
      if (name === null || name === basename(path)) soon()
    })
    watcher.unref()
    watcher.on('error', () => watcher?.close())
  } catch {
    // No watching on this file system; the poll below sees the change.
  }
  watchFile(path, { persistent: false, interval: POLL_MS }, soon)
  // What changed between the reading and the watching.
  soon()
  return () => {
    clearTimeout(timer)
    watcher?.close()
    unwatchFile(path, soon)
  }
}
