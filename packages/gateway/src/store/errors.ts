export type StoreErrorCode =
  | 'wrong_key'
  | 'key_missing'
  | 'key_unsafe'
  | 'key_invalid'
  | 'keyring_unavailable'
  | 'newer_schema'
  | 'corrupt'
  | 'unwritable'
  | 'disk_full'

/** The store cannot be opened or written. The message names the thing and the way out, in words for the user. */
export class StoreError extends Error {
  constructor(
    readonly code: StoreErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.name = 'StoreError'
  }
}
