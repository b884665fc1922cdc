import { Option, type Command } from 'commander'
import type { Account, AccountStatus, Quota } from '../accounts/index.js'
import { accountBatchCommands } from './accounts-batch.js'
import { accountCheckCommand } from './accounts-check.js'
import { accountCookieCommands } from './accounts-cookies.js'
import { accountEditCommands } from './accounts-edit.js'
import { BY, findAccount, inGroup, NOBODY } from './accounts-find.js'
import { accountFileCommands } from './accounts-files.js'
import { accountQuotaCommands } from './accounts-quota.js'
import { clock, quotaTable, quotaText, stateText } from './account-text.js'
import type { Deps } from './deps.js'
import { inRoom, type Room } from './room.js'
import { table } from './table.js'

/** `accounts …`: the ChatGPT accounts that pay. */
export function accountsCommand(program: Command, deps: Deps): void {
  const accounts = program
    .command('accounts')
    .description('your ChatGPT accounts')
    .addHelpText(
      'after',
      '\nExamples:\n  dragoman accounts list --state exhausted\n  dragoman accounts group work add night\n' +
        '  dragoman accounts weight work 2\n  dragoman accounts quota-back work',
    )

  accounts
    .command('list')
    .description('show accounts: who can serve, what is used up, and when it heals')
    .option('--group <name>', 'only of a group')
    .addOption(new Option('--state <state>', 'only in this state').choices(STATES))
    .option('--search <text>', 'only those with this in their id, name, e-mail address, note, plan or groups')
    .option('--json', 'one line of JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  dragoman accounts list\n  dragoman accounts list --group night --state active',
    )
    .action((filters: Filters & { json?: boolean }) =>
      inRoom(deps, async (room) => {
        const all = room.accounts.list()
        const list = listed(room, filtered(all, filters))
        if (filters.json) return deps.out(`${JSON.stringify(list)}\n`)
        if (all.length === 0) return deps.out(NOBODY)
        if (list.length === 0) return deps.out(`None of ${all.length} accounts fits. All: dragoman accounts list\n`)
        const rules = await import('../accounts/index.js')
        const now = Date.now()
        deps.out(
          table(
            ['id', 'name', 'plan', 'state', 'quota', 'groups', 'weight', 'way', 'login good until', 'why'],
            list.map((account) => [
              account.id,
              account.label ?? account.email ?? account.chatgptAccountId,
              account.plan ?? '',
              stateText(account, now),
              quotaText(account.quota, rules, now),
              account.groups.join(', '),
              String(account.weight),
              account.way?.proxyName ?? account.way?.choice ?? '',
              account.expiresAt === undefined ? '' : clock(account.expiresAt, now),
              account.reason ?? account.attention ?? '',
            ]),
          ),
        )
      }),
    )

  accounts
    .command('show <account>')
    .description('show all that is known of one account')
    .option('--json', 'one line of JSON')
    .addHelpText('after', BY)
    .action((named: string, options: { json?: boolean }) =>
      inRoom(deps, async (room) => {
        const found = findAccount(room.accounts, named)
        const account: Listed = { ...found, ...listed(room, [found])[0] }
        const usage = await room.store.usage.totals({ accountId: account.id })
        const cookies = Object.keys(await room.store.accounts.cookies(account.id))
        if (options.json) return deps.out(`${JSON.stringify({ ...account, usage, cookies })}\n`)
        const rules = await import('../accounts/index.js')
        const now = Date.now()
        const rows = [
          ...aboutRows(account, now),
          ['cookies of yours', cookies.join(', ')],
          ['requests', `${usage.requests}, ${usage.failed} of them failed`],
          ['tokens', `${usage.inputTokens} in, ${usage.cachedTokens} of them cached, ${usage.outputTokens} out`],
          ['worth', `${usage.costUsd.toFixed(2)} USD`],
        ].filter(([, value]) => value !== '')
        deps.out(`${table(['about', ''], rows)}\n${quotaTable(account.quota, rules, now)}`)
      }),
    )

  accountFileCommands(accounts, deps)
  accountEditCommands(accounts, deps)
  accountBatchCommands(accounts, deps)
  accountCheckCommand(accounts, deps)
  accountQuotaCommands(accounts, deps)
  accountCookieCommands(accounts, deps)
}

const STATES: readonly AccountStatus[] = ['active', 'cooling', 'exhausted', 'expired', 'suspended', 'disabled']

interface Filters {
  group?: string
  state?: string
  search?: string
}

function filtered(list: readonly Account[], { group, state, search }: Filters): readonly Account[] {
  const wanted = search?.toLowerCase()
  return (group === undefined ? list : inGroup(list, group)).filter((account) => {
    if (state !== undefined && account.status !== state) return false
    const { id, label, email, note, plan, groups } = account
    return (
      wanted === undefined ||
      [id, label, email, note, plan, ...groups].some((one) => one?.toLowerCase().includes(wanted))
    )
  })
}

/** An account with what is known beside it. */
type Listed = Account & { quota?: Quota; way?: { choice: string; proxyName?: string } }

function listed({ accounts, proxies }: Room, chosen: readonly Account[]): Listed[] {
  const pins = new Map(proxies.pins().map(({ owner, ...way }) => [owner, way]))
  return chosen.map((account) => {
    const quota = accounts.quota(account.id)
    const way = pins.get(account.id)
    return { ...account, ...(quota === undefined ? {} : { quota }), ...(way === undefined ? {} : { way }) }
  })
}

function aboutRows(account: Listed, now: number): string[][] {
  const { maxConcurrent } = account
  return [
    ['id', account.id],
    ['label', account.label ?? ''],
    ['e-mail', account.email ?? ''],
    ['ChatGPT account', account.chatgptAccountId],
    ['user', account.userId ?? ''],
    ['plan', account.plan ?? ''],
    ['state', stateText(account, now)],
    ['why', account.reason ?? account.attention ?? ''],
    ['login good until', account.expiresAt === undefined ? '' : clock(account.expiresAt, now)],
    ['linked to', account.linkedTo ?? ''],
    ['groups', account.groups.join(', ')],
    ['weight', String(account.weight)],
    ['open at one time', maxConcurrent === undefined ? 'default' : maxConcurrent === 0 ? 'any' : String(maxConcurrent)],
    ['one session', account.converge ? 'on' : ''],
    ['way out', account.way?.proxyName ?? account.way?.choice ?? ''],
    ['note', account.note ?? ''],
  ]
}
