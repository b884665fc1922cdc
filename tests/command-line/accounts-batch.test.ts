import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { expectMistake, oneLineOfJson, openTerminal, type Terminal } from './terminal.js'

let at: Terminal
let annsAccount: string
beforeEach(async () => {
  at = await openTerminal()
  const ann = at.account('ann@example.com')
  annsAccount = ann.accountId
  await at.run('accounts', 'import', ann.file)
  for (const name of ['bob', 'eve']) await at.run('accounts', 'import', at.account(`${name}@example.com`).file)
  for (const name of ['bob', 'eve']) await at.run('accounts', 'group', `${name}@example.com`, 'add', 'night')
})
afterEach(() => at.close())

const accounts = (...argv: string[]) => at.run('accounts', ...argv)
const states = async () =>
  (oneLineOfJson(await accounts('list', '--json')) as { status: string }[]).map(({ status }) => status)

describe('many accounts at once', () => {
  test('named, of a group, or all; each with its progress', async () => {
    const { code, out, err } = await accounts('disable', 'ann@example.com', 'bob@example.com', 'ann@example.com')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out.split('\n').toSorted()).toEqual([
      '',
      expect.stringMatching(/^1\/2 {2}Disabled /),
      expect.stringMatching(/^2\/2 {2}Disabled /),
    ])
    expect(await states()).toEqual(['disabled', 'disabled', 'active'])
    await accounts('enable', '--all')
    expect(await states()).toEqual(['active', 'active', 'active'])
    await accounts('disable', '--group', 'night')
    expect(await states()).toEqual(['active', 'disabled', 'disabled'])
  })

  test('more than one is removed only when that is said', async () => {
    expectMistake(await accounts('remove', '--group', 'night'), 2, /this removes 2 accounts for good; say --yes/)
    expect(await states()).toHaveLength(3)
    await at.run('proxies', 'pin', 'bob@example.com', 'direct')
    expect((await accounts('remove', '--group', 'night', '--yes')).out).toMatch(
      /^1\/2 {2}Removed .*\n2\/2 {2}Removed .*\n$/,
    )
    expect(await states()).toHaveLength(1)
    expect(oneLineOfJson(await at.run('proxies', 'pins', '--json'))).toEqual([])
    expect((await accounts('remove', 'ann@example.com')).out).toBe('Removed ann@example.com.\n')
    expect((await accounts('remove', '--all', '--yes')).out).toBe('No account yet. Sign in: dragoman login\n')
  })

  test('one that fails stops no other, is named, and makes the exit code 1', async () => {
    at.simulator.endRefresh(annsAccount, 'invalidated')
    const said = await accounts('refresh', '--all')
    expect(said.code).toBe(1)
    expect(said.out.match(/^\d\/3 {2}/gm)?.toSorted()).toEqual(['1/3  ', '2/3  ', '3/3  '])
    expect(said.out).toMatch(/^\d\/3 {2}could not be refreshed: ann@example\.com: .+$/m)
    expect(said.out).toMatch(/^\d\/3 {2}eve@example\.com: its tokens are new$/m)
    expect(said.err).toBe('dragoman: 1 of 3 accounts could not be refreshed: ann@example.com\n')
    const json = await accounts('refresh', 'ann@example.com', 'bob@example.com', '--json')
    expect(json.code).toBe(1)
    expect(JSON.parse(json.out)).toMatchObject([
      { name: 'ann@example.com', ok: false },
      { name: 'bob@example.com', ok: true, message: 'its tokens are new' },
    ])
  })

  test('Ctrl-C begins no other one', async () => {
    at.simulator.script({ at: 'token', token: { beforeCommit: 'go on' } })
    let asked = 0
    const both = at.simulator.nextRequest(({ path }) => path.endsWith('/token') && ++asked === 2)
    const running = at.start(['accounts', 'refresh', '--all'])
    await both
    running.signal()
    at.simulator.openGate('go on')
    const said = await running.done
    expect(said.code).toBe(1)
    expect(said.err).toBe('dragoman: stopped: 2 of 3 were done\n')
  })

  test.each<[string[], 1 | 2, RegExp]>([
    [['enable'], 2, /name accounts, or say --group <name> or --all/],
    [['enable', 'ann@example.com', '--all'], 2, /name accounts, or say/],
    [['disable', '--all', '--group', 'night'], 2, /name accounts, or say/],
    [['disable', '--group', 'day'], 1, /no account is in a group day; there are: night/],
    [['disable', 'ann@example.com', 'carol'], 1, /there is no account carol/],
  ])('a mistake changes nothing: %j', async (argv, code, why) => {
    expectMistake(await accounts(...argv), code, why)
    expect(await states()).toEqual(['active', 'active', 'active'])
  })
})
