import type { Command } from 'commander'
import { FailureError } from '@dragoman/protocol'
import type { KeyStandingRow } from '../store/index.js'
import type { KeyLimits } from '../usage/index.js'
import { CommandError } from './deps.js'

/** Options that say what a key may use; `none` takes a limit away. */
const LIMIT_OPTIONS = [
  { flag: '--budget-usd-day <usd>', name: 'budgetUsdDay', path: ['budgetUsd', 'day'], about: 'dollars a day' },
  { flag: '--budget-usd-month <usd>', name: 'budgetUsdMonth', path: ['budgetUsd', 'month'], about: 'dollars a month' },
  { flag: '--budget-usd-total <usd>', name: 'budgetUsdTotal', path: ['budgetUsd', 'total'], about: 'dollars in all' },
  { flag: '--tokens-day <count>', name: 'tokensDay', path: ['tokens', 'day'], about: 'tokens a day' },
  { flag: '--tokens-month <count>', name: 'tokensMonth', path: ['tokens', 'month'], about: 'tokens a month' },
  { flag: '--tokens-total <count>', name: 'tokensTotal', path: ['tokens', 'total'], about: 'tokens in all' },
  { flag: '--rpm <count>', name: 'rpm', path: ['requestsPerMinute'], about: 'requests a minute' },
  {
    flag: '--max-concurrent <count>',
    name: 'maxConcurrent',
    path: ['maxConcurrent'],
    about: 'requests open at one time',
  },
] as const

export type LimitOptions = { [Name in (typeof LIMIT_OPTIONS)[number]['name']]?: string }

export function withLimitOptions(command: Command): Command {
  for (const { flag, about } of LIMIT_OPTIONS) command.option(flag, `let it use at most so many ${about}, or none`)
  return command
}

/**
 * The limits with what the options say of them.
 * @returns undefined when they say nothing
 * @throws CommandError that names the option
 */
export async function limitsFrom(options: LimitOptions, before: object = {}): Promise<KeyLimits | undefined> {
  const said = LIMIT_OPTIONS.filter(({ name }) => options[name] !== undefined)
  if (said.length === 0) return undefined
  const { parseKeyLimits } = await import('../usage/index.js')
  const limits = structuredClone(before) as Record<string, unknown>
  for (const { flag, name, path } of said) {
    const text = (options[name] ?? '').trim()
    const [group, period] = path
    const inner = period === undefined ? limits : ((limits[group] ??= {}) as Record<string, unknown>)
    const key = period ?? group
    delete inner[key]
    if (text !== 'none') inner[key] = text === '' ? NaN : Number(text)
    if (period !== undefined && Object.keys(inner).length === 0) delete limits[group]
    try {
      parseKeyLimits(limits)
    } catch (error) {
      if (!(error instanceof FailureError)) throw error
      const unit = group === 'budgetUsd' ? 'a number above 0, e.g. 2.50' : 'a whole number above 0, e.g. 100'
      throw new CommandError(`${flag.split(' ')[0] ?? flag} takes ${unit}, or none`, 2)
    }
  }
  return parseKeyLimits(limits)
}

/** What a key has used of what it may, a few words: `$0.42/$5 a day, 3/60 open`. */
export function limitWords(limits: KeyLimits, used: KeyStandingRow | undefined): string {
  const words: string[] = []
  for (const period of ['day', 'month', 'total'] as const) {
    const of = { day: 'a day', month: 'a month', total: 'in all' }[period]
    const { costMicroUsd = 0, tokens = 0 } = used?.[period] ?? {}
    const usd = limits.budgetUsd?.[period]
    const most = limits.tokens?.[period]
    if (usd !== undefined) words.push(`$${(costMicroUsd / 1e6).toFixed(2)}/$${usd} ${of}`)
    if (most !== undefined) words.push(`${tokens}/${most} tokens ${of}`)
  }
  if (limits.requestsPerMinute !== undefined) words.push(`${limits.requestsPerMinute} a minute`)
  if (limits.maxConcurrent !== undefined) words.push(`${limits.maxConcurrent} at once`)
  return words.join(', ')
}
