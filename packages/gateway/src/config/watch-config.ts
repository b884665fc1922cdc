import { unwatchFile, watch, watchFile, type FSWatcher } from 'node:fs'
import { basename, dirname } from 'node:path'
import { ConfigError } from './config-error.js'
import { configPath, loadConfig, type LoadedConfig, type LoadOptions } from './load-config.js'

export interface ConfigWatch {
  close(): void
}

/** Editors write in several steps; the last one counts. */
const SETTLE_MS = 100
/** For what the system does not tell: network folders, bind mounts, a link whose target was replaced. */
const POLL_MS = 2_000

/**
 * Reloads the configuration when its file no longer says what `current` says. An invalid file changes nothing and is told to `onProblem`, once. The folder is
 * watched, not the file: editors replace files. Never keeps the program alive.
 */
export function watchConfig(
  options: LoadOptions & { current: LoadedConfig },
  onChange: (loaded: LoadedConfig) => void,
  onProblem: (problem: ConfigError) => void,
): ConfigWatch {
  const path = configPath(options.home)
  let timer: NodeJS.Timeout | undefined
  let last = JSON.stringify(options.current.config)
  let problem = ''

  function reload(): void {
    let loaded: LoadedConfig
    try {
      loaded = loadConfig(options)
    } catch (error) {
      const found = asConfigError(error, path)
      if (found.message !== problem) onProblem(found)
      problem = found.message
      return
    }
    const text = JSON.stringify(loaded.config)
    // A mistake that was taken back is news as well.
    if (text === last && problem === '') return
    last = text
    problem = ''
    onChange(loaded)
  }

  function soon(): void {
    clearTimeout(timer)
    timer = setTimeout(reload, SETTLE_MS).unref()
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
  return {
    close() {
      clearTimeout(timer)
      watcher?.close()
      unwatchFile(path, soon)
    },
  }
}

function asConfigError(error: unknown, path: string): ConfigError {
  if (error instanceof ConfigError) return error
  return new ConfigError([{ where: path, key: '', message: `the file cannot be read: ${String(error)}` }])
}
