import type { BodyBudget } from '../read-body.js'

/** What was read and is no whole frame yet; less are pings and their answers. */
const PART_OF_A_FRAME = 4096
/** How long a client may take to send a frame, ms. */
const LONGEST_MS = 120_000

/** The bytes that a connection has read since its last whole frame. They count against the budget of bodies, as those of a request do. */
export class UnfinishedFrame {
  #bytes = 0
  #since = 0

  constructor(private readonly budget: BodyBudget) {}

  /** @returns false when the gateway reads as much as it may */
  read(bytes: number): boolean {
    if (this.#bytes <= PART_OF_A_FRAME) this.#since = performance.now()
    if (!this.budget.take(bytes)) return false
    this.#bytes += bytes
    return true
  }

  /** The frame is whole, or its connection is gone. */
  done(): void {
    this.budget.give(this.#bytes)
    this.#bytes = 0
  }

  /** @param now monotonic ms */
  takesTooLong(now: number): boolean {
    return this.#bytes > PART_OF_A_FRAME && now - this.#since > LONGEST_MS
  }
}
