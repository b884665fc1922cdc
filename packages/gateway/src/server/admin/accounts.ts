import { FailureError, invalidRequest } from '@dragoman/protocol'
import {
  checkAccounts,
  readOwnerSettings,
  runBatch,
  SettingError,
  type BatchResult,
  type WrittenSettings,
} from '../../accounts/index.js'
import type { Asked, Route } from '../route-table.js'
import { sendJson } from '../send.js'
import { accountCookieRoutes } from './account-cookies.js'
import { accountQuotaRoutes } from './account-quota.js'
import { poolCounts } from './account-view.js'
import {
  accountOf,
  adminRoute,
  fieldsOf,
  sendAccount,
  sendProblem,
  viewsOf,
  type AccountsHouse,
  type Fields,
} from './accounts-house.js'

/** Ids that one request may name. */
const MOST_IDS = 10_000
const AT_ONCE = 8

/** What the owner may do with accounts over HTTP. Paths and fields: parity 1.10. No answer holds a token or a cookie's value. */
export function accountRoutes(house: AccountsHouse): Route[] {
  const { accounts } = house

  async function change(asked: Asked, written: WrittenSettings): Promise<void> {
    const { id } = accountOf(house, asked.id)
    await accounts.change(id, asPointed(written))
    await sendAccount(house, asked)
  }

  return [
    adminRoute('GET', '/auth/status', ({ res, headers }) => {
      const all = accounts.list()
      const shown = all.find(({ status }) => status === 'active') ?? all[0]
      sendJson(res, 200, headers, {
        authenticated: all.some(
          ({ status }) => status !== 'expired' && status !== 'suspended' && status !== 'disabled',
        ),
        user:
          shown === undefined
            ? null
            : { email: shown.email ?? null, accountId: shown.chatgptAccountId, planType: shown.plan ?? null },
        pool: poolCounts(all),
      })
    }),

    adminRoute('GET', '/auth/accounts', async ({ res, headers }) => {
      sendJson(res, 200, headers, { accounts: await viewsOf(house, accounts.list()) })
    }),

    adminRoute('GET', '/auth/accounts/:id', async ({ res, headers, id }) => {
      const [view] = await viewsOf(house, [accountOf(house, id)])
      sendJson(res, 200, headers, { account: view })
    }),

    adminRoute('PATCH', '/auth/accounts/:id', async (asked) => {
      const fields = await fieldsOf(house, asked)
      const { label, note, groups, weight, maxConcurrent, converge } = fields
      const written = { label, note, groups, weight, maxConcurrent, converge }
      if (Object.values(written).every((value) => value === undefined)) {
        throw new FailureError(invalidRequest('', `say what is to change: ${Object.keys(written).join(', ')}`))
      }
      await change(asked, written)
    }),

    adminRoute('PATCH', '/auth/accounts/:id/label', async (asked) => {
      const { label } = await fieldsOf(house, asked)
      if (label === undefined) throw new FailureError(invalidRequest('/label', 'say {"label": "…"}, or null for none'))
      await change(asked, { label })
    }),

    adminRoute('PATCH', '/auth/accounts/:id/codex-fingerprint', async (asked) => {
      const { mode } = await fieldsOf(house, asked)
      if (mode !== 'off' && mode !== 'session') {
        throw new FailureError(invalidRequest('/mode', 'mode is "off", or "session" for one session upstream'))
      }
      await change(asked, { converge: mode === 'session' })
    }),

    adminRoute('POST', '/auth/accounts/:id/refresh', async (asked) => {
      const { id } = accountOf(house, asked.id)
      const { ok, message } = await accounts.refresh(id)
      if (ok) await sendAccount(house, asked, { message })
      else sendProblem(asked, 502, 'refresh_failed', message)
    }),

    adminRoute('DELETE', '/auth/accounts/:id', async (asked) => {
      const { id } = accountOf(house, asked.id)
      await accounts.remove(id)
      sendJson(asked.res, 200, asked.headers, { success: true })
    }),

    adminRoute('POST', '/auth/accounts/batch-delete', async (asked) => {
      const ids = idsOf(await fieldsOf(house, asked))
      const known = ids.filter((id) => accounts.get(id) !== undefined)
      const results = await runBatch(known, (id) => accounts.remove(id), { concurrency: AT_ONCE })
      sendJson(asked.res, 200, asked.headers, { deleted: countOf(results), ...restOf(ids, results) })
    }),

    adminRoute('POST', '/auth/accounts/batch-status', async (asked) => {
      const fields = await fieldsOf(house, asked)
      const ids = idsOf(fields)
      const { status } = fields
      if (status !== 'active' && status !== 'disabled') {
        throw new FailureError(invalidRequest('/status', 'status is "active" or "disabled"'))
      }
      const known = ids.filter((id) => accounts.get(id) !== undefined)
      const act = (id: string): Promise<boolean> => accounts.setEnabled(id, status === 'active')
      const results = await runBatch(known, act, { concurrency: AT_ONCE })
      sendJson(asked.res, 200, asked.headers, { updated: countOf(results), ...restOf(ids, results) })
    }),

    adminRoute('POST', '/auth/accounts/health-check', async (asked) => {
      const fields = await fieldsOf(house, asked)
      const ids = fields['ids'] === undefined ? undefined : idsOf(fields)
      const staggerMs = numberOf(fields, 'stagger_ms', 500, 30_000, 3_000)
      const concurrency = numberOf(fields, 'concurrency', 1, 10, 2)
      const left = new AbortController()
      asked.res.once('close', () => left.abort())
      const report = await checkAccounts(accounts, ids, { staggerMs, concurrency, signal: left.signal })
      sendJson(asked.res, 200, asked.headers, report)
    }),

    ...accountQuotaRoutes(house),
    ...accountCookieRoutes(house),
  ]
}

function asPointed(written: WrittenSettings): ReturnType<typeof readOwnerSettings> {
  try {
    return readOwnerSettings(written)
  } catch (error) {
    if (error instanceof SettingError) throw new FailureError(invalidRequest(`/${error.setting}`, error.message))
    throw error
  }
}

function idsOf({ ids }: Fields): string[] {
  const isList = Array.isArray(ids) && ids.length <= MOST_IDS && ids.every((id) => typeof id === 'string')
  if (isList) return [...new Set(ids as readonly string[])]
  throw new FailureError(invalidRequest('/ids', `ids is a list of at most ${MOST_IDS} ids of accounts`))
}

function numberOf(fields: Fields, name: string, least: number, most: number, otherwise: number): number {
  const value = fields[name] ?? otherwise
  if (typeof value === 'number' && value >= least && value <= most) return value
  throw new FailureError(invalidRequest(`/${name}`, `${name} is a number from ${least} to ${most}`))
}

/** How many were there to be changed. */
function countOf(results: readonly BatchResult<boolean>[]): number {
  return results.filter((result) => result.outcome === 'done' && result.value).length
}

function restOf(ids: readonly string[], results: readonly BatchResult<boolean>[]): object {
  const failed = results.flatMap((result) =>
    result.outcome === 'failed' ? [{ id: result.id, error: 'it could not be changed; the log says why' }] : [],
  )
  const touched = new Set(results.filter((one) => one.outcome !== 'done' || one.value).map(({ id }) => id))
  return {
    notFound: ids.filter((id) => !touched.has(id)),
    ...(failed.length === 0 ? {} : { failed }),
  }
}
