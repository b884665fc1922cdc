import type { IncomingMessage, ServerResponse } from 'node:http'
import { invalidRequest, type Failure } from '@dragoman/protocol'
import type { Acts, Admin, Sessions } from '../sessions/index.js'
import type { Route } from './route-table.js'

export interface AdminDoor {
  /** Who asks, or why it may not. `anonymous`: it showed nothing that could open this door. */
  enter(req: IncomingMessage, keyHash: string | undefined, route: Route, ownOrigin: string): Admin | AdminRefusal
  /** May a page of this gateway ask at all? For routes that open sessions. */
  fromOwnPage(req: IncomingMessage, ownOrigin: string): Failure | undefined
  /** Goes along with what was let in until it is answered: an act is kept in the trail, and a stream ends with its session. */
  attend(entered: Entered): void
}

/** A request that was let in. */
export interface Entered {
  admin: Admin
  route: Route
  /** The path with `:id` in it. */
  pattern: string
  /** What stands in its place. */
  id: string
  address: string
  req: IncomingMessage
  res: ServerResponse
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
  sessions: Pick<Sessions, 'find' | 'onEnd'>
  acts: Pick<Acts, 'note'>
}): AdminDoor {
  const underWay = new Map<string, Set<ServerResponse>>()
  // What is not answered yet may be the very request that ended the session.
  house.sessions.onEnd((id) => underWay.get(id)?.forEach((res) => res.headersSent && breakOff(res)))

  const fromOwnPage: AdminDoor['fromOwnPage'] = (req, ownOrigin) => {
    const site = req.headers['sec-fetch-site']
    const { origin } = req.headers
    const foreign = (site !== undefined && site !== 'same-origin') || (origin !== undefined && origin !== ownOrigin)
    return foreign ? FOREIGN : undefined
  }
  return {
    fromOwnPage,
    enter(req, keyHash, route, ownOrigin) {
      if (keyHash !== undefined && house.isControl(keyHash)) {
        // No page has this key; one that does got it where it should not have been.
        const foreign = fromOwnPage(req, ownOrigin)
        return foreign === undefined ? { kind: 'control' } : { refused: foreign, status: 403 }
      }
      const second = req.headers[SESSION_HEADER]
      const cookie = cookieOf(req, sessionCookie(ownOrigin))
      if (typeof second !== 'string' || cookie === undefined) return { refused: ADMIN_ONLY, status: 401 }
      const foreign = fromOwnPage(req, ownOrigin)
      if (foreign !== undefined) return { refused: foreign, status: 403 }
      const session = house.sessions.find(cookie, second)
      if (session === undefined) return { refused: SESSION_OVER, status: 401 }
      // Forms of other pages can send anything but this. What takes other bodies takes them from the command line alone.
      if (!isReading(req) && !sendsJson(req)) return { refused: JSON_ONLY, status: 415 }
      if (route.fresh === true && session.freshUntil < Date.now()) return { refused: NOT_FRESH, status: 403 }
      return { kind: 'session', session }
    },
    attend({ admin, route, pattern, id, address, req, res }) {
      const session = admin.kind === 'session' ? admin.session.id : undefined
      if (session !== undefined) {
        const mine = underWay.get(session) ?? new Set()
        underWay.set(session, mine.add(res))
      }
      res.once('close', () => {
        if (session !== undefined) {
          const mine = underWay.get(session)
          mine?.delete(res)
          if (mine?.size === 0) underWay.delete(session)
        }
        // Reading leaves no trace, unless it is secrets that are read.
        if ((isReading(req) || route.reads === true) && route.fresh !== true) return
        house.acts.note({
          who: admin.kind,
          ...(session === undefined ? {} : { sessionId: session }),
          address,
          method: req.method ?? '',
          route: pattern,
          ...(id === '' ? {} : { target: id }),
          status: res.headersSent ? res.statusCode : LEFT_BEFORE,
        })
      })
    },
  }
}

/** Events just end, and a page that comes back for more is told why there are none; anything else must not look whole. */
function breakOff(res: ServerResponse): void {
  const isEvents = String(res.getHeader('content-type') ?? '').startsWith('text/event-stream')
  if (!isEvents) return void res.destroy()
  res.end()
  setTimeout(() => res.destroy(), 500).unref()
}

/** Whoever asked left before the answer; a status that proxies write into their logs for that. */
const LEFT_BEFORE = 499

function isReading({ method }: IncomingMessage): boolean {
  return method === 'GET' || method === 'HEAD'
}

function sendsJson({ headers }: IncomingMessage): boolean {
  const type = headers['content-type']
  if (type !== undefined) return /^application\/json(?:;|$)/i.test(type.trim())
  return headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0
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

const JSON_ONLY: Failure = {
  ...invalidRequest('', 'send JSON, with content-type: application/json', 'unsupported_media_type'),
  upstream: { status: 415 },
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
