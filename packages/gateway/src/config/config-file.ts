import { changeConfig } from './edit-config.js'
import { ConfigError, type ConfigProblem } from './config-error.js'
import { configPath, loadConfig, type LoadedConfig, type LoadOptions } from './load-config.js'
import { watchFileAt } from './watch-file.js'

/** The configuration of a program that runs: what is in force, and how that changes. */
export interface ConfigFile {
  readonly path: string
  /** What is in force. */
  current(): LoadedConfig
  /** What is wrong with the file as it is now; then the configuration before it stays in force. */
  problems(): readonly ConfigProblem[]
  /** Called with what is in force from now on, and with what was. Whoever saves waits for it. */
  onChange(listener: (now: LoadedConfig, before: LoadedConfig) => void | Promise<void>): void
  /** Called once for each mistake. */
  onProblem(listener: (problem: ConfigError) => void): void
  /** Reads the file again. A mistake in it changes nothing; it is told to who listens. */
  reload(): Promise<void>
  /**
   * Writes some settings, all or none, and puts them in force before it resolves.
   * @param changes values as JSON has them, by the names of settings; null takes one out
   * @throws ConfigError
   */
  save(changes: Readonly<Record<string, unknown>>): Promise<void>
  /** Reloads whenever somebody changes the file. Never keeps the program alive. @returns how to stop */
  watch(): () => void
}

/** @param current what `loadConfig` read with the same options */
export function configFile(options: LoadOptions, current: LoadedConfig = loadConfig(options)): ConfigFile {
  const path = configPath(options.home)
  const changed: ((now: LoadedConfig, before: LoadedConfig) => void | Promise<void>)[] = []
  const mistaken: ((problem: ConfigError) => void)[] = []
  let inForce = current
  let problem: ConfigError | undefined

  async function reload(): Promise<void> {
    let fresh: LoadedConfig
    try {
      fresh = loadConfig(options)
    } catch (error) {
      const found = asConfigError(error, path)
      const known = found.message === problem?.message
      problem = found
      if (!known) mistaken.forEach((listener) => listener(found))
      return
    }
    const before = inForce
    // A mistake that was taken back is news as well.
    const isNews = problem !== undefined || JSON.stringify(fresh.config) !== JSON.stringify(before.config)
    inForce = fresh
    problem = undefined
    if (isNews) await Promise.all(changed.map((listener) => listener(fresh, before)))
  }

  return {
    path,
    current: () => inForce,
    problems: () => problem?.problems ?? [],
    onChange: (listener) => void changed.push(listener),
    onProblem: (listener) => void mistaken.push(listener),
    reload,
    async save(changes) {
      changeConfig(options.home, changes)
      await reload()
    },
    watch: () => watchFileAt(path, () => void reload()),
  }
}

function asConfigError(error: unknown, path: string): ConfigError {
  if (error instanceof ConfigError) return error
  return new ConfigError([{ where: path, key: '', message: `the file cannot be read: ${String(error)}` }])
}
