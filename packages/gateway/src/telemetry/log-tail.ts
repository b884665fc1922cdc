/** The last lines of the log, for whoever looks at a running gateway. */
export interface LogTail {
  /** Takes a whole line of JSON, already scrubbed. */
  add(line: string): void
  /** The oldest first. */
  lines(): readonly string[]
  onLine(listener: (line: string) => void): void
}

/** @example createLog({ …, alsoJson: tail.add }) */
export function createLogTail(keep = 1000): LogTail {
  const ring: string[] = []
  const listeners: ((line: string) => void)[] = []
  /** Where the oldest line stands, once the ring is full. */
  let oldest = 0
  return {
    add(line) {
      if (ring.length < keep) ring.push(line)
      else {
        ring[oldest] = line
        oldest = (oldest + 1) % keep
      }
      for (const listener of listeners) listener(line)
    },
    lines: () => [...ring.slice(oldest), ...ring.slice(0, oldest)],
    onLine: (listener) => void listeners.push(listener),
  }
}
