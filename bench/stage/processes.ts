import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { ChildProcess } from 'node:child_process'

/** Clock ticks a second in `/proc/<pid>/stat`; 100 on every Linux that Node runs on. */
const TICKS = 100

/** User and system time of a process and its descendants so far, the ended ones that were waited for included, seconds. */
export function cpuSeconds(pid: number): number {
  let ticks = 0
  for (const member of tree(pid)) {
    const fields = stat(member)
    if (fields === undefined) continue
    // Fields 14 to 17 of proc(5): utime, stime, cutime, cstime; the first two stand before and are cut off.
    ticks += [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0)
  }
  return ticks / TICKS
}

/** Resident memory of a process and its descendants now, MB (2^20). */
export function rssMb(pid: number): number {
  return tree(pid).reduce((sum, member) => sum + statusKb(member, 'VmRSS'), 0) / 1024
}

/** The highest resident memory of one process since {@link resetPeak} or its start, MB (2^20). */
export function peakRssMb(pid: number): number {
  return statusKb(pid, 'VmHWM') / 1024
}

export function resetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
}

function tree(pid: number): number[] {
  const children = new Map<number, number[]>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const parent = Number(stat(Number(name))?.[1])
    const siblings = children.get(parent)
    if (siblings === undefined) children.set(parent, [Number(name)])
    else siblings.push(Number(name))
  }
  const found = [pid]
  for (const member of found) found.push(...(children.get(member) ?? []))
  return found
}

/** Fields from the third on (state, parent, …); the second is a name in brackets that may hold blanks. */
function stat(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}

function statusKb(pid: number, name: string): number {
  try {
    const text = readFileSync(`/proc/${pid}/status`, 'latin1')
    return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0)
  } catch {
    return 0
  }
}

/** Ends a child of ours, kindly, then firmly. Resolves when it is gone. */
export function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return Promise.resolve()
  return new Promise((resolve) => {
    const firmly = setTimeout(() => child.kill('SIGKILL'), 3_000)
    child.once('exit', () => {
      clearTimeout(firmly)
      resolve()
    })
    child.kill('SIGTERM')
  })
}

export function within<T>(ms: number, what: string, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${what} took longer than ${ms / 1000} s`)), ms)
    promise.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
