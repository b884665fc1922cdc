import type { Account } from '../accounts/index.js'
import { plainText } from '../telemetry/index.js'
import { CommandError } from './deps.js'

/** How an account is named on the command line. */
export const BY = '\nAn account is named by its id or the beginning of it, by its label, or by its e-mail address.'
export const NOBODY = 'No account yet. Sign in: dragoman login\n'

interface Listed {
  list(): readonly Account[]
}

/** Only when the name means one account. @throws CommandError */
export function findAccount(accounts: Listed, named: string): Account {
  const list = accounts.list()
  const exact = list.find((account) => account.id === named)
  if (exact !== undefined) return exact
  const found = list.filter(
    (account) =>
      (named.length > 'acc_'.length && account.id.startsWith(named)) ||
      account.label === named ||
      account.email === named,
  )
  if (found.length === 1 && found[0] !== undefined) return found[0]
  throw new CommandError(
    found.length === 0
      ? `there is no account ${plainText(named)}; dragoman accounts list shows all`
      : `${plainText(named)} means ${found.length} accounts; name one by its id: ${found.map(({ id }) => id).join(', ')}`,
  )
}

/** Ways to name several accounts. */
export interface Choice {
  group?: string
  all?: boolean
}

/**
 * The accounts that are meant, each once: those named, those of a group, or all.
 * @throws CommandError unless exactly one way was used, and it means somebody
 */
export function chosenAccounts(accounts: Listed, named: readonly string[], { group, all }: Choice): readonly Account[] {
  if ([named.length > 0, group !== undefined, all === true].filter(Boolean).length !== 1) {
    throw new CommandError('name accounts, or say --group <name> or --all', 2)
  }
  if (all) return accounts.list()
  if (group === undefined) return [...new Set(named.map((one) => findAccount(accounts, one)))]
  return inGroup(accounts.list(), group)
}

/** @throws CommandError when nobody is in it */
export function inGroup(list: readonly Account[], group: string): readonly Account[] {
  const found = list.filter(({ groups }) => groups.includes(group))
  if (found.length > 0) return found
  const known = [...new Set(list.flatMap(({ groups }) => groups))].map(plainText)
  const hint =
    known.length === 0 ? 'make one: dragoman accounts group <account> add <name>' : `there are: ${known.join(', ')}`
  throw new CommandError(`no account is in a group ${plainText(group)}; ${hint}`)
}
