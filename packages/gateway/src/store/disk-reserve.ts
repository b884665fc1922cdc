import { closeSync, fsyncSync, openSync, statSync, unlinkSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { StoreError } from './errors.js'
import { sqliteCode } from './open-database.js'

/**
 * A file of written bytes that can be given up when the disk is full, so that the answer to a refresh, which exists only once,
 * still finds room.
 */
export interface DiskReserve {
  /** @throws StoreError `disk_full` when the room is not there; then no token may be spent */
  hold(): void
  /** Runs a write; when the disk is full, gives the reserve up and runs it once more. */
  spendOn<T>(write: () => Promise<T>): Promise<T>
}

const RESERVE_BYTES = 1024 * 1024

export function createDiskReserve(home: string): DiskReserve {
  const path = join(home, 'reserve')
  const size = () => statSync(path, { throwIfNoEntry: false })?.size ?? 0
  return {
    hold() {
      if (size() >= RESERVE_BYTES) return
      try {
        fill(path)
      } catch (error) {
        discard(path)
        const message = `no room for ${path}: free some space; tokens are not refreshed until then`
        throw new StoreError('disk_full', message, { cause: error })
      }
    },
    async spendOn(write) {
      try {
        return await write()
      } catch (error) {
        if (!isFull(error)) throw error
        discard(path)
        return write()
      }
    },
  }
}

function fill(path: string): void {
  const file = openSync(path, 'w', 0o600)
  try {
    // Not zeros: some file systems would store those as a hole.
    const bytes = Buffer.alloc(RESERVE_BYTES, '.')
    for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

function isFull(error: unknown): boolean {
  const code = sqliteCode(error)
  return code === 'SQLITE_FULL' || code === 'ENOSPC' || code.startsWith('SQLITE_IOERR')
}

function discard(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // It was not there: nothing to give up.
  }
}
