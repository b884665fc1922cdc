import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createLogFile, type LogFileOptions } from './index.js'

let home = ''
let folder = ''
let clock = Date.parse('2026-03-10T23:59:00Z')
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'dragoman-log-'))
  folder = join(home, 'logs')
  clock = Date.parse('2026-03-10T23:59:00Z')
})
afterEach(() => {
  rmSync(home, { recursive: true, force: true })
})

const file = (more: Partial<LogFileOptions> = {}) =>
  createLogFile({ folder, keepDays: 7, keepBytes: 8_000, onProblem: () => undefined, now: () => clock, ...more })
const names = (): string[] => readdirSync(folder).sort()

describe('the log file', () => {
  test('is for its owner alone, is continued, and has one part a day', async () => {
    const first = file()
    first.write('one\n')
    await first.close()
    const second = file()
    second.write('two\n')
    clock += 60_000
    second.write('three\n')
    await second.close()
    expect(names()).toEqual(['dragoman-2026-03-10.log', 'dragoman-2026-03-11.log'])
    expect(readFileSync(join(folder, 'dragoman-2026-03-10.log'), 'utf8')).toBe('one\ntwo\n')
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(statSync(join(folder, 'dragoman-2026-03-11.log')).mode & 0o777).toBe(0o600)
  })

  test('goes after its days, and touches nothing that is not its own', async () => {
    const old = file()
    old.write('old\n')
    await old.close()
    writeFileSync(join(folder, 'mine.log'), 'mine')
    clock += 7 * 86_400_000
    const fresh = file()
    fresh.write('new\n')
    await fresh.close()
    expect(names()).toEqual(['dragoman-2026-03-17.log', 'mine.log'])
  })

  test('is parted when it grows, and all parts together stay small', async () => {
    const log = file()
    for (let n = 0; n < 100; n++) log.write(`${String(n).padStart(499, '.')}\n`)
    await log.close()
    const sizes = names().map((name) => statSync(join(folder, name)).size)
    expect(sizes.length).toBeGreaterThan(1)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(9_000)
    const last = names()
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('')
    expect(last).toContain('.99\n')
    expect(last).not.toContain('.10\n')
  })

  test('that cannot be written is told once and tried again later; the program goes on', async () => {
    writeFileSync(folder, 'in the way')
    const problems: string[] = []
    const log = file({ onProblem: (why) => problems.push(why) })
    log.write('one\n')
    log.write('two\n')
    expect(problems).toHaveLength(1)
    rmSync(folder)
    clock += 60_000
    log.write('three\n')
    await log.close()
    expect(readFileSync(join(folder, 'dragoman-2026-03-11.log'), 'utf8')).toBe('three\n')
  })

  test('that fails only when it is opened is told as well', async () => {
    const begun = file()
    begun.write('x\n')
    await begun.close()
    rmSync(join(folder, 'dragoman-2026-03-10.log'))
    // A folder of the file's name: opening it fails, later.
    mkdirSync(join(folder, 'dragoman-2026-03-10.log'))
    const why = await new Promise<string>((resolve) => {
      const log = file({ onProblem: resolve })
      log.write('one\n')
    })
    expect(why).toContain('EISDIR')
  })

  test('takes nothing after its end', async () => {
    const log = file()
    await log.close()
    log.write('late\n')
    expect(existsSync(folder)).toBe(false)
  })
})
