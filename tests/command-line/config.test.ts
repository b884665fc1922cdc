import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { expectMistake, oneLineOfJson, openTerminal, type Terminal } from './terminal.js'

let at: Terminal
let path = ''
beforeEach(async () => {
  at = await openTerminal()
  path = join(at.home, 'config.yaml')
})
afterEach(() => at.close())

test('where it is, what is in it, and where each value comes from', async () => {
  expect((await at.run('config', 'path')).out).toBe(`${path}\n`)
  writeFileSync(path, 'server:\n  port: 9000\n')
  const rows = oneLineOfJson(await at.run('config', 'list', '--json')) as { path: string }[]
  const row = (name: string) => rows.find((one) => one.path === name)
  expect(row('server.port')).toMatchObject({ value: 9000, default: 8080, source: 'file', minimum: 0, maximum: 65535 })
  expect(row('auth.issuer')).toMatchObject({ source: 'environment', variable: 'DRAGOMAN_AUTH_ISSUER' })
  expect(row('log.level')).toMatchObject({ value: 'info', source: 'default' })
  const { out } = await at.run('config', 'list')
  expect(out).toMatch(/^SETTING +VALUE +FROM +WHAT IT DOES\n/)
  expect(out).toMatch(/^server\.port +9000 +file +Port to listen on/m)
})

test('get shows the value that is in force', async () => {
  expect((await at.run('config', 'get', 'server.port')).out).toBe('8080\n')
  expect((await at.run('config', 'get', 'model.aliases', '--json')).out).toBe('{}\n')
  const other = { env: { PORT: '7' } }
  expect((await at.runWith(other, 'config', 'get', 'server.port')).out).toBe('7\n')
})

test('set writes the file and keeps the comments; unset takes back', async () => {
  writeFileSync(path, '# mine\nmodel:\n  default: gpt-5.5 # the good one\n')
  expect((await at.run('config', 'set', 'model.default', 'demo')).out).toBe('model.default is set.\n')
  expect((await at.run('config', 'set', 'model.aliases', 'a=b,c=d')).code).toBe(0)
  expect(readFileSync(path, 'utf8')).toBe('# mine\nmodel:\n  default: demo # the good one\n  aliases: { a: b, c: d }\n')
  expect((await at.run('config', 'unset', 'model.aliases')).out).toBe('model.aliases is back at its default.\n')
  expect(readFileSync(path, 'utf8')).toBe('# mine\nmodel:\n  default: demo # the good one\n')
})

test('set says when the value is not in force yet, or never will be', async () => {
  expect((await at.run('config', 'set', 'server.port', '9090')).out).toMatch(/takes it over when it is started again/)
  const over = { env: { DRAGOMAN_LOG_LEVEL: 'warn' } }
  expect((await at.runWith(over, 'config', 'set', 'log.level', 'debug')).out).toMatch(
    /But \$DRAGOMAN_LOG_LEVEL is set and wins over the file/,
  )
})

describe('a mistake', () => {
  test.each([
    [['get', 'server.prot'], /server\.prot: there is no such setting; did you mean server\.port\?/],
    [['set', 'server.prot', '1'], /did you mean server\.port\?/],
    [['unset', 'prot'], /there is no such setting/],
    [['set', 'server.port', 'many'], /server\.port: expected number, found "many"/],
    [['set', 'server.port', '70000'], /server\.port: expected number \(.*65535\), found 70000/],
    [['set', 'codex.base_url', 'http://example.com'], /expected an https URL/],
    [['set', 'log.level', 'loud'], /expected trace \| debug/],
  ])('config %j', async (argv, why) => {
    expectMistake(await at.run('config', ...argv), 1, why)
    expect(existsSync(path)).toBe(false)
  })

  test('in the file is told by check and by every command, with line and column', async () => {
    writeFileSync(path, 'server:\n  prot: 1\n')
    const why = /config\.yaml:2:3: server\.prot: there is no such setting; did you mean server\.port\?/
    for (const argv of [['config', 'check'], ['config', 'list'], ['accounts', 'list'], ['status'], ['serve']]) {
      expectMistake(await at.run(...argv), 1, why)
    }
    const said = await at.run('config', 'check', '--json')
    expect(JSON.parse(said.out)).toMatchObject({
      ok: false,
      problems: [{ where: `${path}:2:3`, key: 'server.prot', message: expect.stringContaining('did you mean') }],
    })
    expect(said.code).toBe(1)
  })

  test('several mistakes are a line each', async () => {
    writeFileSync(path, 'server:\n  prot: 1\n  host: 5\n')
    const { err, code } = await at.run('config', 'check')
    expect(err).toMatch(/^(dragoman: \/.*config\.yaml:\d:3: server\.(prot|host): .*\n){2}$/)
    expect(code).toBe(1)
  })

  test('in a flag of serve is wrong usage', async () => {
    expectMistake(await at.run('serve', '--port', 'abc'), 2, /server\.port: expected number, found "abc"/)
    expectMistake(await at.run('serve', '--port', '99999'), 2, /server\.port: expected number/)
    expectMistake(await at.run('serve', '--config', 'log.levle=debug'), 2, /did you mean log\.level\?/)
    expectMistake(await at.run('serve', '--config', 'log.level'), 2, /--config takes setting=value, found log\.level/)
  })
})

test('check: a good file, and a misspelt variable beside it', async () => {
  expect(await at.run('config', 'check')).toEqual({ code: 0, out: `${path} is good.\n`, err: '' })
  expect(oneLineOfJson(await at.run('config', 'check', '--json'))).toEqual({
    ok: true,
    path,
    problems: [],
    remarks: [],
  })
  const misspelt = await at.runWith({ env: { DRAGOMAN_SERVER_PROT: '1' } }, 'config', 'check')
  expect(misspelt.code).toBe(0)
  expect(misspelt.err).toMatch(/^remark: \$DRAGOMAN_SERVER_PROT: .*did you mean DRAGOMAN_SERVER_PORT\?\n$/)
})

describe('the data folder', () => {
  test('cannot be made', async () => {
    writeFileSync(join(at.home, 'file'), '')
    const home = { env: { DRAGOMAN_HOME: join(at.home, 'file/below') } }
    for (const argv of [['accounts', 'list'], ['serve'], ['config', 'get', 'server.port']]) {
      expectMistake(await at.runWith(home, ...argv), 1, /file\/below: .*cannot be made.*\$DRAGOMAN_HOME/)
    }
  })

  test('cannot be written', async () => {
    // Nobody, not even root, makes files there.
    const home = { env: { DRAGOMAN_HOME: '/proc/self' } }
    expectMistake(await at.runWith(home, 'keys', 'create'), 1, /cannot write \/proc\/self\/dragoman\.db/)
    expectMistake(
      await at.runWith(home, 'config', 'set', 'log.level', 'debug'),
      1,
      /config\.yaml: the file cannot be written/,
    )
  })

  test('was written by a newer version: nothing is changed', async () => {
    await at.run('keys', 'create')
    const { default: Database } = await import('better-sqlite3')
    const file = join(at.home, 'dragoman.db')
    const database = new Database(file)
    database.prepare("INSERT INTO schema_migrations VALUES (9999, 'from the future', 0)").run()
    database.close()
    const before = readFileSync(file)
    for (const argv of [['keys', 'list'], ['status'], ['serve', '--port', '0']]) {
      expectMistake(
        await at.run(...argv),
        1,
        /written by a newer Dragoman \(schema 9999, .*update Dragoman.*DRAGOMAN_HOME/,
      )
    }
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  test('holds a database that is none', async () => {
    writeFileSync(
      join(at.home, 'dragoman.db'),
      'this is no database, but it is long enough to look like one'.repeat(200),
    )
    expectMistake(await at.run('accounts', 'list'), 1, /dragoman\.db is damaged: start the server.*or restore/)
  })

  test('was sealed with another key', async () => {
    await at.run('accounts', 'import', at.account('ann@example.com').file)
    const other = { env: { DRAGOMAN_SECRET_KEY: 'another passphrase, long enough' } }
    expectMistake(await at.runWith(other, 'accounts', 'list'), 1, /DRAGOMAN_SECRET_KEY does not open this database/)
  })

  test('has a config.yaml that is a folder', async () => {
    mkdirSync(path)
    expectMistake(await at.run('config', 'check'), 1, /config\.yaml: the file cannot be read/)
  })
})
