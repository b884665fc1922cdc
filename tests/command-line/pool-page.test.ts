import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openTerminal, type Terminal } from './terminal.js'

let at: Terminal
beforeEach(async () => {
  at = await openTerminal()
})
afterEach(() => at.close())

function read(page: string): string {
  return readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8')
}

function commandsIn(text: string): string[][] {
  return [...text.matchAll(/^npx dragoman ([^#\n]+)/gm)].map(([, command = '']) => command.trim().split(/ +/))
}

test.each(['pool.md', 'pool.zh-CN.md'])('docs/%s names commands that work', async (page) => {
  const commands = commandsIn(read(page))
  expect(commands.length).toBeGreaterThan(10)
  const { file } = at.account('me@example.com')
  await at.run('accounts', 'import', file, '--label', 'work')
  const gateway = at.start(['serve', '--port', '0'])
  await gateway.says(/http:\/\/127\.0\.0\.1:\d+/)
  try {
    for (const argv of commands) expect({ argv, ...(await at.run(...argv)) }).toMatchObject({ code: 0, err: '' })
  } finally {
    gateway.signal()
    await gateway.done
  }
})

test('the pages tell the same', () => {
  const [english, chinese] = [read('pool.md'), read('pool.zh-CN.md')]
  expect(commandsIn(chinese)).toEqual(commandsIn(english))
  const named = (text: string): string[] => [...text.matchAll(/`([\w./:-]+)`/g)].map(([, name = '']) => name).sort()
  expect([...new Set(named(chinese))]).toEqual([...new Set(named(english))])
  const figures = (text: string): string[] =>
    [...text.slice(text.search(/^## (?:Measured|测量)/m)).matchAll(/\| [\d. %]+(?= \|)/g)].map(([one]) => one)
  expect(figures(chinese)).toEqual(figures(english))
})
