import { createRoute, z } from '@hono/zod-openapi'
import { FailureError, invalidRequest } from '@dragoman/protocol'
import type { Accounts } from '../../accounts/index.js'
import {
  exportAccounts,
  importAccounts,
  isExportFormat,
  EXPORT_FORMATS,
  readAccountFile,
  TransferError,
  type AccountDraft,
  type ExportRoom,
  type FileProblem,
  type ImportedAccount,
  type ImportRoom,
  type ReadAccounts,
} from '../../accounts/transfer/index.js'
import { AccountView, BackgroundQuery, Started } from './account-schemas.js'
import { objectOf } from './account-settings.js'
import { viewOf, type AccountsHouse } from './accounts-house.js'
import { ANY_BODY, ErrorBody, FRESH, json, jsonBody, problem, PROBLEMS, type AdminApi } from './api.js'
import type { TaskProgress } from './tasks.js'

export interface TransferHouse extends AccountsHouse {
  importRoom(): ImportRoom
  exportRoom: ExportRoom
}

export const Imported = z
  .object({
    success: z.boolean(),
    dryRun: z.boolean(),
    added: z.int(),
    updated: z.int(),
    unchanged: z.int(),
    unknown: z
      .int()
      .openapi({ description: 'In a dry run: what only a refresh token can tell, which is not used then.' }),
    failed: z.int(),
    errors: z.array(z.string()),
    entries: z.array(
      z.object({
        place: z.string().openapi({ description: 'Where it stands: `accounts[3]`, `line 7`.' }),
        format: z.string(),
        outcome: z.enum(['added', 'updated', 'unchanged', 'failed', 'unknown']),
        id: z.string().optional(),
        name: z.string().optional(),
        message: z.string().optional(),
      }),
    ),
  })
  .openapi('Imported')
export type Imported = z.infer<typeof Imported>

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

const TakenIn = z.object({
  success: z.literal(true),
  outcome: z.enum(['added', 'updated', 'unchanged']),
  message: z.string().nullable(),
  account: AccountView,
})

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

/** What the file itself is at fault for is said as such. */
async function told<T>(act: () => Promise<T>, pointer = ''): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof TransferError)) throw error
    throw new FailureError(
      invalidRequest(
        error.code === 'sealed' || error.code === 'wrong_passphrase' ? '/passphrase' : pointer,
        error.message,
        error.code,
      ),
    )
  }
}

/** Takes drafts in, or says what would be. */
export async function importRead(
  house: TransferHouse,
  { drafts, problems }: ReadAccounts,
  dryRun: boolean,
  progress?: TaskProgress,
): Promise<Imported> {
  const entries = await importAccounts(drafts, house.importRoom(), {
    dryRun,
    ...(progress === undefined ? {} : { signal: progress.signal }),
    onProgress: ({ entry }) => progress?.step(entry.outcome === 'failed' ? 'failed' : undefined),
  })
  if (!dryRun) await appeared(house.accounts, entries)
  const all = [...entries, ...problems.map(refusedEntry)]
  const count = (outcome: ImportedAccount['outcome']): number => all.filter((one) => one.outcome === outcome).length
  const failed = all.filter(({ outcome }) => outcome === 'failed')
  return {
    success: failed.length < all.length || all.length === 0,
    dryRun,
    added: count('added'),
    updated: count('updated'),
    unchanged: count('unchanged'),
    unknown: count('unknown'),
    failed: failed.length,
    errors: failed.map(({ place, message }) =>
      [place, message].filter((word) => word !== undefined && word !== '').join(': '),
    ),
    entries: all,
  }
}

function refusedEntry({ place, message }: FileProblem): ImportedAccount {
  return { place, format: 'tokens', outcome: 'failed', message }
}

const APPEARS_MS = 5_000

/** The pool reads what was stored a moment later; whoever imported wants to see it. */
export async function appeared(
  accounts: Pick<Accounts, 'get' | 'onChange'>,
  entries: readonly Pick<ImportedAccount, 'id' | 'outcome'>[],
): Promise<void> {
  const missing = (): boolean =>
    entries.some(({ id, outcome }) => id !== undefined && outcome !== 'failed' && accounts.get(id) === undefined)
  if (!missing()) return
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, APPEARS_MS).unref()
  const stop = accounts.onChange(() => {
    if (!missing()) resolve()
  })
  await promise
  clearTimeout(timer)
  stop()
}

async function takeIn(
  house: TransferHouse,
  written: { token?: string | undefined; refreshToken?: string | undefined; label?: string | undefined },
): Promise<z.infer<typeof TakenIn>> {
  const { drafts, problems } = await told(() => readAccountFile(JSON.stringify(written)), '/token')
  const draft: AccountDraft | undefined = drafts[0]
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
