import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a running gateway leaves in the data folder, for its owner's eyes only, so that other commands find it. */
export interface RunFile {
  pid: number
  url: string
  /** Unix ms. */
  startedAt: number
  /** Opens the management of this very process; whoever can read this file owns the data folder anyway. */
  control?: string
}

/** What a gateway says of itself at `/health`. */
export interface Health {
  status: string
  version: string
}

const pathOf = (home: string): string => join(home, 'run.json')

export function writeRunFile(home: string, run: RunFile): void {
  const fresh = `${pathOf(home)}.${run.pid}`
  writeFileSync(fresh, JSON.stringify(run), { mode: 0o600 })
  renameSync(fresh, pathOf(home))
}

export function readRunFile(home: string): RunFile | undefined {
  try {
    const run = JSON.parse(readFileSync(pathOf(home), 'utf8')) as Partial<RunFile> | null
    return typeof run?.pid === 'number' && typeof run.url === 'string' && URL.canParse(run.url)
      ? { startedAt: 0, ...run, pid: run.pid, url: run.url }
      : undefined
  } catch {
    return undefined
  }
}

/** Only its own: another gateway may have come since. */
export function removeRunFile(home: string, pid: number): void {
  if (readRunFile(home)?.pid === pid) rmSync(pathOf(home), { force: true })
}

/** The gateway that runs on this data folder and answers. A file that a crash left behind is none. */
export async function runningGateway(home: string): Promise<{ run: RunFile; health: Health } | undefined> {
  const run = readRunFile(home)
  if (run === undefined) return undefined
  const { askLocal } = await import('../transport/index.js')
  try {
    const reply = await askLocal({ url: `${run.url}/health`, method: 'GET', headers: {}, timeoutMs: 1_000 })
    const health = JSON.parse(reply.body) as Partial<Health> | null
    // Something else may listen there now.
    return typeof health?.status === 'string' && typeof health.version === 'string'
      ? { run, health: { ...health, status: health.status, version: health.version } }
      : undefined
  } catch {
    return undefined
  }
}
