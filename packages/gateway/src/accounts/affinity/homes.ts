import { LRUCache } from 'lru-cache'
import type { ConversationHome, ConversationHomeRows, Log } from '../../store/index.js'

/**
 * Where chains of turns have their place. In memory, written behind: what a crash forgets is where the last seconds' new
 * conversations went, and their next turn finds the same place by its hash in most cases.
 */
export interface Homes {
  get(chain: string): ConversationHome | undefined
  set(chain: string, home: ConversationHome): void
  delete(chain: string): void
  /** Looks in the store for the first of these that is not known here. Never rejects: not to find it costs a cold cache. */
  find(chains: readonly (string | undefined)[]): Promise<void>
  /** Reads what earlier runs wrote. */
  load(): Promise<void>
  close(): Promise<void>
}

export interface HomesOptions {
  rows: ConversationHomeRows
  now: () => number
  log: Log
}

const REMEMBERED = 50_000
const SAVE_AFTER_MS = 1_000
/** Prompt caches and the backend's own sessions are long gone by then. */
const FORGOTTEN_AFTER_MS = 7 * 24 * 3_600_000
/** A place that did not change is written again only so often: its time need not be exact. */
export const TOUCH_EVERY_MS = 10 * 60_000

export function createHomes({ rows, now, log }: HomesOptions): Homes {
  const homes = new LRUCache<string, ConversationHome>({ max: REMEMBERED })
  let dirty = new Map<string, ConversationHome>()
  let timer: NodeJS.Timeout | undefined
  let saving = Promise.resolve()

  function saveSoon(): void {
    timer ??= setTimeout(() => {
      timer = undefined
      saving = saving.then(save)
    }, SAVE_AFTER_MS).unref()
  }

  async function save(): Promise<void> {
    if (dirty.size === 0) return
    const batch = dirty
    dirty = new Map()
    try {
      await rows.put(batch)
    } catch (error) {
      log.warn({ err: error, conversations: batch.size }, 'could not save where conversations have their place')
    }
  }

  return {
    get: (chain) => homes.get(chain),
    set(chain, home) {
      const known = homes.get(chain)
      const same =
        known !== undefined &&
        known.accountId === home.accountId &&
        known.originId === home.originId &&
        known.foreignItems === home.foreignItems &&
        home.at - known.at < TOUCH_EVERY_MS
      // Its own time stays, so that it is written when enough has passed.
      if (same) return
      homes.set(chain, home)
      dirty.set(chain, home)
      saveSoon()
    },
    delete(chain) {
      homes.delete(chain)
      dirty.delete(chain)
    },
    async find(chains) {
      for (const chain of chains) {
        if (chain === undefined || homes.has(chain)) continue
        try {
          const found = await rows.get(chain)
          if (found === undefined) continue
          if (!homes.has(chain)) homes.set(chain, found)
          return
        } catch (error) {
          log.warn({ err: error }, 'could not look where a conversation has its place')
          return
        }
      }
    },
    async load() {
      await rows.removeOlder(now() - FORGOTTEN_AFTER_MS)
      // The newest comes first; put in last it is the last to be forgotten.
      for (const [chain, home] of [...(await rows.newest(REMEMBERED))].reverse()) {
        if (!homes.has(chain)) homes.set(chain, home)
      }
    },
    async close() {
      clearTimeout(timer)
      timer = undefined
      await saving
      await save()
    },
  }
}
