import type { Db } from './schema.js'

/**
 * Written durably before a refresh token is spent, gone when the answer is stored. One that is left says: the login server may
 * have spent this token, and nobody heard the answer.
 */
export interface RefreshIntent {
  accountId: string
  /** Of the tokens when it began. */
  generation: number
  /** SHA-256 of the refresh token, hex. */
  tokenHash: string
  firstAt: number
  lastAt: number
  attempts: number
  /** Undefined: under way, or its process died. `lost`: the answer never came. `refused_…`: never again, and why. */
  outcome?: 'lost' | `refused_${string}`
}

export interface RefreshJournal {
  /**
   * Notes that the token is about to be spent.
   * @returns the intent that an earlier attempt with the same token left behind, if any
   */
  begin(intent: {
    accountId: string
    generation: number
    tokenHash: string
    now: number
  }): Promise<RefreshIntent | undefined>
  /** The answer was lost: the token may be spent. */
  lost(accountId: string): Promise<void>
  /** The login server said that the token will never work again. Stays until there are new tokens. */
  refused(accountId: string, cause: string): Promise<void>
  /** The login server certainly did not spend it in this attempt: back to what was known before. */
  settle(accountId: string, before: RefreshIntent | undefined): Promise<void>
  list(): Promise<RefreshIntent[]>
}

export function createRefreshJournal(db: Db): RefreshJournal {
  async function conclude(accountId: string, outcome: string): Promise<void> {
    await db.updateTable('refresh_intents').set({ outcome }).where('account_id', '=', accountId).execute()
  }

  return {
    begin({ accountId, generation, tokenHash, now }) {
      return db.transaction().execute(async (trx) => {
        const row = await trx
          .selectFrom('refresh_intents')
          .selectAll()
          .where('account_id', '=', accountId)
          .executeTakeFirst()
        const before = row?.token_hash === tokenHash ? fromRow(row) : undefined
        const next = {
          generation,
          token_hash: tokenHash,
          first_at: before?.firstAt ?? now,
          last_at: now,
          attempts: (before?.attempts ?? 0) + 1,
          outcome: null,
        }
        await trx
          .insertInto('refresh_intents')
          .values({ account_id: accountId, ...next })
          .onConflict((c) => c.column('account_id').doUpdateSet(next))
          .execute()
        return before
      })
    },
    lost: (accountId) => conclude(accountId, 'lost'),
    refused: (accountId, cause) => conclude(accountId, `refused_${cause}`),
    async settle(accountId, before) {
      if (before === undefined) {
        await db.deleteFrom('refresh_intents').where('account_id', '=', accountId).execute()
        return
      }
      await db
        .updateTable('refresh_intents')
        .set({ outcome: before.outcome ?? null, attempts: before.attempts, last_at: before.lastAt })
        .where('account_id', '=', accountId)
        .execute()
    },
    async list() {
      return (await db.selectFrom('refresh_intents').selectAll().execute()).map(fromRow)
    },
  }
}

interface Row {
  account_id: string
  generation: number
  token_hash: string
  first_at: number
  last_at: number
  attempts: number
  outcome: string | null
}

function fromRow(row: Row): RefreshIntent {
  return {
    accountId: row.account_id,
    generation: row.generation,
    tokenHash: row.token_hash,
    firstAt: row.first_at,
    lastAt: row.last_at,
    attempts: row.attempts,
    ...(row.outcome === null ? {} : { outcome: row.outcome as NonNullable<RefreshIntent['outcome']> }),
  }
}
