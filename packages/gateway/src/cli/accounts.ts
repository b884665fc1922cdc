import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Command } from 'commander'
import type { Account, Accounts } from '../accounts/index.js'
import { CommandError, type Deps } from './deps.js'
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
            account.reason ?? '',
          ]),
        ),
      )
    })

  for (const name of ['import', 'add']) {
    accounts
      .command(`${name} <file>`)
      .description(
        'take over the login of a Codex CLI (its auth.json; - reads it from standard input); works without network',
      )
      .option('--link', 'follow the file instead of copying it: the CLI goes on to refresh it')
      .option('--label <name>', 'a name to recognise it by')
      .option('--json', 'one line of JSON')
      .addHelpText(
        'after',
        '\nExamples:\n  dragoman accounts import ~/.codex/auth.json\n  dragoman accounts import --link ~/.codex/auth.json',
      )
      .action(async (file: string, options: { link?: boolean; label?: string; json?: boolean }) => {
        if (file === '-' && options.link) throw new CommandError('--link needs a file to follow', 2)
        const { account, outcome } = await inRoom(deps, (room) =>
          withFile(file, deps, (path) =>
            room.accounts.importFile(path, {
              ...(options.link === undefined ? {} : { link: options.link }),
              ...(options.label === undefined ? {} : { label: options.label }),
            }),
          ),
        )
        if (options.json) deps.out(`${JSON.stringify({ outcome, account })}\n`)
        else deps.out(`${SAID[outcome]} ${nameOf(account)} (${account.id}).\n`)
      })
  }

  accounts
    .command('remove <id>')
    .description('sign out and forget; a copied login stays valid where it came from')
    .action(async (id: string) => {
      await change(deps, id, (room, account) => room.remove(account.id), 'Removed')
    })
  accounts
    .command('refresh <id>')
    .description('renew its login now')
    .action(async (id: string) => {
      await inRoom(deps, async (room) => {
        const account = find(room.accounts, id)
        const { ok, message } = await room.accounts.refresh(account.id)
        if (!ok) throw new CommandError(`${nameOf(account)}: ${message}`)
        deps.out(`${nameOf(account)}: ${message}\n`)
      })
    })
  accounts
    .command('check [id]')
    .description('check that the logins can be renewed, all or one')
    .action(async (id: string | undefined) => {
      await inRoom(deps, async (room) => {
        const list = id === undefined ? room.accounts.list() : [find(room.accounts, id)]
        let bad = 0
        for (const account of list) {
          const { ok, message } =
            account.linkedTo === undefined
              ? await room.accounts.refresh(account.id)
              : { ok: account.status === 'active', message: account.reason ?? 'follows the login of the Codex CLI' }
          if (!ok) bad++
          deps.out(`${ok ? 'good' : 'bad '}  ${nameOf(account)}: ${message}\n`)
        }
        if (bad > 0) throw new CommandError(`${bad} of ${list.length} accounts need a new login: dragoman login`)
      })
    })
  accounts
    .command('enable <id>')
    .description('let it serve again')
    .action((id: string) => change(deps, id, (room, account) => room.setEnabled(account.id, true), 'Enabled'))
  accounts
    .command('disable <id>')
    .description('let it rest; its login is kept')
    .action((id: string) => change(deps, id, (room, account) => room.setEnabled(account.id, false), 'Disabled'))
}

const SAID = { added: 'Added', updated: 'Updated', unchanged: 'Already up to date:' } as const

async function change(
  deps: Deps,
  id: string,
  act: (accounts: Accounts, account: Account) => Promise<boolean>,
  said: string,
): Promise<void> {
  await inRoom(deps, async (room) => {
    const account = find(room.accounts, id)
    await act(room.accounts, account)
    deps.out(`${said} ${nameOf(account)}.\n`)
  })
}

/** By id, by the beginning of it, by label or by address; only when that means one account. */
function find(accounts: Accounts, id: string): Account {
  const list = accounts.list()
  const exact = list.find((account) => account.id === id)
  if (exact !== undefined) return exact
  const found = list.filter((account) => account.id.startsWith(id) || account.label === id || account.email === id)
  if (found.length === 1 && found[0] !== undefined) return found[0]
  throw new CommandError(
    found.length === 0
      ? `there is no account ${id}; dragoman accounts list shows all`
      : `${id} means ${found.length} accounts; name one by its id`,
  )
}

function nameOf(account: Account): string {
  return account.label ?? account.email ?? account.id
}

async function withFile<T>(file: string, deps: Deps, work: (path: string) => Promise<T>): Promise<T> {
  if (file !== '-') return work(file)
  const folder = await mkdtemp(join(tmpdir(), 'dragoman-'))
  try {
    const path = join(folder, 'auth.json')
    await writeFile(path, await text(deps.stdin), { mode: 0o600 })
    return await work(path)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
