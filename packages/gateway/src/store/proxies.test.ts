import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Secret } from '../telemetry/index.js'
import { openStore } from './index.js'
import type { NewProxy, Store } from './index.js'

let home: string
let here: Store
let elsewhere: Store

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'dragoman-proxies-'))
  here = await openStore({ home, now: () => 1_000 })
  elsewhere = await openStore({ home, now: () => 1_000 })
})

afterEach(async () => {
  await here.close()
  await elsewhere.close()
  await rm(home, { recursive: true })
})

const one: NewProxy = { protocol: 'http', host: 'proxy.example', port: 8080 }
const withLogin: NewProxy = { ...one, username: 'ann', password: new Secret('canary-password') }

async function added(store: Store, ...proxies: NewProxy[]) {
  return (await store.proxies.add(proxies)).map(({ record }) => record)
}

test('nothing yet', () => {
  expect(here.proxies.list()).toEqual([])
  expect([...here.proxies.pins()]).toEqual([])
})

test('a proxy is there at once, here and for others, and its password lies sealed', async () => {
  expect(elsewhere.proxies.list()).toEqual([])
  const noticed = vi.waitUntil(() => elsewhere.proxies.list().length === 1)
  const [record] = await added(here, withLogin)
  expect(record).toMatchObject({ name: 'proxy.example:8080', username: 'ann', enabled: true, createdAt: 1_000 })
  expect(here.proxies.list()).toEqual([record])
  await noticed
  expect(elsewhere.proxies.list()[0]?.password?.reveal()).toBe('canary-password')
  expect(JSON.stringify(elsewhere.proxies.list())).not.toContain('canary')
  await here.close()
  await elsewhere.close()
  expect(readFileSync(join(home, 'dragoman.db')).includes('canary')).toBe(false)
  here = await openStore({ home })
  elsewhere = await openStore({ home })
})

test('what is read stays the same array until something changes', async () => {
  await here.proxies.add([one])
  const list = here.proxies.list()
  expect(here.proxies.list()).toBe(list)
  await here.proxies.add([one])
  expect(here.proxies.list()).toBe(list)
  await here.proxies.pin(new Map([['acc_1', 'direct']]))
  expect(here.proxies.list()).not.toBe(list)
})

test('protocol, host, port and username make a proxy the same one', async () => {
  const [first] = await here.proxies.add([withLogin])
  const again = await here.proxies.add([
    withLogin,
    { ...withLogin, protocol: 'socks5' },
    { ...withLogin, username: 'bob' },
    { ...withLogin, port: 8081 },
    one,
  ])
  expect(again.map(({ outcome, record }) => `${outcome} ${record.name}`)).toEqual([
    'unchanged proxy.example:8080',
    'added proxy.example:8080 2',
    'added proxy.example:8080 3',
    'added proxy.example:8081',
    'added proxy.example:8080 4',
  ])
  expect(again[0]?.record.id).toBe(first?.record.id)
})

test('added again it takes the new password and name, keeps what is not said, and forgets what an old login found', async () => {
  const [record] = await added(here, { ...withLogin, name: 'hk' })
  await here.proxies.saveCheck(record!.id, { at: 5, exitAddress: '192.0.2.1', latencyMs: 12.6 })
  const [kept] = await here.proxies.add([{ ...one, username: 'ann', name: 'hk one' }])
  expect(kept).toMatchObject({ outcome: 'updated', record: { name: 'hk one', check: { at: 5, latencyMs: 13 } } })
  expect(kept?.record.password?.reveal()).toBe('canary-password')
  const [fresh] = await here.proxies.add([{ ...withLogin, password: new Secret('other') }])
  expect(fresh).toMatchObject({ outcome: 'updated', record: { id: record!.id, name: 'hk one' } })
  expect(fresh?.record).not.toHaveProperty('check')
  expect(here.proxies.list()[0]?.password?.reveal()).toBe('other')
})

test('one list may name a proxy twice, and a thousand may share an address', async () => {
  const many = Array.from({ length: 1000 }, (_, n) => ({ ...one, username: `session-${n}` }))
  const done = await here.proxies.add([...many, many[7]!])
  expect(done.filter(({ outcome }) => outcome === 'added')).toHaveLength(1000)
  expect(done.at(-1)?.outcome).toBe('unchanged')
  expect(new Set(here.proxies.list().map(({ name }) => name)).size).toBe(1000)
})

test('is switched off and on', async () => {
  const [record] = await added(here, one)
  expect(await here.proxies.setEnabled(record!.id, true)).toBe(false)
  expect(await here.proxies.setEnabled(record!.id, false)).toBe(true)
  expect(here.proxies.list()).toMatchObject([{ enabled: false }])
  expect(await here.proxies.setEnabled('prx_none', false)).toBe(false)
})

test('remembers the last check alone', async () => {
  const [record] = await added(here, one)
  await here.proxies.saveCheck(record!.id, { at: 5, exitAddress: '192.0.2.1', latencyMs: 12 })
  expect(here.proxies.list()[0]?.check).toEqual({ at: 5, exitAddress: '192.0.2.1', latencyMs: 12 })
  await here.proxies.saveCheck(record!.id, { at: 6, error: 'no answer' })
  expect(here.proxies.list()[0]?.check).toEqual({ at: 6, error: 'no answer' })
})

test('a pinned one is not removed unless that is said; its owners stay pinned', async () => {
  const [record, other] = await added(here, one, { ...one, port: 81 })
  await here.proxies.pin(new Map([['acc_1', record!.id], ['acc_2', 'auto']])) // prettier-ignore
  expect(await here.proxies.remove(record!.id)).toEqual(['acc_1'])
  expect(here.proxies.list()).toHaveLength(2)
  expect(await here.proxies.remove(other!.id)).toEqual([])
  expect(await here.proxies.remove(record!.id, { evenIfPinned: true })).toEqual([])
  expect(here.proxies.list()).toEqual([])
  expect([...here.proxies.pins()]).toEqual([
    ['acc_1', record!.id],
    ['acc_2', 'auto'],
  ])
})

test('pins are changed together, and others see them', async () => {
  const noticed = vi.waitUntil(() => elsewhere.proxies.pins().get('acc_2') === 'direct')
  await here.proxies.pin(new Map([['acc_1', 'auto']]))
  await here.proxies.pin(new Map<string, string | undefined>([['acc_1', undefined], ['acc_2', 'direct']])) // prettier-ignore
  expect([...here.proxies.pins()]).toEqual([['acc_2', 'direct']])
  await noticed
})

test('a password that does not open takes its own proxy out of use only', async () => {
  const [first, second] = await added(here, withLogin, { ...withLogin, username: 'bob' })
  const raw = new Sqlite(join(home, 'dragoman.db'))
  raw.prepare('UPDATE proxies SET password = (SELECT password FROM proxies WHERE id = ?) WHERE id = ?').run(second!.id, first!.id) // prettier-ignore
  raw.close()
  expect(
    elsewhere.proxies.list().map((proxy) => [proxy.id, proxy.passwordUnreadable, proxy.password?.reveal()]),
  ).toEqual(
    expect.arrayContaining([
      [first!.id, true, undefined],
      [second!.id, undefined, 'canary-password'],
    ]),
  )
  await elsewhere.proxies.add([withLogin])
  expect(elsewhere.proxies.list().filter(({ passwordUnreadable }) => passwordUnreadable)).toEqual([])
})
