import { createHmac } from 'node:crypto'

/** The ids that the backend sees. All are made from one secret of this installation, so they are stable and tell nothing. */
export interface Identity {
  /** UUID; also the root thread's id, as in the official client. */
  sessionId: string
  installationId: string
  /** `<session>:0` */
  windowId: string
}

/**
 * Derived from (conversation, account): the same in every instance of the gateway and after a restart, so that the
 * upstream's prompt cache keeps hitting, and never shared between two accounts.
 */
export function identityOf(secret: Buffer, conversation: string, accountId: string): Identity {
  const sessionId = uuidFrom(secret, `session\n${accountId}\n${conversation}`, 7)
  return { sessionId, installationId: uuidFrom(secret, `installation\n${accountId}`, 4), windowId: `${sessionId}:0` }
}

function uuidFrom(secret: Buffer, text: string, version: 4 | 7): string {
  const bytes = createHmac('sha256', secret).update(text).digest().subarray(0, 16)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | (version << 4), 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
