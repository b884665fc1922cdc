import { describe, expect, test } from 'vitest'
import { isLocked, usedNow, type Account, type Quota, type QuotaWindow } from '../accounts/index.js'
import { clock, quotaTable, quotaText, stateText } from './account-text.js'

const rules = { isLocked, usedNow }
/** A Tuesday afternoon on this machine's clock. */
const NOW = new Date(2026, 4, 12, 13, 0).getTime()
const at = (hours: number, minutes = 0): number => new Date(2026, 4, 12, hours, minutes).getTime()

const window = (about: Partial<QuotaWindow>): QuotaWindow => ({
  limit: 'codex',
  slot: 'primary',
  usedPercent: 41.4,
  reached: false,
  windowMinutes: 300,
  resetAt: at(14, 10),
  source: 'header',
  at: at(12, 30),
  ...about,
})
const quota = (...windows: QuotaWindow[]): Quota => ({
  windows: Object.fromEntries(windows.map((one) => [`${one.limit}/${one.slot}`, one])),
  at: NOW,
})

test.each([
  ['today', at(14, 10), '14:10'],
  ['early today', at(0, 5), '00:05'],
  ['tomorrow', at(24 + 9), '05-13 09:00'],
  ['another year', new Date(2027, 0, 2, 3, 4).getTime(), '2027-01-02 03:04'],
])('the clock: %s', (_, when, said) => {
  expect(clock(when, NOW)).toBe(said)
})

test.each<[Partial<Account>, string]>([
  [{ status: 'active', until: at(14) }, 'active'],
  [{ status: 'active', linkedTo: '/home/ann/auth.json' }, 'active (linked)'],
  [{ status: 'exhausted', until: at(14, 10) }, 'exhausted until 14:10'],
  [{ status: 'disabled' }, 'disabled'],
])('the state: %j', (account, said) => {
  expect(stateText(account as Account, NOW)).toBe(said)
})

describe('limits in one line', () => {
  test.each<[string, Quota | undefined, string]>([
    ['nothing known', undefined, ''],
    ['one', quota(window({})), '5h 41 % until 14:10'],
    [
      'two, the short one first, others left out',
      quota(
        window({ slot: 'secondary', windowMinutes: 10_080, usedPercent: 3, resetAt: at(48) }),
        window({}),
        window({ limit: 'code-review' }),
      ),
      '5h 41 % until 14:10, 7d 3 % until 05-14 00:00',
    ],
    ['one whose end has come', quota(window({ usedPercent: 100, reached: true, resetAt: at(12) })), '5h 0 %'],
    ['of an odd length', quota(window({ windowMinutes: 95 })), '95min 41 % until 14:10'],
  ])('%s', (_, known, said) => {
    expect(quotaText(known, rules, NOW)).toBe(said)
  })

  test('of an unknown length and end', () => {
    const { windowMinutes: _, resetAt: __, ...rest } = window({})
    expect(quotaText(quota(rest), rules, NOW)).toBe('primary 41 %')
  })
})

test('limits in a table: all of them, who said so, when; then credits', () => {
  const known: Quota = {
    ...quota(
      window({ limit: 'codex-bengalfox', name: 'Spark', usedPercent: 7 }),
      window({ usedPercent: 100, reached: true, source: 'refusal' }),
      window({ slot: 'secondary', usedPercent: 100, reached: true, doubtedAt: at(12), windowMinutes: 10_080 }),
    ),
    credits: { hasCredits: true, unlimited: false, balance: '9.99', source: 'usage', at: at(11) },
    resetCredits: { available: 2, at: at(11) },
  }
  expect(quotaTable(known, rules, NOW)).toBe(
    [
      'LIMIT         WINDOW  USED   STATE                 UNTIL  SAID BY    AT',
      'all requests  5h      100 %  used up               14:10  a refusal  12:30',
      'all requests  7d      100 %  used up, to be tried  14:10  an answer  12:30',
      'Spark         5h      7 %    free                  14:10  an answer  12:30',
      'Credits: 9.99, said its usage page at 11:00.',
      'Reset credits: 2, said at 11:00.',
      '',
    ].join('\n'),
  )
  expect(quotaTable(undefined, rules, NOW)).toMatch(/^Nothing is known/)
  expect(quotaTable(quota(), rules, NOW)).toBe('Its limits are empty.\n')
})
