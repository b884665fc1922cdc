import type { CookieJar } from 'tough-cookie'

/**
 * The cookies of Cloudflare's bot check, and no others: the Codex client keeps just these (upstream-codex 2.1), and
 * anything more would let one account's session leak into another's.
 */
const KEPT = /^(?:__cf_bm|__cflb|__cfruid|_cfuvid|cf_clearance|cf_chl_[a-z0-9_]+)$/i

export interface Cookies {
  /** The `cookie` header for this owner and URL, or undefined. */
  header(owner: string, url: string): string | undefined
  /** Takes over what a reply sets. */
  learn(owner: string, url: string, setCookie: string | string[] | undefined): Promise<void>
  forget(owner: string): void
}

/** One jar an owner; a jar comes to be with its first cookie. */
export function createCookies(): Cookies {
  const jars = new Map<string, CookieJar>()
  return {
    header(owner, url) {
      const text = jars.get(owner)?.getCookieStringSync(url)
      return text === undefined || text === '' ? undefined : text
    },
    async learn(owner, url, setCookie) {
      if (setCookie === undefined) return
      // The library knows every public suffix there is; it is loaded when the first cookie comes.
      const { CookieJar } = await import('tough-cookie')
      for (const line of typeof setCookie === 'string' ? [setCookie] : setCookie) {
        const name = line.slice(0, Math.max(0, line.indexOf('='))).trim()
        if (!KEPT.test(name)) continue
        let jar = jars.get(owner)
        if (jar === undefined) jars.set(owner, (jar = new CookieJar()))
        jar.setCookieSync(line, url, { ignoreError: true })
      }
    },
    forget: (owner) => void jars.delete(owner),
  }
}
