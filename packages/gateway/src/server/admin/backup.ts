import { createRoute, z } from '@hono/zod-openapi'
import { FailureError, invalidRequest } from '@dragoman/protocol'
import { StoreError, writeBackup, type Store } from '../../store/index.js'
import { ALREADY_SENT, FRESH, json, jsonBody, PROBLEMS, type AdminApi } from './api.js'
import { MANAGEMENT_HEADERS } from './errors.js'

export interface BackupHouse {
  version: string
  store: Pick<Store, 'home' | 'copyTo'>
  /** Where the key comes from that opens what is stored. */
  sealedBy: 'file' | 'keyring' | 'environment'
  log: { error(fields: object, sentence: string): void }
}

const SHORTEST_PASSPHRASE = 8

/** `POST /admin/backup` and `GET /admin/sealing`: what is stored, and what keeps it closed. */
export function backupApi(api: AdminApi, house: BackupHouse): void {
  api.openapi(
    createRoute({
      method: 'get',
      path: '/admin/sealing',
      tags: ['settings'],
      summary: 'Where the key comes from that seals stored logins and keys',
      responses: {
        200: json(
          z.object({
            source: z.enum(['file', 'keyring', 'environment']),
            home: z.string().openapi({ description: 'The data folder.' }),
          }),
          'The key itself is never told.',
        ),
        ...PROBLEMS,
      },
    }),
    (c) => c.json({ source: house.sealedBy, home: house.store.home }, 200),
  )
  api.openapi(
    createRoute({
      method: 'post',
      path: '/admin/backup',
      tags: ['settings'],
      summary: 'Everything in one file that only the passphrase opens',
      description: 'Accounts, keys, usage and config.yaml. `dragoman restore` puts it back, on any machine.',
      ...FRESH,
      request: {
        body: jsonBody(
          z.looseObject({
            passphrase: z.string({ error: 'passphrase is what opens the backup' }).openapi({ minLength: 8 }),
          }),
        ),
      },
      responses: {
        200: {
          description: 'The file.',
          content: { 'application/octet-stream': { schema: z.string().openapi({ format: 'binary' }) } },
        },
        ...PROBLEMS,
      },
    }),
    async (c) => {
      const { passphrase } = c.req.valid('json')
      if (passphrase.length < SHORTEST_PASSPHRASE) {
        throw new FailureError(
          invalidRequest('/passphrase', `the passphrase is too short: use at least ${SHORTEST_PASSPHRASE} characters`),
        )
      }
      const { res, headers } = c.env.asked
      const now = Date.now()
      res.writeHead(200, {
        ...MANAGEMENT_HEADERS,
        ...headers,
        'content-type': 'application/octet-stream',
        'content-disposition': `attachment; filename="${backupName(now)}"`,
      })
      try {
        await writeBackup({ store: house.store, passphrase, version: house.version, now }, res)
      } catch (error) {
        // The reply has begun: all that is left is to break it, so that nobody takes half a backup for a whole one.
        const why = error instanceof StoreError ? error.message : String(error)
        house.log.error({ why }, 'a backup could not be made')
        res.destroy()
      }
      return ALREADY_SENT
    },
  )
}

/** @param now unix ms */
export function backupName(now: number): string {
  return `dragoman-${new Date(now).toISOString().slice(0, 16).replace(/[:T]/g, '-')}.backup`
}
