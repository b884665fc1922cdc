import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { formatClientKey } from './client-keys.js'
import { hashClientKey, openStore } from './index.js'
import type { Store } from './index.js'
import { MIGRATIONS } from './migrations/index.js'
import { openDatabase } from './open-database.js'

let home: string
let now = 1_000
let here: Store
let elsewhere: Store

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'dragoman-keys-'))
  here = await openStore({ home, now: () => now })
  elsewhere = await openStore({ home, now: () => now })
})

afterEach(async () => {
  await here.close()
  await elsewhere.close()
  await rm(home, { recursive: true })
})

test('a key is dgm- and 43 base62 characters that hold all 256 bits', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
      const key = formatClientKey(bytes)
      expect(key).toMatch(/^dgm-[0-9A-Za-z]{43}$/)
      let number = 0n
      for (const character of key.slice(4)) {
        number =
          number * 62n + BigInt('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'.indexOf(character))
      }
      expect(number).toBe(BigInt(`0x${Buffer.from(bytes).toString('hex')}`))
    }),
  )
})

test('a fresh key works at once, here and in another process', async () => {
  expect(here.clientKeys.findByHash(hashClientKey('dgm-none'))).toBeUndefined()
  const { record, plaintext } = await elsewhere.clientKeys.create({ name: 'laptop', allowedModels: ['gpt-5.5'] })
  expect(here.clientKeys.findByHash(hashClientKey(plaintext))).toEqual({ key: record, status: 'valid' })
  expect(elsewhere.clientKeys.findByHash(hashClientKey(plaintext))?.status).toBe('valid')
  expect(await here.clientKeys.list()).toEqual([record])
  expect(plaintext.startsWith(record.prefix)).toBe(true)
})

test('a key keeps its own tools, none among them, and its strictness', async () => {
  const plain = await here.clientKeys.create({ name: 'plain' })
  now += 1
  const bare = await here.clientKeys.create({ name: 'bare', defaultTools: [], strict: true })
  now += 1
  const search = await here.clientKeys.create({ name: 'search', defaultTools: ['web_search'] })
  expect(await elsewhere.clientKeys.list()).toEqual([plain.record, bare.record, search.record])
  expect(plain.record).not.toHaveProperty('defaultTools')
  expect(plain.record).not.toHaveProperty('strict')
  expect(bare.record).toMatchObject({ defaultTools: [], strict: true })
  expect(elsewhere.clientKeys.findById(search.record.id)).toEqual(search.record)
  expect(elsewhere.clientKeys.findById('key_none')).toBeUndefined()
})

test('a key of the first version is as it was', async () => {
  const old = await mkdtemp(join(tmpdir(), 'dragoman-old-'))
  const log = { debug() {}, info() {}, warn() {}, error() {} }
  const begun = await openDatabase({
    home: old,
    log,
    now: () => now,
    onCorrupt: 'refuse',
    migrations: MIGRATIONS.slice(0, 1),
  })
  const plaintext = formatClientKey(new Uint8Array(32).fill(7))
  begun.raw
    .prepare('INSERT INTO client_keys (id, name, hash, prefix, created_at) VALUES (?, ?, ?, ?, ?)')
    .run('key_1', 'old', hashClientKey(plaintext), 'dgm-1', 5)
  await begun.db.destroy()
  const store = await openStore({ home: old, now: () => now })
  expect(store.clientKeys.findByHash(hashClientKey(plaintext))).toEqual({
    key: { id: 'key_1', name: 'old', prefix: 'dgm-1', createdAt: 5 },
    status: 'valid',
  })
  expect((await store.clientKeys.create({ name: 'new', strict: true })).record.strict).toBe(true)
  await store.close()
  await rm(old, { recursive: true })
})

test('a revoked key stops at once here, and elsewhere when the change is noticed', async () => {
  const { record, plaintext } = await here.clientKeys.create({ name: 'lost' })
  const hash = hashClientKey(plaintext)
  expect(elsewhere.clientKeys.findByHash(hash)?.status).toBe('valid')
  const noticed = vi.waitUntil(() => elsewhere.clientKeys.findByHash(hash)?.status === 'revoked')
  expect(await here.clientKeys.revoke(record.id)).toBe(true)
  expect(here.clientKeys.findByHash(hash)?.status).toBe('revoked')
  expect(await here.clientKeys.revoke(record.id)).toBe(false)
  await noticed
})

test('a key ends with its time', async () => {
  const { plaintext } = await here.clientKeys.create({ name: 'guest', expiresAt: 2_000 })
  expect(here.clientKeys.findByHash(hashClientKey(plaintext))?.status).toBe('valid')
  now = 2_000
  expect(here.clientKeys.findByHash(hashClientKey(plaintext))?.status).toBe('expired')
})

test('watchers hear what changed and whether it was us', async () => {
  const heard: string[] = []
  const both = new Promise<void>((resolve) => {
    here.watch(({ aggregate, own }) => {
      heard.push(`${aggregate} ${own ? 'own' : 'other'}`)
      if (heard.length === 2) resolve()
    })
  })
  await here.settings.set('a', 1)
  await elsewhere.clientKeys.create({ name: 'x' })
  await both
  expect(heard).toEqual(['settings own', 'client_keys other'])
})
