import { FailureError, invalidRequest } from '@dragoman/protocol'
import type { Sessions } from '../../sessions/index.js'
import { cookieOf, SESSION_HEADER, sessionCookie, type AdminDoor } from '../admin-door.js'
import { readJson } from '../read-body.js'
import type { Asked, Route } from '../route-table.js'
import { sendJson } from '../send.js'
import type { AdminMouth } from './api.js'
import { MANAGEMENT_HEADERS } from './errors.js'

export interface SignInHouse extends AdminMouth {
  sessions: Sessions
  door: AdminDoor
  /** The address of the client itself. */
  addressOf(asked: Asked): string
  version: string
}

/** How long a browser keeps the cookie; the session itself ends sooner when nobody uses it. */
const COOKIE_SECONDS = 7 * 24 * 3600

/** The routes in front of the door: whoever is not signed in yet gets here. */
export function signInRoutes(house: SignInHouse): Route[] {
  const { sessions, door } = house
  const open = (method: 'GET' | 'POST', path: string, answer: Route['answer']): Route => ({
    methods: method === 'GET' ? ['GET', 'HEAD'] : [method],
    paths: [path],
    access: 'public',
    dialect: 'management',
    local: () => true,
    answer(asked) {
      const foreign = door.fromOwnPage(asked.req, asked.ownOrigin)
      if (foreign !== undefined) throw new FailureError(foreign)
      return answer(asked)
    },
  })
  return [
    open('GET', '/auth/dashboard-status', (asked) => {
      const cookie = cookieOf(asked.req, sessionCookie(asked.ownOrigin))
      const second = asked.req.headers[SESSION_HEADER]
      const signedIn = cookie !== undefined && typeof second === 'string' && sessions.find(cookie, second) !== undefined
      sendJson(asked.res, 200, { ...MANAGEMENT_HEADERS, ...asked.headers }, { required: true, authenticated: signedIn })
    }),
    open('POST', '/auth/dashboard-link', async (asked) => {
      const { value } = await readJson(asked.req, house.limits(), house.budget)
      const token = typeof value === 'object' && value !== null ? Reflect.get(value, 'token') : undefined
      if (typeof token !== 'string') throw new FailureError(invalidRequest('/token', 'send the token of the link'))
      const opened = sessions.redeem(token, {
        address: house.addressOf(asked),
        userAgent: String(asked.req.headers['user-agent'] ?? '').slice(0, 300),
      })
      if (opened === undefined) {
        throw new FailureError({
          kind: 'unauthenticated',
          scope: 'request',
          phase: 'unsent',
          retry: 'never',
          code: 'link_used',
          message: 'this link was used or is too old; `dragoman open` makes a new one',
        })
      }
      const secure = asked.ownOrigin.startsWith('https:') ? '; Secure' : ''
      const cookie = `${sessionCookie(asked.ownOrigin)}=${opened.cookie}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${COOKIE_SECONDS}${secure}`
      sendJson(
        asked.res,
        200,
        { ...MANAGEMENT_HEADERS, ...asked.headers, 'set-cookie': cookie },
        { session: opened.second },
      )
    }),
  ]
}
