import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { expectMistake, oneLineOfJson, openTerminal, type Terminal } from './terminal.js'

let at: Terminal
beforeEach(async () => {
  at = await openTerminal()
})
afterEach(() => at.close())

interface Listed {
  id: string
  email: string
  label?: string
  status: string
  plan: string
}
const list = async () => oneLineOfJson(await at.run('accounts', 'list', '--json')) as Listed[]

describe('accounts import', () => {
  test('takes a login over, without any network, and says so once more when it is known', async () => {
    const { file } = at.account('ann@example.com')
    const offline = {
      env: { DRAGOMAN_AUTH_ISSUER: 'http://127.0.0.1:1', DRAGOMAN_CODEX_BASE_URL: 'http://127.0.0.1:1' },
    }
    expect((await at.runWith(offline, 'accounts', 'import', file)).out).toMatch(
      /^Added ann@example\.com \(acc_\w+\)\.\n$/,
    )
    expect((await at.runWith(offline, 'accounts', 'import', file)).out).toMatch(/^Already up to date: ann@example/)
    expect(await list()).toMatchObject([{ email: 'ann@example.com', status: 'active', plan: 'plus' }])
    expect(at.simulator.requests).toEqual([])
  })

  test('reads standard input, gives a label, answers in JSON; add is another word for it', async () => {
    const { authJson } = at.account('ann@example.com')
    const said = await at.runWith(
      { stdin: JSON.stringify(authJson) },
      'accounts',
      'add',
      '-',
      '--label',
      'work',
      '--json',
    )
    expect(oneLineOfJson(said)).toMatchObject({
      outcome: 'added',
      account: { label: 'work', email: 'ann@example.com' },
    })
  })

  test('without a file takes the Codex CLI login of this machine; --link follows it', async () => {
    const { authJson } = at.account('ann@example.com')
    expectMistake(
      await at.run('accounts', 'import'),
      1,
      /no login of a Codex CLI at .*\.codex\/auth\.json; .*dragoman login/,
    )
    mkdirSync(join(at.home, '.codex'))
    writeFileSync(join(at.home, '.codex/auth.json'), JSON.stringify(authJson))
    expect((await at.run('accounts', 'import', '--link')).out).toMatch(/^Added ann/)
    expect((await at.run('accounts', 'list')).out).toMatch(/active \(linked\)/)
    const elsewhere = { env: { CODEX_HOME: join(at.home, 'nowhere') } }
    expectMistake(await at.runWith(elsewhere, 'accounts', 'import'), 1, /nowhere\/auth\.json/)
  })

  test('a folder means the auth.json in it', async () => {
    const { authJson } = at.account('ann@example.com')
    mkdirSync(join(at.home, 'codex'))
    expectMistake(
      await at.run('accounts', 'import', join(at.home, 'codex')),
      1,
      /is a folder; name the auth\.json in it/,
    )
    writeFileSync(join(at.home, 'codex/auth.json'), JSON.stringify(authJson))
    expect((await at.run('accounts', 'import', join(at.home, 'codex'))).code).toBe(0)
  })

  test.each([
    ['', /no JSON object: give the auth\.json/],
    ['not json', /no JSON object/],
    ['[1]', /no JSON object/],
    ['null', /no JSON object/],
    ['{}', /holds no access token: run "codex login"/],
    [{ tokens: {} }, /holds no access token/],
    [{ tokens: { access_token: 'nonsense' } }, /do not name a ChatGPT account/],
    [{ OPENAI_API_KEY: 'sk-abcdefghijklmnop' }, /holds an API key, not a ChatGPT login/],
    [{ auth_mode: 'apikey', OPENAI_API_KEY: 'sk-abcdefghijklmnop' }, /holds an API key/],
    [{ auth_mode: 'agentIdentity' }, /of the kind "agentIdentity"/],
    [{ auth_mode: 'something\u001b[31mnew' }, /of the unknown kind/],
    ['\u0000'.repeat(2 * 1024 * 1024), /is no auth\.json/],
  ])('a file that is no login: %j', async (content, why) => {
    const file = join(at.home, 'auth.json')
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
    const said = await at.run('accounts', 'import', file)
    expectMistake(said, 1, why)
    expect(said.err).not.toContain('abcdefghijklmnop')
    expect(await list()).toEqual([])
  })

  test('a file that is not there, and one that is none', async () => {
    expectMistake(
      await at.run('accounts', 'import', '/nope/auth.json'),
      1,
      /there is no file \/nope\/auth\.json; .*\.codex/,
    )
    expectMistake(await at.run('accounts', 'import', '/dev/zero'), 1, /\/dev\/zero is no auth\.json/)
    expectMistake(await at.run('accounts', 'import', '-', '--link'), 2, /--link needs a file/)
  })
})

describe('an account that is known', () => {
  beforeEach(async () => {
    await at.run('accounts', 'import', at.account('ann@example.com').file, '--label', 'work')
    await at.run('accounts', 'import', at.account('bob@example.com').file)
  })

  test('is listed for people and for programs', async () => {
    const { out } = await at.run('accounts', 'list')
    expect(out.split('\n')[0]).toMatch(/^ID +NAME +PLAN +STATE +QUOTA +GROUPS +WEIGHT +WAY +LOGIN GOOD UNTIL +WHY$/)
    expect(out).toMatch(/^acc_\w+ +work +plus +active +1 +(?:\d{4}-)?\d\d-\d\d \d\d:\d\d$/m)
    expect(await list()).toMatchObject([{ label: 'work' }, { email: 'bob@example.com' }])
  })

  test.each(['label', 'email', 'id', 'beginning of the id'])('is found by its %s', async (by) => {
    const [ann] = await list()
    const name = { label: 'work', email: 'ann@example.com', id: ann!.id }[by] ?? ann!.id.slice(0, -3)
    expect(await at.run('accounts', 'disable', name)).toEqual({ code: 0, out: 'Disabled work.\n', err: '' })
    expect(await list()).toMatchObject([{ status: 'disabled' }, { status: 'active' }])
    expect((await at.run('accounts', 'enable', name)).out).toBe('Enabled work.\n')
    expect(await list()).toMatchObject([{ status: 'active' }, { status: 'active' }])
  })

  test('is not found by what means none or several', async () => {
    for (const verb of ['enable', 'disable', 'remove', 'refresh', 'check']) {
      expectMistake(
        await at.run('accounts', verb, 'carol'),
        1,
        /there is no account carol; dragoman accounts list shows all/,
      )
    }
    expectMistake(await at.run('accounts', 'remove', 'acc_'), 1, /there is no account acc_/)
    await at.run('accounts', 'import', at.account('eve@example.com').file, '--label', 'work')
    expectMistake(
      await at.run('accounts', 'remove', 'work'),
      1,
      /work means 2 accounts; name one by its id: acc_\w+, acc_/,
    )
  })

  test('is refreshed and checked with the login server; one that cannot be renewed is told', async () => {
    const [ann, bob] = at.simulator.requests.length === 0 ? await list() : []
    expect((await at.run('accounts', 'refresh', 'work')).out).toBe('work: its tokens are new\n')
    expect(at.simulator.counters).toMatchObject({ refreshes: 1, reuses: 0 })
    const good = await at.run('accounts', 'check', '--stagger', '500')
    expect(good).toMatchObject({ code: 0, err: '' })
    expect(good.out).toMatch(/^1\/2 {2}good {2}work \(\d+ ms\)\n2\/2 {2}good {2}bob@example\.com \(\d+ ms\)\n$/)
    const file = JSON.parse(readFileSync(join(at.home, 'bob@example.com.json'), 'utf8')) as {
      tokens: { account_id: string }
    }
    at.simulator.endRefresh(file.tokens.account_id, 'expired')
    const said = await at.run('accounts', 'check', '--stagger', '500', '--concurrency', '1')
    expect(said.code).toBe(1)
    expect(said.out).toMatch(/^1\/2 {2}good {2}work .*\n2\/2 {2}bad {3}bob@example\.com: .+\n$/)
    expect(said.err).toBe('dragoman: 1 of 2 logins could not be renewed: bob@example.com\n')
    const json = await at.run('accounts', 'check', 'bob@example.com', 'work', '--stagger', '500', '--json')
    expect(json.code).toBe(1)
    expect(JSON.parse(json.out)).toMatchObject({
      summary: { total: 2, alive: 1, dead: 1, skipped: 0 },
      results: [
        { id: bob!.id, name: 'bob@example.com', result: 'dead', error: expect.any(String) as string },
        { id: ann!.id, name: 'work', result: 'alive', previousStatus: 'active' },
      ],
    })
    expectMistake(await at.run('accounts', 'refresh', 'bob@example.com'), 1, /^dragoman: bob@example\.com: /)
  })

  test('is not checked while it rests; only one is told without its number', async () => {
    await at.run('accounts', 'disable', 'work')
    expect((await at.run('accounts', 'check', 'work')).out).toBe('left  work: it is switched off\n')
    expect(at.simulator.counters).toMatchObject({ refreshes: 0 })
    for (const [option, value] of [
      ['--stagger', '499'],
      ['--stagger', 'soon'],
      ['--concurrency', '11'],
      ['--concurrency', ''],
    ] as const) {
      expectMistake(await at.run('accounts', 'check', option, value), 2, `${option} takes a number from`)
    }
  })

  test('says what to do when the login server cannot be reached', async () => {
    const offline = { env: { DRAGOMAN_AUTH_ISSUER: 'http://127.0.0.1:1' } }
    expectMistake(await at.runWith(offline, 'accounts', 'refresh', 'work'), 1, /^dragoman: work: .*reach/)
    expect((await list())[0]).toMatchObject({ status: 'active' })
  })

  test('is removed; a copy stays valid where it came from', async () => {
    expect((await at.run('accounts', 'remove', 'work')).out).toBe('Removed work.\n')
    expect(await list()).toMatchObject([{ email: 'bob@example.com' }])
    expect(at.simulator.requests.filter(({ path }) => path.endsWith('/revoke'))).toEqual([])
  })
})

test('what others named cannot drive the terminal', async () => {
  const { file } = at.account('ann@example.com')
  await at.run('accounts', 'import', file, '--label', 'evil\u001b[2J\nname\u202e')
  const { out } = await at.run('accounts', 'list')
  expect(out).toContain('evil\\u001b[2J\\nname\\u202e')
  expect(out.split('\n')).toHaveLength(3)
})

test('nobody yet: what to do', async () => {
  expect((await at.run('accounts', 'list')).out).toBe('No account yet. Sign in: dragoman login\n')
  expect((await at.run('accounts', 'check')).out).toBe('No account yet. Sign in: dragoman login\n')
  expect(await list()).toEqual([])
})
