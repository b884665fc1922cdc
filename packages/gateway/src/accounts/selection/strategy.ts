import type { Quota } from '../quota/index.js'
import type { Account } from '../types.js'

/** What a strategy may look at. */
export interface Contender {
  account: Account
  quota?: Quota
  /** Requests that it has open. */
  open: number
  /** Requests since the gateway was started. */
  requests: number
  /** Unix ms of the last request; undefined when it never served. */
  lastUsedAt?: number
}

export interface Wish {
  model: string
  /** What the choice is for: a chain of turns, or something that is new with every request. Decides between equals. */
  chain: string
  /** Counts up with every new conversation. */
  turn: number
  /** Unix ms. */
  now: number
}

/** Puts accounts that may serve into the order in which they are asked. Pure; drops none and adds none. */
export type Strategy = (contenders: readonly Contender[], wish: Wish) => readonly Contender[]
