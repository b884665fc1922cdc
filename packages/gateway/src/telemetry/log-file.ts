import { createWriteStream, mkdirSync, openSync, readdirSync, rmSync, statSync, type WriteStream } from 'node:fs'
import { join } from 'node:path'

export interface LogFileOptions {
  /** Made (0700) when it is missing. */
  folder: string
  keepDays: number
  /** All files together. */
  keepBytes: number
  /** Told once for each trouble; the log goes on without the file and tries again a minute later. */
  onProblem(why: string): void
  now?: () => number
}

export interface LogFile {
  /** Takes a whole line. Never waits and never throws: what the disk cannot take in time is left out and counted. */
  write(line: string): void
  /** Everything taken is written. */
  close(): Promise<void>
}

const NAME = /^dragoman-(\d{4}-\d{2}-\d{2})(?:\.(\d+))?\.log$/
const DAY_MS = 86_400_000
const RETRY_MS = 60_000
const MAX_WAITING_BYTES = 4 * 1024 * 1024
/** A full file is an eighth of all: the oldest can go without losing much. */
const PARTS = 8

interface Part {
  path: string
  day: string
  part: number
  bytes: number
}

/** Log lines in `dragoman-<day>.log` (UTC, mode 0600), the next part of the same day in `dragoman-<day>.1.log`. */
export function createLogFile(options: LogFileOptions): LogFile {
  const { folder, keepDays, keepBytes, now = Date.now } = options
  const partBytes = keepBytes / PARTS
  /** What lies in the folder, the oldest first; read when a part begins. The last one may be the open one. */
  let parts: Part[] = []
  let open: { stream: WriteStream; part: Part } | undefined
  let retryAt = 0
  let dropped = 0
  let closed = false
  const closing = new Set<Promise<void>>()

  function begin(day: string): NonNullable<typeof open> {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    parts = prune(merge(look(folder), parts), day)
    let part = parts.filter((one) => one.day === day).at(-1)
    if (part === undefined || part.bytes >= partBytes) {
      const number = part === undefined ? 0 : part.part + 1
      const name = number === 0 ? `dragoman-${day}.log` : `dragoman-${day}.${number}.log`
      part = { path: join(folder, name), day, part: number, bytes: 0 }
      parts.push(part)
    }
    // Opened at once, so that it is there when it is to be removed.
    const stream = createWriteStream(part.path, { fd: openSync(part.path, 'a', 0o600) })
    stream.on('error', (error) => {
      if (open?.stream === stream) fail(error)
    })
    return { stream, part }
  }

  /** Takes away what is too old or too much; leaves room for one more part. */
  function prune(all: readonly Part[], day: string): Part[] {
    const oldest = new Date(Date.parse(day) - (keepDays - 1) * DAY_MS).toISOString().slice(0, 10)
    let bytes = all.reduce((sum, part) => sum + part.bytes, 0)
    return all.filter((part) => {
      if (part.day >= oldest && bytes <= keepBytes - partBytes) return true
      bytes -= part.bytes
      rmSync(part.path, { force: true })
      return false
    })
  }

  function fail(error: unknown): void {
    const broken = open
    open = undefined
    broken?.stream.destroy()
    retryAt = now() + RETRY_MS
    options.onProblem(error instanceof Error ? error.message : String(error))
  }

  function end(stream: WriteStream): void {
    const done = new Promise<void>((resolve) => {
      stream.once('close', resolve)
      stream.end()
    })
    closing.add(done)
    void done.then(() => closing.delete(done))
  }

  return {
    write(line) {
      if (closed || now() < retryAt) return
      const day = new Date(now()).toISOString().slice(0, 10)
      try {
        if (open !== undefined && (open.part.day !== day || open.part.bytes >= partBytes)) {
          const { stream } = open
          open = undefined
          end(stream)
        }
        open ??= begin(day)
      } catch (error) {
        fail(error)
        return
      }
      if (open.stream.writableLength > MAX_WAITING_BYTES) {
        dropped++
        return
      }
      const text =
        dropped === 0 ? line : `{"level":40,"dropped":${dropped},"msg":"the disk was too slow for the log"}\n${line}`
      dropped = 0
      open.part.bytes += Buffer.byteLength(text)
      open.stream.write(text)
    },
    async close() {
      closed = true
      if (open !== undefined) end(open.stream)
      await Promise.all(closing)
    },
  }
}

function look(folder: string): Part[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const match = NAME.exec(entry.name)
    if (match === null || !entry.isFile()) return []
    const path = join(folder, entry.name)
    const bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0
    return [{ path, day: match[1] ?? '', part: Number(match[2] ?? 0), bytes }]
  })
}

/** What is on the disk, with what was written but has not arrived there. */
function merge(found: readonly Part[], known: readonly Part[]): Part[] {
  const written = new Map(known.map(({ path, bytes }) => [path, bytes]))
  return found
    .map((part) => ({ ...part, bytes: Math.max(part.bytes, written.get(part.path) ?? 0) }))
    .sort((a, b) => (a.day === b.day ? a.part - b.part : a.day < b.day ? -1 : 1))
}
