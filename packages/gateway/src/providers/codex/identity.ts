import { hash } from 'node:crypto'

/** The ids that the backend sees of a conversation. */
export interface Identity {
  /** UUID. */
  sessionId: string
  /** UUID; of a root thread the session's own id, as in the official client. */
  threadId: string
  /** `<thread>:0` */
  windowId: string
}

/**
 * Derived from (conversation, account) and a secret of this installation: the same in every instance of the gateway and after a
 * restart, so that the upstream's prompt cache keeps hitting, and never shared between two accounts.
 * @param secret at least 128 random bits as text
 * @param converge all conversations of the account appear as threads of one session
 */
export function identityOf(secret: string, conversation: string, accountId: string, converge = false): Identity {
  const threadId = uuidOf(secret, conversation, accountId)
  const sessionId = converge ? uuidOf(secret, 'the one session', accountId) : threadId
  return { sessionId, threadId, windowId: `${threadId}:0` }
}

function uuidOf(secret: string, conversation: string, accountId: string): string {
  // Of version 7, as the official client makes them.
  return uuidFrom(`${secret}\nsession\n${accountId}\n${conversation}`, '7')
}

/**
 * The UUID that belongs to a text.
 * @param version its one hex digit
 */
export function uuidFrom(text: string, version: string): string {
  const hex = hash('sha256', text)
  const variant = ((parseInt(hex.slice(16, 18), 16) & 0x3f) | 0x80).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${version}${hex.slice(13, 16)}-${variant}${hex.slice(18, 20)}-${hex.slice(20, 32)}`
}
