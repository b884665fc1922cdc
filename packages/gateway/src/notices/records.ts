import type { NoticeType } from '../config/index.js'
import type { NoticeRecord, NoticeRows } from '../store/index.js'
import { NOTICE_LEVELS, type Notice, type NoticeLevel } from './notice.js'
import { NOTICE_LANGUAGES, sentenceOf } from './sentences.js'

/** Which notices are wanted; all that is said must hold. */
export interface NoticeFilter {
  /** At least so grave. */
  level?: NoticeLevel
  types?: readonly NoticeType[]
  accountId?: string
  /** Any part of its sentences, its names or its ids, in either case. */
  text?: string
  /** Unix ms. */
  since?: number
  /** An id: only what is older. */
  before?: string
  /** Default 100, at most 1000. */
  count?: number
}

const MOST_AT_ONCE = 1000
const USUAL_COUNT = 100
const LONGEST_SEARCH = 200

/** Reads notices from the disk, the newest first. Works beside a running gateway too. */
export async function readNotices(rows: Pick<NoticeRows, 'list'>, filter: NoticeFilter = {}): Promise<Notice[]> {
  const { level, types, accountId, text, since, before, count = USUAL_COUNT } = filter
  const records = await rows.list({
    count: Math.min(Math.max(count, 1), MOST_AT_ONCE),
    ...(level === undefined ? {} : { levels: NOTICE_LEVELS.slice(NOTICE_LEVELS.indexOf(level)) }),
    ...(types === undefined ? {} : { types }),
    ...(accountId === undefined ? {} : { accountId }),
    ...(text === undefined ? {} : { words: text.slice(0, LONGEST_SEARCH).toLowerCase() }),
    ...(since === undefined ? {} : { since }),
    ...(before === undefined ? {} : { before }),
  })
  return records.map(noticeOf)
}

export function recordOf(notice: Notice): NoticeRecord {
  const { id, at, level, type, accountId, ...body } = notice
  const { apiKeyId, clientKeyId, names } = body
  const words = [
    id,
    accountId,
    apiKeyId,
    clientKeyId,
    ...Object.entries(names).flatMap(([called, { label, email }]) => [called, label, email]),
    ...NOTICE_LANGUAGES.map((language) => sentenceOf(notice, language)),
  ]
  return {
    id,
    at,
    level,
    type,
    ...(accountId === undefined ? {} : { accountId }),
    body,
    words: words.join('\n').toLowerCase(),
  }
}

/** What {@link recordOf} kept: the rows are written by it alone. */
export function noticeOf({ words: _, body, ...record }: NoticeRecord): Notice {
  return { ...record, ...body } as unknown as Notice
}
