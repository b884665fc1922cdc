import type { Log as FullLog } from '../telemetry/index.js'

/** What this room and those above it say to the log. */
export type Log = Pick<FullLog, 'info' | 'warn' | 'error'>

/** For callers that have no log. */
export const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined }
