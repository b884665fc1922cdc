import { Argument, type Command } from 'commander'
import type { Account, WrittenSettings } from '../accounts/index.js'
import { plainText } from '../telemetry/index.js'
import { BY, findAccount } from './accounts-find.js'
import { CommandError, type Deps } from './deps.js'
import { nameOf } from './name-of.js'
import { inRoom } from './room.js'

/** `accounts label|note|group|weight|limit|converge`: what its owner says of one account. */
export function accountEditCommands(accounts: Command, deps: Deps): void {
  for (const [setting, what, example] of [
    ['label', 'a name to call it by', 'label me@example.com work'],
    ['note', 'anything worth remembering of it', 'note work "paid until June"'],
  ] as const) {
    json(accounts.command(`${setting} <account> [text]`))
      .description(`give it ${what}`)
      .option('--clear', 'take it away')
      .addHelpText('after', `${BY}\n\nExample:\n  dragoman accounts ${example}`)
      .action(async (named: string, text: string | undefined, options: { clear?: boolean; json?: boolean }) => {
        if ((text === undefined) !== (options.clear === true)) {
          throw new CommandError(`<text>: say ${what}, or --clear to take it away`, 2)
        }
        const said = (account: Account): string => {
          const value = account[setting]
          return value === undefined ? `${nameOf(account)} has no ${setting}` : `${setting} ${plainText(value)}`
        }
        await edit(deps, named, () => ({ [setting]: text ?? null }), said, options)
      })
  }

  json(accounts.command('group <account>'))
    .addArgument(new Argument('<change>', 'what is to be done').choices(['add', 'remove', 'set']))
    .argument('[names...]', 'names of groups')
    .description('put it into groups, take it out of some, or say in which it is; client keys may be bound to groups')
    .addHelpText(
      'after',
      `${BY}\n\nExamples:\n  dragoman accounts group work add night\n  dragoman accounts group work set night team\n  dragoman accounts group work set`,
    )
    .action(async (named: string, change: GroupChange, names: string[], options: { json?: boolean }) => {
      if (names.length === 0 && change !== 'set') throw new CommandError('<names>: name the groups, e.g. night', 2)
      const said = ({ groups }: Account): string =>
        groups.length === 0 ? 'in no group' : `in ${groups.map(plainText).join(', ')}`
      await edit(deps, named, ({ groups }) => ({ groups: changed(groups, change, names) }), said, options)
    })

  json(accounts.command('weight <account> <n>'))
    .description('its share of the work beside others: 2 takes twice as much, 0 serves only when no other can')
    .addHelpText('after', `${BY}\n\nExample:\n  dragoman accounts weight work 2`)
    .action((named: string, n: string, options: { json?: boolean }) =>
      edit(
        deps,
        named,
        () => ({ weight: numberIn(n) }),
        ({ weight }) => `weight ${weight}`,
        options,
        '<n>',
      ),
    )

  json(accounts.command('limit <account> <n>'))
    .description(
      'requests that it may have open at one time; 0 for any number, default for what the configuration says',
    )
    .addHelpText(
      'after',
      `${BY}\nThe configuration says it in accounts.max_concurrent_per_account.\n\nExamples:\n  dragoman accounts limit work 4\n  dragoman accounts limit work default`,
    )
    .action((named: string, n: string, options: { json?: boolean }) =>
      edit(
        deps,
        named,
        () => ({ maxConcurrent: n === 'default' ? null : numberIn(n) }),
        ({ maxConcurrent }) =>
          maxConcurrent === undefined
            ? 'as many open requests as the configuration says'
            : maxConcurrent === 0
              ? 'any number of open requests'
              : `at most ${maxConcurrent} open requests`,
        options,
        '<n>',
      ),
    )

  json(accounts.command('converge <account>'))
    .addArgument(new Argument('<switch>', 'on or off').choices(['on', 'off']))
    .description('on: all clients appear upstream as one session of it')
    .addHelpText('after', `${BY}\n\nExample:\n  dragoman accounts converge work on`)
    .action((named: string, on: string, options: { json?: boolean }) =>
      edit(
        deps,
        named,
        () => ({ converge: on === 'on' }),
        ({ converge }) =>
          converge ? 'one session upstream for all clients' : 'a session upstream for each conversation',
        options,
      ),
    )
}

type GroupChange = 'add' | 'remove' | 'set'

function changed(groups: readonly string[], change: GroupChange, names: readonly string[]): string[] {
  switch (change) {
    case 'add':
      return [...groups, ...names]
    case 'remove':
      return groups.filter((group) => !names.includes(group))
    case 'set':
      return [...names]
    default:
      return change satisfies never
  }
}

/**
 * Changes one account and tells how it is now.
 * @param argument what a bad value is called
 */
async function edit(
  deps: Deps,
  named: string,
  written: (account: Account) => WrittenSettings,
  said: (account: Account) => string,
  options: { json?: boolean },
  argument?: string,
): Promise<void> {
  const { readOwnerSettings, SettingError } = await import('../accounts/index.js')
  await inRoom(deps, async (room) => {
    const found = findAccount(room.accounts, named)
    try {
      await room.accounts.change(found.id, readOwnerSettings(written(found)))
    } catch (cause) {
      if (!(cause instanceof SettingError)) throw cause
      throw new CommandError(`${argument === undefined ? '' : `${argument}: `}${cause.message}`, 2, { cause })
    }
    const account = room.accounts.get(found.id)
    if (account === undefined) throw new CommandError(`${nameOf(found)} was removed meanwhile`)
    deps.out(options.json ? `${JSON.stringify({ account })}\n` : `${nameOf(account)}: ${said(account)}.\n`)
  })
}

function numberIn(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text)
}

function json(command: Command): Command {
  return command.option('--json', 'one line of JSON')
}
