import { safeText } from '../failure.js'

/** An upstream may repeat in its error what we sent it, and its error is shown to people. Source: reliability-security 3.4. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, '$1 [redacted]'],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g, '[redacted]'],
  [/\b(sk-|sess-|rt[_.-]|AIza|gsk_|xai-|gh[pos]_)[\w.*-]{8,}/g, '$1[redacted]'],
]

/** An upstream's words, fit for an error message: short, without control characters and without credentials. */
export function upstreamText(text: string): string {
  return SECRETS.reduce((told, [secret, instead]) => told.replace(secret, instead), safeText(text))
}
