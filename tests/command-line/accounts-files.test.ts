import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { expectMistake, oneLineOfJson, openTerminal, type Terminal } from './terminal.js'

let at: Terminal
beforeEach(async () => {
  at = await openTerminal()
})
afterEach(() => at.close())

const PASS = { env: { PASS: 'correct horse battery' } }
const list = async () => oneLineOfJson(await at.run('accounts', 'list', '--json')) as { id: string; email: string }[]
const write = (name: string, content: unknown): string => {
  const file = join(at.home, name)
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}
/** Entries as codex-proxy keeps them. */
const entriesOf = (...emails: string[]) =>
  emails.map((email) => {
    const { accessToken, refreshToken } = at.account(email)
    return {
      token: accessToken,
      refreshToken,
      label: email.split('@')[0],
      usage: { request_count: 3, input_tokens: 7 },
    }
  })
const otherHome = () => {
  const home = join(at.home, 'elsewhere')
  mkdirSync(home, { recursive: true })
  return { HOME: home, DRAGOMAN_HOME: home }
}

describe('accounts import', () => {
  test('takes many, tells of each, and is content with what it knows', async () => {
    const file = write('accounts.json', {
      accounts: [...entriesOf('ann@example.com', 'bob@example.com'), { email: 'x' }],
    })
    const said = await at.run('accounts', 'import', file)
    expect(said.code).toBe(1)
    expect(said.out).toMatch(
      /^added +accounts\[0\]: ann \(acc_\w+\)\nadded +accounts\[1\]: bob \(acc_\w+\)\n2 added, 0 updated, 0 unchanged\.\n$/,
    )
    expect(said.err).toBe(
      'accounts[2]: it holds no access token and no refresh token: nothing was taken of it\n' +
        'dragoman: 1 could not be taken, see above; the others were\n',
    )
    const again = await at.run('accounts', 'import', file, '--json')
    expect(JSON.parse(again.out)).toMatchObject({
      dryRun: false,
      added: 0,
      unchanged: 2,
      failed: 1,
      entries: [{ place: 'accounts[0]', outcome: 'unchanged', name: 'ann' }, { outcome: 'unchanged' }],
      problems: [{ place: 'accounts[2]' }],
    })
    expect(at.simulator.requests).toEqual([])
  })

  test('--dry-run says what would happen, and nothing does', async () => {
    const [ann, bob] = entriesOf('ann@example.com', 'bob@example.com')
    await at.run('accounts', 'import', write('ann.json', ann))
    const carol = at.account('carol@example.com')
    const file = write('accounts.json', [ann, bob, { ...ann, label: 'work' }, carol.refreshToken])
    const said = await at.run('accounts', 'import', file, '--dry-run')
    expect(said).toMatchObject({ code: 0, err: '' })
    expect(said.out).toMatch(
      /^unchanged +\[0\]: ann \(acc_\w+\)\nwould add +\[1\]: bob\nnot known +\[3\]: whose it is .*\nunchanged +\[2\]: .*the same login as \[0\]\nWould be: 1 added, 0 updated, 2 unchanged, 1 not known\.\n$/,
    )
    expect(await list()).toHaveLength(1)
    expect(at.simulator.requests).toEqual([])
    expect((await at.run('accounts', 'import', write('bob.json', bob), '--dry-run')).out).toBe('would add  bob\n')
  })

  test('redeems a refresh token from the environment or standard input, never from the arguments', async () => {
    const [ann, bob] = [at.account('ann@example.com'), at.account('bob@example.com')]
    const env = { RT: ann.refreshToken, AT: bob.accessToken }
    expect((await at.runWith({ env }, 'accounts', 'add', '--refresh-token-env', 'RT', '--label', 'work')).out).toMatch(
      /^Added work \(acc_/,
    )
    const said = await at.runWith(
      { env, stdin: `${bob.refreshToken}\n` },
      'accounts',
      'add',
      '--token-env',
      'AT',
      '--refresh-token-stdin',
      '--json',
    )
    expect(oneLineOfJson(said)).toMatchObject({
      outcome: 'added',
      account: { email: 'bob@example.com', status: 'active' },
    })
    expect(at.simulator.counters).toMatchObject({ refreshes: 1, reuses: 0 })
    expect((await at.runWith({ stdin: bob.accessToken }, 'accounts', 'add', '-')).out).toMatch(
      /^Already up to date: bob@/,
    )
    expect((await at.runWith({ stdin: bob.accessToken }, 'accounts', 'add', '--token-stdin')).out).toMatch(/^Already/)
    expectMistake(await at.run('accounts', 'add', '--token-env', 'NONE'), 1, /variable NONE is not set/)
    expectMistake(await at.run('accounts', 'add', 'x', '--token-env', 'AT'), 2, /a file or a token/)
    expectMistake(
      await at.run('accounts', 'add', '--token-stdin', '--refresh-token-stdin'),
      2,
      /one of them on standard input/,
    )
    expectMistake(await at.run('accounts', 'add', '--token-stdin', '--token-env', 'AT'), 2, /each token in one way/)
  })

  test('renews an access token that has ended', async () => {
    const ann = at.simulator.addAccount({ email: 'ann@example.com', accessExpiresInSeconds: -60 })
    at.secrets.add(ann.refreshToken)
    const file = write('auth.json', ann.authJson)
    expect((await at.run('accounts', 'import', file)).out).toMatch(/^Added ann@example\.com/)
    expect(at.simulator.counters).toMatchObject({ refreshes: 1, reuses: 0 })
    expect(await list()).toMatchObject([{ email: 'ann@example.com', status: 'active' }])
    // The file's refresh token is spent now.
    expect((await at.run('accounts', 'import', file)).out).toMatch(/^Already up to date/)
    expect(at.simulator.counters).toMatchObject({ refreshes: 1, reuses: 0 })
  })

  test.each(['delete', 'wal'])(
    'reads the SQLite file of codex-proxy while it is open, journal mode %s',
    async (mode) => {
      const db = new Sqlite(join(at.home, 'accounts.sqlite'))
      try {
        db.pragma(`journal_mode = ${mode}`)
        db.exec('create table accounts (id text, data text)')
        for (const [n, one] of entriesOf('ann@example.com', 'bob@example.com').entries()) {
          db.prepare('insert into accounts values (?, ?)').run(String(n), JSON.stringify(one))
        }
        const said = await at.run('accounts', 'import', join(at.home, 'accounts.sqlite'))
        expect(said).toMatchObject({ code: 0, err: '' })
        expect(said.out).toMatch(/2 added, 0 updated/)
      } finally {
        db.close()
      }
    },
  )

  test.each([
    [['--label', 'x'], 2, /--label names one account; there are 2/],
    [['--link', '--dry-run'], 2, /--link or --dry-run/],
  ])('%j is refused', async (options, code, why) => {
    const file = write('accounts.json', entriesOf('ann@example.com', 'bob@example.com'))
    expectMistake(await at.run('accounts', 'import', file, ...options), code as 1 | 2, why)
  })
})

describe('accounts export', () => {
  beforeEach(async () => {
    await at.run('accounts', 'import', write('in.json', { accounts: entriesOf('ann@example.com', 'bob@example.com') }))
  })
  const out = () => join(at.home, 'out.json')

  test('is sealed, for the owner alone, and makes the same accounts elsewhere', async () => {
    await at.run('proxies', 'add', 'socks5h://u:secret-word@proxy.example.com:1080', '--name', 'hk')
    await at.run('proxies', 'pin', 'ann', 'hk')
    at.secrets.add('secret-word')
    const said = await at.runWith(PASS, 'accounts', 'export', '--passphrase-env', 'PASS', '--output', out())
    expect(said).toEqual({ code: 0, out: `Wrote 2 accounts to ${out()}.\n`, err: '' })
    expect(statSync(out()).mode & 0o777).toBe(0o600)
    for (const secret of at.secrets) expect(readFileSync(out(), 'utf8')).not.toContain(secret)
    const elsewhere = otherHome()
    expectMistake(await at.runWith({ env: elsewhere }, 'accounts', 'import', out()), 2, /sealed: name its passphrase/)
    expectMistake(
      await at.runWith(
        { env: { ...elsewhere, PASS: 'wrong horse' } },
        'accounts',
        'import',
        out(),
        '--passphrase-env',
        'PASS',
      ),
      1,
      /passphrase does not open it/,
    )
    const there = { env: { ...elsewhere, ...PASS.env } }
    expect((await at.runWith(there, 'accounts', 'import', out(), '--passphrase-env', 'PASS')).out).toMatch(/2 added/)
    const pins = oneLineOfJson(await at.runWith(there, 'proxies', 'pins', '--json'))
    expect(pins).toMatchObject([{ proxyName: 'hk' }])
    const [one, two] = [join(at.home, '1.json'), join(at.home, '2.json')]
    await at.run('accounts', 'export', 'ann', 'bob', '--plain', '--output', one)
    await at.runWith(there, 'accounts', 'export', 'ann', 'bob', '--plain', '--output', two)
    expect(readFileSync(two, 'utf8')).toBe(readFileSync(one, 'utf8'))
  })

  test('in the open only when it is said, with a remark, and never over a file', async () => {
    expectMistake(await at.run('accounts', 'export'), 2, /--passphrase-env or --passphrase-stdin, or say --plain/)
    expectMistake(await at.runWith(PASS, 'accounts', 'export', '--plain', '--passphrase-env', 'PASS'), 2, /passphrase/)
    const said = await at.run('accounts', 'export', 'ann', '--format', 'codex', '--plain', '--output', out())
    expect(said).toMatchObject({
      code: 0,
      err: 'remark: the logins stand in it for everybody to read; keep it safe and remove it soon\n',
    })
    expect(JSON.parse(readFileSync(out(), 'utf8'))).toMatchObject({
      auth_mode: 'chatgpt',
      tokens: { account_id: expect.any(String) as string },
    })
    expectMistake(
      await at.run('accounts', 'export', '--plain', '--output', out()).then(withoutRemarks),
      1,
      /is there already/,
    )
  })

  test.each(['full', 'minimal', 'codex_proxy', 'cockpit_tools', 'cpa', 'sub2api'])(
    '%s is read again',
    async (format) => {
      await at.run('accounts', 'export', '--format', format, '--plain', '--output', out())
      const said = await at.run('accounts', 'import', out(), '--json')
      expect(oneLineOfJson(said)).toMatchObject({ added: 0, unchanged: 2, failed: 0 })
      expect(at.simulator.requests).toEqual([])
    },
  )

  test.each([
    [['--format', 'xml', '--plain'], 2, /--format is one of full, minimal/],
    [['--format', 'cpa', '--passphrase-env', 'PASS'], 1, /form cpa cannot be sealed/],
    [['--format', 'cpa'], 2, /cannot be sealed, so say --plain/],
    [['nobody', '--plain'], 1, /there is no account nobody/],
    [['--format', 'codex', '--plain'], 1, /holds one account: name one/],
    [['--passphrase-stdin'], 1, /no passphrase on standard input/],
  ])('%j is refused', async (options, code, why) => {
    expectMistake(await at.runWith(PASS, 'accounts', 'export', ...options, '--output', out()), code as 1 | 2, why)
    expect(existsSync(out())).toBe(false)
  })

  test('with nobody to export says so', async () => {
    const said = await at.runWith({ env: otherHome() }, 'accounts', 'export', '--plain', '--output', out())
    expectMistake(said, 1, /no account yet; sign in: dragoman login/)
  })
})

const withoutRemarks = <S extends { err: string }>(said: S): S => ({
  ...said,
  err: said.err.replace(/^remark: .*\n/gm, ''),
})
