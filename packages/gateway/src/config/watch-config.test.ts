import { mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadConfig, watchConfig, type ConfigWatch } from './index.js'

let home = ''
let path = ''
let watch: ConfigWatch | undefined
/** What the watch told, in order: a port that is in force, or a mistake. */
let told: (number | string)[] = []
let wake: () => void = () => undefined

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'dragoman-watch-'))
  path = join(home, 'config.yaml')
  told = []
})
afterEach(() => {
  watch?.close()
  rmSync(home, { recursive: true, force: true })
})

function begin(): void {
  watch = watchConfig(
    { home, env: {}, current: loadConfig({ home, env: {} }) },
    ({ config }) => tell(config.server.port),
    (problem) => tell(problem.message.replace(`${home}/`, '')),
  )
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
