import { execFileSync } from 'node:child_process'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/** Which process this is, in a form that tells it from a later one with the same number. */
export interface ProcessIdentity {
  pid: number
  /** When the process began, in the system's own words; empty where it cannot be told. */
  started: string
  /** Changes with every start of the machine; empty where it cannot be told. */
  boot: string
  /** Only processes of the same space can see whether the other lives: a container has its own. */
  space: string
}

export type Life = 'alive' | 'dead' | 'unknown'

export interface ProcessWatch {
  /** This process. */
  self: ProcessIdentity
  lifeOf(other: ProcessIdentity): Life
}

export function createProcessWatch(): ProcessWatch {
  const self: ProcessIdentity = {
    pid: process.pid,
    started: startOf(process.pid) ?? '',
    boot: bootId(),
    space: space(),
  }
  return {
    self,
    lifeOf(other) {
      // A restart of the machine ends every process on it.
      if (other.boot !== '' && self.boot !== '' && other.boot !== self.boot) return 'dead'
      if (other.space !== self.space) return 'unknown'
      if (!exists(other.pid)) return 'dead'
      const started = startOf(other.pid)
      if (started === undefined || started === '' || other.started === '') return 'unknown'
      return started === other.started ? 'alive' : 'dead'
    },
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Not allowed to signal it: it is there, and somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function startOf(pid: number): string | undefined {
  switch (process.platform) {
    case 'linux': {
      const stat = readText(`/proc/${pid}/stat`)
      if (stat === undefined) return undefined
      // The name in parentheses may hold anything; `state` is the first field after it, the start time the twentieth.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      // A process that was killed but not yet collected by its parent does nothing any more.
      return fields[0] === 'Z' ? 'ended' : fields[19]
    }
    case 'win32':
      return undefined
    default:
      return output('ps', ['-o', 'lstart=', '-p', String(pid)])
  }
}

function bootId(): string {
  switch (process.platform) {
    case 'linux':
      return readText('/proc/sys/kernel/random/boot_id')?.trim() ?? ''
    case 'darwin':
      return output('sysctl', ['-n', 'kern.bootsessionuuid']) ?? ''
    default:
      return ''
  }
}

function space(): string {
  if (process.platform !== 'linux') return hostname()
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return hostname()
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

function output(command: string, args: string[]): string | undefined {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 2000 }).trim()
  } catch {
    return undefined
  }
}
