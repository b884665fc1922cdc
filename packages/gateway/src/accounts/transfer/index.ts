export { isSealedAccountFile, readAccountFile } from './read-account-file.js'
export type { ReadAccountFileOptions } from './read-account-file.js'
export { readBareToken } from './foreign-entry.js'
export { isSqlite, withItsLog } from './read-sqlite.js'
export { importAccounts } from './import-accounts.js'
export type { ImportAccountsOptions } from './import-accounts.js'
export type { ImportedAccount, ImportRoom } from './take-account.js'
export { canBeSealed, EXPORT_FORMATS, exportAccounts, isExportFormat } from './export-accounts.js'
export type { ExportedAccounts, ExportFormat, ExportOrder, ExportRoom } from './export-accounts.js'
export { MOST_BYTES, TransferError } from './types.js'
export type {
  AccountDraft,
  AccountFileFormat,
  CarriedProxy,
  FileProblem,
  ReadAccounts,
  TransferErrorCode,
} from './types.js'
export { findAccountFiles } from './find-on-computer.js'
export type { FoundFile, FoundProgram } from './find-on-computer.js'
