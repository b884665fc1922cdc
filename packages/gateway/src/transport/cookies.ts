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
  /**
   * Takes the place of what was set by hand before; empty takes it away. Such cookies go wherever the owner's requests go, whatever
   * their names, and stand above those that were learnt.
   */
  setByHand(owner: string, cookies: Readonly<Record<string, string>>): void
  /** Learnt ones and those set by hand. */
  forget(owner: string): void
}

/** One jar an owner; a jar comes to be with its first cookie. */
export function createCookies(): Cookies {
  const jars = new Map<string, CookieJar>()
  const byHand = new Map<string, { names: ReadonlySet<string>; text: string }>()

  return {
    header(owner, url) {
      const set = byHand.get(owner)
      const jar = jars.get(owner)
      const learnt =
        set === undefined
          ? jar?.getCookieStringSync(url)
          : jar
              ?.getCookiesSync(url)
              .filter(({ key }) => !set.names.has(key))
              .map((cookie) => cookie.cookieString())
              .join('; ')
      const text = [set?.text ?? '', learnt ?? ''].filter((part) => part !== '').join('; ')
      return text === '' ? undefined : text
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
    setByHand(owner, cookies) {
      const names = new Set(Object.keys(cookies))
      const text = Object.entries(cookies)
        .map(([name, value]) => `${name}=${value}`)
        .join('; ')
      if (names.size === 0) byHand.delete(owner)
      else byHand.set(owner, { names, text })
    },
    forget(owner) {
      jars.delete(owner)
      byHand.delete(owner)
    },
  }
}

/** Where cookies set by hand are kept: the repository of accounts. */
export interface HandSetRows {
  list(): Promise<readonly { id: string; hasCookies: boolean }[]>
  cookies(id: string): Promise<Readonly<Record<string, string>>>
}

/**
 * Hands the cookies that are kept with accounts to where they are sent from. An account whose cookies cannot be read keeps those it had.
 * @returns to be called at the start and whenever accounts have changed; tells the ids of accounts whose cookies could not be read
 */
export function loadHandSet(rows: HandSetRows, cookies: Pick<Cookies, 'setByHand'>): () => Promise<readonly string[]> {
  let known = new Set<string>()
  // One after the other: what was read first must not be set last.
  let last: Promise<unknown> = Promise.resolve()

  async function load(): Promise<readonly string[]> {
    const now = new Set<string>()
    const unreadable: string[] = []
    for (const { id, hasCookies } of await rows.list()) {
      if (!hasCookies) continue
      now.add(id)
      try {
        cookies.setByHand(id, await rows.cookies(id))
      } catch {
        unreadable.push(id)
      }
    }
    for (const id of known) if (!now.has(id)) cookies.setByHand(id, {})
    known = now
    return unreadable
  }

  return () => {
    const loaded = last.then(load)
    last = loaded.catch(() => undefined)
    return loaded
  }
}
