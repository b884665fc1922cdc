export { openStore } from './open-store.js'
export type { Store, StoreOptions } from './open-store.js'
export { StoreError } from './errors.js'
export type { StoreErrorCode } from './errors.js'
export { silent } from './log.js'
export type { Log } from './log.js'
export { hashToken, newAccountId } from './accounts.js'
export type {
  AccountChange,
  AccountOrigin,
  AccountRecord,
  AccountRows,
  AccountStateRow,
  Identity,
  NewTokens,
  SignIn,
  SignedIn,
  StoredTokens,
} from './accounts.js'
export type { ConversationHome, ConversationHomeRows } from './conversation-homes.js'
export { hashClientKey } from './client-keys.js'
export type { ClientKey, ClientKeyChange, ClientKeyMatch, ClientKeys, NewClientKey } from './client-keys.js'
export type { ApiKeyChange, ApiKeyRecord, ApiKeyRows, NewApiKey } from './api-keys.js'
export { dayStart, GRAIN_MS, monthStart, USAGE_GRAINS, USAGE_GROUPS } from './usage.js'
export type {
  KeyStandingRow,
  KeyUse,
  UsageEntry,
  UsageGrain,
  UsageGroup,
  UsageOwner,
  UsagePoint,
  UsageQuery,
  UsageRows,
} from './usage.js'
export { addTally, emptyTally, TIME_STEPS } from './usage-tally.js'
export type { UsageTally } from './usage-tally.js'
export type { UsageTotals } from './usage-totals.js'
export type { ModelList, ModelListRows } from './model-lists.js'
export { readBackup, restoreBackup, writeBackup } from './backup/index.js'
export type { BackupAbout, RestoreOptions } from './backup/index.js'
export { openWithPassphrase, sealWithPassphrase } from './passphrase.js'
export type { PassphraseEnvelope } from './passphrase.js'
export type { LeaseRow, LeaseRows } from './leases.js'
export type { AddedProxy, NewProxy, ProxyChange, ProxyCheck, ProxyRecord, ProxyRows } from './proxies.js'
export type { RefreshIntent, RefreshJournal } from './refresh-journal.js'
export type { Settings } from './settings.js'
export type { SealedSettings } from './sealed-settings.js'
export type { Delivery, NoticeBounds, NoticeQuery, NoticeRecord, NoticeRows } from './notices.js'
export type { AdminSessionRecord, AdminSessionRows } from './admin-sessions.js'
export type { ActBounds, ActQuery, ActRecord, ActRows } from './admin-acts.js'
export { REQUEST_LOG_NAMES } from './request-log.js'
export type {
  LoggedOutcome,
  RequestLogBounds,
  RequestLogName,
  RequestLogPage,
  RequestLogQuery,
  RequestLogRow,
  RequestLogRows,
  RequestLogTotals,
} from './request-log.js'
export type { ErrorBounds, ErrorGroup, ErrorLogRows, ErrorRow } from './error-log.js'
export { sortableIds } from './sortable-ids.js'
export { writeBehind } from './write-behind.js'
export type { WriteBehind, WriteBehindOptions } from './write-behind.js'
export type { DiskReserve } from './disk-reserve.js'
export type { Change, ChangeListener } from './changes.js'
export type { Aggregate } from './schema.js'
