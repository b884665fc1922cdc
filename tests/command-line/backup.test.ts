import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { expectMistake, openTerminal, type Terminal } from './terminal.js'

let at: Terminal
let elsewhere = ''
let file = ''
beforeEach(async () => {
  at = await openTerminal()
  elsewhere = mkdtempSync(join(tmpdir(), 'dragoman-elsewhere-'))
  file = join(elsewhere, 'all.backup')
})
afterEach(async () => {
  await at.close()
  rmSync(elsewhere, { recursive: true, force: true })
})

const PASS = { PASS: 'correct horse battery' }

test('a backup is put back on another machine: accounts, keys and configuration', async () => {
  const account = at.account('a@example.com')
  await at.run('accounts', 'import', account.file)
  await at.run('config', 'set', 'model.default', 'gpt-5.4')
  expect(await at.runWith({ env: PASS }, 'backup', file, '--passphrase-env', 'PASS')).toMatchObject({
    code: 0,
    err: '',
  })
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readFileSync(file, 'latin1')).not.toContain('example.com')
  expect(readdirSync(at.home).filter((name) => name.endsWith('.tmp'))).toEqual([])

  const home = join(elsewhere, 'new-home')
  const there = { env: { ...PASS, DRAGOMAN_HOME: home, DRAGOMAN_SECRET_KEY: 'the key of the other machine' } }
  expect((await at.runWith(there, 'restore', file, '--passphrase-env', 'PASS')).out).toMatch(/^The data of 20.*\n$/)
  expect((await at.runWith(there, 'accounts', 'list')).out).toContain('a@example.com')
  expect((await at.runWith(there, 'accounts', 'check', '--stagger', '500')).out).toContain('good')
  expect((await at.runWith(there, 'config', 'get', 'model.default')).out).toBe('gpt-5.4\n')
  expect(existsSync(join(home, 'key'))).toBe(false)
})

test('what was there is kept, and nothing is touched when the backup does not open', async () => {
  await at.run('keys', 'create', '--name', 'first')
  await at.runWith({ env: PASS }, 'backup', file, '--passphrase-env', 'PASS')
  await at.run('keys', 'create', '--name', 'second')
  const wrong = await at.runWith({ stdin: 'not the passphrase\n' }, 'restore', file, '--passphrase-stdin')
  expectMistake(wrong, 1, 'the passphrase does not open it')
  expect((await at.run('keys', 'list')).out).toContain('second')

  const { out } = await at.runWith({ env: PASS }, 'restore', file, '--passphrase-env', 'PASS')
  const kept = /kept in (.*)\.\n/.exec(out)?.[1] ?? ''
  expect(readdirSync(kept)).toContain('dragoman.db')
  const list = (await at.run('keys', 'list')).out
  expect(list).toContain('first')
  expect(list).not.toContain('second')
  expect(readdirSync(at.home).filter((name) => name.startsWith('.restore'))).toEqual([])
})

test('mistakes are named', async () => {
  expectMistake(await at.run('backup', file), 2, '--passphrase-env')
  expectMistake(
    await at.runWith({ env: { PASS: 'short' } }, 'backup', file, '--passphrase-env', 'PASS'),
    1,
    'too short',
  )
  expect(existsSync(file)).toBe(false)
  writeFileSync(file, 'mine')
  expectMistake(await at.runWith({ env: PASS }, 'backup', file, '--passphrase-env', 'PASS'), 1, 'is there already')
  expect(readFileSync(file, 'utf8')).toBe('mine')
  expectMistake(await at.runWith({ env: PASS }, 'restore', file, '--passphrase-env', 'PASS'), 1, 'no backup')
  const none = join(elsewhere, 'none')
  expectMistake(await at.runWith({ env: PASS }, 'restore', none, '--passphrase-env', 'PASS'), 1, 'there is no file')
})

test('not over a gateway that runs', async () => {
  const running = at.start(['serve', '--port', '0', '--json'])
  await running.says(/"url"/)
  expect((await at.runWith({ env: PASS }, 'backup', file, '--passphrase-env', 'PASS')).code).toBe(0)
  expectMistake(await at.runWith({ env: PASS }, 'restore', file, '--passphrase-env', 'PASS'), 1, 'stop it first')
  running.signal()
  await running.done
})

test.each(['backup.md', 'backup.zh-CN.md'])('docs/%s names commands that work', async (page) => {
  const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8')
  const commands = [...text.matchAll(/^npx dragoman ([^#\n]+)/gm)].map(([, command = '']) => command.trim())
  expect(commands).toHaveLength(2)
  for (const command of commands) {
    const argv = command.replace('dragoman.backup', file).split(/ +/)
    expect(await at.runWith({ env: PASS }, ...argv)).toMatchObject({ code: 0, err: '' })
  }
})
