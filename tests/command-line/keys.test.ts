import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { expectMistake, oneLineOfJson, openTerminal, type Terminal } from './terminal.js'

let at: Terminal
beforeEach(async () => {
  at = await openTerminal()
})
afterEach(() => at.close())

interface Made {
  id: string
  name: string
  key: string
}
const create = async (...options: string[]) => {
  const made = oneLineOfJson(await at.run('keys', 'create', '--json', ...options)) as Made
  return made
}
const list = async () => oneLineOfJson(await at.run('keys', 'list', '--json')) as { id: string; state: string }[]

test('a key is shown once, and never again', async () => {
  const { out } = await at.run('keys', 'create', '--name', 'laptop')
  const [, key, id] = /^(dgm-[0-9A-Za-z]{43})\nKeep it now: .* dragoman keys revoke (key_\w+)\n$/.exec(out) ?? []
  at.secrets.add(key!)
  expect((await at.run('keys', 'list')).out).toMatch(
    new RegExp(`^${id} +laptop +dgm-\\w{4} +\\d{4}-\\d\\d-\\d\\d +valid +all +default +no +nothing +none$`, 'm'),
  )
  expect(await list()).toMatchObject([{ id, name: 'laptop', state: 'valid' }])
  expect((await at.run('status')).out).toContain('Client keys: 1\n')
})

test('a key may end, and may be for some models only', async () => {
  const { id } = await create('--models', ' demo, ,gpt-5.5 ', '--expires', '0.5')
  expect(await list()).toMatchObject([
    { id, allowedModels: ['demo', 'gpt-5.5'], state: 'valid', expiresAt: expect.any(Number) },
  ])
  expect((await at.run('keys', 'list')).out).toMatch(/valid until \d{4}-\d\d-\d\d +demo, gpt-5\.5 +default/)
})

test.each([
  [
    ['--default-tools', 'web_search,image_generation'],
    ['web_search', 'image_generation'],
    'web_search, image_generation',
  ],
  [['--default-tools', ' image_generation ,image_generation'], ['image_generation'], 'image_generation'],
  [['--default-tools', 'none'], [], 'none'],
])('a key may bring tools of its own: %j', async (options, defaultTools, shown) => {
  const made = await create(...options)
  expect(made).toMatchObject({ defaultTools })
  expect(await list()).toMatchObject([{ defaultTools }])
  expect((await at.run('keys', 'list')).out).toMatch(
    new RegExp(`^${made.id} .* all +${shown} +no +nothing +none$`, 'm'),
  )
})

test('a key may be strict', async () => {
  const { id } = await create('--strict')
  const [made] = await list()
  expect(made).toMatchObject({ strict: true })
  expect(made).not.toHaveProperty('defaultTools')
  expect((await at.run('keys', 'list')).out).toMatch(new RegExp(`^${id} .* default +yes +nothing +none$`, 'm'))
})

test.each(['requests.md', 'requests.zh-CN.md'])('docs/%s names commands that work', async (page) => {
  const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8')
  const commands = [...text.matchAll(/^npx dragoman ([^#\n]+)/gm)].map(([, command = '']) => command.trim().split(/ +/))
  expect(commands.map(([name]) => name)).toEqual(['config', 'keys', 'keys', 'keys'])
  for (const command of commands) expect(await at.run(...command)).toMatchObject({ code: 0 })
  expect(await list()).toMatchObject([
    { name: 'research', defaultTools: ['web_search'] },
    { name: 'plain', defaultTools: [] },
    { name: 'careful', strict: true },
  ])
})

test('is revoked by its id, its name, or the key itself', async () => {
  const [one, two, three] = [
    await create('--name', 'one'),
    await create('--name', 'two'),
    await create('--name', 'three'),
  ]
  expect((await at.run('keys', 'revoke', one.id)).out).toBe(`Revoked ${one.id} (one).\n`)
  expect((await at.run('keys', 'revoke', 'two')).out).toBe(`Revoked ${two.id} (two).\n`)
  expect((await at.run('keys', 'revoke', three.key)).out).toBe(`Revoked ${three.id} (three).\n`)
  expect((await list()).map(({ state }) => state)).toEqual(['revoked', 'revoked', 'revoked'])
  expectMistake(
    await at.run('keys', 'revoke', one.id),
    1,
    /there is no key .* that could be revoked; dragoman keys list/,
  )
  expectMistake(await at.run('keys', 'revoke', three.key), 1, /dgm-\[redacted\]/)
  expect((await at.run('status')).out).toContain('Client keys: none; make one: dragoman keys create\n')
})

test('a name that means several keys revokes none', async () => {
  await create('--name', 'twin')
  await create('--name', 'twin')
  expectMistake(await at.run('keys', 'revoke', 'twin'), 1, /twin means 2 keys; name one by its id: key_/)
  expect((await list()).map(({ state }) => state)).toEqual(['valid', 'valid'])
})

test.each([
  [['--expires', 'soon'], /--expires takes a number of days/],
  [['--expires', '-1'], /--expires takes/],
  [['--expires', ''], /--expires takes/],
  [['--expires', '1e300'], /--expires takes/],
  [['--models', ' , '], /--models takes names/],
  [['--default-tools', ''], /--default-tools takes web_search, image_generation, comma separated, or none/],
  [['--default-tools', 'none,web_search'], /--default-tools takes/],
  [['--default-tools', 'web_seach'], /--default-tools takes/],
  [['--name', ' '], /--name takes a name/],
  [['--budget-usd-day', '0'], /--budget-usd-day takes a number above 0, e\.g\. 2\.50, or none/],
  [['--budget-usd-total', 'much'], /--budget-usd-total takes/],
  [['--tokens-month', '1.5'], /--tokens-month takes a whole number above 0/],
  [['--rpm', ''], /--rpm takes/],
  [['--max-concurrent', '-1'], /--max-concurrent takes/],
  [['--accounts', ' , '], /--accounts takes ids of accounts or names of groups/],
])('keys create %j is wrong usage', async (options, why) => {
  expectMistake(await at.run('keys', 'create', ...options), 2, why)
  expect(await list()).toEqual([])
})

test('a key may have budgets, rates and accounts of its own, and they can be changed', async () => {
  const { id } = await create(
    ...['--name', 'guest', '--budget-usd-day', '2.5', '--tokens-total', '1000', '--rpm', '20', '--max-concurrent', '2'],
    ...['--accounts', 'team, acc_1,team'],
  )
  expect(await list()).toMatchObject([
    {
      id,
      limits: { budgetUsd: { day: 2.5 }, tokens: { total: 1000 }, requestsPerMinute: 20, maxConcurrent: 2 },
      accounts: ['team', 'acc_1'],
      used: null,
    },
  ])
  expect((await at.run('keys', 'list')).out).toContain('$0.00/$2.5 a day, 0/1000 tokens in all, 20 a minute, 2 at once')
  expect((await at.run('keys', 'limits', 'guest', '--tokens-total', 'none', '--budget-usd-month', '50')).out).toBe(
    `${id} (guest): $0.00/$2.5 a day, $0.00/$50 a month, 20 a minute, 2 at once. Only these accounts serve it: team, acc_1.\n`,
  )
  const all = ['--budget-usd-day', 'none', '--budget-usd-month', 'none', '--rpm', 'none', '--max-concurrent', 'none']
  expect((await at.run('keys', 'limits', 'guest', ...all, '--accounts', 'all')).out).toBe(`${id} (guest): no limits.\n`)
  const [made] = await list()
  expect(made).not.toHaveProperty('limits')
  expect(made).not.toHaveProperty('accounts')
  expectMistake(await at.run('keys', 'limits', 'nobody'), 1, /there is no key nobody that could be changed/)
  expectMistake(await at.run('keys', 'limits', 'guest', '--rpm', 'x'), 2, /--rpm takes a whole number above 0/)
})

test('nothing yet: what to do', async () => {
  expect((await at.run('keys', 'list')).out).toBe('No client key yet. Make one: dragoman keys create --name laptop\n')
})
