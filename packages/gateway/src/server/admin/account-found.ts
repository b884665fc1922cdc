import { readFileSync, statSync } from 'node:fs'
import { createRoute, z } from '@hono/zod-openapi'
import { FailureError, invalidRequest } from '@dragoman/protocol'
import { LoginError } from '../../accounts/index.js'
import {
  importAccounts,
  isSqlite,
  readAccountFile,
  TransferError,
  withItsLog,
  type FoundFile,
  type ReadAccounts,
} from '../../accounts/transfer/index.js'
import { objectOf } from './account-settings.js'
import { json, problem, PROBLEMS, type AdminApi } from './api.js'
import { Imported, importRead, type TransferHouse } from './account-import.js'

export interface FoundHouse extends TransferHouse {
  /** Files of other programs on this computer, looked for anew each time. */
  findFiles(): readonly FoundFile[]
}

const Found = z
  .object({
    program: z.enum(['codex', 'codex-proxy', 'codex-proapi', 'cliproxyapi', 'opencode']),
    path: z.string(),
    linkable: z.boolean().openapi({ description: 'It can be followed instead of copied.' }),
    accounts: z.array(
      z.object({
        name: z.string().nullable(),
        outcome: z.enum(['added', 'updated', 'unchanged', 'failed', 'unknown']),
        message: z.string().nullable(),
      }),
    ),
    problem: z.string().nullable().openapi({ description: 'Why nothing can be taken from it.' }),
  })
  .openapi('FoundLogin')

/** Logins of other programs on the computer that the gateway runs on. Only files that were found are read, never one that is named. */
export function foundApi(api: AdminApi, house: FoundHouse): void {
  const tags = ['accounts']

  api.openapi(
    createRoute({
      method: 'get',
      path: '/auth/import-cli',
      tags,
      summary: 'Logins of other programs on this computer, and what taking them over would do',
      responses: { 200: json(z.object({ found: z.array(Found) }), 'What was found.'), ...PROBLEMS },
    }),
    async (c) => c.json({ found: await Promise.all(house.findFiles().map((file) => look(house, file))) }, 200),
  )

  api.openapi(
    createRoute({
      method: 'post',
      path: '/auth/import-cli',
      tags,
      summary: 'Take one of them over; without a path the Codex CLI’s',
      request: {
        body: {
          content: {
            'application/json': {
              schema: objectOf({
                path: z.string().optional().openapi({ description: 'One that `GET` told.' }),
                link: z
                  .boolean()
                  .optional()
                  .openapi({ description: 'Follow the file: its program goes on to refresh the login.' }),
              }),
            },
          },
          required: false,
        },
      },
      responses: { 200: json(Imported, 'What came of it.'), ...PROBLEMS },
    }),
    async (c) => {
      const { path, link } = c.req.valid('json')
      const file = house.findFiles().find((one) => (path === undefined ? one.program === 'codex' : one.path === path))
      if (file === undefined) {
        const message =
          path === undefined
            ? 'there is no login of a Codex CLI on this computer'
            : 'this is none of the files that were found; GET /auth/import-cli tells which'
        throw new FailureError(invalidRequest('/path', message, 'not_found_here'))
      }
      if (link === true) {
        if (!file.linkable)
          throw new FailureError(invalidRequest('/link', 'only the Codex CLI’s login can be followed'))
        return c.json(await follow(house, file), 200)
      }
      const read = await readFound(file)
      if (typeof read === 'string') throw problem(422, 'unreadable', read)
      return c.json(await importRead(house, read, false), 200)
    },
  )
}

async function follow({ accounts }: FoundHouse, { path }: FoundFile): Promise<Imported> {
  try {
    const { account, outcome } = await accounts.importFile(path, { link: true })
    const name = account.label ?? account.email ?? account.id
    const counts = { added: 0, updated: 0, unchanged: 0, unknown: 0, failed: 0, [outcome]: 1 }
    const entries = [{ place: '', format: 'codex', outcome, id: account.id, name }]
    return { success: true, dryRun: false, ...counts, errors: [], entries }
  } catch (error) {
    if (error instanceof LoginError) throw problem(422, error.code, error.message)
    throw error
  }
}

async function look(house: FoundHouse, file: FoundFile): Promise<z.infer<typeof Found>> {
  const { program, path, linkable } = file
  const read = await readFound(file)
  if (typeof read === 'string') return { program, path, linkable, accounts: [], problem: read }
  const entries = await importAccounts(read.drafts, house.importRoom(), { dryRun: true })
  return {
    program,
    path,
    linkable,
    accounts: entries.map(({ name, outcome, message }) => ({ name: name ?? null, outcome, message: message ?? null })),
    problem: entries.length === 0 ? (read.problems[0]?.message ?? 'there is no account in it') : null,
  }
}

/** @returns a text: why it cannot be read */
async function readFound({ path }: FoundFile): Promise<ReadAccounts | string> {
  try {
    const content = readFileSync(path)
    const log = statSync(`${path}-wal`, { throwIfNoEntry: false })
    return await readAccountFile(isSqlite(content) && (log?.size ?? 0) > 0 ? withItsLog(path) : content)
  } catch (error) {
    if (error instanceof TransferError) return error.message
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    return `it cannot be read (${code}): check whose it is`
  }
}
