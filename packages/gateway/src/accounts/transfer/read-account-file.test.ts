import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sealWithPassphrase } from '../../store/index.js'
import { isSealedAccountFile, isSqlite, readAccountFile, TransferError, withItsLog } from './index.js'
import { accessToken, foreignFiles, NOW } from './testing/tokens.js'
import type { AccountDraft } from './types.js'

const access = accessToken()
const refresh = 'rt_made_up_refresh_token'
const files = foreignFiles(access, refresh)

/** A draft with its secrets readable. */
const opened = ({ access, refresh, idToken, ...rest }: AccountDraft) => ({
  ...rest,
  ...(access && { access: access.reveal() }),
  ...(refresh && { refresh: refresh.reveal() }),
  ...(idToken && { idToken: idToken.reveal() }),
})
const read = async (content: unknown) => {
  const { drafts, problems } = await readAccountFile(
    typeof content === 'string' || content instanceof Uint8Array ? content : JSON.stringify(content),
  )
  return { drafts: drafts.map(opened), problems }
}

describe('a file of', () => {
  test.each<[string, unknown, object]>([
    ['the Codex CLI', files.codex, { place: '', format: 'codex', idToken: access, chatgptAccountId: 'ws-1' }],
    ['CLIProxyAPI', files.cliproxyapi, { place: '', format: 'cliproxyapi', idToken: access, enabled: false }],
    ['Cockpit Tools', files.cockpitTools, { place: '[0]', format: 'cliproxyapi', email: 'ann@example.com' }],
    ['sub2api', files.sub2api, { place: 'accounts[0]', format: 'sub2api', label: 'work' }],
    ['sub2api, as it is sent', { data: files.sub2api }, { place: 'data.accounts[0]', format: 'sub2api' }],
    ['opencode', files.opencode, { place: 'openai', format: 'opencode', chatgptAccountId: 'ws-1' }],
    ['codex-proxy', files.codexProxy, { place: 'accounts[0]', format: 'codex-proxy', label: 'work' }],
  ])('%s', async (_, file, more) => {
    const { drafts, problems } = await read(file)
    expect(problems).toEqual([])
    expect(drafts).toMatchObject([{ access, refresh, ...more }])
  })

  test('codex-proapi, which keeps no refresh tokens', async () => {
    expect(await read(files.codexProapi)).toMatchObject({
      drafts: [{ place: '[0]', access, label: 'work' }],
      problems: [],
    })
  })

  test('codex-proxy, all of its fields', async () => {
    const { drafts } = await read(files.codexProxy)
    const at = NOW - 86_400_000
    const known = { source: 'usage', at }
    expect(drafts[0]).toEqual({
      place: 'accounts[0]',
      format: 'codex-proxy',
      access,
      refresh,
      chatgptAccountId: 'ws-1',
      userId: 'user-1',
      email: 'ann@example.com',
      plan: 'plus',
      label: 'work',
      enabled: false,
      converge: true,
      createdAt: Date.parse('2026-01-02T03:04:05.678Z'),
      quota: {
        windows: {
          'codex/primary': {
            ...known,
            limit: 'codex',
            slot: 'primary',
            usedPercent: 40,
            reached: false,
            windowMinutes: 300,
            resetAt: 1_795_000_000_000,
          },
          'codex/secondary': {
            ...known,
            limit: 'codex',
            slot: 'secondary',
            usedPercent: 100,
            reached: true,
            windowMinutes: 10_080,
            resetAt: 1_796_000_000_000,
          },
          'codex-bengalfox/primary': {
            ...known,
            limit: 'codex-bengalfox',
            name: 'GPT-5.3-Codex-Spark',
            slot: 'primary',
            usedPercent: 7,
            reached: false,
            windowMinutes: 300,
            resetAt: 1_795_100_000_000,
          },
        },
        credits: { hasCredits: true, unlimited: false, balance: '12.5', ...known },
        resetCredits: { available: 2, at },
        plan: 'plus',
        at,
      },
      usage: {
        requests: 12,
        failed: 0,
        inputTokens: 3400,
        cachedTokens: 1200,
        outputTokens: 560,
        reasoningTokens: 0,
        imageInputTokens: 5,
        imageOutputTokens: 6,
        imageRequests: 2,
        imageFailed: 1,
        costUsd: 1.25,
      },
    })
  })

  test('codex-proxy, the short form', async () => {
    const { drafts, problems } = await read(files.codexProxyMinimal)
    expect(problems).toEqual([])
    expect(drafts).toEqual([{ place: 'accounts[0]', format: 'codex-proxy', refresh, label: 'work' }])
  })

  test.each([
    ['of the global way', { proxyId: 'direct' }, { way: 'direct' }],
    ['by its name', { proxyId: 'p1', proxyName: 'hk' }, { way: 'proxy', name: 'hk' }],
  ])('codex-proxy with a proxy %s', async (_, more, proxy) => {
    const { drafts } = await read({ accounts: [{ ...files.codexProxy.accounts[0], ...more }] })
    expect(drafts[0]).toMatchObject({ proxy })
  })

  test.each(['delete', 'wal'] as const)('codex-proxy in SQLite, journal mode %s', async (mode) => {
    const folder = mkdtempSync(join(tmpdir(), 'dragoman-transfer-'))
    const path = join(folder, 'accounts.sqlite')
    const db = new Sqlite(path)
    try {
      db.pragma(`journal_mode = ${mode}`)
      db.exec('create table meta (k text, v text); create table accounts (id text primary key, "data" text)')
      db.exec(`insert into meta values ('version', '3'), ('json', '{"a":1}')`)
      const add = db.prepare('insert into accounts values (?, ?)')
      add.run('1', JSON.stringify(files.codexProxy.accounts[0]))
      add.run('2', JSON.stringify({ refreshToken: 'rt_second_refresh_token' }))
      add.run('3', 'no json')
      // In WAL mode nothing of it is in the file yet.
      const content = withItsLog(path)
      expect(isSqlite(content)).toBe(true)
      const { drafts, problems } = await read(content)
      expect(problems).toEqual([])
      expect(drafts).toMatchObject([
        { place: 'accounts[0]', access, refresh, usage: { requests: 12 }, quota: { plan: 'plus' } },
        { place: 'accounts[1]', refresh: 'rt_second_refresh_token', format: 'codex-proxy' },
      ])
    } finally {
      db.close()
      rmSync(folder, { recursive: true })
    }
  })

  test('SQLite without accounts, or damaged, says so', async () => {
    const db = new Sqlite(':memory:')
    db.exec('create table t (a)')
    const content = db.serialize()
    db.close()
    expect(await read(content)).toMatchObject({ drafts: [], problems: [{ message: /holds no accounts/ }] })
    await expect(readAccountFile(content.subarray(0, 100))).rejects.toThrow(/SQLite database cannot be read/)
  })

  test.each<[string, unknown, object[]]>([
    ['an array of objects and texts', [{ token: access }, refresh], [{ access }, { refresh }]],
    ['JSON lines', `{"token":"${access}"}\n\n# a remark\r\n{"refreshToken":"${refresh}"}`, [{ access }, { refresh }]],
    [
      'one token a line',
      `Bearer ${access}\n${refresh}\noaistb_rt_abcdefgh`,
      [{ access }, { refresh }, { refresh: 'oaistb_rt_abcdefgh' }],
    ],
    ['one text of JSON', JSON.stringify(access), [{ access }]],
    [
      'accounts by their name',
      { accounts: { ann: { token: access }, bob: { token: access } } },
      [{ place: 'accounts.ann' }, { place: 'accounts.bob' }],
    ],
    [
      'objects by their name',
      { ann: { access_token: access }, x: { accessToken: access } },
      [{ place: 'ann' }, { place: 'x' }],
    ],
    [
      'a session of the web page',
      { user: { email: 'x@example.com' }, accessToken: access },
      [{ access, email: 'x@example.com' }],
    ],
    [
      'tokens with Bearer in front',
      { token: `Bearer  ${access}`, refresh_token: `bearer ${refresh}` },
      [{ access, refresh }],
    ],
    ['a refresh token where an access token should be', { token: refresh }, [{ refresh }]],
  ])('%s', async (_, content, drafts) => {
    const got = await read(content)
    expect(got.problems).toEqual([])
    expect(got.drafts).toMatchObject(drafts)
  })

  test('Windows: UTF-16 with its mark, or UTF-8 with one', async () => {
    const json = JSON.stringify(files.codex)
    const le = Buffer.from(`\uFEFF${json}`, 'utf16le')
    const be = Buffer.from(le).swap16()
    for (const content of [le, be, Buffer.from(`\uFEFF${json}`)]) {
      expect((await read(new Uint8Array(content))).drafts).toMatchObject([{ access }])
    }
  })

  test.each([
    [{ access_token: 'A', token: 'B' }, 'B'],
    [{ accessToken: 'A', access_token: 'B' }, 'B'],
    [{ tokens: { access_token: 'B', accessToken: 'A' } }, 'B'],
    [{ credentials: { token: 'A', accessToken: 'B' } }, 'B'],
    [{ credentials: { access_token: 'A' }, tokens: { accessToken: 'B' } }, 'B'],
  ])('tokens under several names: %j', async (shape, wanted) => {
    const token = (letter: string) => accessToken({ account: `ws-${letter}` })
    const text = JSON.stringify(shape).replace(/"(A|B)"/g, (_, letter: string) => JSON.stringify(token(letter)))
    expect((await read(text)).drafts).toMatchObject([{ access: token(wanted) }])
  })

  test('labels are cut to 64 characters, and a note beside a label is one', async () => {
    const { drafts } = await read({ token: access, name: '夜'.repeat(70), note: 'paid by ann' })
    expect(drafts).toMatchObject([{ label: '夜'.repeat(64), note: 'paid by ann' }])
    expect((await read({ token: access, note: 'only a note' })).drafts[0]).toMatchObject({ label: 'only a note' })
  })
})

describe('what is no ChatGPT login says so, and what to do', () => {
  test.each<[string, unknown, { place: string; message: RegExp }[]]>([
    ['an API key', 'sk-proj-abcdefghijkl', [{ place: 'line 1', message: /API key.*providers add openai/ }]],
    ['an API key as a token', [{ token: 'sk-abcdefghijkl' }], [{ place: '[0]', message: /API key/ }]],
    ['an API key in a field', [{ apiKey: 'sk-abcdefghijkl' }], [{ place: '[0]', message: /API key/ }]],
    ['an auth.json with a key', { OPENAI_API_KEY: 'sk-abcdefghijkl' }, [{ place: '', message: /API key/ }]],
    [
      'an auth.json of another mode',
      [{ auth_mode: 'agentIdentity', tokens: {} }],
      [{ place: '[0]', message: /agentIdentity/ }],
    ],
    [
      'other platforms of sub2api',
      {
        type: 'sub2api-data',
        accounts: [{ platform: 'anthropic', type: 'oauth', credentials: { access_token: 'x' } }],
      },
      [{ place: 'accounts[0]', message: /platform "anthropic".*providers add/ }],
    ],
    [
      'another kind of CLIProxyAPI',
      { type: 'claude', access_token: 'abcdefghijk', refresh_token: refresh },
      [{ place: '', message: /kind "claude"/ }],
    ],
    [
      'other providers of opencode',
      { anthropic: { type: 'oauth', refresh: 'x', access: 'y', expires: 1 }, groq: { type: 'api', key: 'z' } },
      [
        { place: 'anthropic', message: /kind "anthropic"/ },
        { place: 'groq', message: /kind "groq".*providers add/ },
      ],
    ],
    [
      'an object without a token',
      [{ email: 'ann@example.com' }],
      [{ place: '[0]', message: /no access token and no refresh token/ }],
    ],
    ['a token of nobody', ['abcdefghijklmnop'], [{ place: '[0]', message: /do not name a ChatGPT account/ }]],
    [
      'a number',
      [7, null],
      [
        { place: '[0]', message: /no JSON object and no token/ },
        { place: '[1]', message: /no JSON object/ },
      ],
    ],
    ['an empty list', { accounts: [] }, [{ place: '', message: /list is empty/ }]],
    ['nothing', '', [{ place: '', message: /it is empty/ }]],
    [
      'a file that was cut',
      JSON.stringify(files.codexProxy, null, 2).slice(0, 200),
      [{ place: '', message: /damaged or cut off/ }],
    ],
    [
      'prose',
      'hello there\nfriend',
      [
        { place: 'line 1', message: /no JSON object/ },
        { place: 'line 2', message: /no JSON object/ },
      ],
    ],
  ])('%s', async (_, content, problems) => {
    const got = await read(content)
    expect(got.drafts).toEqual([])
    expect(got.problems).toEqual(
      problems.map(({ place, message }) => ({ place, message: expect.stringMatching(message) as string })),
    )
    expect(JSON.stringify(got.problems)).not.toContain('abcdefgh')
  })

  test('good entries are taken beside bad ones', async () => {
    const { drafts, problems } = await read([{}, { token: access }])
    expect([drafts.length, problems.length]).toEqual([1, 1])
  })
})

describe('our own file', () => {
  const own = { type: 'dragoman-accounts', version: 1, accounts: [{ token: access, accountId: 'ws-1' }] }

  test('sealed opens with its passphrase alone', async () => {
    const sealed = JSON.stringify({
      type: 'dragoman-accounts',
      version: 1,
      sealed: await sealWithPassphrase(JSON.stringify(own), 'correct horse', 'dragoman-accounts'),
    })
    expect(isSealedAccountFile(sealed)).toBe(true)
    expect(isSealedAccountFile(JSON.stringify(own))).toBe(false)
    await expect(readAccountFile(sealed)).rejects.toMatchObject({ code: 'sealed' })
    await expect(readAccountFile(sealed, { passphrase: 'wrong horse' })).rejects.toMatchObject({
      code: 'wrong_passphrase',
    })
    expect((await readAccountFile(sealed, { passphrase: 'correct horse' })).drafts).toHaveLength(1)
  })

  test.each([
    ['of a later version', { ...own, version: 2 }, 'newer_version'],
    ['without a list', { ...own, accounts: {} }, 'damaged'],
    ['too long', { ...own, accounts: Array.from({ length: 10_001 }, () => 0) }, 'too_many'],
  ])('%s is refused', async (_, file, code) => {
    await expect(readAccountFile(JSON.stringify(file))).rejects.toMatchObject({ code })
  })

  test('tells what is wrong with an entry, and takes the rest', async () => {
    const accounts = [
      { token: access, accountId: 'ws-1', weight: -1 },
      { token: 7 },
      { ...own.accounts[0], groups: ['acc_1'], note: 'n' },
    ]
    const { drafts, problems } = await read({ ...own, accounts })
    expect(problems).toMatchObject([
      { place: 'accounts[0]', message: /^weight is missing or not what it should be/ },
      { place: 'accounts[1]', message: /^token is missing/ },
      { place: 'accounts[2].groups', message: /cannot be the name of a group.*the rest of the entry was taken/ },
    ])
    expect(drafts).toMatchObject([{ place: 'accounts[2]', note: 'n' }])
  })
})

describe('whatever the file is, nothing but a told problem comes of it', () => {
  test.each([
    ['too large', new Uint8Array(64 * 1024 * 1024 + 1), 'too_large'],
    ['too many lines', `${access}\n`.repeat(10_001), 'too_many'],
    ['too long a list', JSON.stringify(Array.from({ length: 10_001 }, () => 0)), 'too_many'],
    ['no text', new Uint8Array([0xff, 0x00, 0x80]), 'not_text'],
    ['zeros', '\0'.repeat(9), 'not_text'],
  ])('%s', async (_, content, code) => {
    await expect(readAccountFile(content)).rejects.toMatchObject({ code })
  })

  const db = new Sqlite(':memory:')
  db.exec('create table accounts (id, data)')
  db.prepare('insert into accounts values (1, ?)').run(JSON.stringify(files.codexProxy.accounts[0]))
  const own = {
    type: 'dragoman-accounts',
    version: 1,
    accounts: [{ token: access, accountId: 'ws-1', quota: { windows: {}, at: 1 } }],
  }
  const seeds = [...Object.values(files), own].map((file) => Buffer.from(JSON.stringify(file)))
  seeds.push(Buffer.from(`${access}\n${refresh}`), Buffer.from(db.serialize()))
  db.close()

  test('a byte here and there changed, cut, or said twice', async () => {
    const change = fc.record({
      at: fc.nat(),
      byte: fc.integer({ min: 0, max: 255 }),
      how: fc.constantFrom('set', 'cut', 'double'),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...seeds),
        fc.array(change, { minLength: 1, maxLength: 6 }),
        async (seed, changes) => {
          let bytes = Buffer.from(seed)
          for (const { at, byte, how } of changes) {
            const place = at % Math.max(1, bytes.length)
            if (how === 'set') bytes[place] = byte
            else if (how === 'cut') bytes = bytes.subarray(0, place)
            else
              bytes = Buffer.concat([
                bytes.subarray(0, place),
                bytes.subarray(0, Math.min(place, 64)),
                bytes.subarray(place),
              ])
          }
          await readOrTold(bytes)
        },
      ),
      { numRuns: 600 },
    )
  })

  test('any JSON under the names that are looked for', async () => {
    const name = fc.constantFrom(
      ...[
        'token',
        'refresh_token',
        'tokens',
        'access_token',
        'accounts',
        'data',
        'type',
        'credentials',
        'platform',
        'usage',
      ],
      ...[
        'cachedQuota',
        'rate_limit',
        'used_percent',
        'label',
        'proxyId',
        'proxyName',
        'version',
        'sealed',
        'quota',
        '__proto__',
      ],
    )
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom<unknown>(
          access,
          refresh,
          'oauth',
          'openai',
          'dragoman-accounts',
          'global',
          null,
          true,
          1,
          -1,
          1e300,
          '',
        ),
        fc.string(),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(name, tie('tree'), { maxKeys: 5 }),
      ),
    }))
    await fc.assert(
      fc.asyncProperty(tree, async (value) => readOrTold(Buffer.from(JSON.stringify(value) ?? 'null'))),
      { numRuns: 1500 },
    )
  })
})

async function readOrTold(bytes: Uint8Array): Promise<void> {
  try {
    const { drafts, problems } = await readAccountFile(bytes)
    for (const draft of drafts) expect(draft.access ?? draft.refresh).toBeDefined()
    expect(drafts.length + problems.length).toBeGreaterThan(0)
    const said = problems.map(({ place, message }) => `${place} ${message}`).join('\n')
    expect(said).not.toContain(access.slice(10, 60))
    expect(said).not.toContain(refresh)
  } catch (error) {
    if (!(error instanceof TransferError)) throw error
    expect(error.message).not.toContain(refresh)
  }
}
