import {
  chmodSync,
  copyFileSync,
  existsSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Secret } from '../telemetry/index.js'
import { openStore } from './index.js'
import type { Store, StoreOptions } from './index.js'

let home: string
const stores: Store[] = []

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'dragoman-store-'))
})

afterEach(async () => {
  for (const store of stores.splice(0)) await store.close()
  await rm(home, { recursive: true })
})

async function openAt(options: Partial<StoreOptions> = {}): Promise<Store> {
  const store = await openStore({ home, ...options })
  stores.push(store)
  return store
}

async function closeAll(): Promise<void> {
  for (const store of stores.splice(0)) await store.close()
}

const signIn = {
  identity: { chatgptAccountId: 'ws-1', userId: 'user-1', email: 'a@example.com', plan: 'plus', fedramp: false },
  tokens: { accessToken: new Secret('canary-access'), refreshToken: new Secret('canary-refresh'), lastRefreshAt: 1 },
  origin: 'login',
  replace: 'always',
} as const

const database = () => join(home, 'dragoman.db')

describe('a data folder', () => {
  test('keeps what was written', async () => {
    const first = await openAt()
    const { id } = await first.accounts.signIn(signIn)
    await first.settings.set('seen', { welcome: true })
    await closeAll()
    const again = await openAt()
    expect((await again.accounts.read(id))?.tokens.refreshToken?.reveal()).toBe('canary-refresh')
    expect(await again.settings.get('seen')).toEqual({ welcome: true })
    expect(await again.settings.get('never')).toBeUndefined()
  })

  test.skipIf(process.platform === 'win32')('is for its owner alone', async () => {
    chmodSync(home, 0o755)
    const store = await openAt()
    await store.accounts.signIn(signIn)
    expect(statSync(home).mode & 0o777).toBe(0o700)
    for (const name of readdirSync(home)) expect([name, statSync(join(home, name)).mode & 0o777]).toEqual([name, 0o600])
  })

  test('holds no token in the clear, in any file', async () => {
    const store = await openAt()
    const { id } = await store.accounts.signIn(signIn)
    await store.accounts.replaceTokens(id, 1, { accessToken: new Secret('canary-2'), lastRefreshAt: 2 })
    for (const name of readdirSync(home)) {
      const bytes = readFileSync(join(home, name))
      for (const encoding of ['utf8', 'base64', 'base64url', 'hex'] as const) {
        const canary = Buffer.from('canary').toString(encoding)
        expect([name, encoding, bytes.includes(canary)]).toEqual([name, encoding, false])
      }
    }
  })
})

describe('the key', () => {
  test('may be a passphrase, and only that one opens', async () => {
    const store = await openAt({ secretKey: 'correct horse battery staple' })
    const { id } = await store.accounts.signIn(signIn)
    await closeAll()
    await expect(openAt({ secretKey: 'wrong horse battery staple' })).rejects.toMatchObject({
      code: 'wrong_key',
      message: expect.stringContaining('set the value that was used then') as string,
    })
    const again = await openAt({ secretKey: 'correct horse battery staple' })
    expect((await again.accounts.read(id))?.tokens.accessToken.reveal()).toBe('canary-access')
    expect(existsSync(join(home, 'key'))).toBe(false)
  })

  test.each([
    ['hex', 'ab'.repeat(32)],
    ['base64', Buffer.alloc(32, 7).toString('base64')],
    ['base64url', Buffer.alloc(32, 255).toString('base64url')],
  ])('may be 32 bytes in %s', async (_, secretKey) => {
    await openAt({ secretKey })
    await closeAll()
    await expect(openAt({ secretKey })).resolves.toBeDefined()
  })

  test('that is too short is refused before anything is sealed with it', async () => {
    await expect(openAt({ secretKey: 'hunter2' })).rejects.toMatchObject({ code: 'key_invalid' })
    await expect(openAt()).resolves.toBeDefined()
  })

  test('file that vanished is never replaced by a new one', async () => {
    await (await openAt()).accounts.signIn(signIn)
    await closeAll()
    const key = readFileSync(join(home, 'key'))
    rmSync(join(home, 'key'))
    await expect(openAt()).rejects.toMatchObject({ code: 'key_missing' })
    expect(existsSync(join(home, 'key'))).toBe(false)
    writeFileSync(join(home, 'key'), key, { mode: 0o600 })
    expect(await (await openAt()).accounts.list()).toHaveLength(1)
  })

  test.skipIf(process.platform === 'win32')('file that others can read is refused', async () => {
    await openAt()
    await closeAll()
    chmodSync(join(home, 'key'), 0o640)
    await expect(openAt()).rejects.toMatchObject({
      code: 'key_unsafe',
      message: expect.stringContaining('chmod 600') as string,
    })
  })

  test('ring that is not installed says what to do', async () => {
    await expect(openAt({ keySource: 'keyring' })).rejects.toMatchObject({ code: 'keyring_unavailable' })
  })
})

describe('a damaged database', () => {
  const aside = () => readdirSync(home).filter((name) => name.startsWith('dragoman.db.corrupt-'))

  async function filled(): Promise<void> {
    await (await openAt()).accounts.signIn(signIn)
    await closeAll()
  }

  test('is set aside byte for byte, reported, and an empty one begun', async () => {
    await filled()
    const bytes = readFileSync(database())
    bytes.fill(0xaa, 0, 2000)
    writeFileSync(database(), bytes)
    const said: string[] = []
    const log = {
      info: () => undefined,
      warn: () => undefined,
      error: (_: object, message: string) => said.push(message),
    }
    const store = await openAt({ log })
    expect(store.setAsideTo).toBeDefined()
    expect(readFileSync(store.setAsideTo!)).toEqual(bytes)
    expect(said).toEqual([expect.stringContaining('was set aside')])
    expect(await store.accounts.list()).toEqual([])
    expect(store.integrity()).toBe('ok')
  })

  test('is an error for whoever runs beside the server, and stays where it is', async () => {
    await filled()
    const bytes = readFileSync(database()).fill(0xaa, 0, 2000)
    writeFileSync(database(), bytes)
    await expect(openAt({ onCorrupt: 'refuse' })).rejects.toMatchObject({ code: 'corrupt' })
    expect(readFileSync(database())).toEqual(bytes)
    expect(aside()).toEqual([])
  })

  test('found only by reading it through, after a crash, is set aside with its log', async () => {
    const store = await openAt()
    for (let n = 0; n < 50; n += 1) await store.settings.set(`filler-${n}`, 'x'.repeat(500))
    // A copy taken while it is open is what a crash leaves behind.
    const crashed = join(home, 'crashed')
    await openStore({ home: crashed }).then((other) => other.close())
    for (const part of ['', '-wal']) copyFileSync(database() + part, join(crashed, `dragoman.db${part}`))
    copyFileSync(join(home, 'key'), join(crashed, 'key'))
    const raw = new Sqlite(join(crashed, 'dragoman.db'))
    raw.pragma('wal_checkpoint(TRUNCATE)')
    const pageOf = raw.prepare("SELECT rootpage FROM sqlite_master WHERE name = 'settings'").pluck().get() as number
    raw.close()
    const bytes = readFileSync(join(crashed, 'dragoman.db'))
    bytes.fill(0x55, (pageOf - 1) * 4096, pageOf * 4096)
    writeFileSync(join(crashed, 'dragoman.db'), bytes)
    writeFileSync(join(crashed, 'dragoman.db-wal'), 'torn')
    const opened = await openStore({ home: crashed })
    stores.push(opened)
    expect(opened.setAsideTo).toBeDefined()
    expect(readFileSync(`${opened.setAsideTo!}-wal`, 'utf8')).toBe('torn')
  })

  test('cut to nothing with its log still there is set aside, for SQLite would delete the log', async () => {
    const store = await openAt()
    await store.accounts.signIn(signIn)
    const wal = readFileSync(`${database()}-wal`)
    await closeAll()
    truncateSync(database(), 0)
    writeFileSync(`${database()}-wal`, wal)
    const opened = await openAt()
    expect(readFileSync(`${opened.setAsideTo!}-wal`)).toEqual(wal)
  })

  test('of a newer version is refused and not touched', async () => {
    await filled()
    const raw = new Sqlite(database())
    raw.exec("INSERT INTO schema_migrations VALUES (99, 'future', 0)")
    raw.close()
    const bytes = readFileSync(database())
    await expect(openAt()).rejects.toMatchObject({ code: 'newer_schema' })
    expect(readFileSync(database())).toEqual(bytes)
    expect(aside()).toEqual([])
  })

  test('cut anywhere is set aside or read, never half believed', async () => {
    await filled()
    const bytes = readFileSync(database())
    for (let percent = 1; percent < 100; percent += 7) {
      const folder = join(home, `cut-${percent}`)
      await openStore({ home: folder }).then((other) => other.close())
      copyFileSync(join(home, 'key'), join(folder, 'key'))
      writeFileSync(join(folder, 'dragoman.db'), bytes.subarray(0, Math.floor((bytes.length * percent) / 100)))
      writeFileSync(join(folder, 'dragoman.db-wal'), 'torn')
      const store = await openStore({ home: folder })
      expect(store.integrity()).toBe('ok')
      if (store.setAsideTo === undefined) expect(await store.accounts.list()).toHaveLength(1)
      await store.close()
    }
  })
})
