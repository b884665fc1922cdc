import type { Command } from 'commander'
import type { PoolView } from '../server/index.js'
import { plainText } from '../telemetry/index.js'
import { askGateway } from './ask-gateway.js'
import { CommandError, type Deps } from './deps.js'
import { inRoom } from './room.js'
import { runningGateway } from './run-file.js'
import { table } from './table.js'

const MOVES_SHOWN = 10

/** `pool`: who is at work, what prompt caches save, and what the moves of conversations cost. */
export function poolCommand(program: Command, deps: Deps): void {
  program
    .command('pool')
    .description('how the accounts of a running gateway share the work, and how warm their prompt caches are')
    .option('--json', 'one line of JSON')
    .addHelpText('after', '\nExamples:\n  dragoman pool\n  dragoman pool --json')
    .action(async (options: { json?: boolean }) => {
      const view = await inRoom(deps, async ({ home }) => {
        const run = (await runningGateway(home))?.run
        if (run?.control === undefined) {
          throw new CommandError('only a running gateway knows this; start it: dragoman serve')
        }
        return (await askGateway(run, 'GET', '/admin/pool')) as PoolView
      })
      deps.out(options.json ? `${JSON.stringify(view)}\n` : poolText(view))
    })
}

function poolText({ strategy, waiting, cache, accounts, moves }: PoolView): string {
  const lines = [
    `New conversations: ${strategy}. Waiting in line: ${waiting}.`,
    `Prompt caches: ${percent(cache.hit_rate)} of ${cache.input_tokens} input tokens in ${cache.requests} requests.`,
    `Moves of conversations: ${cache.moves}, which cost ${cache.lost_tokens} cached tokens.`,
    '',
  ]
  const rows = accounts.map((account) => [
    account.id,
    plainText(account.name),
    account.status,
    String(account.open),
    String(account.cache.requests),
    percent(account.cache.hit_rate),
  ])
  const shown = moves.slice(0, MOVES_SHOWN)
  const told = shown.map(
    (move) =>
      `${move.at} ${move.from} -> ${move.to}: ${plainText(move.why)}; cached tokens ${move.cached_tokens_before} before, ${move.cached_tokens_after} after\n`,
  )
  if (accounts.length === 0) return `${lines.join('\n')}No account yet. Sign in: dragoman login\n`
  return (
    lines.join('\n') +
    table(['id', 'name', 'state', 'open', 'requests', 'from cache'], rows) +
    (told.length === 0 ? '' : `\n${told.join('')}`)
  )
}

function percent(rate: number | null): string {
  return rate === null ? '-' : `${(100 * rate).toFixed(1)} %`
}
