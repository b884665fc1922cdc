import { FailureError, invalidRequest } from '@dragoman/protocol'
import { NOTICE_TYPES, type NoticeType } from '../../config/index.js'
import {
  NOTICE_LANGUAGES,
  NOTICE_LEVELS,
  sentenceOf,
  type CurrentWarning,
  type NoticeFilter,
  type NoticeLanguage,
  type Notices,
} from '../../notices/index.js'
import type { Asked, Route } from '../route-table.js'
import { sendJson } from '../send.js'

export interface NoticesHouse {
  notices: Pick<Notices, 'list' | 'clear'>
  /** What holds now; see `currentWarnings`. */
  quotaWarnings(): readonly CurrentWarning[]
  now(): number
}

const USUAL_PAGE = 100
const LONGEST_PAGE = 1000

/** What the gateway told its owner, and the quota warnings that hold now. */
export function noticeRoutes(house: NoticesHouse): Route[] {
  const admin = (method: 'GET' | 'DELETE', path: string, answer: Route['answer']): Route => ({
    methods: [method],
    paths: [path],
    access: 'admin',
    dialect: 'management',
    answer,
  })
  return [
    admin('GET', '/admin/events', (asked) => listEvents(house, asked)),
    admin('DELETE', '/admin/events', async ({ res, headers }) =>
      sendJson(res, 200, headers, { deleted: await house.notices.clear() }),
    ),
    admin('GET', '/auth/quota/warnings', ({ res, headers }) =>
      sendJson(res, 200, headers, {
        // Here alone unix seconds, as the predecessors' clients know it. Source: parity 1.10.
        warnings: house.quotaWarnings().map((warning) => ({
          ...warning,
          resetAt: warning.resetAt === null ? null : Math.floor(warning.resetAt / 1000),
        })),
        updatedAt: new Date(house.now()).toISOString(),
      }),
    ),
  ]
}

/**
 * `GET /admin/events?level=&type=&account=&text=&since=&limit=&before=&language=`: the newest first, each with its sentence. `next` is the
 * `before` of the next page, null on the last one.
 */
async function listEvents(house: NoticesHouse, { res, headers, query }: Asked): Promise<void> {
  const { filter, limit, language } = readQuery(new URLSearchParams(query))
  // One more than asked for tells whether there is another page.
  const found = await house.notices.list({ ...filter, count: limit + 1 })
  const page = found.slice(0, limit)
  sendJson(res, 200, headers, {
    events: page.map((notice) => ({ ...notice, sentence: sentenceOf(notice, language) })),
    next: found.length > limit ? (page.at(-1)?.id ?? null) : null,
  })
}

interface EventsQuery {
  filter: NoticeFilter
  limit: number
  language: NoticeLanguage
}

/** @throws FailureError `invalid_request` that names the parameter */
function readQuery(query: URLSearchParams): EventsQuery {
  const said = (name: string): string | undefined => query.get(name)?.trim() || undefined
  const word = <Word extends string>(name: string, words: readonly Word[]): Word | undefined => {
    const text = said(name)
    const found = words.find((one) => one === text)
    if (text !== undefined && found === undefined) throw wrong(name, `one of ${words.join(', ')}`)
    return found
  }
  const level = word('level', NOTICE_LEVELS)
  const types = said('type')?.split(',').map(typeOf)
  const accountId = said('account')
  const text = said('text')
  const before = said('before')
  const since = said('since')
  return {
    filter: {
      ...(level === undefined ? {} : { level }),
      ...(types === undefined ? {} : { types }),
      ...(accountId === undefined ? {} : { accountId }),
      ...(text === undefined ? {} : { text }),
      ...(before === undefined ? {} : { before }),
      ...(since === undefined ? {} : { since: timeOf(since) }),
    },
    limit: limitOf(said('limit')),
    language: word('language', NOTICE_LANGUAGES) ?? 'en',
  }
}

function typeOf(text: string): NoticeType {
  const found = NOTICE_TYPES.find((type) => type === text.trim())
  if (found === undefined) throw wrong('type', `some of ${NOTICE_TYPES.join(', ')}, comma separated`)
  return found
}

/** Unix ms, or ISO 8601. */
function timeOf(text: string): number {
  const at = /^\d+$/.test(text) ? Number(text) : Date.parse(text)
  if (!Number.isSafeInteger(at)) throw wrong('since', 'a time: unix ms or ISO 8601')
  return at
}

function limitOf(text: string | undefined): number {
  if (text === undefined) return USUAL_PAGE
  const limit = Number(text)
  if (!Number.isInteger(limit) || limit < 1 || limit > LONGEST_PAGE - 1) {
    throw wrong('limit', `a whole number from 1 to ${LONGEST_PAGE - 1}`)
  }
  return limit
}

function wrong(name: string, expected: string): FailureError {
  return new FailureError(invalidRequest(`/${name}`, `${name} takes ${expected}`))
}
