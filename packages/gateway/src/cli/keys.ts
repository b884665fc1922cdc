import type { Command } from 'commander'
import { HOSTED_TOOLS } from '../config/index.js'
import { hashClientKey, type ClientKey, type ClientKeys, type KeyStandingRow } from '../store/index.js'
import { plainText } from '../telemetry/index.js'
import { CommandError, type Deps } from './deps.js'
import { limitsFrom, limitWords, withLimitOptions, type LimitOptions } from './key-limits.js'
import { inRoom } from './room.js'
import { table } from './table.js'

const DAY_MS = 86_400_000
const MAX_DAYS = 36_500

/** `keys list|create|limits|revoke`: what clients show to be let in. */
export function keysCommand(program: Command, deps: Deps): void {
  const keys = program.command('keys').description('client keys: what your AI clients show to the gateway')

  withLimitOptions(keys.command('create'))
    .description('make a key; it is shown once')
    .option('--name <name>', 'a name to recognise it by', 'client')
    .option('--expires <days>', 'let it end after so many days')
    .option('--models <names>', 'let it use only these models, comma separated')
    .option('--default-tools <names>', `hosted tools that its requests get: ${HOSTED_TOOLS.join(', ')}, or none`)
    .option('--accounts <names>', 'let only these accounts serve it: ids or groups, comma separated')
    .option('--strict', 'refuse its requests that would lose something in translation')
    .option('--json', 'one line of JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  dragoman keys create --name laptop\n  dragoman keys create --name demo --models demo --expires 7' +
        '\n  dragoman keys create --name research --default-tools web_search --strict' +
        '\n  dragoman keys create --name guest --budget-usd-day 2.50 --rpm 20 --max-concurrent 2',
    )
    .action(async (options: CreateOptions) => {
      const name = options.name.trim()
      if (name === '') throw new CommandError('--name takes a name to recognise the key by, e.g. laptop', 2)
      const expiresAt = options.expires === undefined ? undefined : Date.now() + daysOf(options.expires) * DAY_MS
      const allowedModels = options.models === undefined ? undefined : listOf(options.models)
      // An empty list would be a key that opens nothing.
      if (allowedModels?.length === 0) throw new CommandError('--models takes names of models, e.g. gpt-5.5,demo', 2)
      const defaultTools = options.defaultTools === undefined ? undefined : toolsOf(options.defaultTools)
      const limits = await limitsFrom(options)
      const accounts = options.accounts === undefined ? undefined : accountsOf(options.accounts)
      const { record, plaintext } = await inRoom(deps, ({ store }) =>
        store.clientKeys.create({
          name,
          ...(expiresAt === undefined ? {} : { expiresAt }),
          ...(allowedModels === undefined ? {} : { allowedModels }),
          ...(defaultTools === undefined ? {} : { defaultTools }),
          ...(options.strict === true ? { strict: true } : {}),
          ...(limits === undefined ? {} : { limits }),
          ...(accounts === undefined ? {} : { accounts }),
        }),
      )
      if (options.json) deps.out(`${JSON.stringify({ ...record, key: plaintext })}\n`)
      else
        deps.out(
          `${plaintext}\nKeep it now: it is not shown again. Revoke it with: dragoman keys revoke ${record.id}\n`,
        )
    })

  keys
    .command('list')
    .description('show all keys')
    .option('--json', 'one line of JSON')
    .action(async (options: { json?: boolean }) => {
      const { list, used } = await inRoom(deps, async ({ store }) => ({
        list: await store.clientKeys.list(),
        used: await store.usage.keyStandings(Date.now()),
      }))
      if (options.json) {
        const told = list.map((key) => ({ ...key, state: stateOf(key), used: used.get(key.id) ?? null }))
        return deps.out(`${JSON.stringify(told)}\n`)
      }
      const { storedKeyLimits } = await import('../usage/index.js')
      if (list.length === 0) return deps.out('No client key yet. Make one: dragoman keys create --name laptop\n')
      deps.out(
        table(
          ['id', 'name', 'begins with', 'made', 'state', 'models', 'tools', 'strict', 'used', 'limits'],
          list.map((key) => [
            key.id,
            key.name,
            key.prefix,
            dayOf(key.createdAt),
            stateOf(key) === 'valid' && key.expiresAt !== undefined
              ? `valid until ${dayOf(key.expiresAt)}`
              : stateOf(key),
            key.allowedModels?.join(', ') ?? 'all',
            key.defaultTools === undefined ? 'default' : key.defaultTools.join(', ') || 'none',
            key.strict === true ? 'yes' : 'no',
            usedWords(used.get(key.id)),
            limitWords(storedKeyLimits(key.limits) ?? {}, used.get(key.id)) || 'none',
          ]),
        ),
      )
    })

  withLimitOptions(keys.command('limits <key>'))
    .description('change what a key may use, named by its id, its name, or the key itself; it is in force at once')
    .option('--accounts <names>', 'let only these accounts serve it: ids or groups, comma separated, or all')
    .option('--reset-usage', 'let what it has used begin at zero')
    .option('--json', 'one line of JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  dragoman keys limits laptop\n  dragoman keys limits laptop --budget-usd-month 50 --tokens-day none' +
        '\n  dragoman keys limits laptop --reset-usage\n\nDays and months begin at midnight UTC.',
    )
    .action(async (named: string, options: ChangeOptions) => {
      const accounts = options.accounts === undefined ? undefined : changedAccounts(options.accounts)
      const { key, used } = await inRoom(deps, async ({ store }) => {
        const found = await find(store.clientKeys, named, 'changed')
        const limits = await limitsFrom(options, found.limits)
        const change = {
          ...(limits === undefined ? {} : { limits: Object.keys(limits).length === 0 ? null : limits }),
          ...(accounts === undefined ? {} : { accounts }),
        }
        if (Object.keys(change).length > 0) await store.clientKeys.change(found.id, change)
        if (options.resetUsage === true) await store.usage.resetClientKey(found.id, Date.now())
        const list = await store.clientKeys.list()
        return {
          key: list.find(({ id }) => id === found.id) ?? found,
          used: (await store.usage.keyStandings(Date.now())).get(found.id),
        }
      })
      if (options.json) return deps.out(`${JSON.stringify({ ...key, used: used ?? null })}\n`)
      const { storedKeyLimits } = await import('../usage/index.js')
      const limits = limitWords(storedKeyLimits(key.limits) ?? {}, used)
      const bound = key.accounts === undefined ? '' : ` Only these accounts serve it: ${key.accounts.join(', ')}.`
      deps.out(plainText(`${key.id} (${key.name}): ${limits || 'no limits'}.${bound}`) + '\n')
    })

  keys
    .command('revoke <key>')
    .description('end a key, named by its id, its name, or the key itself; a running gateway refuses it at once')
    .addHelpText('after', '\nExamples:\n  dragoman keys revoke laptop\n  dragoman keys revoke key_0f3a9c1d2b4e5f60')
    .action(async (named: string) => {
      const key = await inRoom(deps, async ({ store }) => {
        const found = await find(store.clientKeys, named, 'revoked')
        await store.clientKeys.revoke(found.id)
        return found
      })
      deps.out(`Revoked ${key.id} (${key.name}).\n`)
    })
}

interface ChangeOptions extends LimitOptions {
  accounts?: string
  resetUsage?: boolean
  json?: boolean
}

interface CreateOptions extends LimitOptions {
  accounts?: string
  name: string
  expires?: string
  models?: string
  defaultTools?: string
  strict?: boolean
  json?: boolean
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
}

/** `none` is a list of its own: the key's requests get no tool, whatever the configuration says. */
function toolsOf(text: string): string[] {
  const names = [...new Set(listOf(text))]
  if (names.length === 1 && names[0] === 'none') return []
  if (names.length > 0 && names.every((name) => HOSTED_TOOLS.some((tool) => tool === name))) return names
  throw new CommandError(`--default-tools takes ${HOSTED_TOOLS.join(', ')}, comma separated, or none`, 2)
}

function accountsOf(text: string): string[] {
  const names = [...new Set(listOf(text))]
  // An empty list would be a key that nobody may serve.
  if (names.length > 0) return names
  throw new CommandError('--accounts takes ids of accounts or names of groups, comma separated', 2)
}

function changedAccounts(text: string): string[] | null {
  return text.trim() === 'all' ? null : accountsOf(text)
}

/** `12 requests, $0.40`, since it was made or reset. */
function usedWords(used: KeyStandingRow | undefined): string {
  return used === undefined ? 'nothing' : `${used.requests} requests, $${(used.total.costMicroUsd / 1e6).toFixed(2)}`
}

function daysOf(text: string): number {
  const days = Number(text)
  if (text.trim() !== '' && days > 0 && days <= MAX_DAYS) return days
  throw new CommandError(`--expires takes a number of days up to ${MAX_DAYS}, e.g. 30`, 2)
}

function stateOf(key: ClientKey): 'valid' | 'disabled' | 'expired' | 'revoked' {
  if (key.revokedAt !== undefined) return 'revoked'
  if (key.disabled === true) return 'disabled'
  return key.expiresAt !== undefined && key.expiresAt <= Date.now() ? 'expired' : 'valid'
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}

/** Whoever finds a key in a wrong place has the key, not its id. */
async function find(keys: ClientKeys, named: string, act: 'revoked' | 'changed'): Promise<ClientKey> {
  const whole = keys.findByHash(hashClientKey(named))
  const list = (await keys.list()).filter((key) => key.revokedAt === undefined)
  const id = whole?.key.id ?? named
  const exact = list.find((key) => key.id === id)
  if (exact !== undefined) return exact
  const found = list.filter((key) => key.name === named)
  if (found.length === 1 && found[0] !== undefined) return found[0]
  throw new CommandError(
    found.length === 0
      ? `there is no key ${named} that could be ${act}; dragoman keys list shows all`
      : `${named} means ${found.length} keys; name one by its id: ${found.map((key) => key.id).join(', ')}`,
  )
}
