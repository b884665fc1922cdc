import { createHmac, randomBytes } from 'node:crypto'

/**
 * Makes and checks `encrypted_content`. The real one is opaque and bound to the account; this one carries the account and the session in the clear
 * and a mark that only this simulator can make, so that a test can see at once whose thought was sent to whom.
 */
export class Seals {
  readonly #key = randomBytes(32)

  make(kind: string, accountId: string, session: string): string {
    const told = Buffer.from(JSON.stringify({ kind, accountId, session, salt: randomBytes(48).toString('base64') }))
    return `gAAAAA${told.toString('base64url')}.${this.#mark(told)}`
  }

  /** What a seal says; undefined when this simulator did not make it. */
  read(sealed: string): { kind: string; accountId: string; session: string } | undefined {
    const [head = '', mark = ''] = sealed.split('.')
    if (!head.startsWith('gAAAAA')) return undefined
    const told = Buffer.from(head.slice(6), 'base64url')
    if (this.#mark(told) !== mark) return undefined
    return JSON.parse(told.toString('utf8')) as { kind: string; accountId: string; session: string }
  }

  #mark(told: Buffer): string {
    return createHmac('sha256', this.#key).update(told).digest('base64url')
  }
}
