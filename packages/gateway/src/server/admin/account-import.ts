import { z } from '@hono/zod-openapi'
import { FailureError, invalidRequest } from '@dragoman/protocol'
import type { Accounts } from '../../accounts/index.js'
import {
  importAccounts,
  TransferError,
  type ExportRoom,
  type FileProblem,
  type ImportedAccount,
  type ImportRoom,
  type ReadAccounts,
} from '../../accounts/transfer/index.js'
import { StoreError } from '../../store/index.js'
import type { AccountsHouse } from './accounts-house.js'
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

/** What the file itself is at fault for is said as such. */
export async function told<T>(act: () => Promise<T>, pointer = ''): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (error instanceof StoreError && error.code === 'key_invalid') {
      throw new FailureError(invalidRequest('/passphrase', error.message))
    }
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
