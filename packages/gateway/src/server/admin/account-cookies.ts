import { createRoute, z } from '@hono/zod-openapi'
import { FailureError, invalidRequest } from '@dragoman/protocol'
import { readCookies } from '../../transport/index.js'
import { IdParam } from './account-schemas.js'
import { objectOf } from './account-settings.js'
import { accountOf, type AccountsHouse } from './accounts-house.js'
import { json, jsonBody, NOT_FOUND, PROBLEMS, type AdminApi } from './api.js'

/** Cookies of one account that its owner set. Answers tell names, never values. */
export function accountCookiesApi(api: AdminApi, house: AccountsHouse): void {
  const path = '/auth/accounts/{id}/cookies'
  const tags = ['accounts']
  const Names = z.object({ success: z.literal(true), cookies: z.array(z.string()) })
  const responses = { 200: json(Names, 'Their names.'), ...PROBLEMS, ...NOT_FOUND }
  const namesOf = async (id: string): Promise<z.infer<typeof Names>> => ({
    success: true,
    cookies: Object.keys(await house.rows.cookies(id)),
  })

  api.openapi(
    createRoute({
      method: 'get',
      path,
      tags,
      summary: 'Which cookies its owner set',
      request: { params: IdParam },
      responses,
    }),
    async (c) => c.json(await namesOf(accountOf(house, c.req.valid('param').id).id), 200),
  )

  api.openapi(
    createRoute({
      method: 'post',
      path,
      tags,
      summary: 'Set its cookies',
      request: {
        params: IdParam,
        body: jsonBody(
          objectOf({
            cookies: z
              .unknown()
              .optional()
              .openapi({
                anyOf: [{ type: 'string' }, { type: 'object', additionalProperties: { type: 'string' } }],
                description: 'The text of a Cookie header, or names and values.',
              }),
          }),
        ),
      },
      responses,
    }),
    async (c) => {
      const { id } = accountOf(house, c.req.valid('param').id)
      const cookies = asPointed(c.req.valid('json').cookies, house.backend().hostname)
      await house.accounts.change(id, { cookies })
      return c.json(await namesOf(id), 200)
    },
  )

  api.openapi(
    createRoute({
      method: 'delete',
      path,
      tags,
      summary: 'Take its cookies away',
      request: { params: IdParam },
      responses,
    }),
    async (c) => {
      const { id } = accountOf(house, c.req.valid('param').id)
      await house.accounts.change(id, { cookies: null })
      return c.json(await namesOf(id), 200)
    },
  )
}

function asPointed(written: unknown, host: string): Record<string, string> {
  try {
    return readCookies(written, host)
  } catch (error) {
    const why = error instanceof Error ? error.message : 'no cookies'
    throw new FailureError(invalidRequest('/cookies', why))
  }
}
