import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { expectMistake, oneLineOfJson, openTerminal, type Terminal } from './terminal.js'

const SECRET = 'hunter2-do-not-tell'
let at: Terminal
beforeEach(async () => {
  at = await openTerminal()
  at.secrets.add(SECRET)
  await at.run('accounts', 'import', at.account('ann@example.com').file)
})
afterEach(() => at.close())

const cookies = (...argv: string[]) => at.run('accounts', 'cookies', 'ann@example.com', ...argv)
const set = (stdin: string) => at.runWith({ stdin }, 'accounts', 'cookies', 'ann@example.com', 'set', '--stdin')

describe('cookies of an account', () => {
  test('are read from standard input, told by their names, and taken away', async () => {
    expect((await cookies()).out).toBe('ann@example.com has no cookies of yours.\n')
    expect((await set(`cf_clearance=${SECRET}`)).out).toBe('ann@example.com has a cookie of yours: cf_clearance.\n')
    expect((await set('other=1\nthird=3')).out).toBe(
      'ann@example.com has 3 cookies of yours: cf_clearance, other, third.\n',
    )
    expect(oneLineOfJson(await cookies('--json'))).toMatchObject({ cookies: ['cf_clearance', 'other', 'third'] })
    expect((await cookies('clear', 'other')).out).toMatch(/2 cookies of yours: cf_clearance, third/)
    expectMistake(await cookies('clear', 'other'), 1, /no cookie of yours called other/)
    expect((await cookies('clear')).out).toMatch(/no cookies of yours/)
  })

  test('are imported from a file, without those of other sites; what is set already stays', async () => {
    await set('mine=1')
    const file = join(at.home, 'cookies.txt')
    const line = (domain: string, name: string) => `${domain}\tTRUE\t/\tTRUE\t0\t${name}\t${SECRET}\n`
    writeFileSync(
      file,
      `# Netscape HTTP Cookie File\n${line('127.0.0.1', 'cf_clearance')}${line('.bank.example', 'session')}`,
    )
    expect((await cookies('import', file)).out).toBe('ann@example.com has 2 cookies of yours: mine, cf_clearance.\n')
    const stdin = JSON.stringify({ mine: '2' })
    expect((await at.runWith({ stdin }, 'accounts', 'cookies', 'ann@example.com', 'import', '-')).out).toMatch(
      /2 cookies/,
    )
  })

  test('go with its requests', async () => {
    await set(`cf_clearance=${SECRET}`)
    await at.run('accounts', 'quota', 'ann@example.com', '--refresh')
    const asked = at.simulator.requests.findLast(({ path }) => path.endsWith('/usage'))
    expect(asked?.headers['cookie']).toBe(`cf_clearance=${SECRET}`)
  })

  test.each<[string[], 1 | 2, RegExp]>([
    [['set', `cf_clearance=${SECRET}`], 2, /stay in the history of your shell; use set --stdin or import/],
    [['set'], 2, /say --stdin/],
    [['clear', '--stdin'], 2, /--stdin goes with set/],
    [['import'], 2, /name one file, or - for standard input/],
    [['import', '/nope/cookies.txt'], 1, /there is no file \/nope\/cookies\.txt/],
    [['eat'], 2, /'act'.* set, import, clear/],
  ])('a mistake: %j', async (argv, code, why) => {
    expectMistake(await cookies(...argv), code, why)
  })

  test('what cannot be sent is refused by its name', async () => {
    expectMistake(await set(`a=${SECRET} and more`), 1, /cookie 1 \(a\) has a value that no cookie can have/)
    expectMistake(await set(SECRET), 1, /cookie 1 has no "="/)
    expectMistake(await set(''), 1, /there is no cookie in it/)
    expect(oneLineOfJson(await cookies('--json'))).toMatchObject({ cookies: [] })
  })
})
