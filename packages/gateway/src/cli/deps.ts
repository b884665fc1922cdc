import type { Readable } from 'node:stream'

/** What a command may touch; handed in, so that a test runs it in-process. */
export interface Deps {
  env: Readonly<Record<string, string | undefined>>
  stdin: Readable
  /** One call, some text; the line end is the caller's. */
  out(text: string): void
  err(text: string): void
  /** Standard output is a terminal. */
  tty: boolean
  /** The script that this process runs; the refresh helper is started from it. Empty: none. */
  script: string
  /** Where the build of the dashboard lies, when there is one. */
  dashboard?: string
  /**
   * Tells that the program is to stop: at the first signal a server drains, at the second it ends at once.
   * @returns how to listen no more
   */
  onSignal(listener: () => void): () => void
  /** Ends the process now, whatever still runs. */
  exit(code: number): void
  /** Shows an address in the user's browser, as far as there is one. Absent: never. */
  openBrowser?(url: string): void
  version: string
}

/** A mistake of the caller's: one line, exit code 1, or 2 for wrong usage. */
export class CommandError extends Error {
  constructor(
    message: string,
    readonly exitCode: 1 | 2 = 1,
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.name = 'CommandError'
  }
}
