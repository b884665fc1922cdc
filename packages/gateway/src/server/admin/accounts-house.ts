import { FailureError } from '@dragoman/protocol'
import type { Account, Accounts } from '../../accounts/index.js'
import type { AccountCalls } from '../../providers/index.js'
import type { AccountRows, UsageRows, UsageTotals } from '../../store/index.js'
import type { Route } from '../route-table.js'
import type { AccountView } from './account-schemas.js'
import { accountView } from './account-view.js'
import type { Tasks } from './tasks.js'

export interface AccountsHouse {
  accounts: Pick<
    Accounts,
    | 'list'
    | 'get'
    | 'quota'
    | 'change'
    | 'setEnabled'
    | 'remove'
    | 'refresh'
    | 'quotaIsBack'
    | 'signIn'
    | 'importFile'
    | 'onChange'
  >
  rows: Pick<AccountRows, 'list' | 'cookies'>
  /** `flush` books what is not booked yet. */
  usage: Pick<UsageRows, 'manyTotals' | 'resetAccount'> & { flush(): Promise<void> }
  proxies: {
    pins(): readonly { owner: string; choice: string; proxyName?: string }[]
    /** @throws when there is no such proxy */
    pin(owner: string, choice: string): Promise<unknown>
  }
  calls: Pick<AccountCalls, 'listResetCredits' | 'consumeResetCredit'>
  /** Asks the backend now, and lets the pool learn it. @throws FailureError */
  readUsage(accountId: string): Promise<{ raw: unknown }>
  /** Where the accounts' requests go: cookies of other sites are not taken. */
  backend(): URL
  tasks: Tasks
  /** Where a damaged database went when this start had to put one aside. */
  setAsideTo?: string
  now?(): number
}

/** A route of the admin door. */
export function adminRoute(method: string, path: string, answer: Route['answer']): Route {
  return {
    methods: method === 'GET' ? ['GET', 'HEAD'] : [method],
    paths: [path],
    access: 'admin',
    dialect: 'management',
    answer,
  }
}

const NOTHING: UsageTotals & { lastAt?: number } = {
  requests: 0,
  failed: 0,
  inputTokens: 0,
  cachedTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  imageInputTokens: 0,
  imageOutputTokens: 0,
  imageRequests: 0,
  imageFailed: 0,
  costUsd: 0,
}

/** Views of some accounts, or all. */
export async function viewsOf(house: AccountsHouse, accounts: readonly Account[]): Promise<AccountView[]> {
  const now = house.now?.() ?? Date.now()
  await house.usage.flush()
  const records = new Map((await house.rows.list()).map((record) => [record.id, record]))
  const pins = new Map(house.proxies.pins().map((pin) => [pin.owner, pin]))
  const totals = await house.usage.manyTotals(accounts.map(({ id }) => id))
  return accounts.map((account) => {
    const { lastAt = 0, ...usage } = totals.get(account.id) ?? NOTHING
    return accountView({
      account,
      record: records.get(account.id),
      quota: house.accounts.quota(account.id),
      usage: { ...usage, ...(lastAt === 0 ? {} : { lastAt }) },
      pin: pins.get(account.id),
      now,
    })
  })
}

/** The account as it is after a change. */
export async function viewOf(house: AccountsHouse, id: string): Promise<AccountView> {
  const [view] = await viewsOf(house, [accountOf(house, id)])
  if (view === undefined) throw new Error('an account has no view')
  return view
}

/** @throws FailureError `not_found` */
export function accountOf(house: { accounts: Pick<Accounts, 'get'> }, id: string): Account {
  const account = house.accounts.get(id)
  if (account !== undefined) return account
  throw new FailureError({
    kind: 'not_found',
    scope: 'request',
    phase: 'unsent',
    retry: 'never',
    code: 'account_not_found',
    message: `there is no account ${JSON.stringify(id.slice(0, 100))}; GET /auth/accounts lists all`,
  })
}
