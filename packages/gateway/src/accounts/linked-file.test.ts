import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { openStore } from '../store/index.js'
import type { Store } from '../store/index.js'
import type { Accounts } from './accounts.js'
import { createAccountPool } from './pool.js'
import { fakeLoginServer } from './testing/login-server.js'
import type { FakeLoginServer, Person } from './testing/login-server.js'

const START = 1_795_000_000_000
const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const ANN: Person = { account: 'ws', user: 'ann' }
const BEN: Person = { account: 'ws', user: 'ben' }

let home: string
let path: string
let now: number
let server: FakeLoginServer
let store: Store
let pool: Accounts

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'dragoman-linked-'))
  path = join(home, 'auth.json')
  now = START
  server = fakeLoginServer(() => now)
  store = await openStore({ home: join(home, 'data'), now: () => now })
  pool = await createAccountPool({ store, auth: server.auth, http: server.http, now: () => now, random: () => 0 })
})

afterEach(async () => {
  await pool.close()
  await store.close()
  await rm(home, { recursive: true })
})

interface Written {
  access: string
  text: string
}

/** What the Codex CLI keeps after a login, or after it has refreshed. */
function authJson(person: Person): Written {
  const { access, refresh, id } = server.issue(person)
  const tokens = { id_token: id, access_token: access, refresh_token: refresh, account_id: person.account }
  return { access, text: JSON.stringify({ auth_mode: 'chatgpt', tokens }) }
}

/** As a program does that replaces its file in one step. */
async function replace({ text }: Written): Promise<void> {
  await writeFile(`${path}.new`, text)
  await rename(`${path}.new`, path)
}

async function link(person = ANN): Promise<{ id: string; first: Written }> {
  const first = authJson(person)
  await replace(first)
  const { account } = await pool.importFile(path, { link: true })
  return { id: account.id, first }
}

const tokenOf = async (id: string): Promise<string> => (await pool.credential(id)).accessToken.reveal()
const refreshes = () => server.asked.filter(({ path: asked }) => asked === '/oauth/token')

describe('a file that the Codex CLI owns', () => {
  test('is replaced again and again while requests run into 401: each ends with a newer token, none refreshes', async () => {
    const { id } = await link()
    await pool.start()
    let current = (await pool.credential(id)).generation
    for (let rotation = 0; rotation < 10; rotation += 1) {
      // The CLI has refreshed: the backend takes the old token no more.
      const next = authJson(ANN)
      const refused = current
      const writing = replace(next)
      const ends = await Promise.allSettled(Array.from({ length: 8 }, () => pool.recover(id, refused)))
      await writing
      for (const end of ends) {
        if (end.status === 'fulfilled') {
          expect(end.value.accessToken.reveal()).toBe(next.access)
          expect(end.value.generation).toBe(refused + 1)
        } else expect(end.reason).toMatchObject({ failure: { kind: 'credential_expired', scope: 'account' } })
      }
      // Whoever came before the file did heals with it, without anybody asking.
      await vi.waitUntil(() => pool.get(id)?.generation === refused + 1 && pool.get(id)?.status === 'active')
      const { generation, accessToken } = await pool.credential(id)
      expect(accessToken.reveal()).toBe(next.access)
      current = generation
    }
    expect(server.asked).toEqual([])
  })

  test('is never raced: neither a request, nor the schedule, nor a command spends its refresh token', async () => {
    const { id } = await link()
    await pool.start()
    now = START + 10 * DAY - MINUTE
    await pool.credential(id)
    await pool.recover(id, 1).catch(() => undefined)
    await pool.refresh(id)
    now = START + 11 * DAY
    await pool.credential(id).catch(() => undefined)
    expect(server.asked).toEqual([])
    expect((await store.accounts.read(id))?.tokens.refreshToken).toBeUndefined()
  })

  test('that is written in two halves serves with what was there until the second one is there', async () => {
    const { id, first } = await link()
    const next = authJson(ANN)
    const half = Math.floor(next.text.length / 2)
    await writeFile(path, next.text.slice(0, half))
    expect(await tokenOf(id)).toBe(first.access)
    expect(pool.get(id)?.attention).toContain('auth.json')
    await writeFile(path, next.text)
    expect(await tokenOf(id)).toBe(next.access)
    expect(pool.get(id)?.attention).toBeUndefined()
  })

  test.each([
    ['empty', ''],
    ['cut in the middle of a token', '{"tokens":{"access_token":"ey'],
    ['of a CLI that was signed out', '{"auth_mode":"chatgpt","tokens":null}'],
    ['of a CLI that uses an API key', '{"auth_mode":"apikey","OPENAI_API_KEY":"sk-canary"}'],
  ])('that is %s changes nothing but what its owner is told', async (_, text) => {
    const { id, first } = await link()
    await writeFile(path, text)
    expect(await tokenOf(id)).toBe(first.access)
    const account = pool.get(id)!
    expect(account).toMatchObject({ status: 'active', generation: 1 })
    expect(account.attention).toContain(path)
    expect(account.attention).not.toContain('canary')
  })

  test('that is taken away and put back as it was is no trouble any more', async () => {
    const { id, first } = await link()
    await pool.credential(id)
    await rename(path, `${path}.away`)
    expect(await tokenOf(id)).toBe(first.access)
    expect(pool.get(id)?.attention).toContain('cannot be read')
    await rename(`${path}.away`, path)
    expect(await tokenOf(id)).toBe(first.access)
    expect(pool.get(id)?.attention).toBeUndefined()
  })

  test('of another account is not taken over, and its own login is when it comes back', async () => {
    const { id, first } = await link()
    await pool.start()
    for (const other of [BEN, { account: 'elsewhere', user: 'ann' }]) {
      await replace(authJson(other))
      expect(await tokenOf(id)).toBe(first.access)
      expect(pool.get(id)).toMatchObject({ userId: 'ann', generation: 1 })
      expect(pool.get(id)?.attention).toContain('another account')
    }
    expect(pool.list()).toHaveLength(1)
    const back = authJson(ANN)
    await replace(back)
    expect(await tokenOf(id)).toBe(back.access)
    expect(pool.get(id)?.attention).toBeUndefined()
  })
})

describe('a login that was copied, and whose owner has moved on', () => {
  async function copy(): Promise<string> {
    await replace(authJson(ANN))
    return (await pool.importFile(path)).account.id
  }

  test.each([
    ['a request', (id: string) => pool.recover(id, 1)],
    ['an access token that has ended', (id: string) => ((now = START + 11 * DAY), pool.credential(id))],
    ['a command', (id: string) => pool.refresh(id)],
  ])('is followed from then on: found out by %s', async (_, findOut) => {
    const id = await copy()
    const next = authJson(ANN)
    // The owner goes on refreshing while we look.
    await replace(next)
    await findOut(id).catch(() => undefined)
    await vi.waitUntil(() => pool.get(id)?.linkedTo === path)
    expect(refreshes()).toHaveLength(1)
    expect((await store.accounts.read(id))?.tokens.refreshToken).toBeUndefined()
    now = START
    expect(await tokenOf(id)).toBe(next.access)
    const later = authJson(ANN)
    await replace(later)
    expect(await tokenOf(id)).toBe(later.access)
    expect(refreshes()).toHaveLength(1)
  })

  test('is followed too when a crash or the network hid who spent its token', async () => {
    const id = await copy()
    server.loseAnswer()
    expect((await pool.refresh(id)).ok).toBe(false)
    const next = authJson(ANN)
    await replace(next)
    await pool.refresh(id)
    expect(pool.get(id)).toMatchObject({ status: 'active', linkedTo: path })
    expect(await tokenOf(id)).toBe(next.access)
  })

  test('is followed too when its owner signed out and in again', async () => {
    const id = await copy()
    const next = authJson(ANN)
    await replace(next)
    server.interrupt(() =>
      Promise.resolve({ status: 401, body: JSON.stringify({ error: { code: 'refresh_token_invalidated' } }) }),
    )
    await pool.refresh(id)
    expect(pool.get(id)).toMatchObject({ status: 'active', linkedTo: path })
    expect(await tokenOf(id)).toBe(next.access)
  })

  test('is not followed back to an older login than ours', async () => {
    const id = await copy()
    now = START + 5 * DAY
    expect((await pool.refresh(id)).ok).toBe(true)
    const { accessToken } = await pool.credential(id)
    server.issue(ANN)
    expect((await pool.refresh(id)).ok).toBe(false)
    expect(pool.get(id)?.linkedTo).toBeUndefined()
    expect(pool.get(id)?.attention).toContain('used elsewhere')
    expect(await tokenOf(id)).toBe(accessToken.reveal())
  })

  test('of an account that was closed is not followed anywhere', async () => {
    const id = await copy()
    await replace(authJson(ANN))
    server.interrupt(() =>
      Promise.resolve({ status: 401, body: JSON.stringify({ error: { code: 'account_deactivated' } }) }),
    )
    await pool.refresh(id)
    expect(pool.get(id)?.linkedTo).toBeUndefined()
  })
})
