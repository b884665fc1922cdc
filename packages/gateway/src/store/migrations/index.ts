import { first } from './0001-first.js'
import { keyShaping } from './0002-key-shaping.js'
import { upstreams } from './0003-upstreams.js'
import { pool } from './0004-pool.js'
import { usage } from './0005-usage.js'
import { notices } from './0006-notices.js'
import { adminAccess } from './0007-admin-access.js'
import { requestLog } from './0008-request-log.js'
import { usageClient } from './0010-usage-client.js'
import type { Migration } from './migration.js'

export type { Migration } from './migration.js'

/** All steps, oldest first. */
export const MIGRATIONS: readonly Migration[] = [
  first,
  keyShaping,
  upstreams,
  pool,
  usage,
  notices,
  adminAccess,
  requestLog,
  usageClient,
]
