import type { UsageTotals } from '../../store/index.js'
import type { Secret } from '../../telemetry/index.js'
import type { Quota } from '../quota/index.js'

/** Whose form a file or an entry has. `tokens`: bare ones, and objects that hold tokens and name nobody. */
export type AccountFileFormat = 'dragoman' | 'codex' | 'codex-proxy' | 'cliproxyapi' | 'sub2api' | 'opencode' | 'tokens'

/** The way out that an account had elsewhere. */
export type CarriedProxy =
  | { way: 'global' | 'direct' | 'auto' }
  /** A proxy of this name, if there is one; `url` says how to make it where there is none. */
  | { way: 'proxy'; name: string; url?: Secret; enabled?: boolean }

/** An account as a file describes it, before anybody looked whether it is known. What is absent, the file does not say. */
export interface AccountDraft {
  /** Where it stands: `accounts[3]`, `line 7`; empty for the whole file. */
  place: string
  format: AccountFileFormat
  access?: Secret
  refresh?: Secret
  idToken?: Secret
  /** What the file says of its owner, for tokens that do not. */
  chatgptAccountId?: string
  userId?: string
  email?: string
  plan?: string
  fedramp?: boolean
  label?: string
  note?: string
  groups?: readonly string[]
  weight?: number
  /** Null: as the configuration says. */
  maxConcurrent?: number | null
  converge?: boolean
  enabled?: boolean
  cookies?: Readonly<Record<string, string>>
  /** The auth.json that it follows. */
  linkedTo?: string
  quota?: Quota
  usage?: UsageTotals
  proxy?: CarriedProxy
  /** Unix ms. */
  lastRefreshAt?: number
  /** Unix ms. */
  createdAt?: number
}

/** What could not be taken, and what to do. Holds no piece of the file that may be a secret. */
export interface FileProblem {
  place: string
  message: string
}

export interface ReadAccounts {
  drafts: readonly AccountDraft[]
  problems: readonly FileProblem[]
}

export type TransferErrorCode =
  'too_large' | 'too_many' | 'not_text' | 'sealed' | 'wrong_passphrase' | 'newer_version' | 'damaged' | 'not_possible'

/** A file that cannot be read at all, or an export that cannot be made. One line that names the way out, without secrets. */
export class TransferError extends Error {
  constructor(
    readonly code: TransferErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.name = 'TransferError'
  }
}

/** A file of accounts is not larger, unpacked. */
export const MOST_BYTES = 64 * 1024 * 1024
export const MOST_ENTRIES = 10_000

/** Marks our own files. */
export const OWN_TYPE = 'dragoman-accounts'
export const OWN_VERSION = 1
