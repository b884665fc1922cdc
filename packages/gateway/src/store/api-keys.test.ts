import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Secret } from '../telemetry/index.js'
import { openStore, type NewApiKey, type Store } from './index.js'

let home: string
let here: Store
let elsewhere: Store
let now = 1_000

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'dragoman-api-keys-'))
  now = 1_000
  here = await openStore({ home, now: () => now })
  elsewhere = await openStore({ home, now: () => now })
  // Both are watched, as a gateway and a command would be.
  here.watch(() => undefined)
  elsewhere.watch(() => undefined)
})
afterEach(async () => {
  await here.close()
  await elsewhere.close()
  await rm(home, { recursive: true })
})

const deepseek: NewApiKey = {
  provider: 'deepseek',
  kind: 'compatible',
  wire: 'chat',
  baseUrl: 'https://api.deepseek.com/v1',
  models: [{ id: 'deepseek-chat' }],
  capabilities: ['chat'],
  apiKey: new Secret('sk-very-secret-1'),
  headers: { 'x-team': new Secret('blue-team-42') },
}

test('a key is kept sealed, and known to other processes', async () => {
  const { record, outcome } = await here.apiKeys.add({ ...deepseek, label: 'mine', weight: 3 })
  expect(outcome).toBe('added')
  expect(record).toMatchObject({ provider: 'deepseek', label: 'mine', weight: 3, enabled: true, createdAt: 1_000 })
  expect(record.apiKey?.reveal()).toBe('sk-very-secret-1')
  await vi.waitUntil(() => elsewhere.apiKeys.list().length === 1)
  const [there] = elsewhere.apiKeys.list()
  expect(there?.apiKey?.reveal()).toBe('sk-very-secret-1')
  expect(there?.headers['x-team']?.reveal()).toBe('blue-team-42')
  const bytes = Buffer.concat(
    await Promise.all(['dragoman.db', 'dragoman.db-wal'].map((file) => readFile(join(home, file)))),
  ).toString('latin1')
  expect(bytes).toContain('api.deepseek.com')
  expect(bytes).not.toContain('sk-very-secret-1')
  expect(bytes).not.toContain('blue-team-42')
})

test('the same key is changed, another key of the same provider is another', async () => {
  const first = await here.apiKeys.add(deepseek)
  now = 2_000
  const again = await here.apiKeys.add({ ...deepseek, models: 'all' })
  expect(again).toMatchObject({ outcome: 'updated', record: { id: first.record.id, models: 'all', updatedAt: 2_000 } })
  const other = await here.apiKeys.add({ ...deepseek, apiKey: new Secret('sk-2') })
  expect(other.outcome).toBe('added')
  const { apiKey: _, ...keyless } = deepseek
  expect((await here.apiKeys.add(keyless)).outcome).toBe('added')
  expect((await here.apiKeys.add(keyless)).outcome).toBe('updated')
  expect(here.apiKeys.list()).toHaveLength(3)
})

test('a key is changed and removed, with what hung on it', async () => {
  const { record } = await here.apiKeys.add({ ...deepseek, label: 'mine' })
  const { id } = record
  expect(await here.apiKeys.change(id, { enabled: false, label: null })).toMatchObject({ enabled: false })
  expect(here.apiKeys.list()[0]?.label).toBeUndefined()
  expect(here.apiKeys.list()[0]?.apiKey?.reveal()).toBe('sk-very-secret-1')
  await here.modelLists.put(`key:${id}`, { models: [{ id: 'a' }] })
  await here.proxies.pin(new Map([[id, 'direct']]))
  expect(await here.apiKeys.remove(id)).toBe(true)
  expect(await here.apiKeys.remove(id)).toBe(false)
  expect(await here.apiKeys.change(id, { enabled: true })).toBeUndefined()
  expect(await here.modelLists.get(`key:${id}`)).toBeUndefined()
})

test('model lists are kept with their age, the newest of a source only', async () => {
  await here.modelLists.put('codex:plus', { models: [{ slug: 'a' }], etag: 'W/1' })
  now = 5_000
  await here.modelLists.put('codex:plus', { models: [{ slug: 'b' }] })
  await here.modelLists.put('codex:team', { models: [] })
  expect(await elsewhere.modelLists.get('codex:plus')).toEqual({ models: [{ slug: 'b' }], fetchedAt: 5_000 })
  expect(await elsewhere.modelLists.list()).toEqual([
    { source: 'codex:plus', fetchedAt: 5_000 },
    { source: 'codex:team', fetchedAt: 5_000 },
  ])
  await here.modelLists.remove('codex:team')
  expect(await here.modelLists.get('codex:team')).toBeUndefined()
})
