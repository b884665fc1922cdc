import { setImmediate } from 'node:timers/promises'
import { StoreError } from '../../store/index.js'
import { LoginError } from '../login/index.js'
import { planImport } from './plan-import.js'
import type { Plan } from './plan-import.js'
import { RedeemError } from './redeem.js'
import { changesNothing, nameIn, openImport, told } from './take-account.js'
import type { ImportedAccount, ImportRoom } from './take-account.js'
import type { AccountDraft } from './types.js'

export interface ImportAccountsOptions {
  /** Says what would be done, without a word to the login server and without changing anything. */
  dryRun?: boolean
  /** Told after each entry. */
  onProgress?: (progress: { done: number; total: number; entry: ImportedAccount }) => void
  /** No entry is begun after it; those under way come to their end. */
  signal?: AbortSignal
}

/** How many refresh tokens are redeemed at a time. */
const AT_ONCE = 4

/**
 * Takes accounts in. An access token that lives is taken as it is, without network; one that has ended is renewed, and a refresh token
 * alone redeemed. Who is known already (ChatGPT account and user) gets what is newer. What the file says of labels, groups, weights,
 * notes, quota, usage and the way out is taken over.
 * @returns one for each draft, in their order
 */
export async function importAccounts(
  drafts: readonly AccountDraft[],
  room: ImportRoom,
  options: ImportAccountsOptions = {},
): Promise<ImportedAccount[]> {
  const work = await openImport(room)
  const { first, twins } = withoutTwins(drafts)
  const done = new Map<number, ImportedAccount>()
  const later: number[] = []
  const owners = new Map<string, string>()

  function tell(index: number, entry: ImportedAccount): void {
    done.set(index, entry)
    options.onProgress?.({ done: done.size, total: drafts.length, entry })
  }

  async function handle(index: number, mayWait: boolean): Promise<void> {
    const draft = drafts[index]
    if (draft === undefined) return
    if (options.signal?.aborted === true) {
      return tell(index, told(draft, 'failed', { message: 'stopped before its turn' }))
    }
    try {
      const plan = await planImport(draft, work.room())
      if (options.dryRun === true) return tell(index, dry(draft, plan, owners))
      const needsNetwork = plan.kind === 'redeem' || (plan.kind === 'take' && plan.renew)
      if (needsNetwork && mayWait) later.push(index)
      else tell(index, await work.take(draft, plan))
    } catch (error) {
      tell(index, told(draft, 'failed', { message: whatFailed(error) }))
    }
  }

  for (const index of first) {
    await handle(index, true)
    // Writing alone would not let go of the thread before the last is stored.
    await setImmediate()
  }
  // The login server is asked a few at a time, when all that needs it not is safe.
  const queue = later.values()
  await Promise.all(
    Array.from({ length: Math.min(AT_ONCE, later.length) }, async () => {
      for (const index of queue) await handle(index, false)
    }),
  )
  for (const [index, of] of twins) {
    const [draft, twin] = [drafts[index], done.get(of)]
    if (draft === undefined || twin === undefined) continue
    const { id, name, outcome } = twin
    const message = `the same login as ${placeOf(twin)}`
    tell(index, told(draft, outcome === 'failed' ? 'failed' : 'unchanged', { ...(id && { id }), name, message }))
  }
  return drafts.map((draft, index) => done.get(index) ?? told(draft, 'failed', {}))
}

/** A file may hold a login twice, and a refresh token must not be spent twice. */
function withoutTwins(drafts: readonly AccountDraft[]): {
  first: readonly number[]
  twins: ReadonlyMap<number, number>
} {
  const byToken = new Map<string, number>()
  const first: number[] = []
  const twins = new Map<number, number>()
  for (const [index, { access, refresh }] of drafts.entries()) {
    const token = refresh?.reveal() ?? access?.reveal() ?? ''
    const twin = byToken.get(token)
    if (twin !== undefined) twins.set(index, twin)
    else {
      byToken.set(token, index)
      first.push(index)
    }
  }
  return { first, twins }
}

function placeOf({ place }: { place: string }): string {
  return place === '' ? 'the one before' : place
}

function whatFailed(error: unknown): string {
  if (error instanceof LoginError || error instanceof RedeemError || error instanceof StoreError) return error.message
  throw error
}

/** @param owners who would have been added by then, and where they stood */
function dry(draft: AccountDraft, plan: Plan, owners: Map<string, string>): ImportedAccount {
  switch (plan.kind) {
    case 'cannot':
      return told(draft, 'failed', { message: plan.why })
    case 'redeem':
      return told(draft, 'unknown', {
        message: 'whose it is will be known when its refresh token is used; the import does that',
      })
    case 'take': {
      const remarks = [...plan.remarks]
      if (plan.renew) remarks.push('its access token has ended: its refresh token will be used')
      const owner = JSON.stringify([plan.identity.chatgptAccountId, plan.identity.userId])
      const before = owners.get(owner)
      if (before !== undefined) remarks.push(`the same account as ${before}`)
      else owners.set(owner, placeOf(draft))
      const about = { ...nameIn(draft, plan), message: remarks.join('; ') }
      if (plan.known === undefined) return told(draft, before === undefined ? 'added' : 'updated', about)
      return told(draft, changesNothing(plan) ? 'unchanged' : 'updated', { ...about, id: plan.known.id })
    }
    default:
      return plan satisfies never
  }
}
