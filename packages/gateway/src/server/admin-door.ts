import type { IncomingMessage } from 'node:http'
import type { Failure } from '@dragoman/protocol'
import type { Admin, Sessions } from '../sessions/index.js'
import type { Route } from './route-table.js'

export interface AdminDoor {
  /** Who asks, or why it may not. `anonymous`: it showed nothing that could open this door. */
  enter(req: IncomingMessage, keyHash: string | undefined, route: Route, ownOrigin: string): Admin | AdminRefusal
  /** May a page of this gateway ask at all? For routes that open sessions. */
  fromOwnPage(req: IncomingMessage, ownOrigin: string): Failure | undefined
}

export interface AdminRefusal {
  refused: Failure
  status: 401 | 403 | 415
}

/** The header that carries a session's second value. */
export const SESSION_HEADER = 'x-dragoman-session'

/** The cookie of a session. Cookies are seen by every port of a host, so the port is in its name. Source: reliability-security 6. */
export function sessionCookie(ownOrigin: string): string {
  const { protocol, port } = new URL(ownOrigin)
  return protocol === 'https:' ? '__Host-dragoman' : `dragoman_${port === '' ? '80' : port}`
}

/** @param isControl SHA-256 in hex: is it the key of this process? */
export function createAdminDoor(house: {
  isControl(hash: string): boolean
  sessions: Pick<Sessions, 'find'>
}): AdminDoor {
  const fromOwnPage: AdminDoor['fromOwnPage'] = (req, ownOrigin) => {
    const site = req.headers['sec-fetch-site']
    const { origin } = req.headers
    const foreign = (site !== undefined && site !== 'same-origin') || (origin !== undefined && origin !== ownOrigin)
    return foreign ? FOREIGN : undefined
  }
  return {
    fromOwnPage,
    enter(req, keyHash, route, ownOrigin) {
      if (keyHash !== undefined && house.isControl(keyHash)) return { kind: 'control' }
      const second = req.headers[SESSION_HEADER]
      const cookie = cookieOf(req, sessionCookie(ownOrigin))
      if (typeof second !== 'string' || cookie === undefined) return { refused: ADMIN_ONLY, status: 401 }
      const foreign = fromOwnPage(req, ownOrigin)
      if (foreign !== undefined) return { refused: foreign, status: 403 }
      const session = house.sessions.find(cookie, second)
      if (session === undefined) return { refused: SESSION_OVER, status: 401 }
      if (route.fresh === true && session.freshUntil < Date.now()) return { refused: NOT_FRESH, status: 403 }
      return { kind: 'session', session }
    },
  }
}

export function cookieOf({ headers }: IncomingMessage, name: string): string | undefined {
  const found = (headers.cookie ?? '').split(';').find((pair) => pair.trim().startsWith(`${name}=`))
  return found?.trim().slice(name.length + 1)
}

const plain = { scope: 'request', phase: 'unsent', retry: 'never' } as const

export const ADMIN_ONLY: Failure = {
  ...plain,
  kind: 'unauthenticated',
  code: 'sign_in_needed',
  message: 'sign in to the dashboard, or use the command line on the machine that the gateway runs on',
}

const SESSION_OVER: Failure = {
  ...plain,
  kind: 'unauthenticated',
  code: 'session_over',
  message: 'this session is over; sign in again',
}

const FOREIGN: Failure = {
  ...plain,
  kind: 'forbidden',
  code: 'foreign_page',
  message: 'only the pages of this gateway may ask this',
}

export const NOT_FRESH: Failure = {
  ...plain,
  kind: 'forbidden',
  code: 'fresh_sign_in_needed',
  message: 'this needs a fresh proof of who you are; confirm your password and try again',
}
