import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { oneLineOfJson, openTerminal, type Terminal } from './terminal.js'

let at: Terminal
beforeEach(async () => {
  at = await openTerminal()
})
afterEach(() => at.close())

/** The page without its section about files, which is tested where files are. */
function read(page: string): string {
  const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8')
  return text.replace(/^## (?:Files|文件)[^]*?(?=^## )/m, '')
}

/** What stands at the beginning of a line, and what a sentence names. */
function commandsIn(text: string): string[][] {
  const written = [...text.matchAll(/^npx dragoman ([^#\n]+)/gm), ...text.matchAll(/`npx dragoman ([^`]+)`/g)]
  return written.map(([, command = '']) =>
    [
      ...command
        .replace(/ < .*$/, '')
        .trim()
        .matchAll(/"([^"]*)"|(\S+)/g),
    ].map(([, quoted, word = '']) => quoted ?? word),
  )
}

test.each(['accounts.md', 'accounts.zh-CN.md'])('docs/%s names commands that work', async (page) => {
  const commands = commandsIn(read(page))
  expect(commands).toHaveLength(30)
  const me = at.account('me@example.com')
  mkdirSync(join(at.home, '.codex'))
  writeFileSync(join(at.home, '.codex/auth.json'), JSON.stringify(me.authJson))
  const cookies = join(at.home, 'cookies.txt')
  writeFileSync(cookies, '127.0.0.1\tTRUE\t/\tTRUE\t0\tcf_clearance\tpassed\n')
  for (const [name, group] of [
    ['other', 'night'],
    ['third', 'old'],
    ['fourth', 'old'],
  ] as const) {
    await at.run('accounts', 'import', at.account(`${name}@example.com`).file)
    await at.run('accounts', 'group', `${name}@example.com`, 'add', group)
  }
  at.simulator.setLimits(me.accountId, { primary: { windowMinutes: 300, capacityTokens: 10 } })
  at.simulator.grantResetCredits(me.accountId)
  for (const argv of commands) {
    // Signing in wants a person.
    if (argv[0] === 'login') argv.push('--help')
    const stdin = argv.includes('--stdin') ? 'cf_clearance=passed' : ''
    const said = await at.runWith({ stdin }, ...argv.map((word) => (word === 'cookies.txt' ? cookies : word)))
    // Of windows that nobody used there is nothing to reset.
    if (argv.includes('--consume'))
      expect(said).toMatchObject({ code: 1, err: expect.stringMatching(/no credit was spent/) as string })
    else expect({ argv, ...said }).toMatchObject({ code: 0, err: '' })
  }
  const left = oneLineOfJson(await at.run('accounts', 'list', '--json')) as object[]
  expect(left).toMatchObject([
    { email: 'other@example.com', status: 'active' },
    { label: 'work', note: 'paid until June', groups: ['night', 'team'], weight: 2, maxConcurrent: 4, converge: true },
  ])
  expect(oneLineOfJson(await at.run('accounts', 'cookies', 'work', '--json'))).toMatchObject({ cookies: [] })
})

test.each(['accounts.md', 'accounts.zh-CN.md'])('docs/%s names files that can be read and written', async (page) => {
  const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8')
  const [files = ''] = /^## (?:Files|文件)[^]*?(?=^## )/m.exec(text) ?? []
  const commands = commandsIn(files)
  expect(commands).toHaveLength(7)
  const [old, alone, fresh] = [
    at.account('old@example.com'),
    at.account('alone@example.com'),
    join(at.home, 'out.json'),
  ]
  writeFileSync(
    join(at.home, 'accounts.json'),
    JSON.stringify({ accounts: [{ token: old.authJson.tokens.access_token, label: 'work' }] }),
  )
  const env = { PASS: 'a long passphrase', TOKEN: alone.authJson.tokens.refresh_token }
  for (const argv of commands) {
    const writes = argv[1] === 'export'
    const words = argv.map((word) =>
      /^(?:accounts|auth)\.json$/.test(word) ? (writes ? `${fresh}.${word}` : join(at.home, word)) : word,
    )
    const said = await at.runWith({ env }, ...words)
    expect({ argv, ...said }).toMatchObject({ code: 0 })
  }
  const list = oneLineOfJson(await at.run('accounts', 'list', '--json')) as object[]
  expect(list).toMatchObject([{ label: 'work' }, { email: 'alone@example.com' }])
  expect(readFileSync(`${fresh}.accounts.json`, 'utf8')).not.toContain(old.authJson.tokens.access_token)
  expect(readFileSync(`${fresh}.auth.json`, 'utf8')).toContain(old.authJson.tokens.access_token)
})

test('the pages tell the same', () => {
  const [english, chinese] = [read('accounts.md'), read('accounts.zh-CN.md')]
  expect(commandsIn(chinese)).toEqual(commandsIn(english))
  const paths = (text: string): string[] =>
    [...text.matchAll(/`(?:GET|POST|PATCH|DELETE) [^`]+`/g)].map(([path]) => path)
  expect(paths(chinese)).toEqual(paths(english))
})
