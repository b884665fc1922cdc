/** What became of one of many. `skipped`: the work was stopped before its turn. */
export type BatchResult<T> =
  | { id: string; outcome: 'done'; value: T }
  | { id: string; outcome: 'failed'; error: Error }
  | { id: string; outcome: 'skipped' }

export interface BatchOptions<T> {
  /** How many run at one time. */
  concurrency: number
  /** Told after each, in the order in which they end. */
  onProgress?(progress: BatchProgress<T>): void
  /** Begins no other one once it is aborted; those under way end. */
  signal?: AbortSignal
}

export interface BatchProgress<T> {
  /** How many have ended, this one included. */
  done: number
  total: number
  result: Exclude<BatchResult<T>, { outcome: 'skipped' }>
}

/**
 * Does one thing to many accounts. One that fails stops no other; an id that is named twice is worked on once.
 * @returns a result for each id, in the order in which they were named. Never rejects.
 */
export async function runBatch<T>(
  ids: Iterable<string>,
  act: (id: string) => T | Promise<T>,
  { concurrency, onProgress, signal }: BatchOptions<T>,
): Promise<BatchResult<T>[]> {
  const wanted = [...new Set(ids)]
  const results = wanted.map((id): BatchResult<T> => ({ id, outcome: 'skipped' }))
  let next = 0
  let done = 0

  async function one(id: string): Promise<BatchProgress<T>['result']> {
    try {
      return { id, outcome: 'done', value: await act(id) }
    } catch (error) {
      return { id, outcome: 'failed', error: error instanceof Error ? error : new Error(String(error)) }
    }
  }

  async function work(): Promise<void> {
    while (next < wanted.length && signal?.aborted !== true) {
      const at = next++
      const id = wanted[at]
      if (id === undefined) return
      const result = await one(id)
      results[at] = result
      done += 1
      onProgress?.({ done, total: wanted.length, result })
    }
  }

  await Promise.all(Array.from({ length: Math.max(1, Math.min(concurrency, wanted.length)) }, work))
  return results
}
