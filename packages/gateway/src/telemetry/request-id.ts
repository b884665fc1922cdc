import { randomFillSync } from 'node:crypto'

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const LENGTH = 24
const POOL = LENGTH * 64

/** Makes ids in bulk: one call for random bytes serves many requests. */
export function requestIds(): (inbound: string | string[] | undefined) => string {
  const pool = Buffer.alloc(POOL)
  let at = POOL
  return (inbound) => {
    if (typeof inbound === 'string' && /^[A-Za-z0-9._-]{1,64}$/.test(inbound)) return inbound
    if (at >= POOL) {
      randomFillSync(pool)
      at = 0
    }
    let id = 'req_'
    for (const end = at + LENGTH; at < end; at++) id += ALPHABET[(pool[at] ?? 0) & 31] ?? '0'
    return id
  }
}
