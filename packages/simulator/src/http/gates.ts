/** Named gates that hold a reply until a test opens them. A gate that was opened stays open until it is shut. */
export class Gates {
  readonly #open = new Set<string>()
  readonly #waiting = new Map<string, (() => void)[]>()

  open(name: string): void {
    this.#open.add(name)
    const waiting = this.#waiting.get(name) ?? []
    this.#waiting.delete(name)
    for (const go of waiting) go()
  }

  shut(name: string): void {
    this.#open.delete(name)
  }

  /** How many replies stand before this gate. */
  waiting(name: string): number {
    return this.#waiting.get(name)?.length ?? 0
  }

  isOpen(name: string): boolean {
    return this.#open.has(name)
  }

  /** Settles when the gate opens, or when the signal says that nobody waits any more. */
  pass(name: string, signal: AbortSignal): Promise<void> {
    if (this.#open.has(name) || signal.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      const list = this.#waiting.get(name) ?? []
      this.#waiting.set(name, list)
      list.push(resolve)
      signal.addEventListener('abort', () => resolve(), { once: true })
    })
  }

  clear(): void {
    for (const name of [...this.#waiting.keys()]) this.open(name)
    this.#open.clear()
  }
}

/** A wait: milliseconds, or the name of a gate. */
export type Wait = number | string

/** Waits, without a timer where there is nothing to wait for. */
export function wait(what: Wait | undefined, gates: Gates, signal: AbortSignal): Promise<void> | undefined {
  if (what === undefined || what === 0 || signal.aborted) return undefined
  if (typeof what === 'string') return gates.pass(what, signal)
  // Listening to a signal costs more than a short timer that fires for nobody; only a long wait is worth cutting short.
  if (what <= 1000) return new Promise((resolve) => void setTimeout(resolve, what))
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', finish)
      resolve()
    }
    const timer = setTimeout(finish, what)
    signal.addEventListener('abort', finish, { once: true })
  })
}
