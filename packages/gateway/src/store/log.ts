/** What this room and those above it say to the log; pino and its kin fit. */
export interface Log {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** For callers that have no log. */
export const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined }
