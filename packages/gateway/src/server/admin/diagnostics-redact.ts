import { scrub } from '../../telemetry/index.js'

const EMAIL = /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}/g
const URL_WITH_MORE = /\b(https?:\/\/)([^\s/?#"']*@)?([^\s/?#"']+)([^\s?#"']*)(\?[^\s"']*)?/g
/** Names of fields whose value never leaves, whatever it looks like. */
const SECRET_NAME = /token|secret|password|passphrase|api_?key|authorization|cookie|private_?key/i

/** A value fit to be given to strangers: no credentials, no addresses of people, no query strings. Its shape stays. */
export function redacted(value: unknown, name = ''): unknown {
  if (typeof value === 'string') return SECRET_NAME.test(name) && value !== '' ? '[redacted]' : redactedText(value)
  if (Array.isArray(value)) return value.map((one) => redacted(one, name))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [redactedText(key), redacted(one, key)]))
}

export function redactedText(text: string): string {
  return scrub(text)
    .replace(
      URL_WITH_MORE,
      (_, scheme: string, credentials: string | undefined, host: string, path: string, query: string | undefined) =>
        `${scheme}${credentials === undefined ? '' : '[redacted]@'}${host}${path}${query === undefined ? '' : '?[redacted]'}`,
    )
    .replace(EMAIL, '[e-mail]')
}
