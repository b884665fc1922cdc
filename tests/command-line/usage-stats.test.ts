import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStore } from '../../packages/gateway/src/store/index.js'
import { createMeter, priceList } from '../../packages/gateway/src/usage/index.js'
import { recordOf, used } from '../../packages/gateway/src/usage/record.test-kit.js'
import { expectMistake, oneLineOfJson, openTerminal, type Terminal } from './terminal.js'

let at: Terminal
let key: { id: string }
beforeEach(async () => {
  at = await openTerminal()
  key = oneLineOfJson(await at.run('keys', 'create', '--json', '--name', '=laptop', '--budget-usd-day', '5')) as {
    id: string
  }
  const prices = priceList()
  const store = await openStore({ home: at.home })
  let now = Date.now()
  const log = { info: () => undefined, warn: () => undefined }
  const meter = createMeter({ rows: store.usage, prices: () => prices, log, now: () => now })
  const asked = { keyId: key.id, ttftMs: 900, durationMs: 2_000 }
  meter.add(recordOf({ ...asked, usage: used(100_000, 20_000, 50_000) }))
  meter.add(
    recordOf({ ...asked, upstreamModel: 'mystery', provider: 'house', candidateId: 'ak_1', usage: used(1_000, 10) }),
  )
  now -= 40 * 86_400_000
  meter.add(recordOf({ ...asked, usage: used(7, 7) }))
  await meter.close()
  await store.close()
})
afterEach(() => at.close())

test('a table by model, with a total', async () => {
  const { out } = await at.run('usage')
  const lines = out.trimEnd().split('\n')
  expect(lines[0]).toMatch(/^MODEL +REQUESTS +FAILED +INPUT +CACHED +OUTPUT +COST +FIRST TOKEN$/)
  expect(lines[1]).toMatch(/^codex:gpt-5\.5 +1 +0 +100,000 +50,000 +20,000 +\$0\.88 +0\.\d s$/)
  expect(lines[2]).toMatch(/^house:mystery +1 +0 +1,000 +0 +10 +\$0\.00 \+ 1 without price +0\.\d s$/)
  expect(lines[3]).toMatch(/^total +2 +0 +101,000 +50,000 +20,010 +\$0\.88 \+ 1 without price/)
})

test.each([
  ['account', ['acc_1']],
  ['key', ['ak_1']],
  ['provider', ['codex', 'house']],
])('by %s', async (by, groups) => {
  const told = oneLineOfJson(await at.run('usage', '--by', by, '--json')) as { rows: { group: string }[] }
  expect(told.rows.map(({ group }) => group)).toEqual(groups)
})

test('by client, as a spreadsheet reads it', async () => {
  const { out } = await at.run('usage', '--by', 'client', '--csv')
  expect(out).toMatch(/^group,name,input_tokens,output_tokens,cached_tokens,/)
  expect(out).toContain(`\r\n${key.id},'=laptop,101000,20010,50000,`)
})

test('by day, of all time', async () => {
  const told = oneLineOfJson(await at.run('usage', '--by', 'day', '--since', 'all', '--json')) as {
    from: null
    rows: { group: string; request_count: number }[]
    total: object
  }
  expect(told.from).toBeNull()
  expect(told.rows.map(({ request_count: count }) => count)).toEqual([1, 2])
  expect(told.rows[0]?.group).toMatch(/^\d{4}-\d{2}-\d{2}$/)
  expect(told.total).toMatchObject({ request_count: 3, unpriced_request_count: 1 })
})

test('a key shows what it has used, until it is reset', async () => {
  expect((await at.run('keys', 'list')).out).toMatch(/ 3 requests, \$0\.88 +\$0\.88\/\$5 a day$/m)
  expect((await at.run('keys', 'limits', key.id, '--reset-usage')).out).toBe(`${key.id} (=laptop): $0.00/$5 a day.\n`)
  expect((await at.run('keys', 'list')).out).toMatch(/ 0 requests, \$0\.00 +\$0\.00\/\$5 a day$/m)
  expect((await at.run('usage', '--by', 'client')).out).toContain('101,000')
})

test.each([
  [['--by', 'colour'], /--by takes model, account, key, client, program, provider, day/],
  [['--since', 'yesterday'], /--since takes how long ago/],
  [['--since', '0d'], /--since takes/],
  [['--since', '2999-01-01'], /--since takes/],
  [['--json', '--csv'], /choose one of --json and --csv/],
])('usage %j is wrong usage', async (options, why) => {
  expectMistake(await at.run('usage', ...options), 2, why)
})

test.each(['usage.md', 'usage.zh-CN.md'])('docs/%s names commands that work', async (page) => {
  const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8')
  const commands = [...text.matchAll(/^npx dragoman ([^#\n>]+)/gm)].map(([, command = '']) =>
    command.trim().split(/ +/),
  )
  expect(commands.length).toBeGreaterThan(8)
  for (const command of commands) expect(await at.run(...command), command.join(' ')).toMatchObject({ code: 0 })
})
