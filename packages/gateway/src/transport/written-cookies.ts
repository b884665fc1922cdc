/** As many as any browser sends to one site, and no longer than servers take. */
const MOST_COOKIES = 64
const MOST_CHARACTERS = 8192

/** A `token` of RFC 9110. */
const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,128}$/
/** The `cookie-value` of RFC 6265: visible ASCII without quotes, commas, semicolons and backslashes, or that in quotes. */
const VALUE = /^(?:[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*|"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*")$/

interface Written {
  /** Where it stands, in words. */
  at: string
  name: unknown
  value: unknown
  /** The site that it belongs to, where the file says so. */
  domain?: unknown
}

/** May a cookie be called so? */
export function isCookieName(text: string): boolean {
  return NAME.test(text)
}

/**
 * Cookies as people have them: a `cookie` header, one `name=value` a line, a browser's `cookies.txt`, or JSON, as an object or as a list of
 * `{name, value, domain}`. Of files that name sites, only the cookies that a browser would send to this host are taken: those of other
 * sites are nobody's business there.
 * @throws Error that names the place, never a value
 */
export function readCookies(written: unknown, host: string): Record<string, string> {
  const found = typeof written === 'string' ? fromText(written) : fromJson(written)
  const fitting = found.filter(({ domain }) => typeof domain !== 'string' || belongsTo(domain, host))
  if (found.length === 0) throw new Error('there is no cookie in it; write name=value, or a cookie header')
  if (fitting.length === 0) throw new Error(`all ${found.length} cookies in it belong to other sites than ${host}`)
  const cookies = new Map<string, string>()
  for (const { at, name, value } of fitting) {
    if (typeof name !== 'string' || !isCookieName(name)) {
      throw new Error(`${at} has no good name: letters, digits and signs such as _ - . without spaces, at most 128`)
    }
    if (typeof value !== 'string' || !VALUE.test(value)) {
      throw new Error(`${at} (${name}) has a value that no cookie can have: no spaces, commas, semicolons or quotes`)
    }
    cookies.set(name, value)
  }
  const length = [...cookies].reduce((sum, [name, value]) => sum + name.length + value.length + 3, 0)
  if (cookies.size > MOST_COOKIES) {
    throw new Error(
      `there are ${cookies.size} cookies, and an account takes ${MOST_COOKIES}; leave out what is not needed`,
    )
  }
  if (length > MOST_CHARACTERS) {
    throw new Error(`the cookies are ${length} characters long, and an account takes ${MOST_CHARACTERS}`)
  }
  return Object.fromEntries(cookies)
}

function fromText(text: string): Written[] {
  const trimmed = text.trim()
  if (/^[[{]/.test(trimmed)) return fromJson(parsed(trimmed))
  const lines = trimmed.split(/\r?\n/).map((line, at) => ({ line: line.trimEnd(), at: at + 1 }))
  if (lines.some(({ line }) => line.split('\t').length === 7)) return fromCookiesTxt(lines)
  return lines.flatMap(({ line, at }) =>
    line
      .replace(/^\s*cookie:/i, '')
      .split(';')
      .map((pair) => pair.trim())
      .filter((pair) => pair !== '')
      .map((pair, nth) => {
        const place = lines.length === 1 ? `cookie ${nth + 1}` : `line ${at}`
        const sign = pair.indexOf('=')
        if (sign === -1) throw new Error(`${place} has no "="; write name=value`)
        return { at: place, name: pair.slice(0, sign).trim(), value: pair.slice(sign + 1).trim() }
      }),
  )
}

/** Seven columns, as browsers and curl write them: domain, its subdomains too, path, secure, expiry, name, value. */
function fromCookiesTxt(lines: readonly { line: string; at: number }[]): Written[] {
  return lines.flatMap(({ line, at }) => {
    const columns = line.replace(/^#HttpOnly_/, '').split('\t')
    if (line.trim() === '' || (line.startsWith('#') && !line.startsWith('#HttpOnly_'))) return []
    return [{ at: `line ${at}`, domain: columns[0] ?? '', name: columns[5], value: columns[6] }]
  })
}

function fromJson(value: unknown): Written[] {
  if (Array.isArray(value)) {
    return value.map((one: unknown, nth) => {
      const { name, value, domain } = (typeof one === 'object' && one !== null ? one : {}) as Partial<Written>
      return { at: `cookie ${nth + 1}`, name, value, domain }
    })
  }
  if (typeof value !== 'object' || value === null) {
    throw new Error('cookies are a text of name=value, or an object of names and values')
  }
  return Object.entries(value).map(([name, of], nth) => ({ at: `cookie ${nth + 1}`, name, value: of as unknown }))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error('it looks like JSON and is none; write name=value, or a cookie header')
  }
}

function belongsTo(domain: string, host: string): boolean {
  const site = domain.toLowerCase().replace(/^\./, '')
  return site !== '' && (host.toLowerCase() === site || host.toLowerCase().endsWith(`.${site}`))
}
