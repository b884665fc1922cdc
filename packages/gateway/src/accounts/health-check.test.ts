import { describe, expect, test } from 'vitest'
import { checkAccounts } from './health-check.js'
import type { CheckedAccount, CheckOptions } from './health-check.js'
import type { Account } from './types.js'

const NOW = 1_795_000_000_000

function account(id: string, change: Partial<Account> = {}): Account {
  return {
    id,
    chatgptAccountId: `ws-${id}`,
    email: `${id}@example.com`,
    fedramp: false,
    status: 'active',
    generation: 1,
    expiresAt: NOW + 1_000_000,
    groups: [],
    weight: 1,
    converge: false,
    open: 0,
    ...change,
  }
}

type Answer = { ok: boolean; message: string; after?: Partial<Account> | 'gone' }
const RENEWED: Answer = { ok: true, message: 'its tokens are new' }

/** A pool whose accounts answer as they are told to. Time passes in pauses alone. */
function pool(accounts: readonly Account[], answers: Record<string, Answer> = {}) {
  const known = new Map(accounts.map((one) => [one.id, one]))
  const asked: { id: string; at: number }[] = []
  let now = NOW
  let inside = 0
  const seen = { most: 0 }
  const house = {
    list: () => [...known.values()],
    get: (id: string) => known.get(id),
    async refresh(id: string) {
      asked.push({ id, at: now - NOW })
      seen.most = Math.max(seen.most, (inside += 1))
      await new Promise((resolve) => setImmediate(resolve))
      inside -= 1
      const { after, ...answer } = answers[id] ?? RENEWED
      if (after === 'gone') known.delete(id)
      else known.set(id, { ...known.get(id)!, ...after })
      return answer
    },
  }
  const options: CheckOptions = {
    now: () => now,
    pause: (ms) => {
      now += ms
      return Promise.resolve()
    },
  }
  const check = (ids?: string[], more: CheckOptions = {}) => checkAccounts(house, ids, { ...options, ...more })
  return { check, asked, seen }
}

describe('what a check finds', () => {
  test.each<[string, Partial<Account>, Answer, Partial<CheckedAccount>]>([
    ['a login that was renewed is alive', {}, RENEWED, { result: 'alive' }],
    [
      'one that was thought dead and was renewed is alive',
      { status: 'expired' },
      { ...RENEWED, after: { status: 'active' } },
      { previousStatus: 'expired', result: 'alive' },
    ],
    [
      'one whose renewal was refused is dead, although its access token still serves',
      {},
      { ok: false, message: 'Sign in again: revoked.', after: { attention: 'Sign in again: revoked.' } },
      { previousStatus: 'active', result: 'dead', error: 'Sign in again: revoked.' },
    ],
    [
      'one that needs a new login is dead',
      {},
      { ok: false, message: 'Sign in again.', after: { status: 'expired' } },
      { result: 'dead', error: 'Sign in again.' },
    ],
    [
      'nothing is known when the login server cannot be reached',
      {},
      { ok: false, message: 'cannot be reached' },
      { result: 'skipped', error: 'cannot be reached' },
    ],
    [
      'a linked file that holds a good login is alive',
      { linkedTo: '/home/ann/.codex/auth.json' },
      { ok: true, message: 'read the linked file again' },
      { result: 'alive' },
    ],
    [
      'a linked file whose login has ended is dead',
      { linkedTo: '/home/ann/.codex/auth.json', expiresAt: NOW - 1 },
      { ok: true, message: 'read the linked file again' },
      {
        result: 'dead',
        error: 'The login in /home/ann/.codex/auth.json has ended: run "codex" once or "codex login".',
      },
    ],
    [
      'one that is removed meanwhile was not checked',
      {},
      { ...RENEWED, after: 'gone' },
      { result: 'skipped', error: 'it was removed meanwhile' },
    ],
  ])('%s', async (_, change, answer, expected) => {
    const { check } = pool([account('a', change)], { a: answer })
    const { results } = await check()
    expect(results).toEqual([
      { id: 'a', email: 'a@example.com', previousStatus: change.status ?? 'active', durationMs: 0, ...expected },
    ])
  })

  test('who is switched off or unknown is not asked', async () => {
    const { check, asked } = pool([account('off', { status: 'disabled' }), account('on')])
    expect(await check(['nobody', 'off', 'on', 'on'])).toEqual({
      summary: { total: 3, alive: 1, dead: 0, skipped: 2 },
      results: [
        { id: 'nobody', result: 'skipped', error: 'there is no such account' },
        {
          id: 'off',
          email: 'off@example.com',
          previousStatus: 'disabled',
          result: 'skipped',
          error: 'it is switched off',
        },
        { id: 'on', email: 'on@example.com', previousStatus: 'active', result: 'alive', durationMs: 0 },
      ],
    })
    expect(asked).toHaveLength(1)
  })
})

describe('a check of many', () => {
  const many = Array.from({ length: 12 }, (_, n) => account(`a${n}`))

  test('begins one by one, so far apart, and runs so many at one time', async () => {
    const { check, asked, seen } = pool(many)
    const { summary } = await check(undefined, { staggerMs: 2_000, concurrency: 3 })
    expect(summary).toEqual({ total: 12, alive: 12, dead: 0, skipped: 0 })
    expect(asked.map(({ at }) => at)).toEqual(many.map((_, n) => n * 2_000))
    expect(seen.most).toBeLessThanOrEqual(3)
  })

  test('tells how far it is', async () => {
    const { check } = pool(many)
    const told: string[] = []
    await check(['a0', 'a1', 'nobody'], {
      concurrency: 1,
      onProgress: ({ done, total, account: { id, result } }) => void told.push(`${done}/${total} ${id} ${result}`),
    })
    expect(told).toEqual(['1/3 a0 alive', '2/3 a1 alive', '3/3 nobody skipped'])
  })

  test('that is stopped begins no other one', async () => {
    const { check, asked } = pool(many)
    const stop = new AbortController()
    const { summary, results } = await check(undefined, {
      concurrency: 4,
      signal: stop.signal,
      onProgress: ({ done }) => {
        if (done === 3) stop.abort()
      },
    })
    expect(asked.length).toBeLessThanOrEqual(3 + 4)
    expect(summary.skipped).toBeGreaterThanOrEqual(12 - 7)
    expect(summary.alive).toBe(asked.length)
    expect(results.at(-1)).toMatchObject({ result: 'skipped', error: 'the check was stopped before its turn' })
  })

  test.each<CheckOptions>([{ staggerMs: 499 }, { staggerMs: 30_001 }, { concurrency: 0 }, { concurrency: 11 }])(
    'is not begun with %j',
    async (options) => {
      const { check, asked } = pool(many)
      await expect(check(undefined, options)).rejects.toThrow(RangeError)
      expect(asked).toEqual([])
    },
  )
})
