import type { Db } from './schema.js'

/** Where a chain of turns has its place. */
export interface ConversationHome {
  accountId: string
  /** Who served it first: that one alone sees the ids that a native client sends. */
  originId: string
  /** So many items at the front of its input were made with another account. */
  foreignItems: number
  moves: number
  /** Unix ms of its last turn. */
  at: number
}

/** The places of conversations, so that prompt caches stay warm over restarts and in every instance. */
export interface ConversationHomeRows {
  get(chain: string): Promise<ConversationHome | undefined>
  /** The newest first. */
  newest(count: number): Promise<readonly (readonly [string, ConversationHome])[]>
  /** Adds or replaces; of two writers of one chain the later turn wins. */
  put(homes: ReadonlyMap<string, ConversationHome>): Promise<void>
  /** @returns how many had no turn since */
  removeOlder(before: number): Promise<number>
  ofAccount(accountId: string): Promise<number>
}

/** SQLite takes at most so many values in one statement; a row has six. */
const ROWS_AT_ONCE = 500

export function createConversationHomeRows(db: Db): ConversationHomeRows {
  return {
    async get(chain) {
      const row = await db.selectFrom('conversation_homes').selectAll().where('chain', '=', chain).executeTakeFirst()
      return row === undefined ? undefined : homeOf(row)
    },
    async newest(count) {
      const rows = await db
        .selectFrom('conversation_homes')
        .selectAll()
        .orderBy('updated_at', 'desc')
        .limit(count)
        .execute()
      return rows.map((row) => [row.chain, homeOf(row)] as const)
    },
    async put(homes) {
      const rows = [...homes].map(([chain, home]) => ({
        chain,
        account_id: home.accountId,
        origin_id: home.originId,
        foreign_items: home.foreignItems,
        moves: home.moves,
        updated_at: home.at,
      }))
      for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
        await db
          .insertInto('conversation_homes')
          .values(rows.slice(at, at + ROWS_AT_ONCE))
          .onConflict((conflict) =>
            conflict
              .column('chain')
              .doUpdateSet(({ ref }) => ({
                account_id: ref('excluded.account_id'),
                origin_id: ref('excluded.origin_id'),
                foreign_items: ref('excluded.foreign_items'),
                moves: ref('excluded.moves'),
                updated_at: ref('excluded.updated_at'),
              }))
              .whereRef('excluded.updated_at', '>=', 'conversation_homes.updated_at'),
          )
          .execute()
      }
    },
    async removeOlder(before) {
      const done = await db.deleteFrom('conversation_homes').where('updated_at', '<', before).executeTakeFirst()
      return Number(done.numDeletedRows)
    },
    async ofAccount(accountId) {
      const row = await db
        .selectFrom('conversation_homes')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('account_id', '=', accountId)
        .executeTakeFirst()
      return Number(row?.count ?? 0)
    },
  }
}

interface Row {
  account_id: string
  origin_id: string
  foreign_items: number
  moves: number
  updated_at: number
}

function homeOf(row: Row): ConversationHome {
  return {
    accountId: row.account_id,
    originId: row.origin_id,
    foreignItems: row.foreign_items,
    moves: row.moves,
    at: row.updated_at,
  }
}
