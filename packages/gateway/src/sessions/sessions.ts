import { createHash, randomBytes } from 'node:crypto'

/** From where somebody signed in. */
export interface SessionAbout {
  address: string
  userAgent: string
}

/** Somebody who is signed in to management. */
export interface AdminSession extends SessionAbout {
  id: string
  /** Unix ms. */
  openedAt: number
  usedAt: number
  /** Until then it counts as having proven just now who it is, unix ms. */
  freshUntil: number
}

/** Who is asking management: a program on this machine that can read the data folder, or somebody who signed in. */
export type Admin = { kind: 'control' } | { kind: 'session'; session: AdminSession }

/** Told once, to the browser that signed in. */
export interface OpenedSession {
  session: AdminSession
  /** Goes into the cookie. */
  cookie: string
  /** Kept by the page's own origin and sent as a header: a cookie is seen by every port of this host. */
  second: string
}

export interface Sessions {
  /** A link for one visit. */
  makeLink(): { token: string; expiresAt: number }
  /** @returns undefined when it was used, is too old, or never was */
  redeem(token: string, about: SessionAbout): OpenedSession | undefined
  /** Both values must be those of one session. */
  find(cookie: string, second: string): AdminSession | undefined
  end(id: string): boolean
  list(): readonly AdminSession[]
}

const LINK_MS = 10 * 60_000
const IDLE_MS = 12 * 3600_000
const LIFE_MS = 7 * 24 * 3600_000
const FRESH_MS = 5 * 60_000

export function createSessions({ now = Date.now }: { now?: () => number } = {}): Sessions {
  const links = new Map<string, number>()
  const open = new Map<string, AdminSession & { second: string }>()
  const hash = (text: string): string => createHash('sha256').update(text).digest('hex')
  return {
    makeLink() {
      const token = randomBytes(32).toString('base64url')
      const expiresAt = now() + LINK_MS
      links.set(hash(token), expiresAt)
      return { token, expiresAt }
    },
    redeem(token, about) {
      const expiresAt = links.get(hash(token))
      links.delete(hash(token))
      if (expiresAt === undefined || expiresAt < now()) return undefined
      const cookie = randomBytes(32).toString('base64url')
      const second = randomBytes(32).toString('base64url')
      const session = {
        ...about,
        id: `ses_${randomBytes(8).toString('hex')}`,
        openedAt: now(),
        usedAt: now(),
        freshUntil: now() + FRESH_MS,
      }
      open.set(hash(cookie), { ...session, second: hash(second) })
      return { session, cookie, second }
    },
    find(cookie, second) {
      const session = open.get(hash(cookie))
      if (session === undefined || session.second !== hash(second)) return undefined
      if (now() - session.usedAt > IDLE_MS || now() - session.openedAt > LIFE_MS) return undefined
      session.usedAt = now()
      return session
    },
    end(id) {
      for (const [key, session] of open) if (session.id === id) return open.delete(key)
      return false
    },
    list: () => [...open.values()],
  }
}
