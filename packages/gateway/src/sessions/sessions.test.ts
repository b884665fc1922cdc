import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openStore, type Store } from '../store/index.js'
import { openAccess, type Access } from './access.js'
import { FRESH_MS, IDLE_MS, LIFE_MS, LINK_MS } from './sessions.js'

let home: string
let store: Store
let access: Access
let time = Date.UTC(2026, 10, 1)
const now = (): number => time
const ABOUT = { address: '127.0.0.1', userAgent: 'a browser' }
const log = { warn: () => undefined }

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'dragoman-sessions-'))
  store = await openStore({ home })
  access = await openAccess({ store, log, now })
})
afterEach(async () => {
  await access.close()
  await store.close()
  await rm(home, { recursive: true, force: true })
})

/** As after a restart: another process over the same folder. */
async function again(): Promise<void> {
  await access.close()
  await store.close()
  store = await openStore({ home })
  access = await openAccess({ store, log, now })
}

describe('a session', () => {
  test('survives a restart, and so does what it had proven', async () => {
    const { cookie, second, session } = await access.sessions.open('password', ABOUT)
    await again()
    expect(access.sessions.find(cookie, second)).toMatchObject({ ...ABOUT, id: session.id, way: 'password' })
    expect(access.sessions.list()).toMatchObject([{ freshUntil: session.freshUntil }])
  })

  test('that was ended stays so after a restart', async () => {
    const { cookie, second, session } = await access.sessions.open('link', ABOUT)
    expect(await access.sessions.end(session.id)).toBe(true)
    await again()
    expect(access.sessions.find(cookie, second)).toBeUndefined()
    expect(access.sessions.list()).toEqual([])
  })

  test.each([
    ['nobody used it for twelve hours', IDLE_MS, 1],
    ['it is a week old, however busy', IDLE_MS / 2, 14],
  ])('ends when %s', async (_, stepMs, steps) => {
    const { cookie, second } = await access.sessions.open('link', ABOUT)
    for (let n = 1; n <= steps; n++) {
      time += stepMs - 1
      expect(access.sessions.find(cookie, second), `step ${n}`).toBeDefined()
    }
    time += steps === 1 ? IDLE_MS + 1 : LIFE_MS - steps * (stepMs - 1)
    expect(access.sessions.find(cookie, second)).toBeUndefined()
    await again()
    expect(await store.adminSessions.list()).toEqual([])
  })

  test('that is used often stays, also over a restart', async () => {
    const { cookie, second } = await access.sessions.open('link', ABOUT)
    time += IDLE_MS - 1
    access.sessions.find(cookie, second)
    await again()
    time += IDLE_MS - 1
    expect(access.sessions.find(cookie, second)).toBeDefined()
  })

  test('has proven itself for five minutes, and can do so anew', async () => {
    const { session } = await access.sessions.open('link', ABOUT)
    expect(session.freshUntil).toBe(time + FRESH_MS)
    time += 3600_000
    expect((await access.sessions.confirm(session.id))?.freshUntil).toBe(time + FRESH_MS)
    expect(await access.sessions.confirm('ses_none')).toBeUndefined()
  })

  test('tells its end once, whoever ended it', async () => {
    const told: string[] = []
    access.sessions.onEnd((id) => told.push(id))
    const opened = []
    for (let n = 0; n < 4; n++) opened.push((await access.sessions.open('link', ABOUT)).session.id)
    const [a = '', b = '', c = '', d = ''] = opened
    await access.sessions.end(a)
    // As a command beside this process does.
    await store.adminSessions.remove([b])
    await access.sessions.reload()
    expect(await access.sessions.endAllBut(d)).toBe(1)
    expect(told).toEqual([a, b, c])
    expect(access.sessions.list().map(({ id }) => id)).toEqual([d])
  })

  test('is one of a hundred at most; the one that was used longest ago goes', async () => {
    const first = await access.sessions.open('link', ABOUT)
    const second = await access.sessions.open('link', ABOUT)
    for (let n = 0; n < 98; n++) {
      time += 1
      await access.sessions.open('link', ABOUT)
    }
    access.sessions.find(first.cookie, first.second)
    await access.sessions.open('link', ABOUT)
    expect(access.sessions.list()).toHaveLength(100)
    expect(access.sessions.find(first.cookie, first.second)).toBeDefined()
    expect(access.sessions.find(second.cookie, second.second)).toBeUndefined()
  })
})

describe('a link', () => {
  test('is good once, also after a restart', async () => {
    const { token } = access.sessions.makeLink()
    await again()
    expect(await access.sessions.takeLink(token)).toBe(true)
    expect(await access.sessions.takeLink(token)).toBe(false)
  })

  test('is good for ten minutes', async () => {
    const { token, expiresAt } = access.sessions.makeLink()
    expect(expiresAt).toBe(time + LINK_MS)
    time += LINK_MS + 1
    expect(await access.sessions.takeLink(token)).toBe(false)
  })
})

describe('a password', () => {
  test('set by one process is that of the others, and ends nobody by itself', async () => {
    const other = await openAccess({ store, log, now })
    await other.passwords.set('correct horse battery')
    await access.passwords.reload()
    expect(access.passwords.isSet).toBe(true)
    expect(await access.passwords.check('correct horse battery')).toBe(true)
    expect(await access.passwords.check('correct horse batterz')).toBe(false)
    await access.passwords.remove()
    expect(await access.passwords.check('correct horse battery')).toBe(false)
    await other.close()
  })

  test('in other code points of the same letters is the same', async () => {
    await access.passwords.set('Übergrößenträger')
    expect(await access.passwords.check('Übergrößenträger'.normalize('NFD'))).toBe(true)
  })
})

describe('the trail', () => {
  const act = { who: 'session', address: '127.0.0.1', method: 'POST', route: '/admin/x', status: 200 } as const

  test('keeps what was done for ninety days', async () => {
    access.acts.note(act)
    await access.acts.list({})
    time += 91 * 86_400_000
    access.acts.note({ ...act, route: '/admin/y' })
    expect(await access.acts.list({})).toMatchObject([{ route: '/admin/y' }])
  })

  test('whoever tries to get in pushes nothing out that was done', async () => {
    access.acts.note(act)
    for (let n = 0; n < 1_400; n++) {
      access.acts.note({ ...act, who: 'nobody', status: 401 })
      if (n % 200 === 0) await access.acts.list({ count: 1 })
    }
    expect(await access.acts.list({ who: 'session' })).toHaveLength(1)
    expect((await access.acts.list({ count: 5_000 })).length).toBeLessThanOrEqual(1_001)
  })

  test('is in the order of the acts, also of those within one ms', async () => {
    for (let n = 0; n < 40; n++) access.acts.note({ ...act, target: String(n) })
    const list = await access.acts.list({ count: 40 })
    expect(list.map(({ target }) => Number(target))).toEqual(Array.from({ length: 40 }, (_, n) => 39 - n))
  })

  test('is searched as it is written: signs of patterns are signs', async () => {
    access.acts.note({ ...act, target: '100%_sure' })
    access.acts.note({ ...act, target: 'other' })
    expect(await access.acts.list({ text: '%_' })).toHaveLength(1)
  })
})
