import type { Account, Quota, QuotaSource, QuotaWindow } from '../accounts/index.js'
import { table } from './table.js'

/** The rules of time that quotas live by; handed in, because they come with the pool, which `--help` does not load. */
export interface QuotaRules {
  usedNow(window: QuotaWindow, now: number): number
  isLocked(window: QuotaWindow, now: number): boolean
}

/** A time on this machine's clock: `14:10` today, `05-12 14:10` this year, with the year otherwise. */
export function clock(at: number, now: number): string {
  const [then, today] = [new Date(at), new Date(now)]
  const two = (part: number): string => String(part).padStart(2, '0')
  const time = `${two(then.getHours())}:${two(then.getMinutes())}`
  const day = `${two(then.getMonth() + 1)}-${two(then.getDate())}`
  if (then.getFullYear() !== today.getFullYear()) return `${then.getFullYear()}-${day} ${time}`
  return then.toDateString() === today.toDateString() ? time : `${day} ${time}`
}

/** `exhausted until 14:10`, `active (linked)`. */
export function stateText({ status, until, linkedTo }: Account, now: number): string {
  const end = until === undefined || status === 'active' ? '' : ` until ${clock(until, now)}`
  return `${status}${end}${linkedTo === undefined ? '' : ' (linked)'}`
}

/** The windows that hold for every request, in one line: `5h 41 % until 14:10, 7d 3 % until 05-12 09:00`. */
export function quotaText(quota: Quota | undefined, rules: QuotaRules, now: number): string {
  return windowsOf(quota)
    .filter(({ limit }) => limit === OWN)
    .map((window) => {
      const end = window.resetAt !== undefined && window.resetAt > now ? ` until ${clock(window.resetAt, now)}` : ''
      return `${lengthOf(window)} ${Math.round(rules.usedNow(window, now))} %${end}`
    })
    .join(', ')
}

/** Every window, who said it and when; credits after them. */
export function quotaTable(quota: Quota | undefined, rules: QuotaRules, now: number): string {
  if (quota === undefined) return 'Nothing is known of its quota yet: its first answer tells, or --refresh asks.\n'
  const rows = windowsOf(quota).map((window) => [
    LIMITS[window.limit] ?? window.name ?? window.limit,
    lengthOf(window),
    `${Math.round(rules.usedNow(window, now))} %`,
    rules.isLocked(window, now) ? (window.doubtedAt === undefined ? 'used up' : 'used up, to be tried') : 'free',
    window.resetAt === undefined || window.resetAt <= now ? '' : clock(window.resetAt, now),
    SAID_BY[window.source],
    clock(window.at, now),
  ])
  const { credits, resetCredits } = quota
  const lines = [
    ...(credits === undefined
      ? []
      : [
          `Credits: ${credits.unlimited ? 'without end' : credits.hasCredits ? (credits.balance ?? 'some') : 'none'}, said ${SAID_BY[credits.source]} at ${clock(credits.at, now)}.`,
        ]),
    ...(resetCredits === undefined
      ? []
      : [`Reset credits: ${resetCredits.available}, said at ${clock(resetCredits.at, now)}.`]),
  ]
  const windows = rows.length === 0 ? '' : table(['limit', 'window', 'used', 'state', 'until', 'said by', 'at'], rows)
  return [windows, ...lines.map((line) => `${line}\n`)].join('') || 'Its limits are empty.\n'
}

const OWN = 'codex'
const LIMITS: Readonly<Record<string, string>> = {
  [OWN]: 'all requests',
  'code-review': 'code review',
  payment: 'plan or credit',
}
const SAID_BY: Readonly<Record<QuotaSource, string>> = {
  usage: 'its usage page',
  header: 'an answer',
  refusal: 'a refusal',
}

/** The own limit first, the short window before the long one. */
function windowsOf(quota: Quota | undefined): QuotaWindow[] {
  const rank = (window: QuotaWindow): string =>
    `${window.limit === OWN ? 0 : 1} ${window.limit} ${window.slot === 'primary' ? 0 : 1}`
  return Object.values(quota?.windows ?? {}).sort((a, b) => (rank(a) < rank(b) ? -1 : 1))
}

function lengthOf({ windowMinutes, slot }: QuotaWindow): string {
  if (windowMinutes === undefined) return slot
  if (windowMinutes % 1440 === 0) return `${windowMinutes / 1440}d`
  return windowMinutes % 60 === 0 ? `${windowMinutes / 60}h` : `${windowMinutes}min`
}
