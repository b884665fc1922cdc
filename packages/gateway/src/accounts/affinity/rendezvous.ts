import { hash } from 'node:crypto'

/**
 * A number between 0 and 1 (neither) that belongs to a pair: every instance draws the same, so that all put a conversation in the
 * same place without talking, and a place that goes moves only those that were there. Source: highest random weight hashing,
 * Thaler and Ravishankar 1998.
 */
export function drawOf(chain: string, accountId: string): number {
  const hex = hash('sha256', `${chain}\n${accountId}`)
  return (Number.parseInt(hex.slice(0, 12), 16) + 0.5) / 2 ** 48
}

/**
 * The weighted form: over many conversations an account gets a share that is as large as its weight. Higher goes first; a weight
 * of 0 goes last.
 */
export function weightedDrawOf(chain: string, accountId: string, weight: number): number {
  return weight <= 0 ? -Infinity : weight / -Math.log(drawOf(chain, accountId))
}
