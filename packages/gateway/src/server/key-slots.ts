/** How many requests each client key has open, over all listeners. */
export interface KeySlots {
  /** False when the key has as many open as it may. */
  take(keyId: string, limit: number): boolean
  give(keyId: string): void
  /** How many each key has open now, by its id. */
  readonly open: ReadonlyMap<string, number>
}

export function keySlots(): KeySlots {
  const open = new Map<string, number>()
  return {
    open,
    take(keyId, limit) {
      const now = open.get(keyId) ?? 0
      if (now >= limit) return false
      open.set(keyId, now + 1)
      return true
    },
    give(keyId) {
      const left = (open.get(keyId) ?? 1) - 1
      if (left > 0) open.set(keyId, left)
      else open.delete(keyId)
    },
  }
}
