import type { DialectId } from '../dialect.js'
import { isJson, type Json } from './json.js'

/**
 * Opaque state of one upstream, carried in another dialect's opaque field: a Codex reasoning item as an Anthropic thinking
 * signature or a Gemini thought signature, an Anthropic signature as `encrypted_content`. The client gives it back
 * untouched with the next turn, and it is unpacked again for its owner only: reasoning of one upstream means nothing to another.
 *
 * Form: `dgm1.<owner>.<base64 of UTF-8 JSON>`. Base64 (with `+`, `/`, `=`) because Gemini declares signatures as base64 bytes
 * and SDKs may check; the prefix makes it no valid base64 as a whole, so where the wire demands that use {@link carryAsBase64}.
 */
const PREFIX = 'dgm1.'

/** What was carried, and for whom. */
export interface Carried {
  owner: DialectId
  state: Json
}

const OWNERS: ReadonlySet<string> = new Set<DialectId>([
  'openai-chat',
  'openai-responses',
  'anthropic-messages',
  'gemini',
  'ollama',
])

export function carry(owner: DialectId, state: Json): string {
  return `${PREFIX}${owner}.${toBase64(JSON.stringify(state))}`
}

/** The same in an alphabet that is valid base64 from the first character to the last. */
export function carryAsBase64(owner: DialectId, state: Json): string {
  return toBase64(carry(owner, state))
}

/** Unpacks what {@link carry} or {@link carryAsBase64} made; undefined for anything else, which then belongs to the client's own vendor. */
export function unpack(text: string): Carried | undefined {
  const plain = text.startsWith(PREFIX) ? text : fromBase64(text, BASE64_PREFIX)
  if (plain === undefined || !plain.startsWith(PREFIX)) return undefined
  const dot = plain.indexOf('.', PREFIX.length)
  const owner = plain.slice(PREFIX.length, dot)
  if (dot === -1 || !OWNERS.has(owner)) return undefined
  const told = fromBase64(plain.slice(dot + 1), '')
  if (told === undefined) return undefined
  try {
    const state: unknown = JSON.parse(told)
    return isJson(state) ? { owner: owner as DialectId, state } : undefined
  } catch {
    return undefined
  }
}

/** How {@link PREFIX} begins in base64; a cheap look before anything is decoded. */
const BASE64_PREFIX = 'ZGdtMS'

function toBase64(text: string): string {
  let binary = ''
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte)
  return btoa(binary)
}

function fromBase64(text: string, begin: string): string | undefined {
  if (!text.startsWith(begin)) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(atob(text), (char) => char.charCodeAt(0)))
  } catch {
    return undefined
  }
}
