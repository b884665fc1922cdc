import { createRoute, z } from '@hono/zod-openapi'
import { FailureError, invalidRequest } from '@dragoman/protocol'
import { importAccounts, readAccountFile } from '../../accounts/transfer/index.js'
import { appeared, told, type TransferHouse } from './account-import.js'
import { AccountView } from './account-schemas.js'
import { objectOf } from './account-settings.js'
import { viewOf } from './accounts-house.js'
import { ErrorBody, json, jsonBody, problem, PROBLEMS, type AdminApi } from './api.js'

const TakenIn = z.object({
  success: z.literal(true),
  outcome: z.enum(['added', 'updated', 'unchanged']),
  message: z.string().nullable(),
  account: AccountView,
})

/** One account by its tokens. */
export function tokensApi(api: AdminApi, house: TransferHouse): void {
  const tags = ['accounts']

  api.openapi(
    createRoute({
      method: 'post',
      path: '/auth/token',
      tags,
      summary: 'Take an access token in',
      request: { body: jsonBody(objectOf({ token: z.string({ error: 'token is the access token' }).min(1) })) },
      responses: { 200: json(TakenIn, 'It is here.'), ...PROBLEMS, 502: json(ErrorBody, 'It was refused.') },
    }),
    async (c) => c.json(await takeIn(house, { token: c.req.valid('json').token }), 200),
  )

  api.openapi(
    createRoute({
      method: 'post',
      path: '/auth/accounts',
      tags,
      summary: 'Take one account in by its tokens',
      request: {
        body: jsonBody(
          objectOf({
            token: z.string().min(1).optional(),
            refreshToken: z.string().min(1).optional(),
            label: z.string().max(64).optional(),
          }),
        ),
      },
      responses: { 200: json(TakenIn, 'It is here.'), ...PROBLEMS, 502: json(ErrorBody, 'It was refused.') },
    }),
    async (c) => {
      const { token, refreshToken, label } = c.req.valid('json')
      if (token === undefined && refreshToken === undefined) {
        throw new FailureError(invalidRequest('/token', 'send a token, a refreshToken, or both'))
      }
      return c.json(await takeIn(house, { token, refreshToken, label }), 200)
    },
  )
}

async function takeIn(
  house: TransferHouse,
  written: { token?: string | undefined; refreshToken?: string | undefined; label?: string | undefined },
): Promise<z.infer<typeof TakenIn>> {
  const { drafts, problems } = await told(() => readAccountFile(JSON.stringify(written)), '/token')
  const [draft] = drafts
  if (draft === undefined) {
    throw new FailureError(invalidRequest('/token', problems[0]?.message ?? 'this is no token'))
  }
  const [entry] = await importAccounts([draft], house.importRoom())
  if (entry?.id === undefined || entry.outcome === 'failed' || entry.outcome === 'unknown') {
    const message = entry?.message ?? 'it could not be taken in'
    if (draft.access !== undefined) throw new FailureError(invalidRequest('/token', message))
    throw problem(502, 'refresh_failed', message)
  }
  await appeared(house.accounts, [entry])
  // Whether the backend takes it shows here, and in the account's state.
  await house.readUsage(entry.id).catch(() => undefined)
  return {
    success: true,
    outcome: entry.outcome,
    message: entry.message ?? null,
    account: await viewOf(house, entry.id),
  }
}
