import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { expectMistake, oneLineOfJson, openTerminal, type Terminal } from './terminal.js'

let at: Terminal
beforeEach(async () => {
  at = await openTerminal()
  await at.run('accounts', 'import', at.account('ann@example.com').file, '--label', 'work')
})
afterEach(() => at.close())

const accounts = (...argv: string[]) => at.run('accounts', ...argv)
const ann = async () => oneLineOfJson(await accounts('show', 'ann@example.com', '--json')) as Record<string, unknown>

describe('what its owner says of an account', () => {
  test('a label and a note, taken away again', async () => {
    expect(await accounts('label', 'work', 'team one')).toEqual({
      code: 0,
      out: 'team one: label team one.\n',
      err: '',
    })
    expect((await accounts('note', 'team one', 'paid until June')).out).toBe('team one: note paid until June.\n')
    expect(await ann()).toMatchObject({ label: 'team one', note: 'paid until June' })
    expect((await accounts('label', 'team one', '--clear')).out).toBe(
      'ann@example.com: ann@example.com has no label.\n',
    )
    await accounts('note', 'ann@example.com', '--clear')
    const now = await ann()
    expect(now).not.toHaveProperty('label')
    expect(now).not.toHaveProperty('note')
  })

  test('the groups that it is in', async () => {
    expect((await accounts('group', 'work', 'add', 'night', 'team')).out).toBe('work: in night, team.\n')
    expect((await accounts('group', 'work', 'add', 'night')).out).toBe('work: in night, team.\n')
    expect((await accounts('group', 'work', 'remove', 'night', 'other')).out).toBe('work: in team.\n')
    expect((await accounts('group', 'work', 'set', '夜间')).out).toBe('work: in 夜间.\n')
    expect((await accounts('group', 'work', 'set')).out).toBe('work: in no group.\n')
    expect(await ann()).toMatchObject({ groups: [] })
  })

  test('its weight, its limit, and whether it is one session', async () => {
    expect((await accounts('weight', 'work', '0.5')).out).toBe('work: weight 0.5.\n')
    expect((await accounts('limit', 'work', '4')).out).toBe('work: at most 4 open requests.\n')
    expect((await accounts('converge', 'work', 'on')).out).toBe('work: one session upstream for all clients.\n')
    expect(await ann()).toMatchObject({ weight: 0.5, maxConcurrent: 4, converge: true })
    expect((await accounts('limit', 'work', '0')).out).toBe('work: any number of open requests.\n')
    expect((await accounts('limit', 'work', 'default')).out).toMatch(/as many .* as the configuration says/)
    expect((await accounts('converge', 'work', 'off')).code).toBe(0)
    const now = await ann()
    expect(now).toMatchObject({ converge: false })
    expect(now).not.toHaveProperty('maxConcurrent')
  })

  test('is answered in JSON, too', async () => {
    expect(oneLineOfJson(await accounts('weight', 'work', '3', '--json'))).toMatchObject({
      account: { label: 'work', weight: 3 },
    })
  })

  test.each<[string[], 1 | 2, RegExp]>([
    [['label', 'work'], 2, /<text>: say a name to call it by, or --clear/],
    [['label', 'work', 'x', '--clear'], 2, /<text>/],
    [['label', 'work', 'x'.repeat(65)], 2, /a label is one line of at most 64 characters/],
    [['note', 'work', 'two\nlines'], 2, /a note is one line/],
    [['group', 'work', 'add'], 2, /<names>: name the groups/],
    [['group', 'work', 'put', 'x'], 2, /'change'.* add, remove, set/],
    [['group', 'work', 'add', 'a,b'], 2, /"a,b" cannot be the name of a group/],
    [['weight', 'work', '-1'], 2, /unknown option|<n>: a weight is a number from 0 to 1000/],
    [['weight', 'work', 'heavy'], 2, /<n>: a weight is a number from 0 to 1000: 1 is usual/],
    [['weight', 'work', ''], 2, /<n>: a weight/],
    [['limit', 'work', '1.5'], 2, /<n>: a limit of open requests is a whole number/],
    [['converge', 'work', 'maybe'], 2, /'switch'.* on, off/],
    [['weight', 'carol', '1'], 1, /there is no account carol; dragoman accounts list shows all/],
    [['list', '--state', 'tired'], 2, /--state.* active, cooling, exhausted, expired, suspended, disabled/],
    [['list', '--group', 'day'], 1, /no account is in a group day; make one: dragoman accounts group/],
  ])('a mistake names its place: %j', async (argv, code, why) => {
    expectMistake(await accounts(...argv), code, why)
    expect(await ann()).toMatchObject({ label: 'work', weight: 1, groups: [], converge: false })
  })
})

describe('list and show', () => {
  beforeEach(async () => {
    await accounts('import', at.account('bob@example.com').file)
    await accounts('group', 'work', 'set', 'night', 'team')
    await accounts('note', 'bob@example.com', 'Spare one')
    await accounts('disable', 'bob@example.com')
  })
  const names = async (...argv: string[]) =>
    (oneLineOfJson(await accounts('list', '--json', ...argv)) as { email: string }[]).map(({ email }) => email)

  test('only those of a group, in a state, or with a text', async () => {
    expect(await names('--group', 'night')).toEqual(['ann@example.com'])
    expect(await names('--state', 'disabled')).toEqual(['bob@example.com'])
    expect(await names('--search', 'SPARE')).toEqual(['bob@example.com'])
    expect(await names('--search', 'example.com')).toHaveLength(2)
    expect(await names('--state', 'active', '--search', 'bob')).toEqual([])
    expect((await accounts('list', '--state', 'expired')).out).toMatch(/^None of 2 accounts fits/)
    expectMistake(await accounts('list', '--group', 'day'), 1, /no group|group day; there are: night, team/)
  })

  test('tell groups, weight, way out and why one rests', async () => {
    await at.run('proxies', 'pin', 'work', 'direct')
    await accounts('weight', 'work', '2')
    const { out } = await accounts('list')
    expect(out).toMatch(/^acc_\w+ +work +plus +active +night, team +2 +direct +/m)
    expect(out).toMatch(/^acc_\w+ +bob@example\.com +plus +disabled +1 .*Switched off by its owner/m)
    expect(oneLineOfJson(await accounts('list', '--json', '--group', 'team'))).toMatchObject([
      { way: { choice: 'direct' } },
    ])
  })

  test('show tells everything of one, and no token', async () => {
    const { out } = await accounts('show', 'bob@example.com')
    for (const line of [/^e-mail +bob@example\.com$/m, /^note +Spare one$/m, /^requests +0, 0 of them failed$/m]) {
      expect(out).toMatch(line)
    }
    expect(out).toContain('Nothing is known of its quota yet')
    expect(await ann()).toMatchObject({ email: 'ann@example.com', usage: { requests: 0 }, cookies: [] })
    expectMistake(await accounts('show', 'carol'), 1, /no account carol/)
  })
})
