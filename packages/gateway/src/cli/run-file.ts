import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a running gateway leaves in the data folder so that `dragoman status` finds it. Holds no secret. */
export interface RunFile {
  pid: number
  url: string
  /** Unix ms. */
  startedAt: number
}

export function writeRunFile(home: string, run: RunFile): void {
  writeFileSync(join(home, 'run.json'), JSON.stringify(run), { mode: 0o600 })
}

export function readRunFile(home: string): RunFile | undefined {
  try {
    const run = JSON.parse(readFileSync(join(home, 'run.json'), 'utf8')) as Partial<RunFile>
    return typeof run.pid === 'number' && typeof run.url === 'string'
      ? { startedAt: 0, ...run, pid: run.pid, url: run.url }
      : undefined
  } catch {
    return undefined
  }
}

/** Only its own: another gateway may have come since. */
export function removeRunFile(home: string, pid: number): void {
  if (readRunFile(home)?.pid === pid) rmSync(join(home, 'run.json'), { force: true })
}
