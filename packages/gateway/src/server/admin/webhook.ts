import { randomBytes } from 'node:crypto'
import { createRoute, z } from '@hono/zod-openapi'
import type { Config } from '../../config/index.js'
import { makeWebhookSecret, postToWebhook, readWebhookSecret, testBody } from '../../notices/index.js'
import type { SealedSettings } from '../../store/index.js'
import type { Transport } from '../../transport/index.js'
import { ErrorBody, FRESH, json, problem, PROBLEMS, type AdminApi } from './api.js'

export interface WebhookHouse {
  config(): Config
  settings: SealedSettings
  request: Transport['request']
}

/** The address that is told what happens: `notices.webhook_url`. As `dragoman webhook` does it. */
export function webhookApi(api: AdminApi, house: WebhookHouse): void {
  const tags = ['events']
  api.openapi(
    createRoute({
      method: 'get',
      path: '/admin/webhook',
      tags,
      summary: 'Who is told notices, and whether they are signed',
      responses: {
        200: json(
          z.object({
            host: z.string().nullable(),
            has_secret: z.boolean().openapi({ description: 'Nothing is sent unsigned.' }),
          }),
          'The path of the address may be a secret and is not told.',
        ),
        ...PROBLEMS,
      },
    }),
    async (c) => {
      const secret = await readWebhookSecret(house.settings)
      return c.json({ host: hostOf(house.config()) ?? null, has_secret: secret !== undefined }, 200)
    },
  )
  api.openapi(
    createRoute({
      method: 'post',
      path: '/admin/webhook/secret',
      tags,
      summary: 'The secret that signs what is sent; made when there is none',
      ...FRESH,
      request: {
        body: { content: { 'application/json': { schema: z.looseObject({ rotate: z.boolean().optional() }) } } },
      },
      responses: {
        200: json(z.object({ secret: z.string(), made: z.boolean() }), 'For the receiver.'),
        ...PROBLEMS,
      },
    }),
    async (c) => {
      const known = c.req.valid('json').rotate === true ? undefined : await readWebhookSecret(house.settings)
      const secret = known ?? (await makeWebhookSecret(house.settings))
      return c.json({ secret: secret.reveal(), made: known === undefined }, 200)
    },
  )
  api.openapi(
    createRoute({
      method: 'post',
      path: '/admin/webhook/test',
      tags,
      summary: 'Send the webhook a test, and say what it answered',
      responses: {
        200: json(
          z.object({ taken: z.boolean(), host: z.string(), error: z.string().nullable() }),
          'Whether the receiver took it.',
        ),
        ...PROBLEMS,
        409: json(ErrorBody, 'There is no address, or no secret.'),
      },
    }),
    async (c) => {
      const host = hostOf(house.config())
      if (host === undefined)
        throw problem(409, 'no_webhook', 'there is no webhook; name its address in notices.webhook_url')
      const secret = await readWebhookSecret(house.settings)
      if (secret === undefined)
        throw problem(409, 'no_webhook_secret', 'nothing is sent unsigned; make the secret first')
      const delivery = `dlv_test_${randomBytes(8).toString('hex')}`
      const now = Date.now()
      const url = house.config().notices.webhook_url
      const body = testBody(delivery, now)
      const why = await postToWebhook(house.request, { url, secret, event: 'test', delivery, body, now })
      return c.json({ taken: why === undefined, host, error: why ?? null }, 200)
    },
  )
}

function hostOf({ notices }: Config): string | undefined {
  return URL.canParse(notices.webhook_url) ? new URL(notices.webhook_url).host : undefined
}
