import type { Log } from '../telemetry/index.js'

export interface CatalogRefresherOptions<List extends { models: readonly unknown[] }> {
  /** Asks the backend; undefined when there is nobody to ask with. */
  fetch(signal: AbortSignal): Promise<List | undefined>
  learn(list: List): void
  /** Read after every reading. */
  everyMs(): number
  log: Log
}

export interface CatalogRefresher {
  soon(): void
  stop(): void
}

/** Keeps the model list fresh: at start, at intervals, and when the backend says that it has changed. Never in anybody's way. */
export function catalogRefresher<List extends { models: readonly unknown[] }>(
  options: CatalogRefresherOptions<List>,
): CatalogRefresher {
  let timer: NodeJS.Timeout | undefined
  let running = false
  // A reading in the air must not hold the end of the program up.
  const stopped = new AbortController()

  async function refresh(): Promise<void> {
    try {
      const list = await options.fetch(stopped.signal)
      if (list === undefined) return
      options.learn(list)
      options.log.debug({ models: list.models.length }, 'the model list is fresh')
    } catch (error) {
      if (stopped.signal.aborted) return
      options.log.info({ reason: String(error) }, 'the model list could not be read; the last good one stays in force')
    }
  }

  function schedule(ms: number): void {
    if (stopped.signal.aborted) return
    clearTimeout(timer)
    timer = setTimeout(() => {
      if (running) return
      running = true
      void refresh().finally(() => {
        running = false
        schedule(options.everyMs())
      })
    }, ms).unref()
  }

  return {
    soon: () => schedule(running ? 1_000 : 50),
    stop() {
      stopped.abort()
      clearTimeout(timer)
    },
  }
}
