import { Argument, type Command } from 'commander'
import { text } from 'node:stream/consumers'
import { BY, findAccount } from './accounts-find.js'
import { CommandError, type Deps } from './deps.js'
import { nameOf } from './name-of.js'
import { contentOf } from './providers-input.js'
import { inRoom } from './room.js'

/** `accounts cookies`: those that its owner set, e.g. of a browser that passed Cloudflare's check. Values are never shown. */
export function accountCookieCommands(accounts: Command, deps: Deps): void {
  accounts
    .command('cookies <account>')
    .addArgument(
      new Argument('[act]', 'what is to be done; nothing: tell their names').choices(['set', 'import', 'clear']),
    )
    .argument('[what...]', 'import: a file, - for standard input; clear: names, without any all')
    .description(
      'cookies that go with its requests beside those it got itself; values are read from a file or standard input, and never shown',
    )
    .option('--stdin', 'with set: read name=value from standard input')
    .option('--json', 'one line of JSON')
    .addHelpText(
      'after',
      `${BY}\nRead are a cookie header, one name=value a line, a browser's cookies.txt, and JSON. What is set already stays unless it has the same name.\n` +
        'Of files that name sites, only the cookies of the backend are taken.\n' +
        '\nExamples:\n  dragoman accounts cookies work\n  dragoman accounts cookies work set --stdin < cookie.txt\n' +
        '  dragoman accounts cookies work import cookies.txt\n  dragoman accounts cookies work clear cf_clearance',
    )
    .action(
      async (
        named: string,
        act: 'set' | 'import' | 'clear' | undefined,
        what: string[],
        options: { stdin?: boolean; json?: boolean },
      ) => {
        const written = await writtenFrom(act, what, options.stdin === true, deps)
        await inRoom(deps, async (room) => {
          const account = findAccount(room.accounts, named)
          const before = await room.store.accounts.cookies(account.id)
          const after = await changed(before, act, written, what, new URL(room.config.codex.base_url).hostname)
          if (after !== undefined) await room.accounts.change(account.id, { cookies: after })
          const names = Object.keys(after ?? before)
          if (options.json) return deps.out(`${JSON.stringify({ account: account.id, cookies: names })}\n`)
          deps.out(
            names.length === 0
              ? `${nameOf(account)} has no cookies of yours.\n`
              : `${nameOf(account)} has ${names.length === 1 ? 'a cookie' : `${names.length} cookies`} of yours: ${names.join(', ')}.\n`,
          )
        })
      },
    )
}

/** What there is to read, before the data folder is opened. */
async function writtenFrom(
  act: string | undefined,
  what: readonly string[],
  stdin: boolean,
  deps: Deps,
): Promise<string | undefined> {
  if (stdin && act !== 'set') throw new CommandError('--stdin goes with set; import reads - as standard input', 2)
  if (act === 'set') {
    if (what.length > 0) {
      throw new CommandError(
        '<what>: values given here stay in the history of your shell; use set --stdin or import',
        2,
      )
    }
    if (!stdin) throw new CommandError('set reads name=value from standard input; say --stdin', 2)
    return text(deps.stdin)
  }
  if (act !== 'import') return undefined
  const [file, ...rest] = what
  if (file === undefined || rest.length > 0) throw new CommandError('<what>: name one file, or - for standard input', 2)
  return contentOf(file, deps)
}

/** @returns undefined when nothing is to change @throws CommandError */
async function changed(
  before: Readonly<Record<string, string>>,
  act: string | undefined,
  written: string | undefined,
  what: readonly string[],
  host: string,
): Promise<Record<string, string> | undefined> {
  if (act === undefined) return undefined
  if (written === undefined) {
    if (what.length === 0) return {}
    const missing = what.filter((name) => !Object.hasOwn(before, name))
    if (missing.length > 0) throw new CommandError(`there is no cookie of yours called ${missing.join(', ')}`)
    return Object.fromEntries(Object.entries(before).filter(([name]) => !what.includes(name)))
  }
  const { readCookies } = await import('../transport/index.js')
  try {
    return readCookies({ ...before, ...readCookies(written, host) }, host)
  } catch (cause) {
    throw new CommandError(cause instanceof Error ? cause.message : String(cause), 1, { cause })
  }
}
