import type { Command } from 'commander'
import type { CheckedAccount } from '../accounts/index.js'
import { plainText } from '../telemetry/index.js'
import { BY, chosenAccounts, NOBODY, type Choice } from './accounts-find.js'
import { CommandError, type Deps } from './deps.js'
import { nameOf } from './name-of.js'
import { inRoom } from './room.js'

interface CheckOptions extends Choice {
  stagger?: string
  concurrency?: string
  json?: boolean
}

/** `accounts check`: which logins still live? */
export function accountCheckCommand(accounts: Command, deps: Deps): void {
  accounts
    .command('check [accounts...]')
    .description('check that logins can be renewed, all or some; exit code 1 when one cannot')
    .option('--group <name>', 'all of a group')
    .option('--stagger <ms>', 'from one beginning to the next, 500 to 30000', '3000')
    .option('--concurrency <n>', 'how many at one time, 1 to 10', '2')
    .option('--json', 'one line of JSON')
    .addHelpText(
      'after',
      `${BY}\nAsked is the login server, never a model. Ctrl-C begins no other one.\n\nExamples:\n  dragoman accounts check\n  dragoman accounts check --group night --stagger 500 --concurrency 4`,
    )
    .action(async (named: string[], options: CheckOptions) => {
      const staggerMs = numberFrom('--stagger', options.stagger, 500, 30_000)
      const concurrency = numberFrom('--concurrency', options.concurrency, 1, 10)
      const { checkAccounts } = await import('../accounts/index.js')
      await inRoom(deps, async (room) => {
        const all = named.length === 0 && options.group === undefined
        const chosen = chosenAccounts(room.accounts, named, { ...options, all })
        const names = new Map(chosen.map((account) => [account.id, nameOf(account)]))
        if (chosen.length === 0 && !options.json) return deps.out(NOBODY)
        const stop = new AbortController()
        const listenNoMore = deps.onSignal(() => stop.abort())
        const report = await checkAccounts(room.accounts, [...names.keys()], {
          staggerMs,
          concurrency,
          signal: stop.signal,
          onProgress({ done, total, account }) {
            if (options.json) return
            deps.out(
              `${total === 1 ? '' : `${done}/${total}  `}${lineOf(account, names.get(account.id) ?? account.id)}`,
            )
          },
        }).finally(listenNoMore)
        const { summary, results } = report
        if (options.json) {
          const told = results.map((result) => ({ ...result, name: names.get(result.id) ?? result.id }))
          deps.out(`${JSON.stringify({ summary, results: told })}\n`)
        }
        // One that rests is meant to; whatever else was not asked is not known to be good.
        const bad = results.filter(
          ({ result, previousStatus }) => result === 'dead' || (result === 'skipped' && previousStatus !== 'disabled'),
        )
        if (bad.length === 0) return
        const who = bad.map(({ id }) => names.get(id) ?? id).join(', ')
        throw new CommandError(`${bad.length} of ${results.length} logins could not be renewed: ${who}`)
      })
    })
}

function lineOf({ result, error, durationMs }: CheckedAccount, name: string): string {
  switch (result) {
    case 'alive':
      return `good  ${name}${durationMs === undefined ? '' : ` (${Math.round(durationMs)} ms)`}\n`
    case 'dead':
      return `bad   ${name}: ${plainText(error ?? 'it cannot be renewed')}\n`
    case 'skipped':
      return `left  ${name}: ${plainText(error ?? 'it was not asked')}\n`
    default:
      return result satisfies never
  }
}

function numberFrom(option: string, text: string | undefined, least: number, most: number): number {
  const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text)
  if (value >= least && value <= most) return value
  throw new CommandError(`${option} takes a number from ${least} to ${most}`, 2)
}
