import type { Command } from 'commander'
import type { Account } from '../accounts/index.js'
import { plainText } from '../telemetry/index.js'
import { BY, chosenAccounts, NOBODY, type Choice } from './accounts-find.js'
import { CommandError, type Deps } from './deps.js'
import { nameOf } from './name-of.js'
import { inRoom, type Room } from './room.js'

/** Waits for the network of the login server, which nobody should burst upon. */
const REFRESHES_AT_ONCE = 2
const CHANGES_AT_ONCE = 8

interface Verb {
  name: 'enable' | 'disable' | 'remove' | 'refresh'
  what: string
  /** Of one account that it was done to. */
  said(name: string, message: string): string
  /** "1 of 3 accounts could not be …" */
  done: string
  atOnce: number
  /** @returns what there is to say @throws when it did not work */
  act(room: Room, account: Account): Promise<string>
  /** Several only with --yes. */
  forGood?: boolean
}

const VERBS: readonly Verb[] = [
  {
    name: 'enable',
    what: 'let accounts serve again',
    said: (name) => `Enabled ${name}.`,
    done: 'enabled',
    atOnce: CHANGES_AT_ONCE,
    act: ({ accounts }, { id }) => kept(accounts.setEnabled(id, true)),
  },
  {
    name: 'disable',
    what: 'let accounts rest; their logins are kept',
    said: (name) => `Disabled ${name}.`,
    done: 'disabled',
    atOnce: CHANGES_AT_ONCE,
    act: ({ accounts }, { id }) => kept(accounts.setEnabled(id, false)),
  },
  {
    name: 'remove',
    what: 'forget accounts; a login made here is signed out too, a copied one stays valid where it came from',
    said: (name) => `Removed ${name}.`,
    done: 'removed',
    atOnce: CHANGES_AT_ONCE,
    forGood: true,
    async act({ accounts, proxies }, { id }) {
      const said = await kept(accounts.remove(id))
      await proxies.unpin(id)
      return said
    },
  },
  {
    name: 'refresh',
    what: 'renew their logins now',
    said: (name, message) => `${name}: ${message}`,
    done: 'refreshed',
    atOnce: REFRESHES_AT_ONCE,
    async act({ accounts }, { id }) {
      const { ok, message } = await accounts.refresh(id)
      if (!ok) throw new Error(message)
      return message
    },
  },
]

async function kept(done: Promise<boolean>): Promise<string> {
  if (!(await done)) throw new Error('it was removed meanwhile')
  return ''
}

/** `accounts enable|disable|remove|refresh`: one account or many. */
export function accountBatchCommands(accounts: Command, deps: Deps): void {
  for (const verb of VERBS) {
    const command = accounts
      .command(`${verb.name} [accounts...]`)
      .description(verb.what)
      .option('--group <name>', 'all of a group')
      .option('--all', 'all there are')
      .option('--json', 'one line of JSON')
    if (verb.forGood) command.option('--yes', 'also when it is more than one')
    command
      .addHelpText(
        'after',
        `${BY}\nOne that fails stops no other; Ctrl-C begins no other one.\n\nExamples:\n  dragoman accounts ${verb.name} me@example.com\n  dragoman accounts ${verb.name} --group night${verb.forGood ? ' --yes' : ''}`,
      )
      .action((named: string[], options: Choice & { yes?: boolean; json?: boolean }) =>
        inRoom(deps, (room) => run(room, verb, chosenAccounts(room.accounts, named, options), options, deps)),
      )
  }
}

async function run(
  room: Room,
  verb: Verb,
  chosen: readonly Account[],
  options: { yes?: boolean; json?: boolean },
  deps: Deps,
): Promise<void> {
  if (verb.forGood && chosen.length > 1 && !options.yes) {
    throw new CommandError(`this removes ${chosen.length} accounts for good; say --yes to do it`, 2)
  }
  if (chosen.length === 0) return deps.out(options.json ? '[]\n' : NOBODY)
  await doTo(room, chosen, verb, options.json === true, deps)
}

/**
 * Does one thing to some accounts and tells how each went, as it goes: one alone in a line, many with their progress.
 * @throws CommandError when one of them failed, or it was stopped
 */
async function doTo(room: Room, chosen: readonly Account[], verb: Verb, json: boolean, deps: Deps): Promise<void> {
  const { runBatch } = await import('../accounts/index.js')
  const byId = new Map(chosen.map((account) => [account.id, account]))
  const name = (id: string): string => nameOf(byId.get(id) ?? { id })
  const act = async (id: string): Promise<string> => {
    const account = byId.get(id)
    return account === undefined ? '' : verb.act(room, account)
  }
  const alone = chosen.length === 1
  const stop = new AbortController()
  const listenNoMore = deps.onSignal(() => stop.abort())
  const results = await runBatch(byId.keys(), act, {
    concurrency: verb.atOnce,
    signal: stop.signal,
    onProgress({ done, total, result }) {
      if (json || (alone && result.outcome === 'failed')) return
      const said =
        result.outcome === 'done'
          ? verb.said(name(result.id), plainText(result.value))
          : `could not be ${verb.done}: ${name(result.id)}: ${plainText(result.error.message)}`
      deps.out(`${alone ? '' : `${done}/${total}  `}${said}\n`)
    },
  }).finally(listenNoMore)
  if (json) {
    const told = results.map((result) => ({
      id: result.id,
      name: name(result.id),
      ok: result.outcome === 'done',
      message:
        result.outcome === 'done' ? result.value : result.outcome === 'failed' ? result.error.message : 'not begun',
    }))
    deps.out(`${JSON.stringify(told)}\n`)
  }
  const failed = results.flatMap((result) => (result.outcome === 'failed' ? [result] : []))
  const skipped = results.filter(({ outcome }) => outcome === 'skipped').length
  if (skipped > 0) throw new CommandError(`stopped: ${results.length - skipped} of ${results.length} were done`)
  const [first] = failed
  if (first === undefined) return
  if (alone) throw new CommandError(`${name(first.id)}: ${first.error.message}`)
  const who = failed.map(({ id }) => name(id)).join(', ')
  throw new CommandError(`${failed.length} of ${results.length} accounts could not be ${verb.done}: ${who}`)
}
