import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkConfig, ConfigError, configSchema, describeConfig, homeFolder, loadConfig } from './index.js'

let home = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'dragoman-config-'))
})
afterEach(() => {
  rmSync(home, { recursive: true, force: true })
})

const file = (text: string): void => writeFileSync(join(home, 'config.yaml'), text)
const load = (env: Record<string, string> = {}, flags: Record<string, string> = {}) => loadConfig({ home, env, flags })

/** What is wrong, as a person reads it, without the folder. */
function mistakes(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    if (error instanceof ConfigError) return error.message.replaceAll(`${home}/`, '')
    throw error
  }
  return 'nothing'
}

describe('the layers', () => {
  test('without any, all settings are at their defaults', () => {
    const { config, sources } = load()
    expect(config).toEqual(configSchema.parse({}))
    expect(new Set(sources.values())).toEqual(new Set(['default']))
    expect([...sources.keys()]).toEqual(describeConfig().map(({ path }) => path))
  })

  test('go defaults < file < environment < flags, setting by setting', () => {
    file('server:\n  port: 1\n  drain_seconds: 1\n  heartbeat_seconds: 1\n')
    const { config, sources } = load(
      { DRAGOMAN_SERVER_DRAIN_SECONDS: '2', DRAGOMAN_SERVER_HEARTBEAT_SECONDS: '2' },
      { 'server.heartbeat_seconds': '3' },
    )
    expect(config.server).toMatchObject({ port: 1, drain_seconds: 2, heartbeat_seconds: 3, json_depth: 128 })
    const from = ['server.json_depth', 'server.port', 'server.drain_seconds', 'server.heartbeat_seconds']
    expect(from.map((path) => sources.get(path))).toEqual(['default', 'file', 'environment', 'flag'])
  })

  test('PORT and HOST count, and our own names for them count more', () => {
    expect(load({ PORT: '7', HOST: '127.0.0.2' }).config.server).toMatchObject({ port: 7, host: '127.0.0.2' })
    expect(load({ PORT: '7', DRAGOMAN_SERVER_PORT: '8' }).config.server.port).toBe(8)
  })

  test.each([
    ['an empty PORT', { PORT: '' }],
    ['an empty variable of ours', { DRAGOMAN_SERVER_PORT: '', DRAGOMAN_LOG_LEVEL: ' ', DRAGOMAN_CODEX_ENABLED: '' }],
    ['what Kubernetes sets for a service', { DRAGOMAN_SERVER_PORT: 'tcp://10.0.0.1:8080' }],
  ])('%s says nothing', (_, env) => {
    expect(load(env).config).toEqual(configSchema.parse({}))
  })

  test('text becomes what the setting is', () => {
    const { config } = load({
      DRAGOMAN_SERVER_CORS_ORIGINS: 'https://a.example, https://b.example',
      DRAGOMAN_MODEL_ALIASES: 'smart=gpt-5.5-high, quick=gpt-5.4-mini',
      DRAGOMAN_CODEX_COMPRESS_REQUESTS: 'off',
      DRAGOMAN_SERVER_HEARTBEAT_SECONDS: '2.5',
    })
    expect(config.server.cors_origins).toEqual(['https://a.example', 'https://b.example'])
    expect(config.model.aliases).toEqual({ smart: 'gpt-5.5-high', quick: 'gpt-5.4-mini' })
    expect(config.codex.compress_requests).toBe(false)
    expect(config.server.heartbeat_seconds).toBe(2.5)
    expect(load({ DRAGOMAN_MODEL_ALIASES: '{"a=b":"c"}' }).config.model.aliases).toEqual({ 'a=b': 'c' })
  })

  test('a misspelt variable is remarked, the ones of Kubernetes are not', () => {
    const { remarks } = load({
      DRAGOMAN_SERVER_PROT: '1',
      DRAGOMAN_SERVER_SERVICE_HOST: '10.0.0.1',
      DRAGOMAN_SERVER_PORT_8080_TCP_ADDR: '10.0.0.1',
      DRAGOMAN_HOME: home,
      DRAGOMAN_SECRET_KEY: 'x',
    })
    expect(remarks.map(({ where, message }) => `${where}: ${message}`)).toEqual([
      '$DRAGOMAN_SERVER_PROT: there is no such setting; did you mean DRAGOMAN_SERVER_PORT?',
    ])
  })

  test('an empty file, and sections whose settings are all commented out, say nothing', () => {
    file('# mine\nserver:\n  # port: 1\ndemo:\nlog:\n  level:\n')
    expect(load().config).toEqual(configSchema.parse({}))
  })
})

describe('a mistake is told with its place, what was expected and what was found', () => {
  test.each([
    ['server:\n  port: many\n', 'config.yaml:2:3: server.port: expected number (', 'found "many"'],
    ['server:\n  port: 70000\n', 'config.yaml:2:3: server.port: expected number (', 'found 70000'],
    ['server:\n  prot: 1\n', 'config.yaml:2:3: server.prot: there is no such setting; did you mean server.port?', ''],
    ['port: 1\n', 'config.yaml:1:1: port: there is no such setting; did you mean server.port?', ''],
    ['sever: {port: 1}\n', 'config.yaml:1:1: sever: there is no such setting; did you mean server?', ''],
    ['server:\n  quux_zzz: 1\n', 'server.quux_zzz: there is no such setting; `dragoman config list` shows all', ''],
    ['client:\n  profile: curl\n', 'client.profile: expected dragoman | codex_cli', 'found "curl"'],
    [
      'codex:\n  base_url: http://chatgpt.com\n',
      'config.yaml:2:3: codex.base_url: expected an https URL',
      'found "http',
    ],
    ['server: 5\n', 'config.yaml:1:1: server: expected a section, found 5', ''],
    ['serverr:\n', 'config.yaml:1:1: serverr: there is no such setting; did you mean server?', ''],
    ['- a\n', 'config.yaml:1:1: expected sections', ''],
    ['server:\n  port: 1\n  port: 2\n', 'config.yaml:3:3: Map keys must be unique', ''],
    ['server:\n port: 1\n  host: x\n', 'config.yaml:2:', ''],
    ['server:\n  port: !!str 1\n', 'config.yaml:2:15: tags (tag:yaml.org,2002:str) are not', ''],
    ['server: !mine {}\n', 'config.yaml:1:9: Unresolved tag', ''],
    ['a: &a {port: 1}\nserver:\n  <<: *a\n', 'config.yaml:3:3: merge keys (<<) are not', ''],
    ['server: {? {port: 1} : 2}\n', 'config.yaml:1:12: a key is a word', ''],
    ['a: &a x\n*a : {}\n', 'config.yaml:2:1: a key is a word', ''],
    ['model:\n  aliases: &a { x: *a }\n', 'config.yaml: an alias (*) stands inside of what it names', ''],
    ['server: &s [*s]\n', 'config.yaml: an alias (*) stands inside of what it names', ''],
    ['server: *x\n', 'this is no configuration: Unresolved alias', ''],
    ['%YAML 1.1\n---\ndemo: {enabled: no}\n', 'config.yaml:1:1: only YAML 1.2 is read', ''],
    ['a: 1\n---\nb: 2\n', 'config.yaml:2:1: Source contains multiple documents', ''],
    ['__proto__: {port: 1}\n', 'config.yaml:1:1: __proto__: there is no such setting', ''],
    ['server: {__proto__: 1}\n', 'config.yaml:1:10: server.__proto__: there is no such setting', ''],
    ['model:\n  aliases: {a: 1}\n', 'config.yaml:2:3: model.aliases.a: expected', 'found 1'],
  ])('%j', (text, begin, end) => {
    file(text)
    const told = mistakes(load)
    expect(told).toContain(begin)
    expect(told).toContain(end)
    expect(told.split('\n')).toHaveLength(1)
  })

  test('every mistake at once', () => {
    file('server:\n  port: x\n  hots: y\n')
    expect(mistakes(() => load({ DRAGOMAN_LOG_LEVEL: 'loud' }, { 'server.json_depth': 'deep' })).split('\n')).toEqual([
      'command line: server.json_depth: expected number, found "deep"',
      expect.stringContaining('config.yaml:2:3: server.port: expected number'),
      'config.yaml:3:3: server.hots: there is no such setting; did you mean server.host?',
      expect.stringContaining('$DRAGOMAN_LOG_LEVEL: log.level: expected trace | debug'),
    ])
  })

  test('a flag that is no setting', () => {
    expect(mistakes(() => load({}, { 'log.levle': 'debug' }))).toBe(
      'command line: log.levle: there is no such setting; did you mean log.level?',
    )
  })

  test.each([
    [
      'aliases of aliases',
      `a: &a [1,1,1,1,1,1,1,1,1]\n${[...'bcdefgh'].map((name, n) => `${name}: &${name} [${Array(9).fill(`*${'abcdefg'[n]}`).join(',')}]\n`).join('')}`,
    ],
    ['nesting without end', '['.repeat(20_000)],
    ['maps in maps without end', '{a: '.repeat(20_000)],
    ['a file larger than a mebibyte', `# ${'x'.repeat(1024 * 1024)}\n`],
  ])('%s is refused and does no harm', (_, text) => {
    file(text)
    expect(mistakes(load)).toMatch(/is no configuration|call stack|not/)
    expect(mistakes(() => checkConfig(text, { home, env: {} }))).toMatch(/is no configuration|call stack|not/)
  })

  test('a file that cannot be read', () => {
    mkdirSync(join(home, 'config.yaml'))
    expect(mistakes(load)).toContain('the file cannot be read')
  })

  test('no text at all breaks the reader: it is good, or a ConfigError', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'server',
        'port',
        'model',
        'aliases',
        '__proto__',
        'constructor',
        '<<',
        '&a',
        '*a',
        '!!js',
        '- ',
        '---',
      ),
      fc.constantFrom(': ', '\n', '\n  ', '{', '}', '[', ']', '#', '"', "'", '|', '>', '%', '\t'),
      fc.string({ maxLength: 6 }),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        mistakes(() => checkConfig(pieces.join(''), { home, env: {} }))
        expect(({} as Record<string, unknown>)['port']).toBe(undefined)
      }),
      { numRuns: 500 },
    )
  })
})

describe('an upstream address', () => {
  const issues = (base_url: string) => configSchema.safeParse({ codex: { base_url } }).success
  test.each(['https://chatgpt.com/backend-api', 'http://127.0.0.1:9/x', 'http://[::1]:9', 'http://localhost:9'])(
    '%s is good',
    (address) => expect(issues(address)).toBe(true),
  )
  test.each([
    'http://chatgpt.com',
    'http://127.0.0.1.evil.example',
    'http://localhost.evil.example',
    'https://user:pass@chatgpt.com',
    'https://chatgpt.com?key=1',
    'https://chatgpt.com#x',
    'ftp://127.0.0.1',
    'chatgpt.com',
    '',
  ])('%j is not', (address) => expect(issues(address)).toBe(false))
})

test('every setting is described, with its default and its variable', () => {
  const settings = describeConfig()
  expect(settings.length).toBeGreaterThan(40)
  for (const setting of settings) {
    expect(setting.description, setting.path).toMatch(/\.$/)
    expect(setting.variable).toBe(`DRAGOMAN_${setting.path.replace('.', '_').toUpperCase()}`)
    if (/_(seconds|minutes|bytes|days)$/.test(setting.path)) {
      const unit = setting.path.split('_').at(-1) ?? ''
      expect(setting.description.toLowerCase(), `${setting.path} says its unit`).toContain(unit)
    }
  }
  expect(settings.find(({ path }) => path === 'server.port')).toMatchObject({
    type: 'number',
    default: 8080,
    atStart: true,
  })
  expect(settings.find(({ path }) => path === 'log.level')).toMatchObject({ default: 'info', atStart: false })
})

test('the data folder is made for its owner alone, and a name that cannot be a folder is told', async () => {
  const { statSync } = await import('node:fs')
  expect(statSync(homeFolder({ DRAGOMAN_HOME: join(home, 'a/b') })).mode & 0o777).toBe(0o700)
  expect(homeFolder({ HOME: home })).toBe(join(home, '.dragoman'))
  file('')
  expect(mistakes(() => homeFolder({ DRAGOMAN_HOME: join(home, 'config.yaml') }))).toContain('$DRAGOMAN_HOME')
})
