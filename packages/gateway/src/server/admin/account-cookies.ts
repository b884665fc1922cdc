import { FailureError, invalidRequest } from '@dragoman/protocol'
import { readCookies } from '../../transport/index.js'
import type { Asked, Route } from '../route-table.js'
import { sendJson } from '../send.js'
import { accountOf, adminRoute, fieldsOf, type AccountsHouse } from './accounts-house.js'

/** Cookies of one account that its owner set. Answers tell names, never values. */
export function accountCookieRoutes(house: AccountsHouse): Route[] {
  const path = '/auth/accounts/:id/cookies'

  async function sendNames({ res, headers, id }: Asked): Promise<void> {
    const names = Object.keys(await house.rows.cookies(id))
    sendJson(res, 200, headers, { success: true, cookies: names })
  }

  return [
    adminRoute('GET', path, async (asked) => {
      accountOf(house, asked.id)
      await sendNames(asked)
    }),

    adminRoute('POST', path, async (asked) => {
      const { cookies } = await fieldsOf(house, asked)
      const { id } = accountOf(house, asked.id)
      await house.accounts.change(id, { cookies: asPointed(cookies, house.backend().hostname) })
      await sendNames(asked)
    }),

    adminRoute('DELETE', path, async (asked) => {
      const { id } = accountOf(house, asked.id)
      await house.accounts.change(id, { cookies: null })
      await sendNames(asked)
    }),
  ]
}

function asPointed(written: unknown, host: string): Record<string, string> {
  try {
    return readCookies(written, host)
  } catch (error) {
    const why = error instanceof Error ? error.message : 'no cookies'
    throw new FailureError(invalidRequest('/cookies', why))
  }
}
