import type { SelectionStrategy } from '../config/index.js'
import { DEFAULT_REFRESH_SETTINGS } from './refresh-gate.js'
import type { RefreshSettings } from './refresh-gate.js'

/** How the pool gives out its accounts. */
export interface PoolSettings {
  strategy: SelectionStrategy
  /** Plans in the order in which they are used. */
  tierPriority: readonly string[]
  /** Requests that one account may have open; 0 for any number. */
  maxConcurrent: number
  requestIntervalMs: number
  /** How long a conversation waits for its own account before it moves. */
  patienceMs: number
  queueMs: number
  queueLength: number
  /** A full window keeps an account back although it refused nobody yet. */
  skipExhausted: boolean
  /** How often a lock is tested. */
  probeMs: number
  refresh: RefreshSettings
}

export const DEFAULT_SETTINGS: PoolSettings = {
  strategy: 'least_used',
  tierPriority: [],
  maxConcurrent: 16,
  requestIntervalMs: 0,
  patienceMs: 5_000,
  queueMs: 60_000,
  queueLength: 512,
  skipExhausted: true,
  probeMs: 5 * 60_000,
  refresh: DEFAULT_REFRESH_SETTINGS,
}
