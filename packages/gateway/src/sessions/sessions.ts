import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { AdminSessionRecord, AdminSessionRows, Log } from '../store/index.js'

/** From where somebody signed in. */
export interface SessionAbout {
  address: string
  userAgent: string
}

/** How a session was opened. */
export type SessionWay = 'link' | 'password'

/** Somebody who is signed in to management. */
export interface AdminSession extends SessionAbout {
  id: string
  way: SessionWay
  /** Unix ms. */
  openedAt: number
  usedAt: number
  /** Until then it counts as having proven just now who it is, unix ms. */
  freshUntil: number
  /** When it ends if nobody uses it any more, unix ms. */
  endsAt: number
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
  /** A link for one visit. It is kept a moment later; whoever uses it waits for that. */
  makeLink(): { token: string; expiresAt: number }
  /** @returns whether it was good; it never is again */
  takeLink(token: string): Promise<boolean>
  /** Signs somebody in whose proof was good. */
  open(way: SessionWay, about: SessionAbout): Promise<OpenedSession>
  /** Both values must be those of one session. To be found is to be used. */
  find(cookie: string, second: string): AdminSession | undefined
  /** It has proven anew who it is. */
  confirm(id: string): Promise<AdminSession | undefined>
  end(id: string): Promise<boolean>
  /** @returns how many there were */
  endAllBut(id: string | undefined): Promise<number>
  list(): readonly AdminSession[]
  /** Told the id of every session that is over, whatever ended it. @returns how to listen no more */
  onEnd(listener: (id: string) => void): () => void
  /** Another process changed something. */
  reload(): Promise<void>
  close(): Promise<void>
}

export interface SessionsOptions {
  rows: AdminSessionRows
  log: Pick<Log, 'warn'>
  now?: () => number
}

export const LINK_MS = 10 * 60_000
/** Source of these three: reliability-security 3.3 and 6. */
export const IDLE_MS = 12 * 3600_000
export const LIFE_MS = 7 * 24 * 3600_000
export const FRESH_MS = 5 * 60_000
/** When it was last used is written so often; a crash may forget that much. */
const WRITE_USE_EVERY_MS = 5 * 60_000
const SWEEP_EVERY_MS = 30_000
/** Nobody has so many browsers; the one that was used longest ago goes. */
const MOST_SESSIONS = 100

interface Held {
  record: AdminSessionRecord
  writtenUse: number
}

/** Who is signed in, as it is on the disk; only hashes of what a browser shows are kept. */
export async function createSessions({ rows, log, now = Date.now }: SessionsOptions): Promise<Sessions> {
  /** By the hash of the cookie. */
  let open = new Map<string, Held>()
  /** Over here, but perhaps not yet on the disk. */
  const ending = new Set<string>()
  const listeners = new Set<(id: string) => void>()
  let writing: Promise<unknown> = Promise.resolve()

  function later(what: string, write: () => Promise<unknown>): void {
    writing = writing.then(write).catch((error: unknown) => log.warn({ err: error }, what))
  }

  function tellEnd(id: string): void {
    for (const listener of [...listeners]) listener(id)
  }

  /** Over here first: a disk that fails keeps nobody signed in. */
  async function remove(ids: readonly string[]): Promise<void> {
    forget(new Set(ids))
    await rows.remove(ids)
    for (const id of ids) ending.delete(id)
  }

  function byId(id: string): Held | undefined {
    for (const held of open.values()) if (held.record.id === id) return held
    return undefined
  }

  function forget(ids: ReadonlySet<string>): void {
    for (const [cookie, { record }] of open) {
      if (!ids.has(record.id)) continue
      ending.add(record.id)
      open.delete(cookie)
      tellEnd(record.id)
    }
  }

  const isOver = ({ record }: Held): boolean => endOf(record) <= now()

  async function read(): Promise<void> {
    const before = open
    const fresh = new Map<string, Held>()
    for (const record of await rows.list()) {
      if (ending.has(record.id)) continue
      const known = before.get(record.cookieHash)
      const usedAt = Math.max(record.usedAt, known?.record.usedAt ?? 0)
      fresh.set(record.cookieHash, { record: { ...record, usedAt }, writtenUse: record.usedAt })
    }
    open = fresh
    for (const [cookie, { record }] of before) if (!fresh.has(cookie)) tellEnd(record.id)
  }

  function sweep(): void {
    const over = [...open.values()].filter(isOver).map(({ record }) => record.id)
    if (over.length === 0) return
    later('sessions that are over could not be removed', () => remove(over))
  }

  await read()
  const sweeping = setInterval(sweep, SWEEP_EVERY_MS).unref()
  sweep()

  return {
    makeLink() {
      const token = randomBytes(32).toString('base64url')
      const expiresAt = now() + LINK_MS
      later('a link could not be kept', () => rows.addLink(hashOf(token), expiresAt, now()))
      return { token, expiresAt }
    },
    async takeLink(token) {
      await writing
      return rows.takeLink(hashOf(token), now())
    },
    async open(way, about) {
      const cookie = randomBytes(32).toString('base64url')
      const second = randomBytes(32).toString('base64url')
      const at = now()
      const record: AdminSessionRecord = {
        ...about,
        id: `ses_${randomBytes(8).toString('hex')}`,
        cookieHash: hashOf(cookie),
        secondHash: hashOf(second),
        way,
        openedAt: at,
        usedAt: at,
        freshUntil: at + FRESH_MS,
      }
      const surplus = [...open.values()]
        .sort((a, b) => a.record.usedAt - b.record.usedAt)
        .slice(0, Math.max(0, open.size - MOST_SESSIONS + 1))
        .map((held) => held.record.id)
      if (surplus.length > 0) await remove(surplus)
      await rows.add(record)
      open.set(record.cookieHash, { record, writtenUse: at })
      return { session: sessionOf(record), cookie, second }
    },
    find(cookie, second) {
      const held = open.get(hashOf(cookie))
      if (held === undefined || !sameHash(held.record.secondHash, hashOf(second)) || isOver(held)) return undefined
      const { record } = held
      record.usedAt = now()
      if (record.usedAt - held.writtenUse > WRITE_USE_EVERY_MS) {
        held.writtenUse = record.usedAt
        later('the use of a session could not be written', () => rows.used(record.id, record.usedAt))
      }
      return sessionOf(record)
    },
    async confirm(id) {
      const held = byId(id)
      if (held === undefined) return undefined
      held.record.freshUntil = now() + FRESH_MS
      await rows.fresh(id, held.record.freshUntil)
      return sessionOf(held.record)
    },
    async end(id) {
      if (byId(id) === undefined) return false
      await remove([id])
      return true
    },
    async endAllBut(id) {
      const others = [...open.values()].map(({ record }) => record.id).filter((other) => other !== id)
      forget(new Set(others))
      const count = await rows.removeAllBut(id)
      for (const other of others) ending.delete(other)
      return count
    },
    list: () => [...open.values()].filter((held) => !isOver(held)).map(({ record }) => sessionOf(record)),
    onEnd(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    reload: read,
    async close() {
      clearInterval(sweeping)
      listeners.clear()
      for (const held of open.values()) {
        const { id, usedAt } = held.record
        if (usedAt > held.writtenUse) later('the use of a session could not be written', () => rows.used(id, usedAt))
      }
      await writing
    },
  }
}

function endOf({ usedAt, openedAt }: AdminSessionRecord): number {
  return Math.min(usedAt + IDLE_MS, openedAt + LIFE_MS)
}

function sessionOf(record: AdminSessionRecord): AdminSession {
  const { id, way, address, userAgent, openedAt, usedAt, freshUntil } = record
  return {
    id,
    way: way === 'password' ? 'password' : 'link',
    address,
    userAgent,
    openedAt,
    usedAt,
    freshUntil,
    endsAt: endOf(record),
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function sameHash(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))
}
