import { isJson } from '../../json.js'

/** The longest id that OpenAI takes (`string_above_max_length`, 2026-08). Some proxies make longer call ids, because they hide state in them. */
const LONGEST = 64

/** What the id of an item must begin with; others are refused. Source: OpenAI API, `invalid_value` for `input[n].id`. */
const PREFIXES: ReadonlyMap<unknown, string> = new Map([
  ['message', 'msg'],
  ['reasoning', 'rs'],
  ['function_call', 'fc'],
])

/**
 * The item with ids that the backend takes: a call id that is too long gets a short one that is the same for the call and its output in every
 * turn; an item's own id of another make is left out, which loses nothing.
 */
export function withCodexIds(item: unknown): unknown {
  if (!isJson(item)) return item
  const { id, call_id: callId } = item
  const prefix = PREFIXES.get(item['type'])
  const foreign = typeof id === 'string' && (id.length > LONGEST || (prefix !== undefined && !id.startsWith(prefix)))
  const long = typeof callId === 'string' && callId.length > LONGEST
  if (!foreign && !long) return item
  const { id: _, ...rest } = item
  return { ...(foreign ? rest : item), ...(long ? { call_id: shortId(callId) } : {}) }
}

/** Begins as the long one does and ends with 128 bits of it. */
function shortId(id: string): string {
  const hash = [0x811c9dc5, 0x01234567, 0x5bd1e995, 0x27d4eb2f].map((seed) => hashed(id, seed)).join('')
  return `${id.slice(0, LONGEST - hash.length - 1)}_${hash}`
}

/** FNV-1a over UTF-16 units, from any seed, mixed at the end. */
function hashed(text: string, seed: number): string {
  let hash = seed | 0
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b)
  return ((hash ^ (hash >>> 13)) >>> 0).toString(16).padStart(8, '0')
}
