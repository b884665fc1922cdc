import { createRoute, z } from '@hono/zod-openapi'
import { NOTICE_TYPES, type NoticeType } from '../../config/index.js'
import {
  NOTICE_LANGUAGES,
  NOTICE_LEVELS,
  sentenceOf,
  type CurrentWarning,
  type Notice,
  type NoticeFilter,
  type NoticeLanguage,
  type Notices,
} from '../../notices/index.js'
import { csv } from '../../usage/index.js'
import { json, PROBLEMS, type AdminApi } from './api.js'
import { instant } from './query.js'

export interface NoticesHouse {
  notices: Pick<Notices, 'list' | 'clear'>
  /** What holds now; see `currentWarnings`. */
  quotaWarnings(): readonly CurrentWarning[]
  now(): number
}

const USUAL_PAGE = 100
const LONGEST_PAGE = 1000

const oneOf = <const Words extends readonly [string, ...string[]]>(words: Words) =>
  z.enum(words, `takes one of ${words.join(', ')}`)

const types = z
  .string()
  .transform((text, context): NoticeType[] => {
    const found = text.split(',').map((word) => NOTICE_TYPES.find((type) => type === word.trim()))
    if (found.includes(undefined)) {
      context.addIssue({ code: 'custom', message: `takes some of ${NOTICE_TYPES.join(', ')}, comma separated` })
      return z.NEVER
    }
    return found.filter((type) => type !== undefined)
  })
  .openapi({ type: 'string', description: `Some of ${NOTICE_TYPES.join(', ')}, comma separated.` })

const Filters = z.object({
  level: oneOf(NOTICE_LEVELS).optional().openapi({ description: 'At least so grave.' }),
  type: types.optional(),
  account: z.string().optional(),
  text: z.string().optional().openapi({ description: 'Any part of a sentence in either language, a name or an id.' }),
  since: instant.optional(),
  language: oneOf(NOTICE_LANGUAGES).default('en'),
})

const Event = z
  .object({
    id: z.string(),
    at: z.number().openapi({ description: 'Unix ms.' }),
    level: z.enum(NOTICE_LEVELS),
    type: z.enum(NOTICE_TYPES),
    accountId: z.string().optional(),
    apiKeyId: z.string().optional(),
    clientKeyId: z.string().optional(),
    names: z.record(z.string(), z.object({ label: z.string().optional(), email: z.string().optional() })),
    data: z.record(z.string(), z.any()).openapi({ description: 'By its type.' }),
    sentence: z.string().openapi({ description: 'In the language that was asked for.' }),
  })
  .openapi('Event')

const Warning = z
  .object({
    accountId: z.string(),
    window: z.string(),
    level: z.string(),
    usedPercent: z.number(),
    resetAt: z.number().nullable().openapi({ description: 'Unix seconds.' }),
  })
  .loose()
  .openapi('QuotaWarning')

/** What the gateway told its owner, and the quota warnings that hold now. */
export function noticesApi(api: AdminApi, house: NoticesHouse): void {
  api.openapi(
    createRoute({
      method: 'get',
      path: '/admin/events',
      tags: ['events'],
      summary: 'What the gateway did, the newest first',
      request: {
        query: Filters.extend({
          limit: z.coerce
            .number()
            .int()
            .min(1, limitWords())
            .max(LONGEST_PAGE - 1, limitWords())
            .default(USUAL_PAGE),
          before: z.string().optional().openapi({ description: 'The `next` of the page before.' }),
        }),
      },
      responses: {
        200: json(
          z.object({
            events: z.array(Event),
            next: z
              .string()
              .nullable()
              .openapi({ description: 'The `before` of the next page; null on the last one.' }),
          }),
          'One page.',
        ),
        ...PROBLEMS,
      },
    }),
    async (c) => {
      const { limit, before, language, ...told } = c.req.valid('query')
      // One more than asked for tells whether there is another page.
      const found = await house.notices.list({
        ...filterOf(told),
        ...(before === undefined || before === '' ? {} : { before }),
        count: limit + 1,
      })
      const page = found.slice(0, limit)
      return c.json(
        {
          events: page.map((notice) => eventOf(notice, language)),
          next: found.length > limit ? (page.at(-1)?.id ?? null) : null,
        },
        200,
      )
    },
  )

  api.openapi(
    createRoute({
      method: 'delete',
      path: '/admin/events',
      tags: ['events'],
      summary: 'Forget all events',
      responses: { 200: json(z.object({ deleted: z.int() }), 'They are gone.'), ...PROBLEMS },
    }),
    async (c) => c.json({ deleted: await house.notices.clear() }, 200),
  )

  api.openapi(
    createRoute({
      method: 'get',
      path: '/admin/events/export',
      tags: ['events'],
      summary: 'All events that fit, as a file',
      request: { query: Filters.extend({ format: oneOf(['json', 'csv']).default('json') }) },
      responses: {
        200: {
          description: 'The file.',
          content: {
            'application/json': { schema: z.object({ events: z.array(Event) }) },
            'text/csv': { schema: z.string() },
          },
        },
        ...PROBLEMS,
      },
    }),
    async (c) => {
      const { format, language, ...told } = c.req.valid('query')
      const events = (await everyNotice(house.notices, filterOf(told))).map((notice) => eventOf(notice, language))
      c.header('content-disposition', `attachment; filename="dragoman-events.${format}"`)
      if (format === 'json') return c.json({ events }, 200)
      const head = ['time', 'level', 'type', 'account', 'api_key', 'client_key', 'sentence']
      const rows = events.map((event) => [
        new Date(event.at).toISOString(),
        event.level,
        event.type,
        event.accountId ?? '',
        event.apiKeyId ?? '',
        event.clientKeyId ?? '',
        event.sentence,
      ])
      return c.body(csv(head, rows), 200, { 'content-type': 'text/csv; charset=utf-8' })
    },
  )

  api.openapi(
    createRoute({
      method: 'get',
      path: '/auth/quota/warnings',
      tags: ['quota'],
      summary: 'Quota warnings that hold now',
      responses: { 200: json(z.object({ warnings: z.array(Warning), updatedAt: z.string() }), 'Now.'), ...PROBLEMS },
    }),
    (c) =>
      c.json(
        {
          // Here alone unix seconds, as the predecessors' clients know it. Source: parity 1.10.
          warnings: house.quotaWarnings().map((warning) => ({
            ...warning,
            resetAt: warning.resetAt === null ? null : Math.floor(warning.resetAt / 1000),
          })),
          updatedAt: new Date(house.now()).toISOString(),
        },
        200,
      ),
  )
}

function limitWords(): string {
  return `takes a whole number from 1 to ${LONGEST_PAGE - 1}`
}

async function everyNotice(notices: Pick<Notices, 'list'>, filter: NoticeFilter): Promise<Notice[]> {
  const all: Notice[] = []
  for (;;) {
    const before = all.at(-1)?.id
    const page = await notices.list({ ...filter, ...(before === undefined ? {} : { before }), count: LONGEST_PAGE })
    all.push(...page)
    if (page.length < LONGEST_PAGE) return all
  }
}

function eventOf(notice: Notice, language: NoticeLanguage): z.infer<typeof Event> {
  return { ...notice, data: { ...notice.data }, names: { ...notice.names }, sentence: sentenceOf(notice, language) }
}

type Told = Omit<z.output<typeof Filters>, 'language'>

/** What is said but empty is not said. */
function filterOf({ level, type, account, text, since }: Told): NoticeFilter {
  const said = (value: string | undefined): string | undefined => value?.trim() || undefined
  const accountId = said(account)
  const words = said(text)
  return {
    ...(level === undefined ? {} : { level }),
    ...(type === undefined ? {} : { types: type }),
    ...(accountId === undefined ? {} : { accountId }),
    ...(words === undefined ? {} : { text: words }),
    ...(since === undefined ? {} : { since }),
  }
}
