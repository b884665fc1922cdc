import type { Account } from '../types.js'
import type { Quota } from '../quota/index.js'

/** What a strategy may look at. */
export interface Contender {
  account: Account
  quota?: Quota
  /** Unix ms of the last request; undefined when it never served. */
  lastUsedAt?: number
}

export interface Wish {
  model: string
  conversation?: string
  /** Counts up with every request. */
  turn: number
}

/** Puts accounts that may serve into the order in which they are asked. Pure; drops none and adds none. */
export type Strategy = (contenders: readonly Contender[], wish: Wish) => readonly Contender[]
