import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { StoreError } from './errors.js'

/** Where a sealed text belongs. A text opened at another place than it was sealed for fails. */
export interface Place {
  table: string
  id: string
  field: string
}

const FORMAT = 'd1'
const NONCE_BYTES = 12
const TAG_BYTES = 16

/**
 * AES-256-GCM under a random nonce, bound to its place by the additional data (`table/id/field/format`), so that swapping two
 * sealed values in the database is noticed.
 * @param key 32 bytes
 * @returns `d1:` and base64 of nonce, ciphertext and tag
 */
export function seal(key: Buffer, text: string, place: Place): string {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(additionalData(place))
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return `${FORMAT}:${Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64')}`
}

/**
 * Undoes {@link seal}.
 * @throws StoreError `wrong_key` when key, place or content do not fit
 */
export function open(key: Buffer, sealed: string, place: Place): string {
  const bytes = Buffer.from(sealed.slice(FORMAT.length + 1), 'base64')
  if (!sealed.startsWith(`${FORMAT}:`) || bytes.length < NONCE_BYTES + TAG_BYTES) throw cannotOpen(place)
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
    decipher.setAAD(additionalData(place))
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
    const body = bytes.subarray(NONCE_BYTES, -TAG_BYTES)
    return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8')
  } catch {
    throw cannotOpen(place)
  }
}

/** Seals and opens under one key. */
export interface Sealer {
  seal(text: string, place: Place): string
  open(sealed: string, place: Place): string
}

export function createSealer(key: Buffer): Sealer {
  return {
    seal: (text, place) => seal(key, text, place),
    open: (sealed, place) => open(key, sealed, place),
  }
}

// A separator that no id contains keeps two places from reading alike.
function additionalData(place: Place): Buffer {
  return Buffer.from(['dragoman', place.table, place.id, place.field, FORMAT].join('\u0000'), 'utf8')
}

function cannotOpen(place: Place): StoreError {
  return new StoreError(
    'wrong_key',
    `the sealed ${place.field} of ${place.table} ${place.id} does not open with this key`,
  )
}
