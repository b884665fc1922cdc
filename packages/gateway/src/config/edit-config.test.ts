import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'yaml'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ConfigError, editConfig, loadConfig } from './index.js'

let home = ''
let path = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'dragoman-edit-'))
  path = join(home, 'config.yaml')
})
afterEach(() => {
  rmSync(home, { recursive: true, force: true })
})

const MINE = `# my own notes
server:
  port: 9000 # behind the proxy
  # host: 0.0.0.0

# names
model:
  aliases: { smart: gpt-5.5-high } # inline
  default: "gpt-5.5"
`

describe('one setting is written', () => {
  test('into a file that is not there yet', () => {
    editConfig(home, 'server.port', '9090')
    const text = readFileSync(path, 'utf8')
    expect(text).toMatch(/^# Dragoman\..*\n\n?server:\n {2}port: 9090\n$/)
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  test('and everything else stays as it stands', () => {
    writeFileSync(path, MINE)
    editConfig(home, 'server.port', '9001')
    expect(readFileSync(path, 'utf8')).toBe(MINE.replace('9000', '9001'))
    editConfig(home, 'model.default', 'gpt-5.4')
    expect(readFileSync(path, 'utf8')).toBe(MINE.replace('9000', '9001').replace('"gpt-5.5"', 'gpt-5.4'))
  })

  test('into a section whose settings are commented out; the comments stay', () => {
    writeFileSync(path, '# top\nserver:\n  # port: 1\n  # host: x\ndemo:\n')
    editConfig(home, 'server.port', '9090')
    editConfig(home, 'demo.enabled', 'no')
    const text = readFileSync(path, 'utf8')
    for (const kept of ['# top', '# port: 1', '# host: x']) expect(text).toContain(kept)
    expect(loadConfig({ home, env: {} }).config).toMatchObject({ server: { port: 9090 }, demo: { enabled: false } })
  })

  test('long lines of a person are not folded', () => {
    const long = `model:\n  default: ${'a-long-name '.repeat(20).trim()}\n`
    writeFileSync(path, long)
    editConfig(home, 'server.port', '1')
    expect(readFileSync(path, 'utf8')).toContain(long)
  })

  test('lists and maps are written as such', () => {
    editConfig(home, 'server.cors_origins', 'https://a.example,https://b.example')
    editConfig(home, 'model.aliases', 'smart=gpt-5.5-high')
    const { config } = loadConfig({ home, env: {} })
    expect(config.server.cors_origins).toEqual(['https://a.example', 'https://b.example'])
    expect(config.model.aliases).toEqual({ smart: 'gpt-5.5-high' })
  })

  test('through a link, which stays one, and with the mode that the file has', () => {
    const real = join(home, 'dotfiles.yaml')
    writeFileSync(real, 'server:\n  port: 1\n')
    chmodSync(real, 0o640)
    symlinkSync(real, path)
    editConfig(home, 'server.port', '2')
    expect(lstatSync(path).isSymbolicLink()).toBe(true)
    expect(readFileSync(real, 'utf8')).toBe('server:\n  port: 2\n')
    expect(statSync(real).mode & 0o777).toBe(0o640)
  })
})

describe('whatever the file looks like, it says the new value and everything it said before', () => {
  const FILES = [
    MINE,
    MINE.replaceAll('\n', '\r\n'),
    MINE.trimEnd(),
    'server: # theirs\n    # deep\n    host: 127.0.0.1\n\ndemo: {}\n',
    'server: {host: 127.0.0.1, # why\n  json_depth: 64}\n',
    '{"server":{"host":"127.0.0.1"}}\n',
    '---\nserver:\n  host: 127.0.0.1\n...\n',
    'server:\n  port:\n  host: 127.0.0.1 # last',
    'server:\n  port: # none yet\n    9000\n',
    'server:\n  cors_origins:\n    - https://a.example\n    - https://b.example\n\n# end\n',
    'server: ~\nmodel:\n  aliases:\n    a: b\n',
    '"server":\n  "port": 9000\n',
    'model:\n  default: |-\n    gpt-5.5\n',
    '# nothing but a comment\n',
    '',
  ]
  test.each(FILES)('%j', (text) => {
    const changes = [
      ['server', 'port', '9100', 9100],
      ['server', 'cors_origins', 'https://c.example', ['https://c.example']],
      ['model', 'aliases', 'x=y', { x: 'y' }],
      ['model', 'default', '# no comment: but a name', '# no comment: but a name'],
    ] as const
    for (const [section, key, typed, value] of changes) {
      writeFileSync(path, text)
      const before = (parse(text) ?? {}) as Record<string, Record<string, unknown> | null>
      editConfig(home, `${section}.${key}`, typed)
      const after = readFileSync(path, 'utf8')
      expect(parse(after)).toEqual({ ...before, [section]: { ...before[section], [key]: value } })
      for (const comment of text.match(/# [a-z ]+/g) ?? []) expect(after).toContain(comment)
    }
  })
})

test('a setting is taken out, and nothing else', () => {
  writeFileSync(path, MINE)
  editConfig(home, 'model.aliases', undefined)
  editConfig(home, 'server.port', undefined)
  editConfig(home, 'demo.enabled', undefined)
  const { sources } = loadConfig({ home, env: {} })
  expect([...sources].filter(([, from]) => from === 'file').map(([name]) => name)).toEqual(['model.default'])
  expect(readFileSync(path, 'utf8')).toBe(
    '# my own notes\nserver:\n  # host: 0.0.0.0\n\n# names\nmodel:\n  default: "gpt-5.5"\n',
  )
})

describe('nothing is written', () => {
  test.each([
    ['server.port', '99999', 'expected number'],
    ['server.port', 'many', 'expected number, found "many"'],
    ['server.prot', '1', 'did you mean server.port?'],
    ['client.profile', 'curl', 'expected dragoman | codex_cli'],
    ['codex.base_url', 'http://evil.example', 'expected an https URL'],
  ])('when %s cannot be %s', (name, text, why) => {
    writeFileSync(path, MINE)
    expect(() => editConfig(home, name, text)).toThrow(why)
    expect(readFileSync(path, 'utf8')).toBe(MINE)
    expect(readdirSync(home)).toEqual(['config.yaml'])
  })

  test.each([
    'server: [\n',
    'server: 5\n',
    'serverr: {}\n',
    'demo: !!set {a}\n',
    'log:\n  level; debug\n',
    'log: [level]\n',
    '- log\n',
    'log\n',
  ])('into a file that is wrong already: %j', (text) => {
    writeFileSync(path, text)
    expect(() => editConfig(home, 'log.level', 'debug')).toThrow(ConfigError)
    expect(readFileSync(path, 'utf8')).toBe(text)
  })

  test('where a value would hide behind the environment, the file is judged alone', () => {
    // A port of the environment would make any port of the file look good.
    expect(() => editConfig(home, 'server.port', '-1')).toThrow(ConfigError)
    expect(existsSync(path)).toBe(false)
  })
})
