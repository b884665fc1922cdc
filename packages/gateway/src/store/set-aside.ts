import { existsSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { syncFolder } from './secret-key.js'

/** What SQLite keeps beside a database. All of it moves together, under names that let SQLite open the copy as it was. */
const PARTS = ['', '-wal', '-shm']

/**
 * Moves a damaged database out of the way, whole, to `<path>.corrupt-<time>`. Nothing is deleted.
 * @param inode the file that was found damaged; when another process has already replaced it, nothing moves
 * @returns where it went, or undefined when it was gone already
 */
export function setAside(path: string, inode: bigint | undefined, now: number): string | undefined {
  if (inode !== undefined && inodeOf(path) !== inode) return undefined
  const stamp = new Date(now).toISOString().replace(/[:.]/g, '-')
  let target = `${path}.corrupt-${stamp}`
  for (let n = 2; existsSync(target); n += 1) target = `${path}.corrupt-${stamp}-${n}`
  for (const part of PARTS) {
    if (existsSync(path + part)) renameSync(path + part, target + part)
  }
  syncFolder(dirname(path))
  return target
}

export function inodeOf(path: string): bigint | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.ino
}
