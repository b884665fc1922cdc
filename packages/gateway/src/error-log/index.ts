export { createErrorLog, ERROR_SOURCES } from './create-error-log.js'
export type { ErrorLog, ErrorNews, ErrorSource, LoggedError } from './create-error-log.js'
