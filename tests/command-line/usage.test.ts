import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectMistake, openTerminal, type Terminal } from './terminal.js'

let at: Terminal
beforeAll(async () => {
  at = await openTerminal()
})
afterAll(() => at.close())

const COMMANDS = [
  'serve',
  'demo',
  'login',
  'accounts',
  'accounts list',
  'accounts show',
  'accounts import',
  'accounts export',
  'accounts label',
  'accounts note',
  'accounts group',
  'accounts weight',
  'accounts limit',
  'accounts converge',
  'accounts enable',
  'accounts disable',
  'accounts remove',
  'accounts refresh',
  'accounts check',
  'accounts quota',
  'accounts quota-back',
  'accounts reset-credits',
  'accounts reset-usage',
  'accounts cookies',
  'keys',
  'keys create',
  'keys limits',
  'keys list',
  'keys revoke',
  'models',
  'pool',
  'providers',
  'providers add',
  'providers disable',
  'providers edit',
  'providers enable',
  'providers export',
  'providers import',
  'providers list',
  'providers models',
  'providers presets',
  'providers remove',
  'providers show',
  'providers test',
  'proxies',
  'proxies list',
  'proxies add',
  'proxies remove',
  'proxies enable',
  'proxies disable',
  'proxies check',
  'proxies detect',
  'proxies import',
  'proxies export',
  'proxies pin',
  'proxies unpin',
  'proxies pins',
  'proxies spread',
  'config',
  'config path',
  'config check',
  'config list',
  'config get',
  'config set',
  'config unset',
  'status',
  'usage',
  'explain',
  'events',
  'webhook',
  'webhook secret',
  'webhook test',
  'open',
  'password',
  'password set',
  'password clear',
  'backup',
  'restore',
]

/** A command with arguments, or with options of its own that take a value. */
function takesWords(help: string): boolean {
  return !help.includes('Commands:') && (/^Usage: .*\[options\] [<[]/m.test(help) || /^ {2}--\w+ </m.test(help))
}

describe('--help', () => {
  test('names every command, gives examples and the exit codes', async () => {
    const { code, out, err } = await at.run('--help')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    for (const name of COMMANDS.filter((one) => !one.includes(' ')))
      expect(out).toMatch(new RegExp(`^  ${name}\\b`, 'm'))
    expect(out).toMatch(/Examples:[\s\S]*Exit codes: 0 good, 1 it did not work, 2 wrong usage/)
  })

  test('every command that is listed here exists, and no other', async () => {
    const found: string[] = []
    const namesIn = (help: string) =>
      [...(/Commands:\n([\s\S]*?)(\n\n|$)/.exec(help)?.[1] ?? '').matchAll(/^ {2}([\w-]+)/gm)].map((match) => match[1]!)
    for (const name of namesIn((await at.run('--help')).out)) {
      if (name === 'help') continue
      found.push(name)
      for (const inner of namesIn((await at.run(name, '--help')).out)) {
        if (inner !== 'help') found.push(`${name} ${inner}`)
      }
    }
    expect(found.sort()).toEqual([...COMMANDS].sort())
  })

  test.each(COMMANDS)('dragoman %s --help', async (command) => {
    const { code, out, err } = await at.run(...command.split(' '), '--help')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain(`Usage: dragoman ${command}`)
    if (takesWords(out)) expect(out).toMatch(/Examples?:|is named by/)
  })
})

describe('wrong usage: one line that names the thing and where to look, exit code 2', () => {
  test.each([
    ['bogus', /there is no command bogus; dragoman --help shows all/],
    ['stauts', /there is no command stauts; did you mean status\?/],
    ['key list', /there is no command key; did you mean keys\?/],
    ['serve now', /serve takes options only, found now/],
    ['serve --prot 1', /unknown option '--prot' \(did you mean --port\?\); see dragoman serve --help/],
    ['--prot 1', /unknown option '--prot'/],
    ['serve --port', /option '--port <port>' argument missing; see dragoman serve --help/],
    ['demo now', /too many arguments for 'demo'.*; see dragoman demo --help/],
    ['accounts frob', /unknown command 'frob'; see dragoman accounts --help/],
    ['accounts lst', /unknown command 'lst' \(did you mean list\?\); see dragoman accounts --help/],
    ['accounts list --bogus', /unknown option '--bogus'; see dragoman accounts list --help/],
    ['accounts list all', /too many arguments/],
    ['accounts remove', /name accounts, or say --group/],
    ['accounts add a b', /too many arguments .*see dragoman accounts import --help/],
    ['keys revoke', /missing required argument 'key'/],
    ['config set server.port', /missing required argument 'value'/],
    ['config docs --language fr', /--language takes en or zh-CN/],
    ['models --frob', /unknown option '--frob'/],
  ])('dragoman %s', async (line, why) => {
    expectMistake(await at.run(...line.split(' ')), 2, why)
  })

  test.each(['accounts', 'keys', 'config'])('dragoman %s alone shows its commands', async (group) => {
    const { code, out, err } = await at.run(group)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(`Usage: dragoman ${group}`)
  })
})

test('a stack, with its cause, only with --debug, wherever that stands', async () => {
  for (const argv of [
    ['--debug', 'accounts', 'import', '/nope'],
    ['accounts', 'import', '/nope', '--debug'],
  ]) {
    const said = at.start(argv)
    // That there are stacks is what the terminal of the other tests would complain about.
    await expect(said.done).rejects.toThrow()
    expect(said.err).toMatch(/^dragoman: CommandError: there is no file \/nope;.*\n +at /)
    expect(said.err).toMatch(/\ncaused by Error: ENOENT/)
  }
})

test('--version', async () => {
  expect(await at.run('--version')).toEqual({ code: 0, out: '0.0.0-test\n', err: '' })
})
