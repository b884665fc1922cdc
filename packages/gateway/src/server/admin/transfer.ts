import { createRoute, z } from '@hono/zod-openapi'
import { FailureError, invalidRequest } from '@dragoman/protocol'
import {
  exportAccounts,
  EXPORT_FORMATS,
  isExportFormat,
  readAccountFile,
  type ReadAccounts,
} from '../../accounts/transfer/index.js'
import { Imported, importRead, told, type TransferHouse } from './account-import.js'
import { BackgroundQuery, Started } from './account-schemas.js'
import { objectOf } from './account-settings.js'
import { ANY_BODY, ErrorBody, FRESH, json, jsonBody, problem, PROBLEMS, type AdminApi } from './api.js'

const ENVELOPE = {
  content: z.string().optional().openapi({ description: 'The text of the file.' }),
  contentBase64: z.string().optional().openapi({ description: 'A file that is no text, such as a SQLite database.' }),
  passphrase: z.string().optional().openapi({ description: 'Of a sealed file.' }),
} as const

/** Accounts in and out. Paths: parity 1.10; forms: parity 3.8 and 3.9. */
export function transferApi(api: AdminApi, house: TransferHouse): void {
  const tags = ['accounts']

  api.openapi(
    createRoute({
      method: 'post',
      path: '/auth/accounts/import',
      tags,
      summary: 'Take accounts over from a file',
      description:
        'The body is the file itself, JSON or text, or `{content, passphrase}` with the file in it. Everything that `dragoman accounts import` reads.',
      ...ANY_BODY,
      request: {
        query: BackgroundQuery.extend({
          dryRun: z.enum(['true', 'false']).optional().openapi({ description: '`true`: say what would happen.' }),
        }),
        body: {
          content: {
            'application/json': { schema: z.unknown().openapi({ type: 'object', properties: contentDocument() }) },
            'text/plain': { schema: z.string() },
          },
          required: true,
        },
      },
      responses: { 200: json(Imported, 'What came of each.'), 202: json(Started, 'It runs.'), ...PROBLEMS },
    }),
    async (c) => {
      const { dryRun, background } = c.req.valid('query')
      const read = await readBody(await c.req.text())
      if (background !== 'true' || dryRun === 'true')
        return c.json(await importRead(house, read, dryRun === 'true'), 200)
      const task = house.tasks.start('import', read.drafts.length, (progress) =>
        importRead(house, read, false, progress),
      )
      return c.json({ task }, 202)
    },
  )

  api.openapi(
    createRoute({
      method: 'post',
      path: '/auth/accounts/export',
      tags,
      summary: 'Accounts as a file, with their logins',
      description: 'A file of the form `full` or `minimal` is sealed by a passphrase; `plain: true` leaves it open.',
      ...FRESH,
      request: {
        body: jsonBody(
          objectOf({
            ids: z.array(z.string()).max(10_000).optional().openapi({ description: 'Default: all.' }),
            format: z
              .string()
              .default('full')
              .refine(isExportFormat, { error: `format is one of ${EXPORT_FORMATS.join(', ')}` })
              .openapi({ enum: [...EXPORT_FORMATS] }),
            passphrase: z.string().optional(),
            plain: z.boolean().optional(),
          }),
        ),
      },
      responses: {
        200: json(
          z.object({
            name: z.string().openapi({ description: 'What to call the file.' }),
            text: z.string().openapi({ description: 'The file.' }),
            count: z.int(),
            sealed: z.boolean(),
            problems: z.array(z.object({ place: z.string(), message: z.string() })),
          }),
          'The file.',
        ),
        ...PROBLEMS,
      },
    }),
    async (c) => {
      const { ids, format, passphrase, plain } = c.req.valid('json')
      if (!isExportFormat(format)) throw new FailureError(invalidRequest('/format', 'there is no such format'))
      if ((passphrase === undefined) !== (plain === true)) {
        throw new FailureError(
          invalidRequest('/passphrase', 'the file holds logins: name a passphrase, or say "plain": true, not both'),
        )
      }
      const chosen = ids ?? house.accounts.list().map(({ id }) => id)
      if (chosen.length === 0) throw new FailureError(invalidRequest('/ids', 'there is no account to export'))
      const file = await told(() =>
        exportAccounts(
          {
            ids: chosen,
            format,
            authorisedBy: 'fresh_sign_in',
            protection: passphrase === undefined ? 'plain' : { passphrase },
          },
          house.exportRoom,
        ),
      )
      const day = new Date(house.now?.() ?? Date.now()).toISOString().slice(0, 10)
      const name = format === 'codex' ? 'auth.json' : `dragoman-accounts-${format}-${day}.json`
      return c.json(
        {
          name,
          text: file.text,
          count: file.count,
          sealed: passphrase !== undefined,
          problems: file.problems.map((one) => ({ ...one })),
        },
        200,
      )
    },
  )

  api.openapi(
    createRoute({
      method: 'get',
      path: '/auth/accounts/export',
      tags,
      summary: 'Not by GET: no address brings secrets out',
      responses: { ...PROBLEMS, 405: json(ErrorBody, 'POST it.') },
    }),
    () => {
      const message = 'secrets do not leave by GET: POST /auth/accounts/export {ids?, format, passphrase}'
      throw problem(405, 'use_post', message, { allow: 'POST' })
    },
  )
}

function contentDocument() {
  return Object.fromEntries(Object.keys(ENVELOPE).map((name) => [name, { type: 'string' as const }]))
}

async function readBody(text: string): Promise<ReadAccounts> {
  const envelope = envelopeOf(text)
  if (envelope === undefined) return told(() => readAccountFile(text), '')
  const { content, contentBase64, passphrase } = envelope
  const file = contentBase64 === undefined ? (content ?? '') : Buffer.from(contentBase64, 'base64')
  return told(
    () => readAccountFile(file, passphrase === undefined || passphrase === '' ? {} : { passphrase }),
    contentBase64 === undefined ? '/content' : '/contentBase64',
  )
}

/** The file in an object; undefined when the body is the file itself. */
function envelopeOf(text: string): z.infer<z.ZodObject<typeof ENVELOPE>> | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  const isEnvelope = typeof value === 'object' && value !== null && ('content' in value || 'contentBase64' in value)
  if (!isEnvelope) return undefined
  const read = z.object(ENVELOPE).safeParse(value)
  if (read.success) return read.data
  throw new FailureError(invalidRequest(`/${read.error.issues[0]?.path.join('/') ?? ''}`, 'this is to be a text'))
}
