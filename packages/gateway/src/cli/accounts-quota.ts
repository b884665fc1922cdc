import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import type { Account } from '../accounts/index.js'
import type { AccountCalls, ResetCredits } from '../providers/index.js'
import { plainText } from '../telemetry/index.js'
import { clock, quotaTable } from './account-text.js'
import { BY, findAccount } from './accounts-find.js'
import { askGateway } from './ask-gateway.js'
import { CommandError, type Deps } from './deps.js'
import { nameOf } from './name-of.js'
import { inRoom, type Room } from './room.js'
import { runningGateway } from './run-file.js'
import { table } from './table.js'

/** `accounts quota|quota-back|reset-credits|reset-usage`: what an account has left. */
export function accountQuotaCommands(accounts: Command, deps: Deps): void {
  accounts
    .command('quota <account>')
    .description('show all its limits, who said so and when; --refresh asks the backend')
    .option('--refresh', 'read its usage page now')
    .option('--json', 'one line of JSON')
    .addHelpText('after', `${BY}\n\nExample:\n  dragoman accounts quota work --refresh`)
    .action((named: string, options: { refresh?: boolean; json?: boolean }) =>
      inRoom(deps, async (room) => {
        const rules = await import('../accounts/index.js')
        const account = findAccount(room.accounts, named)
        if (options.refresh) await readUsage(room, await callsOf(room, deps), account)
        const quota = room.accounts.quota(account.id)
        if (options.json) return deps.out(`${JSON.stringify({ account: account.id, quota: quota ?? null })}\n`)
        deps.out(`${nameOf(account)}\n${quotaTable(quota, rules, Date.now())}`)
      }),
    )

  accounts
    .command('quota-back <account>')
    .description('say that its quota is back: one request may try at once, whatever was told before')
    .option('--limit <id>', 'only that limit, as quota --json names it: codex, codex-bengalfox')
    .option('--json', 'one line of JSON')
    .addHelpText('after', `${BY}\n\nExample:\n  dragoman accounts quota-back work`)
    .action((named: string, options: { limit?: string; json?: boolean }) =>
      inRoom(deps, async (room) => {
        const account = findAccount(room.accounts, named)
        await sayQuotaIsBack(room, account, options.limit)
        if (options.json) return deps.out(`${JSON.stringify({ account: account.id, success: true })}\n`)
        deps.out(`${nameOf(account)}: the next request may try; what it meets is believed again.\n`)
      }),
    )

  accounts
    .command('reset-credits <account>')
    .description('show the resets of its limits that it may spend; --consume spends one')
    .option('--consume', 'spend one: its windows begin anew')
    .option('--yes', 'with --consume: a spent credit does not come back')
    .option('--json', 'one line of JSON')
    .addHelpText(
      'after',
      `${BY}\n\nExamples:\n  dragoman accounts reset-credits work\n  dragoman accounts reset-credits work --consume --yes`,
    )
    .action(async (named: string, options: { consume?: boolean; yes?: boolean; json?: boolean }) => {
      if (options.consume && !options.yes) {
        throw new CommandError('--consume spends a reset credit for good; say --yes to do it', 2)
      }
      await inRoom(deps, async (room) => {
        const account = findAccount(room.accounts, named)
        const calls = await callsOf(room, deps)
        if (options.consume) return consume(room, calls, account, options, deps)
        const list = await calls.listResetCredits(account.id)
        if (options.json) {
          const { available, credits } = list
          return deps.out(`${JSON.stringify({ account: account.id, available, credits })}\n`)
        }
        deps.out(creditsText(account, list))
      })
    })

  accounts
    .command('reset-usage <account>')
    .description('let its counters begin at zero; the statistics by day keep what was')
    .option('--json', 'one line of JSON')
    .addHelpText('after', `${BY}\n\nExample:\n  dragoman accounts reset-usage work`)
    .action((named: string, options: { json?: boolean }) =>
      inRoom(deps, async (room) => {
        const account = findAccount(room.accounts, named)
        const there = await atGateway(room, account, 'reset-usage')
        if (!there) await room.store.usage.resetAccount(account.id)
        if (options.json) return deps.out(`${JSON.stringify({ account: account.id, success: true })}\n`)
        deps.out(`${nameOf(account)}: its counters begin at zero.\n`)
      }),
    )
}

/** What a running gateway holds in memory is changed there. @returns false when none runs */
async function atGateway({ home }: Room, { id }: Account, act: string, body?: object): Promise<boolean> {
  const run = (await runningGateway(home))?.run
  if (run?.control === undefined) return false
  await askGateway(run, 'POST', `/auth/accounts/${encodeURIComponent(id)}/${act}`, body)
  return true
}

async function sayQuotaIsBack(room: Room, account: Account, limit?: string): Promise<void> {
  if (await atGateway(room, account, 'quota-back', limit === undefined ? undefined : { limit })) return
  room.accounts.quotaIsBack(account.id, limit)
}

/** Asks as a running gateway would: the same names of clients, cookies and way out. */
async function callsOf({ config, store, accounts, transport }: Room, { version }: Deps): Promise<AccountCalls> {
  const [{ createAccountCalls }, { createCookies, loadHandSet }] = await Promise.all([
    import('../providers/index.js'),
    import('../transport/index.js'),
  ])
  const cookies = createCookies()
  await loadHandSet(store.accounts, cookies)()
  return createAccountCalls({
    accounts,
    request: transport.request,
    cookies,
    settings: () => ({
      baseUrl: config.codex.base_url.replace(/\/+$/, ''),
      profile: { ...config.client, dragomanVersion: version },
    }),
  })
}

async function readUsage({ accounts }: Room, calls: AccountCalls, { id }: Account): Promise<void> {
  accounts.learnUsage(id, await calls.fetchUsage(id))
}

async function consume(
  room: Room,
  calls: AccountCalls,
  account: Account,
  options: { json?: boolean },
  deps: Deps,
): Promise<void> {
  const { outcome } = await calls.consumeResetCredit(account.id, { redeemRequestId: randomUUID() })
  const { isReset, RESET_SAID } = await import('../providers/index.js')
  const success = isReset(outcome)
  if (success) {
    await sayQuotaIsBack(room, account)
    // It is spent; that its usage cannot be read now changes nothing about that.
    await readUsage(room, calls, account).catch(() => undefined)
  }
  if (options.json) deps.out(`${JSON.stringify({ account: account.id, success, outcome })}\n`)
  if (!success) throw new CommandError(`${nameOf(account)}: ${RESET_SAID[outcome]}`)
  if (!options.json) deps.out(`${nameOf(account)}: ${RESET_SAID[outcome]}.\n`)
}

function creditsText(account: Account, { available, credits }: ResetCredits): string {
  const now = Date.now()
  const rows = credits.map(({ id, status, grantedAt, expiresAt }) => [
    id,
    status,
    grantedAt === undefined ? '' : clock(grantedAt, now),
    expiresAt === undefined ? '' : clock(expiresAt, now),
  ])
  const head = `${nameOf(account)} may spend ${available} reset credit${available === 1 ? '' : 's'}.\n`
  const how =
    available === 0 ? '' : `Spend one: dragoman accounts reset-credits ${plainText(account.id)} --consume --yes\n`
  return head + (rows.length === 0 ? '' : table(['id', 'state', 'given', 'ends'], rows)) + how
}
