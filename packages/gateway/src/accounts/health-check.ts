import { setTimeout as sleep } from 'node:timers/promises'
import { runBatch } from './batch.js'
import type { Accounts } from './accounts.js'
import type { Account, AccountStatus } from './types.js'

/**
 * `alive`: its login was renewed, or the file that it is linked to holds a good one. `dead`: only a new login helps.
 * `skipped`: it was not asked, or could not be; `error` says why.
 */
export interface CheckedAccount {
  id: string
  email?: string
  /** Absent when there is no such account. */
  previousStatus?: AccountStatus
  result: 'alive' | 'dead' | 'skipped'
  error?: string
  durationMs?: number
}

/** Field names: parity 1.10. */
export interface HealthReport {
  summary: { total: number; alive: number; dead: number; skipped: number }
  /** In the order in which they were named. */
  results: CheckedAccount[]
}

export interface CheckOptions {
  /** From one beginning to the next, 500 to 30,000. Default 3,000. */
  staggerMs?: number
  /** How many at one time, 1 to 10. Default 2. */
  concurrency?: number
  onProgress?(progress: { done: number; total: number; account: CheckedAccount }): void
  /** The rest is skipped. What is under way ends: a refresh that was sent must be heard. */
  signal?: AbortSignal
  now?: () => number
  pause?: (ms: number, signal: AbortSignal | undefined) => Promise<void>
}

/**
 * Finds out which logins still live, by renewing them and by nothing else: the model backend is never asked, which would cost
 * quota and look like a robot. Accounts that are switched off stay alone; for linked ones the file is read again.
 * @param ids default: all
 * @throws RangeError
 */
export async function checkAccounts(
  accounts: Pick<Accounts, 'list' | 'get' | 'refresh'>,
  ids: readonly string[] | undefined,
  options: CheckOptions = {},
): Promise<HealthReport> {
  const { staggerMs = 3_000, concurrency = 2, onProgress, signal, now = Date.now, pause = pauseFor } = options
  within('staggerMs', staggerMs, 500, 30_000)
  within('concurrency', concurrency, 1, 10)
  const wanted = [...new Set(ids ?? accounts.list().map(({ id }) => id))]
  const before = new Map(wanted.map((id) => [id, accounts.get(id)]))
  let turn: Promise<void> = Promise.resolve()
  let first = true

  /** Lets one begin, and the next so much later. */
  function takeTurn(): Promise<void> {
    const mine = first ? turn : turn.then(() => (signal?.aborted === true ? undefined : pause(staggerMs, signal)))
    first = false
    turn = mine
    return mine
  }

  async function ask(account: Account): Promise<CheckedAccount> {
    await takeTurn()
    const about = aboutOf(account)
    if (signal?.aborted === true) return { ...about, result: 'skipped', error: STOPPED }
    const begun = now()
    const { ok, message } = await accounts.refresh(account.id)
    const durationMs = now() - begun
    const after = accounts.get(account.id)
    if (after === undefined) return { ...about, result: 'skipped', error: 'it was removed meanwhile', durationMs }
    const why = ok ? whyEnded(after, now()) : message
    if (why === undefined) return { ...about, result: 'alive', durationMs }
    const dead = ok || !mayStillLive(after)
    return { ...about, result: dead ? 'dead' : 'skipped', error: why, durationMs }
  }

  const results = await runBatch(
    wanted,
    (id): CheckedAccount | Promise<CheckedAccount> => {
      const account = before.get(id)
      if (account === undefined) return { id, result: 'skipped', error: 'there is no such account' }
      if (account.status === 'disabled') return { ...aboutOf(account), result: 'skipped', error: 'it is switched off' }
      return ask(account)
    },
    {
      concurrency,
      ...(signal === undefined ? {} : { signal }),
      onProgress: ({ done, total, result }) => onProgress?.({ done, total, account: asChecked(result.id, result) }),
    },
  )

  function asChecked(id: string, result: (typeof results)[number]): CheckedAccount {
    const account = before.get(id)
    const about = account === undefined ? { id } : aboutOf(account)
    switch (result.outcome) {
      case 'done':
        return result.value
      case 'failed':
        return { ...about, result: 'skipped', error: result.error.message }
      case 'skipped':
        return { ...about, result: 'skipped', error: STOPPED }
      default:
        return result satisfies never
    }
  }

  const all = results.map((result) => asChecked(result.id, result))
  const count = (what: CheckedAccount['result']): number => all.filter(({ result }) => result === what).length
  return {
    summary: { total: all.length, alive: count('alive'), dead: count('dead'), skipped: count('skipped') },
    results: all,
  }
}

const STOPPED = 'the check was stopped before its turn'

function aboutOf({ id, email, status }: Account): Pick<CheckedAccount, 'id' | 'email' | 'previousStatus'> {
  return { id, ...(email === undefined ? {} : { email }), previousStatus: status }
}

/** What could be read may have ended all the same: a linked file whose owner has not renewed it. */
function whyEnded({ linkedTo, expiresAt }: Account, now: number): string | undefined {
  if (linkedTo === undefined || expiresAt === undefined || expiresAt > now) return undefined
  return `The login in ${linkedTo} has ended: run "codex" once or "codex login".`
}

/** The login server said nothing final: it could not be reached, or there is nothing to ask it with. */
function mayStillLive({ status, attention }: Account): boolean {
  return status !== 'expired' && status !== 'suspended' && attention === undefined
}

function within(name: string, value: number, least: number, most: number): void {
  if (!(value >= least && value <= most)) throw new RangeError(`${name} is from ${least} to ${most}, found ${value}`)
}

async function pauseFor(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(ms, undefined, { ...(signal === undefined ? {} : { signal }) }).catch(() => undefined)
}
