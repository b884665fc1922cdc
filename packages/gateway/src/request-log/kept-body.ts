import { isSecretField, withoutSecrets } from '../telemetry/index.js'

/** A body as it is kept: JSON without secrets, and what that cost. */
export interface KeptBody {
  json: unknown
  /** Texts, lists or fields were cut off. */
  cut: boolean
  /** Values that were secrets. */
  secrets: number
}

const REDACTED = '[redacted]'
const DEEPEST = 100

/**
 * A copy of a body that is safe to keep: secrets are taken out by the names of their fields and by their form, and what goes beyond the
 * bound is cut off, the longest texts first to feel it.
 * @param most characters of the copy, about
 */
export function keptBody(value: unknown, most: number): KeptBody {
  let left = most
  let cut = false
  let secrets = 0
  // One picture must not push out everything that follows it.
  const mostOfText = Math.max(256, Math.floor(most / 4))

  function text(whole: string): string {
    const room = Math.max(0, Math.min(left, whole.length > 2 * mostOfText ? mostOfText : whole.length))
    const short = whole.slice(0, room)
    const clean = withoutSecrets(short)
    if (clean !== short) secrets += 1
    left -= clean.length
    if (short.length === whole.length) return clean
    cut = true
    return `${clean}… [${whole.length - short.length} more characters]`
  }

  function copy(of: unknown, depth: number): unknown {
    left -= 8
    if (typeof of === 'string') return text(of)
    if (typeof of !== 'object' || of === null) return typeof of === 'bigint' ? String(of) : of
    if (left <= 0 || depth > DEEPEST) {
      cut = true
      return '…'
    }
    if (Array.isArray(of)) {
      const out: unknown[] = []
      for (const item of of) {
        if (left <= 0) {
          cut = true
          out.push(`… [${of.length - out.length} more]`)
          break
        }
        out.push(copy(item, depth + 1))
      }
      return out
    }
    const out: Record<string, unknown> = {}
    for (const [name, inside] of Object.entries(of)) {
      if (inside === undefined || typeof inside === 'function') continue
      if (left <= 0) {
        cut = true
        break
      }
      left -= name.length
      // A schema may well describe a field of such a name; only its value would be a secret.
      const secret = typeof inside === 'string' && inside !== '' && isSecretField(name)
      if (secret) secrets += 1
      Object.defineProperty(out, name, {
        value: secret ? REDACTED : copy(inside, depth + 1),
        enumerable: true,
        configurable: true,
        writable: true,
      })
    }
    return out
  }

  const json = copy(value, 0)
  return { json, cut, secrets }
}
