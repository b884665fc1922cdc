import { createRoute, z } from '@hono/zod-openapi'
import { isSealed, knownBefore, readKeyFile, writeKeyFile, hintOf } from '../../providers/keys/index.js'
import { FRESH, json, jsonBody, problem, PROBLEMS, type AdminApi } from './api.js'
import type { ApiKeysHouse } from './api-keys-house.js'

const Import = z
  .object({
    keys: z
      .array(z.any())
      .optional()
      .openapi({ description: 'Entries as export writes them, or those of codex-proxy.' }),
    file: z.string().optional().openapi({ description: 'A whole file instead, sealed or not.' }),
    passphrase: z.string().optional(),
    dryRun: z.boolean().optional().openapi({ description: 'Tell what would happen, and change nothing.' }),
  })
  .openapi('ApiKeyImport')

const Imported = z
  .object({
    success: z.boolean(),
    dryRun: z.boolean(),
    added: z.int(),
    updated: z.int(),
    failed: z.int(),
    keys: z.array(
      z.object({
        outcome: z.enum(['added', 'updated', 'refused']),
        provider: z.string(),
        label: z.string().nullable(),
        apiKey: z.string().nullable().openapi({ description: 'Masked.' }),
        baseUrl: z.string(),
        models: z.int().nullable().openapi({ description: 'How many; null: every name.' }),
        reason: z.string().nullable().openapi({ description: 'Why it is refused.' }),
      }),
    ),
    problems: z.array(z.object({ at: z.string(), message: z.string() })),
  })
  .openapi('ImportedApiKeys')

/** Keys as files: out with a proof of who asks, in with a look beforehand. */
export function apiKeyFilesApi(api: AdminApi, house: ApiKeysHouse): void {
  const tags = ['api keys']

  api.openapi(
    createRoute({
      method: 'get',
      path: '/auth/api-keys/export',
      tags,
      summary: 'Refused: keys leave only by POST',
      responses: { 409: { description: 'Always.' }, ...PROBLEMS },
    }),
    () => {
      throw problem(409, 'use_post', 'keys are handed out by POST /auth/api-keys/export, after a fresh sign-in')
    },
  )

  api.openapi(
    createRoute({
      method: 'post',
      path: '/auth/api-keys/export',
      tags,
      summary: 'All keys, or some, as a file that import reads',
      description: 'Sealed by a passphrase; with `plain` whoever gets the file has the keys.',
      ...FRESH,
      request: {
        body: jsonBody(
          z.object({
            ids: z.array(z.string()).optional().openapi({ description: 'Default: all.' }),
            passphrase: z.string().min(1).optional(),
            plain: z.literal(true).optional(),
          }),
        ),
      },
      responses: { 200: json(z.record(z.string(), z.any()), 'The file.'), ...PROBLEMS },
    }),
    async (c) => {
      const { ids, passphrase, plain } = c.req.valid('json')
      if ((passphrase === undefined) !== (plain === true)) {
        throw problem(400, 'passphrase_needed', 'the file holds your keys: give a passphrase, or say "plain": true')
      }
      const records = house.rows.list().filter(({ id }) => ids === undefined || ids.includes(id))
      return c.json(JSON.parse(await writeKeyFile(records, passphrase)) as Record<string, unknown>, 200)
    },
  )

  api.openapi(
    createRoute({
      method: 'post',
      path: '/auth/api-keys/import',
      tags,
      summary: 'Take keys in; good entries are taken even when others are bad',
      request: { body: jsonBody(Import) },
      responses: { 200: json(Imported, 'What happened, or with `dryRun` what would.'), ...PROBLEMS },
    }),
    async (c) => {
      const { keys: entries, file, passphrase, dryRun = false } = c.req.valid('json')
      const text = file ?? (entries === undefined ? undefined : JSON.stringify({ keys: entries }))
      if (text === undefined) throw problem(400, 'nothing_to_import', 'send the entries as "keys", or a file as "file"')
      const { keys, problems } = await read(text, passphrase)
      const told: z.infer<typeof Imported>['keys'] = []
      for (const { draft, baseUrl } of keys) {
        const { provider, label, apiKey, models } = draft
        const { refused } = baseUrl
        const before = knownBefore(house.rows.list(), draft) !== undefined
        const would = refused !== undefined ? 'refused' : before ? 'updated' : 'added'
        const outcome = would === 'refused' || dryRun ? would : (await house.rows.add(draft)).outcome
        told.push({
          outcome,
          provider,
          label: label ?? null,
          apiKey: apiKey === undefined ? null : hintOf(apiKey.reveal()).replace('…', '****'),
          baseUrl: baseUrl.text,
          models: models === 'all' ? null : models.length,
          reason: refused ?? null,
        })
      }
      const count = (word: string): number => told.filter(({ outcome }) => outcome === word).length
      const failed = count('refused') + problems.length
      return c.json(
        {
          success: failed === 0,
          dryRun,
          added: count('added'),
          updated: count('updated'),
          failed,
          keys: told,
          problems: problems.map((one) => ({ ...one })),
        },
        200,
      )
    },
  )

  async function read(text: string, passphrase: string | undefined): ReturnType<typeof readKeyFile> {
    try {
      if (passphrase === undefined && isSealed(text)) {
        throw problem(400, 'passphrase_needed', 'this file is sealed: give its passphrase')
      }
      return await readKeyFile(text, {
        ...(passphrase === undefined ? {} : { passphrase }),
        allowed: house.allowedPrivateHosts(),
      })
    } catch (error) {
      if (error instanceof Error && !('code' in error)) throw problem(400, 'file_unfit', error.message)
      throw error
    }
  }
}
