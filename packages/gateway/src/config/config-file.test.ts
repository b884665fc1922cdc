import { mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ConfigError, configFile, type ConfigFile } from './index.js'

let home = ''
let path = ''
let stop: () => void = () => undefined
/** What the watch told, in order: a port that is in force, or a mistake. */
let told: (number | string)[] = []
let wake: () => void = () => undefined

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'dragoman-watch-'))
  path = join(home, 'config.yaml')
  told = []
})
afterEach(() => {
  stop()
  rmSync(home, { recursive: true, force: true })
})

function begin(): ConfigFile {
  const file = configFile({ home, env: { DRAGOMAN_LOG_LEVEL: 'warn' } })
  file.onChange(({ config }) => tell(config.server.port))
  file.onProblem((problem) => tell(problem.message.replace(`${home}/`, '')))
  stop = file.watch()
  return file
}

function tell(what: number | string): void {
  told.push(what)
  wake()
}

async function toldSoFar(count: number): Promise<typeof told> {
  while (told.length < count) await new Promise<void>((resolve) => (wake = resolve))
  return told
}

test('a change, a replacement and a file that comes or goes are all seen', async () => {
  begin()
  writeFileSync(path, 'server: {port: 1}\n')
  expect(await toldSoFar(1)).toEqual([1])
  // As editors and `config set` do it.
  writeFileSync(`${path}.new`, 'server: {port: 2}\n')
  renameSync(`${path}.new`, path)
  expect(await toldSoFar(2)).toEqual([1, 2])
  unlinkSync(path)
  expect(await toldSoFar(3)).toEqual([1, 2, 8080])
})

test('a mistake is told once with its line and changes nothing; taking it back is told too', async () => {
  writeFileSync(path, 'server: {port: 1}\n')
  begin()
  writeFileSync(path, 'server:\n  port: x\n')
  await toldSoFar(1)
  expect(told[0]).toContain('config.yaml:2:3: server.port: expected number')
  writeFileSync(path, 'server: {port: 1}\n')
  expect((await toldSoFar(2))[1]).toBe(1)
})

test('a link whose target changes elsewhere is seen', async () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'dragoman-mounted-'))
  try {
    writeFileSync(join(elsewhere, 'real.yaml'), 'server: {port: 1}\n')
    symlinkSync(join(elsewhere, 'real.yaml'), path)
    begin()
    writeFileSync(path, 'server: {port: 2}\n')
    expect(await toldSoFar(1)).toEqual([2])
    writeFileSync(join(elsewhere, 'real.yaml'), 'server: {port: 3}\n# longer\n')
    expect(await toldSoFar(2)).toEqual([2, 3])
  } finally {
    rmSync(elsewhere, { recursive: true, force: true })
  }
})

test('what is saved is written with its neighbours and their comments, and in force at once', async () => {
  writeFileSync(path, '# mine\nserver:\n  port: 1 # why\nmodel:\n  default: gpt-5.5\n')
  const file = begin()
  const order: string[] = []
  file.onChange(async () => {
    await Promise.resolve()
    order.push('told')
  })
  await file.save({ 'server.port': 2, 'model.aliases': { smart: 'gpt-5.5-high' }, 'model.default': null })
  order.push('saved')
  expect(order).toEqual(['told', 'saved'])
  expect(file.current().config).toMatchObject({ server: { port: 2 }, model: { aliases: { smart: 'gpt-5.5-high' } } })
  expect(file.current().sources.get('model.default')).toBe('default')
  expect(readFileSync(path, 'utf8')).toBe(
    '# mine\nserver:\n  port: 2 # why\nmodel:\n  aliases: { smart: gpt-5.5-high }\n',
  )
})

test('of several settings all are written or none', async () => {
  writeFileSync(path, 'server: {port: 1}\n')
  const file = begin()
  await expect(file.save({ 'server.port': 2, 'log.level': 'loud' })).rejects.toThrow(ConfigError)
  await expect(file.save({ 'server.port': 2, 'no.such': 1 })).rejects.toThrow('there is no such setting')
  expect(readFileSync(path, 'utf8')).toBe('server: {port: 1}\n')
  expect(file.current().config.server.port).toBe(1)
})

test('what the environment says stays in force over what is saved', async () => {
  const file = begin()
  await file.save({ 'log.level': 'debug' })
  expect(file.current().config.log.level).toBe('warn')
  expect(file.current().sources.get('log.level')).toBe('environment')
})
