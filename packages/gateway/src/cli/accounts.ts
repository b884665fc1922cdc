import type { Command } from 'commander'
import type { Account, Accounts } from '../accounts/index.js'
import { accountFileCommands } from './accounts-files.js'
import { CommandError, type Deps } from './deps.js'
import { nameOf } from './name-of.js'
import { inRoom } from './room.js'
import { table } from './table.js'

/** `accounts …`: the ChatGPT accounts that pay. */
export function accountsCommand(program: Command, deps: Deps): void {
  const accounts = program.command('accounts').description('your ChatGPT accounts')

  accounts
    .command('list')
    .description('show all accounts and their state')
    .option('--json', 'one line of JSON')
    .action(async (options: { json?: boolean }) => {
      const list = await inRoom(deps, async (room) => [...room.accounts.list()])
      if (options.json) return deps.out(`${JSON.stringify(list)}\n`)
      if (list.length === 0) return deps.out('No account yet. Sign in: dragoman login\n')
      deps.out(
        table(
          ['id', 'name', 'plan', 'state', 'login good until', 'why'],
          list.map((account) => [
            account.id,
            account.label ?? account.email ?? account.chatgptAccountId,
            account.plan ?? '',
            account.linkedTo === undefined ? account.status : `${account.status} (linked)`,
            account.expiresAt === undefined
              ? ''
              : new Date(account.expiresAt).toISOString().slice(0, 16).replace('T', ' '),
            account.reason ?? account.attention ?? '',
          ]),
        ),
      )
    })

  accountFileCommands(accounts, deps)
  accounts
    .command('remove <account>')
    .description('forget it; a login made here is signed out too, a copied one stays valid where it came from')
    .addHelpText('after', BY)
    .action((name: string) => change(deps, name, (room, account) => room.remove(account.id), 'Removed'))
  accounts
    .command('refresh <account>')
    .description('renew its login now')
    .addHelpText('after', BY)
    .action(async (name: string) => {
      await inRoom(deps, async (room) => {
        const account = find(room.accounts, name)
        const { ok, message } = await room.accounts.refresh(account.id)
        if (!ok) throw new CommandError(`${nameOf(account)}: ${message}`)
        deps.out(`${nameOf(account)}: ${message}\n`)
      })
    })
  accounts
    .command('check [account]')
    .description('check that the logins can be renewed, all or one; exit code 1 when one cannot')
    .option('--json', 'one line of JSON')
    .addHelpText('after', BY)
    .action(async (name: string | undefined, options: { json?: boolean }) => {
      await inRoom(deps, async (room) => {
        const list = name === undefined ? room.accounts.list() : [find(room.accounts, name)]
        const found: { id: string; name: string; ok: boolean; message: string }[] = []
        for (const account of list) {
          const { ok, message } = await room.accounts.refresh(account.id)
          found.push({ id: account.id, name: nameOf(account), ok, message })
          if (!options.json) deps.out(`${ok ? 'good' : 'bad '}  ${nameOf(account)}: ${message}\n`)
        }
        if (options.json) deps.out(`${JSON.stringify(found)}\n`)
        else if (list.length === 0) deps.out('No account yet. Sign in: dragoman login\n')
        const bad = found.filter(({ ok }) => !ok)
        if (bad.length === 0) return
        const who = bad.map((one) => one.name).join(', ')
        throw new CommandError(`${bad.length} of ${list.length} logins could not be renewed: ${who}`)
      })
    })
  accounts
    .command('enable <account>')
    .description('let it serve again')
    .addHelpText('after', BY)
    .action((name: string) => change(deps, name, (room, account) => room.setEnabled(account.id, true), 'Enabled'))
  accounts
    .command('disable <account>')
    .description('let it rest; its login is kept')
    .addHelpText('after', BY)
    .action((name: string) => change(deps, name, (room, account) => room.setEnabled(account.id, false), 'Disabled'))
}

const BY = '\nAn account is named by its id or the beginning of it, by its label, or by its e-mail address.'

async function change(
  deps: Deps,
  name: string,
  act: (accounts: Accounts, account: Account) => Promise<boolean>,
  said: string,
): Promise<void> {
  await inRoom(deps, async (room) => {
    const account = find(room.accounts, name)
    await act(room.accounts, account)
    deps.out(`${said} ${nameOf(account)}.\n`)
  })
}

/** Only when the name means one account. */
function find(accounts: Accounts, name: string): Account {
  const list = accounts.list()
  const exact = list.find((account) => account.id === name)
  if (exact !== undefined) return exact
  const found = list.filter(
    (account) =>
      (name.length > 'acc_'.length && account.id.startsWith(name)) || account.label === name || account.email === name,
  )
  if (found.length === 1 && found[0] !== undefined) return found[0]
  throw new CommandError(
    found.length === 0
      ? `there is no account ${name}; dragoman accounts list shows all`
      : `${name} means ${found.length} accounts; name one by its id: ${found.map(({ id }) => id).join(', ')}`,
  )
}
