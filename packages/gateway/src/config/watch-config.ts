import { watch, type FSWatcher } from 'node:fs'
import { basename, dirname } from 'node:path'
import { ConfigError } from './config-error.js'
import { configPath, loadConfig, type LoadedConfig, type LoadOptions } from './load-config.js'

export interface ConfigWatch {
  close(): void
}

/** Editors write in several steps; the last one counts. */
const SETTLE_MS = 100

/**
 * Reloads the configuration when its file changes. An invalid file changes nothing and is told to `onProblem`. The folder is
 * watched, not the file: editors replace files.
 */
export function watchConfig(
  options: LoadOptions,
  onChange: (loaded: LoadedConfig) => void,
  onProblem: (problem: ConfigError) => void,
): ConfigWatch {
  const path = configPath(options.home)
  let timer: NodeJS.Timeout | undefined
  let last = JSON.stringify(quietLoad(options)?.config)

  function reload(): void {
    try {
      const loaded = loadConfig(options)
      const text = JSON.stringify(loaded.config)
      if (text === last) return
      last = text
      onChange(loaded)
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      onProblem(error)
    }
  }

  let watcher: FSWatcher | undefined
  try {
    watcher = watch(dirname(path), (_, name) => {
      if (name !== null && name !== basename(path)) return
      clearTimeout(timer)
      timer = setTimeout(reload, SETTLE_MS).unref()
    })
    watcher.unref()
    watcher.on('error', () => watcher?.close())
  } catch {
    // No watching on this file system; a restart still reads the file.
  }
  return {
    close() {
      clearTimeout(timer)
      watcher?.close()
    },
  }
}

function quietLoad(options: LoadOptions): LoadedConfig | undefined {
  try {
    return loadConfig(options)
  } catch {
    return undefined
  }
}
