import { hash } from 'node:crypto'

/** Who takes part, with how much of the load. */
export interface Share {
  id: string
  weight: number
}

/**
 * Weighted rendezvous hashing: a conversation keeps its key, whoever else comes or rests, so that the provider's prompt cache hits; over many
 * conversations each key gets its weight's share.
 * @returns the order in which they are to be asked
 */
export function byConversation<T extends Share>(shares: readonly T[], conversation: string): T[] {
  if (shares.length < 2) return [...shares]
  return shares
    .map((share) => ({ share, rank: rankOf(share, conversation) }))
    .sort((a, b) => b.rank - a.rank || (a.share.id < b.share.id ? -1 : 1))
    .map(({ share }) => share)
}

function rankOf({ id, weight }: Share, conversation: string): number {
  const drawn = (parseInt(hash('sha256', `${conversation}\n${id}`).slice(0, 12), 16) + 1) / (2 ** 48 + 1)
  return -weight / Math.log(drawn)
}

/**
 * Smooth weighted round robin, for requests that belong to no conversation: of any run of turns each gets its weight's share, and nobody
 * gets them all in a row.
 */
export function createTurns(): { next<T extends Share>(shares: readonly T[]): T[]; forget(id: string): void } {
  const credits = new Map<string, number>()
  return {
    next(shares) {
      if (shares.length < 2) return [...shares]
      const total = shares.reduce((sum, { weight }) => sum + weight, 0)
      for (const { id, weight } of shares) credits.set(id, (credits.get(id) ?? 0) + weight)
      const credit = (id: string): number => credits.get(id) ?? 0
      const order = [...shares].sort((a, b) => credit(b.id) - credit(a.id) || (a.id < b.id ? -1 : 1))
      const [first] = order
      if (first !== undefined) credits.set(first.id, credit(first.id) - total)
      return order
    },
    forget: (id) => void credits.delete(id),
  }
}
