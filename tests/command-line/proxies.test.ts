import { readFileSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { join } from 'node:path'
import { createServer as createSocksServer } from '@pondwader/socks5-server'
import { Server as HttpProxy } from 'proxy-chain'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { expectMistake, oneLineOfJson, openTerminal, type Terminal } from './terminal.js'

interface Listed {
  id: string
  name: string
  url: string
  state: string
  exitAddress?: string
  owners: string[]
}

let at: Terminal
const closing: (() => Promise<unknown>)[] = []
beforeEach(async () => {
  at = await openTerminal()
  at.secrets.add('s3cr3t')
})
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
  await at.close()
})

const list = async () => oneLineOfJson(await at.run('proxies', 'list', '--json')) as Listed[]
const pins = async () => oneLineOfJson(await at.run('proxies', 'pins', '--json')) as { owner: string; choice: string }[]
const good = async (...argv: string[]) => {
  const said = await at.run('proxies', ...argv)
  expect(said).toMatchObject({ code: 0, err: '' })
  return said.out
}
async function accounts(...emails: string[]): Promise<string[]> {
  const ids: string[] = []
  for (const email of emails) {
    const said = await at.run('accounts', 'import', at.account(email).file, '--json')
    ids.push((oneLineOfJson(said) as { account: { id: string } }).account.id)
  }
  return ids
}
async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => new Promise((resolve) => server.close(resolve)))
  return (server.address() as AddressInfo).port
}

describe('proxies add', () => {
  test('takes a proxy in and never shows its password', async () => {
    expect(await good('add', 'socks5h://ann:s3cr3t@proxy.example.com:1080', '--name', 'hk')).toMatch(
      /^Added hk \((prx_\w+)\): socks5h:\/\/ann:\*\*\*@proxy\.example\.com:1080\nCheck it: dragoman proxies check \1\n$/,
    )
    expect(await good('add', 'proxy.example.com:8080:bob:s3cr3t')).toMatch(/^Added proxy\.example\.com:8080 /)
    expect(await good('list')).toMatch(
      /^ID +NAME +ADDRESS +STATE .*\nprx_\w+ +hk +socks5h:\/\/ann:\*\*\*@proxy\.example\.com:1080 +unchecked\n/,
    )
    expect(await list()).toMatchObject([{ name: 'hk' }, { url: 'http://bob:***@proxy.example.com:8080' }])
    expect(readFileSync(join(at.home, 'dragoman.db')).includes('s3cr3t')).toBe(false)
  })

  test('gives a known one a new password, by standard input', async () => {
    const add = (stdin: string, ...more: string[]) =>
      at.runWith({ stdin }, 'proxies', 'add', 'http://ann@proxy.example.com:8080', '--password-stdin', ...more)
    expect((await add('s3cr3t\n')).out).toMatch(/^Added /)
    expect((await add('s3cr3t')).out).toMatch(/^Already up to date: /)
    expect((await add('s3cr3t-2', '--json')).out).toMatch(/^\{"outcome":"updated"/)
    expect(await list()).toHaveLength(1)
    expect(await good('export')).not.toContain('password:')
    at.secrets.clear()
    expect(await good('export', '--with-passwords')).toContain('password: s3cr3t-2\n')
  })

  test.each([
    [['nonsense'], 2, /this is no proxy: it is no URL/],
    [['ftp://ann:s3cr3t@proxy.example.com:1'], 2, /the protocol is none of http, https, socks5, socks5h/],
    [['http://ann:s3cr3t%@proxy.example.com:1'], 2, /%25/],
    [['proxy.example.com:1', '--protocol', 'socks4'], 2, /--protocol takes http, https, socks5, socks5h/],
    [['proxy.example.com:1', '--name', ' '], 2, /--name takes a name/],
    [['proxy.example.com:1', '--name', 'direct'], 1, /a proxy cannot be called "direct"/],
    [['proxy.example.com:1', '--password-stdin'], 2, /no password/],
  ] as const)('%j is a mistake', async (argv, code, why) => {
    expectMistake(await at.run('proxies', 'add', ...argv), code, why)
    expect(await list()).toEqual([])
  })

  test('a host of this machine or its network is allowed first, in config.yaml, whose comments stay', async () => {
    const config = join(at.home, 'config.yaml')
    writeFileSync(config, '# mine\nupstream:\n  allowed_private_hosts: [nas.local] # at home\n')
    for (const host of ['127.0.0.1', 'localhost', '10.0.0.8', '[::1]', 'squid', '0x7f.1']) {
      expectMistake(
        await at.run('proxies', 'add', `http://${host}:3128`),
        1,
        /lies on this machine or in its network; .*--allow-private/,
      )
    }
    expect(await list()).toEqual([])
    await good('add', 'http://[::1]:3128', '--allow-private')
    await good('add', 'socks5h://10.0.0.8:1080', '--allow-private')
    // It is allowed now.
    await good('add', 'http://ann:s3cr3t@10.0.0.8:1080')
    await good('add', 'http://nas.local:3128')
    const text = readFileSync(config, 'utf8')
    expect(text).toMatch(/^# mine\n/)
    expect(text).toContain('# at home')
    expect(oneLineOfJson(await at.run('config', 'get', 'upstream.allowed_private_hosts', '--json'))).toEqual([
      'nas.local',
      '[::1]:3128',
      '10.0.0.8:1080',
    ])
    const over = { env: { DRAGOMAN_UPSTREAM_ALLOWED_PRIVATE_HOSTS: 'nas.local' } }
    expect((await at.runWith(over, 'proxies', 'add', 'http://10.0.0.9:1', '--allow-private')).err).toMatch(
      /wins over the file/,
    )
  })
})

describe('proxies import', () => {
  test('takes the good lines, names the bad ones, and merges what it knows', async () => {
    const file = join(at.home, 'proxies.txt')
    writeFileSync(
      file,
      ['# bought', 'a.example.com:1080:ann:s3cr3t', 'oops s3cr3t', 'http://b.example.com:80#B', 'a.example.com:1080:ann:s3cr3t', '127.0.0.1:9'].join('\n'), // prettier-ignore
    )
    const said = await at.run('proxies', 'import', file, '--protocol', 'socks5h')
    expect(said.out).toBe('2 added, 0 updated, 0 unchanged, 1 said twice.\n')
    expect(said.err).toMatch(/^line 3: it is no URL.*\n127\.0\.0\.1:9 lies on this machine.*--allow-private.*\ndragoman: 2 could not be taken, see above; the others were\n$/) // prettier-ignore
    expect(said.code).toBe(1)
    expect((await list()).map(({ name, url }) => [name, url])).toEqual([
      ['a.example.com:1080', 'socks5h://ann:***@a.example.com:1080'],
      ['B', 'http://b.example.com:80'],
    ])
    const again = await at.run('proxies', 'import', file, '--protocol', 'socks5h', '--json')
    expect(JSON.parse(again.out)).toMatchObject({ added: 0, unchanged: 2, duplicates: 1, problems: [/line 3/, /127/].map((p) => expect.stringMatching(p)) }) // prettier-ignore
  })

  test('reads what export wrote, from standard input', async () => {
    await good('add', 'https://ann:s3cr3t@a.example.com:443', '--name', 'one: #1')
    await good('add', 'socks5://[2001:db8::1]:1080', '--allow-private')
    await good('disable', 'one: #1')
    const before = await list()
    at.secrets.clear()
    const yaml = await good('export', '--with-passwords')
    expect((await at.runWith({ stdin: yaml }, 'proxies', 'import', '-')).out).toBe('0 added, 0 updated, 2 unchanged.\n')
    for (const { id } of before) await good('remove', id)
    expect((await at.runWith({ stdin: yaml }, 'proxies', 'import', '-')).out).toBe('2 added, 0 updated, 0 unchanged.\n')
    expect((await list()).map(({ id: _, ...rest }) => rest)).toEqual(before.map(({ id: _, ...rest }) => rest))
    expect(await good('export', '--with-passwords')).toBe(yaml)
  })

  test('of what is no file', async () => {
    expectMistake(await at.run('proxies', 'import', '/nope/proxies.txt'), 1, /there is no file \/nope\/proxies\.txt/)
    expectMistake(await at.run('proxies', 'import', at.home), 1, /is no list of proxies/)
  })
})

test('is switched off and on, found by name, id or the beginning of the id, and removed', async () => {
  await good('add', 'http://a.example.com:1', '--name', 'one')
  const [one] = await list()
  expect(await good('disable', 'one')).toBe(`Disabled one (${one!.id}).\n`)
  expect(await list()).toMatchObject([{ state: 'disabled' }])
  expect(await good('enable', one!.id.slice(0, -2))).toMatch(/^Enabled one/)
  for (const verb of ['enable', 'disable', 'remove', 'check']) {
    expectMistake(await at.run('proxies', verb, 'two'), 1, /there is no proxy two; dragoman proxies list shows all/)
  }
  expectMistake(await at.run('proxies', 'remove', 'http://ann:s3cr3t@a.example.com:1'), 1, /no proxy of that name/)
  expectMistake(await at.run('proxies', 'remove', 'a.example.com:1:ann:s3cr3t'), 1, /no proxy of that name/)
  expect(await good('remove', one!.id)).toMatch(/^Removed one/)
  expect(await list()).toEqual([])
})

describe('proxies check', () => {
  let env: Record<string, string>
  beforeEach(async () => {
    const web = createHttpServer((_, reply) => reply.end('198.51.100.7\n'))
    const port = await listen(web)
    closing.push(async () => web.closeAllConnections())
    env = { DRAGOMAN_PROXY_CHECK_URL: `http://127.0.0.1:${port}/` }
  })

  async function httpProxy(): Promise<number> {
    const proxy = new HttpProxy({
      port: 0,
      host: '127.0.0.1',
      prepareRequestFunction: ({ username, password }) => ({
        requestAuthentication: username !== 'ann' || password !== 's3cr3t',
      }),
    })
    await proxy.listen()
    closing.push(() => proxy.close(true))
    return proxy.port
  }
  async function socksProxy(): Promise<number> {
    const proxy = createSocksServer({ auth: { username: 'ann', password: 's3cr3t' } })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    const inner = Reflect.get(proxy, 'server') as Server
    closing.push(async () => proxy.close())
    return (inner.address() as AddressInfo).port
  }
  async function deadPort(): Promise<number> {
    const server = createServer()
    const port = await listen(server)
    await closing.pop()!()
    return port
  }

  test('goes through real proxies and tells which work', async () => {
    const [http, socks, dead] = [await httpProxy(), await socksProxy(), await deadPort()]
    await good('add', `http://ann:s3cr3t@127.0.0.1:${http}`, '--name', 'http', '--allow-private')
    await good('add', `socks5h://ann:s3cr3t@127.0.0.1:${socks}`, '--name', 'socks', '--allow-private')
    const both = await at.runWith({ env }, 'proxies', 'check', '--all')
    expect(both).toMatchObject({ code: 0, err: '' })
    expect(both.out).toMatch(/^good {2}http: 198\.51\.100\.7 \(\d+ ms\)\ngood {2}socks: 198\.51\.100\.7 \(\d+ ms\)\n$/)

    await good('add', `http://eve:s3cr3t@127.0.0.1:${http}`, '--name', 'wrong http', '--allow-private')
    await good('add', `socks5://ann:wrong-s3cr3t@127.0.0.1:${socks}`, '--name', 'wrong socks', '--allow-private')
    await good('add', `http://127.0.0.1:${dead}`, '--name', 'dead', '--allow-private')
    const said = await at.runWith({ env }, 'proxies', 'check')
    expect(said.code).toBe(1)
    expect(said.out).toMatch(/^bad {3}wrong http: the proxy wrong http refused the login\nbad {3}wrong socks: .*login\nbad {3}dead: .*cannot be reached/m) // prettier-ignore
    expect(said.err).toBe('dragoman: 3 of 5 checks went wrong: wrong http, wrong socks, dead\n')
    expect((await list()).map(({ name, state }) => `${name} ${state}`)).toEqual([
      'http good',
      'socks good',
      'wrong http unreachable',
      'wrong socks unreachable',
      'dead unreachable',
    ])
    expect(await good('list')).toMatch(/ +good +198\.51\.100\.7 +\d+\n/)
    const json = await at.runWith({ env }, 'proxies', 'check', 'dead', '--json')
    expect(json.code).toBe(1)
    expect(JSON.parse(json.out)).toMatchObject([{ name: 'dead', ok: false }])
  })

  test('of none, and of one and all', async () => {
    expect(await good('check', '--all')).toMatch(/^No proxy yet/)
    expectMistake(await at.run('proxies', 'check', 'x', '--all'), 2, /name one proxy, or say --all/)
    await good('add', 'http://a.example.com:1')
    await good('disable', 'a.example.com:1')
    expect(await good('check')).toBe('All proxies are disabled.\n')
  })

  test('logins take the pinned way, and never another', async () => {
    const [ann, bob] = await accounts('ann@example.com', 'bob@example.com')
    await good('add', `http://ann:s3cr3t@127.0.0.1:${await httpProxy()}`, '--name', 'works', '--allow-private')
    await good('add', `http://127.0.0.1:${await deadPort()}`, '--name', 'dead', '--allow-private')
    await good('pin', ann!, 'works')
    await good('pin', bob!, 'dead')
    expect((await at.run('accounts', 'refresh', 'ann@example.com')).out).toMatch(/its tokens are new/)
    expect(at.simulator.counters.refreshes).toBe(1)
    const said = await at.run('accounts', 'refresh', 'bob@example.com')
    expect(said).toMatchObject({ code: 1, err: expect.stringMatching(/the proxy dead/) })
    expect(at.simulator.counters.refreshes).toBe(1)
  })
})

describe('pins', () => {
  beforeEach(async () => {
    await good('add', 'http://a.example.com:1', '--name', 'one')
    await good('add', 'http://b.example.com:1', '--name', 'two')
  })

  test('bind accounts, found by id, label or e-mail address', async () => {
    const [ann, bob] = await accounts('ann@example.com', 'bob@example.com')
    expect(await good('pins')).toBe(
      'Nobody is pinned. Pin an account: dragoman proxies pin\nEverybody else goes the way of proxy.default: environment.\n',
    )
    expect(await good('pin', 'ann@example.com', 'one')).toBe('ann@example.com goes through one.\n')
    expect(await good('pin', bob!, 'auto')).toBe('bob@example.com goes through any proxy that works.\n')
    expect(await good('pin', 'login', 'direct')).toBe('login goes direct.\n')
    const [one] = await list()
    expect(await pins()).toEqual([
      { owner: ann, choice: one!.id, proxyName: 'one' },
      { owner: bob, choice: 'auto' },
      { owner: 'login', choice: 'direct' },
    ].sort((a, b) => (a.owner! < b.owner! ? -1 : 1))) // prettier-ignore
    expect(one!.owners).toEqual([ann])
    expect(await good('pins')).toMatch(new RegExp(`^${ann} +ann@example\\.com +through one$`, 'm'))
    expect(await good('unpin', 'ann@example.com')).toBe(
      'ann@example.com goes the way of proxy.default (environment).\n',
    )
    expectMistake(await at.run('proxies', 'unpin', 'ann@example.com'), 1, /ann@example\.com is not pinned/)
  })

  test('to or of nobody are mistakes', async () => {
    await accounts('ann@example.com')
    expectMistake(
      await at.run('proxies', 'pin', 'anne@example.com', 'one'),
      1,
      /there is no account or API key anne@example/,
    )
    expectMistake(await at.run('proxies', 'pin', 'ann@example.com', 'three'), 1, /there is no proxy three/)
    expect(await pins()).toEqual([])
  })

  test('hold a proxy; removed by force it leaves its owners without a way out', async () => {
    const [ann] = await accounts('ann@example.com')
    await good('pin', 'ann@example.com', 'one')
    expectMistake(await at.run('proxies', 'remove', 'one'), 1, new RegExp(`one is the way out of ${ann}; .*--force`))
    expect(await good('remove', 'one', '--force')).toMatch(
      new RegExp(`^Removed one .*\nStill pinned to it, so without any way out: ${ann}\\. They do not go direct\\.`),
    )
    expect(await good('pins')).toMatch(/nowhere: its proxy \(prx_\w+\) was removed/)
    const said = await at.run('accounts', 'refresh', 'ann@example.com')
    expect(said).toMatchObject({ code: 1, err: expect.stringMatching(/which was removed; nothing goes another way/) })
    expect(at.simulator.counters.refreshes).toBe(0)
    expect(await good('unpin', ann!)).toMatch(/goes the way of proxy\.default/)
  })

  test('are spread over proxies in turn', async () => {
    expectMistake(await at.run('proxies', 'spread', 'one'), 1, /there is no account yet/)
    await accounts('ann@example.com', 'bob@example.com', 'carl@example.com')
    expect(await good('spread', 'one', 'two')).toMatch(/through one\..*through two\..*through one\.\n$/s)
    expect(await pins()).toHaveLength(3)
  })
})

test('detect says what it found, or where it looked', async () => {
  expect(await good('detect')).toMatch(
    /^Nothing listens on 127\.0\.0\.1 at 7890, 7897, 10809, 1080, 10808\.\n$|looks like a proxy .*\n {2}dragoman proxies add \w+:\/\/127\.0\.0\.1:\d+ --name local-\d+ --allow-private\n/,
  )
  expect(oneLineOfJson(await at.run('proxies', 'detect', '--json'))).toBeInstanceOf(Array)
})

test.each(['proxies.md', 'proxies.zh-CN.md'])('docs/%s names commands that work', async (page) => {
  const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8')
  const commands = [...text.matchAll(/^npx dragoman ([^#\n]+)/gm)].map(([, command = '']) => command.trim())
  expect(commands).toHaveLength(13)
  const file = join(at.home, 'proxies.txt')
  const [, yaml] = /```yaml\n(.*?)```/s.exec(text) ?? []
  writeFileSync(file, yaml!)
  await accounts('me@example.com')
  for (const command of commands) {
    const argv = command
      .replace(/ [<>] .*$/, '')
      .replace('proxies.txt', file)
      .split(/ +/)
    // The examples are nobody's proxies: asking through them would leave this machine.
    if (argv[1] === 'check') argv.push('--help')
    expect(await at.runWith({ stdin: 's3cr3t' }, ...argv)).toMatchObject({ code: 0, err: '' })
  }
  expect((await list()).map(({ name, url }) => `${name} ${url}`)).toEqual([
    'hk socks5h://proxy.example.com:1080',
    'office http://user:***@proxy.example.com:8080',
    'tokyo socks5://user:***@tokyo.example.com:1080',
    'us.example.com:8080 http://user:***@us.example.com:8080',
    '127.0.0.1:1080 socks5h://127.0.0.1:1080',
  ])
})

test('nothing yet: what to do', async () => {
  expect(await good('list')).toBe('No proxy yet. Add one: dragoman proxies add socks5h://user:password@host:port\n')
  expect(await list()).toEqual([])
})
