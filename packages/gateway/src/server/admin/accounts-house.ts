import { FailureError, invalidRequest } from '@dragoman/protocol'
import type { Account, Accounts } from '../../accounts/index.js'
import type { AccountCalls } from '../../providers/index.js'
import type { AccountRows, UsageRows } from '../../store/index.js'
import { readJson, type BodyBudget, type BodyLimits } from '../read-body.js'
import type { Asked, Route } from '../route-table.js'
import { sendJson } from '../send.js'
import { accountView } from './account-view.js'

export interface AccountsHouse {
  accounts: Pick<Accounts, 'list' | 'get' | 'quota' | 'change' | 'setEnabled' | 'remove' | 'refresh' | 'quotaIsBack'>
  rows: Pick<AccountRows, 'list' | 'cookies'>
  /** `flush` books what is not booked yet. */
  usage: Pick<UsageRows, 'totals' | 'resetAccount'> & { flush(): Promise<void> }
  proxies: { pins(): readonly { owner: string; choice: string; proxyName?: string }[] }
  calls: Pick<AccountCalls, 'listResetCredits' | 'consumeResetCredit'>
  /** Asks the backend now, and lets the pool learn it. @throws FailureError */
  readUsage(accountId: string): Promise<{ raw: unknown }>
  /** Where the accounts' requests go: cookies of other sites are not taken. */
  backend(): URL
  budget: BodyBudget
  limits(): BodyLimits
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

/** Views of some accounts, or all. */
export async function viewsOf(house: AccountsHouse, accounts: readonly Account[]): Promise<Record<string, unknown>[]> {
  const now = house.now?.() ?? Date.now()
  await house.usage.flush()
  const records = new Map((await house.rows.list()).map((record) => [record.id, record]))
  const pins = new Map(house.proxies.pins().map((pin) => [pin.owner, pin]))
  return Promise.all(
    accounts.map(async (account) =>
      accountView({
        account,
        record: records.get(account.id),
        quota: house.accounts.quota(account.id),
        usage: await house.usage.totals({ accountId: account.id }),
        pin: pins.get(account.id),
        now,
      }),
    ),
  )
}

/** Answers with the account as it is after a change. */
export async function sendAccount(house: AccountsHouse, asked: Asked, more: object = {}): Promise<void> {
  const [view] = await viewsOf(house, [accountOf(house, asked.id)])
  sendJson(asked.res, 200, asked.headers, { success: true, ...more, account: view })
}

/** @throws FailureError `not_found` */
export function accountOf(house: Pick<AccountsHouse, 'accounts'>, id: string): Account {
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

/**
 * The fields of a JSON object; none for a request without a body.
 * @throws FailureError `invalid_request`
 */
export async function fieldsOf(house: Pick<AccountsHouse, 'budget' | 'limits'>, { req }: Asked): Promise<Fields> {
  if (req.headers['transfer-encoding'] === undefined && Number(req.headers['content-length'] ?? 0) === 0) return {}
  const { value } = await readJson(req, house.limits(), house.budget)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  throw new FailureError(invalidRequest('', 'the body is a JSON object'))
}

export type Fields = Readonly<Record<string, unknown>>

/** What no kind of failure has a status for. */
export function sendProblem(asked: Asked, status: number, code: string, message: string, headers = {}): void {
  sendJson(asked.res, status, { ...asked.headers, ...headers }, { error: message, code })
}
