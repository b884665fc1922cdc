import { hashToken } from '../../store/index.js'
import type {
  AccountRecord,
  AccountRows,
  AccountStateRow,
  ConversationHome,
  ConversationHomeRows,
  Identity,
  NewTokens,
  RefreshIntent,
  RefreshJournal,
  Store,
  StoredTokens,
} from '../../store/index.js'

interface Row {
  record: AccountRecord
  tokens: StoredTokens
}

/**
 * What the pool needs of a store, in memory: for runs of many thousand steps that must go the same way again. The ids of accounts
 * are `acc_01`, `acc_02` and so on, in the order in which they were signed in.
 */
export function memoryStore(now: () => number): Store {
  const rows = new Map<string, Row>()
  const states = new Map<string, AccountStateRow>()
  const intents = new Map<string, RefreshIntent>()
  const homes = new Map<string, ConversationHome>()
  const listeners = new Set<Parameters<Store['watch']>[0]>()
  let version = 0

  function told(): void {
    version += 1
    for (const listener of [...listeners]) listener({ aggregate: 'accounts', version, own: true })
  }

  function ofOwner({ chatgptAccountId }: Identity): Row | undefined {
    return [...rows.values()].find(({ record }) => record.chatgptAccountId === chatgptAccountId)
  }

  const accounts: AccountRows = {
    list: () => Promise.resolve([...rows.values()].map(({ record }) => record)),
    read: (id) => Promise.resolve(rows.get(id)),
    find: (identity) => Promise.resolve(ofOwner(identity)?.record),

    signIn({ identity, tokens, origin }) {
      const known = ofOwner(identity)
      const id = known?.record.id ?? `acc_${String(rows.size + 1).padStart(2, '0')}`
      const generation = (known?.record.generation ?? 0) + 1
      const about = { id, ...identity, origin, linked: false, generation, ...datesOf(tokens) }
      rows.set(id, {
        record: known === undefined ? { ...NEW, createdAt: now(), ...about } : { ...known.record, ...about },
        tokens,
      })
      intents.delete(id)
      told()
      return Promise.resolve({ id, outcome: known === undefined ? 'added' : 'updated' })
    },

    replaceTokens(id, generation, tokens) {
      const row = rows.get(id)
      if (row?.record.generation !== generation) return Promise.resolve(false)
      rows.set(id, { record: { ...row.record, generation: generation + 1, ...datesOf(tokens) }, tokens })
      intents.delete(id)
      told()
      return Promise.resolve(true)
    },

    forgetPrevious: () => Promise.resolve(),

    change(id, { enabled, groups, weight, maxConcurrent }) {
      const row = rows.get(id)
      if (row === undefined) return Promise.resolve(false)
      const { maxConcurrent: before, ...rest } = row.record
      const most = maxConcurrent === undefined ? before : (maxConcurrent ?? undefined)
      const record = {
        ...rest,
        ...(enabled === undefined ? {} : { enabled }),
        ...(groups === undefined ? {} : { groups }),
        ...(weight === undefined ? {} : { weight }),
        ...(most === undefined ? {} : { maxConcurrent: most }),
      }
      rows.set(id, { ...row, record })
      told()
      return Promise.resolve(true)
    },

    cookies: () => Promise.resolve({}),

    remove(id) {
      const gone = rows.delete(id)
      states.delete(id)
      if (gone) told()
      return Promise.resolve(gone)
    },

    states: () => Promise.resolve(new Map(states)),
    saveStates(saved) {
      for (const [id, state] of saved) if (rows.has(id)) states.set(id, state)
      return Promise.resolve()
    },
  }

  const refreshJournal: RefreshJournal = {
    begin({ now: at, ...intent }) {
      const known = intents.get(intent.accountId)
      const before = known?.tokenHash === intent.tokenHash ? known : undefined
      intents.set(intent.accountId, {
        ...intent,
        firstAt: before?.firstAt ?? at,
        lastAt: at,
        attempts: (before?.attempts ?? 0) + 1,
      })
      return Promise.resolve(before)
    },
    lost: (id) => Promise.resolve(conclude(id, 'lost')),
    refused: (id, cause) => Promise.resolve(conclude(id, `refused_${cause}`)),
    settle(id, before) {
      if (before === undefined) intents.delete(id)
      else intents.set(id, before)
      return Promise.resolve()
    },
    list: () => Promise.resolve([...intents.values()]),
  }

  function conclude(id: string, outcome: NonNullable<RefreshIntent['outcome']>): void {
    const intent = intents.get(id)
    if (intent !== undefined) intents.set(id, { ...intent, outcome })
  }

  const homeRows: ConversationHomeRows = {
    get: (chain) => Promise.resolve(homes.get(chain)),
    newest: (count) => Promise.resolve([...homes].sort(([, a], [, b]) => b.at - a.at).slice(0, count)),
    put(fresh) {
      for (const [chain, home] of fresh) if (home.at >= (homes.get(chain)?.at ?? 0)) homes.set(chain, home)
      return Promise.resolve()
    },
    removeOlder(before) {
      const old = [...homes].filter(([, { at }]) => at < before)
      for (const [chain] of old) homes.delete(chain)
      return Promise.resolve(old.length)
    },
    ofAccount: (id) => Promise.resolve([...homes.values()].filter(({ accountId }) => accountId === id).length),
  }

  const parts: Partial<Store> = {
    home: '',
    path: '',
    accounts,
    refreshJournal,
    homes: homeRows,
    reserve: { hold: () => undefined, spendOn: (work) => work() },
    watch(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () => Promise.resolve(),
  }
  // The pool touches no other part; where that changes, its name stands in the error.
  return new Proxy(parts, {
    get(target, name) {
      if (name in target) return target[name as keyof Store]
      throw new Error(`the store in memory has no ${String(name)}`)
    },
  }) as Store
}

const NEW = { enabled: true, groups: [], weight: 1, converge: false, hasCookies: false } as const

function datesOf({ refreshToken, expiresAt, issuedAt, lastRefreshAt }: NewTokens) {
  return {
    lastRefreshAt,
    ...(refreshToken === undefined ? {} : { refreshTokenHash: hashToken(refreshToken) }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(issuedAt === undefined ? {} : { issuedAt }),
  }
}
