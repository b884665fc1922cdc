import { createHash, randomBytes } from 'node:crypto'

export interface Pkce {
  verifier: string
  /** base64url(SHA-256(verifier)), for `code_challenge_method=S256`. */
  challenge: string
}

export function createPkce(bytes: Buffer = randomBytes(64)): Pkce {
  const verifier = bytes.toString('base64url')
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') }
}

/** 256 bits that tie the answer to the question. */
export function createState(bytes: Buffer = randomBytes(32)): string {
  return bytes.toString('base64url')
}
