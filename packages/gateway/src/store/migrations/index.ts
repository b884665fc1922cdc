import { first } from './0001-first.js'
import { keyShaping } from './0002-key-shaping.js'
import type { Migration } from './migration.js'

export type { Migration } from './migration.js'

/** All steps, oldest first. */
export const MIGRATIONS: readonly Migration[] = [first, keyShaping]
