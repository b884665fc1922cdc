export { readBackup, writeBackup } from './backup-file.js'
export type { BackupAbout } from './backup-file.js'
export { restoreBackup } from './restore.js'
export type { RestoreOptions } from './restore.js'
