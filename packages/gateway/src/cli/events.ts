import type { Command } from 'commander'
import type { Notice, NoticeFilter, NoticeLanguage } from '../notices/index.js'
import type { Store } from '../store/index.js'
import { plainText } from '../telemetry/index.js'
import { CommandError, type Deps } from './deps.js'
import { inRoom } from './room.js'

interface EventsOptions {
  level?: string
  since?: string
  account?: string
  text?: string
  count: string
  language: string
  follow?: boolean
  json?: boolean
}

const MOST_AT_ONCE = 1000
/** Notices are written a moment after they were told, and several processes write: whoever follows looks back so far. */
const LOOK_BACK_MS = 10_000
const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `events`: what the gateway told its owner, and what it tells from now on. */
export function eventsCommand(program: Command, deps: Deps): void {
  program
    .command('events')
    .description('what happened: accounts, quota warnings, proxies, budgets; newest last')
    .option('--level <level>', 'at least so grave: info, warning, critical')
    .option('--since <time>', 'not older than this: 30m, 1h, 7d, or a date')
    .option('--account <id>', 'of this account alone')
    .option('--text <words>', 'those that hold these words')
    .option('--count <number>', `so many at most, up to ${MOST_AT_ONCE}`, '50')
    .option('--language <language>', 'en or zh-CN', 'en')
    .option('--follow', 'go on with what happens from now on, until Ctrl-C')
    .option('--json', 'one line of JSON for each')
    .addHelpText(
      'after',
      '\nExamples:\n  dragoman events --level warning --since 1h\n  dragoman events --follow --language zh-CN',
    )
    .action(async (options: EventsOptions) => {
      const { readNotices, sentenceOf } = await import('../notices/index.js')
      const { filter, language } = await readOptions(options)
      const show = (notice: Notice): void => {
        const sentence = sentenceOf(notice, language)
        deps.out(options.json ? `${JSON.stringify({ ...notice, sentence })}\n` : lineOf(notice, sentence))
      }
      await inRoom(deps, async ({ store }) => {
        const found = await readNotices(store.notices, filter)
        for (const notice of found.toReversed()) show(notice)
        if (options.follow) return follow(deps, store, filter, found, show)
        if (found.length === 0 && !options.json) deps.out('Nothing happened that would have been told.\n')
      })
    })
}

async function readOptions(options: EventsOptions): Promise<{ filter: NoticeFilter; language: NoticeLanguage }> {
  const { NOTICE_LANGUAGES, NOTICE_LEVELS } = await import('../notices/index.js')
  const level = NOTICE_LEVELS.find((one) => one === options.level)
  if (options.level !== undefined && level === undefined) {
    throw new CommandError(`--level takes one of ${NOTICE_LEVELS.join(', ')}`, 2)
  }
  const language = NOTICE_LANGUAGES.find((one) => one === options.language)
  if (language === undefined) throw new CommandError(`--language takes one of ${NOTICE_LANGUAGES.join(', ')}`, 2)
  const count = Number(options.count)
  if (!Number.isInteger(count) || count < 1 || count > MOST_AT_ONCE) {
    throw new CommandError(`--count takes a whole number from 1 to ${MOST_AT_ONCE}`, 2)
  }
  return {
    language,
    filter: {
      count,
      ...(level === undefined ? {} : { level }),
      ...(options.account === undefined ? {} : { accountId: options.account }),
      ...(options.text === undefined ? {} : { text: options.text }),
      ...(options.since === undefined ? {} : { since: sinceOf(options.since, Date.now()) }),
    },
  }
}

/** `1h` is an hour ago. */
function sinceOf(text: string, now: number): number {
  const [, amount = '', unit = ''] = /^(\d{1,9})([smhd])$/.exec(text.trim()) ?? []
  const at = unit === '' ? Date.parse(text) : now - Number(amount) * (UNITS[unit] ?? 0)
  if (Number.isNaN(at)) throw new CommandError('--since takes a time such as 30m, 1h, 7d or 2026-07-01', 2)
  return at
}

/** Any process on this data folder may tell something; the store says when. */
async function follow(
  deps: Deps,
  store: Store,
  filter: NoticeFilter,
  shown: readonly Notice[],
  show: (notice: Notice) => void,
): Promise<void> {
  const { readNotices } = await import('../notices/index.js')
  const seen = new Map(shown.map(({ id, at }) => [id, at]))
  let looking: Promise<void> = Promise.resolve()

  async function look(): Promise<void> {
    const since = Math.max(filter.since ?? 0, Date.now() - LOOK_BACK_MS)
    const found = await readNotices(store.notices, { ...filter, since, count: MOST_AT_ONCE })
    for (const [id, at] of seen) if (at < since) seen.delete(id)
    for (const notice of found.toReversed()) {
      if (seen.has(notice.id)) continue
      seen.set(notice.id, notice.at)
      show(notice)
    }
  }

  const stopped = Promise.withResolvers<void>()
  const unwatch = store.watch(({ aggregate }) => {
    if (aggregate === 'notices') looking = looking.then(look).catch(stopped.reject)
  })
  const deaf = deps.onSignal(() => stopped.resolve())
  // What was told since the list was read.
  looking = look().catch(stopped.reject)
  try {
    await stopped.promise
  } finally {
    deaf()
    unwatch()
    await looking
  }
}

function lineOf({ at, level }: Notice, sentence: string): string {
  const time = new Date(at).toISOString().slice(0, 19).replace('T', ' ')
  return `${time}  ${level.padEnd(8)}  ${plainText(sentence)}\n`
}
