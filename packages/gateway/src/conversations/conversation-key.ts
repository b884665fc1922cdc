import { hash } from 'node:crypto'
import type { PivotRequest } from '@dragoman/protocol'

/** Headers in which clients name their conversation, the surest first. Source: clients.md section 8. */
const SESSION_HEADERS = [
  'thread-id',
  'session-id',
  'session_id',
  'x-claude-code-session-id',
  'x-session-affinity',
  'x-session-id',
  'conversation_id',
] as const

/** Enough of the beginning to tell conversations apart; the rest would only cost time. */
const PREFIX_CHARACTERS = 4_000

/**
 * A stable key of the conversation that a request belongs to: what the client says, else `prompt_cache_key`, else a hash of how it
 * begins (which stays the same while it grows). Always bound to the client key, so that two users never share one.
 */
export function conversationKey(
  keyId: string,
  headers: Readonly<Record<string, string | undefined>>,
  request: PivotRequest,
): string {
  return hash('sha256', `${keyId}\n${named(headers, request) ?? beginning(request)}`, 'base64url').slice(0, 22)
}

function named(headers: Readonly<Record<string, string | undefined>>, request: PivotRequest): string | undefined {
  for (const name of SESSION_HEADERS) {
    const value = headers[name]
    if (value !== undefined && value !== '') return value
  }
  if (request.prompt_cache_key != null && request.prompt_cache_key !== '') return request.prompt_cache_key
  const thread = request.client_metadata?.['thread_id'] ?? request.client_metadata?.['session_id']
  if (thread !== undefined && thread !== '') return thread
  return request.user == null ? undefined : sessionOfUser(request.user)
}

/**
 * Claude Code names its session inside the user id: JSON with `session_id`, in older versions `…_session_<uuid>`. A plain user id names
 * no conversation. Source: clients.md section 3.
 */
function sessionOfUser(user: string): string | undefined {
  if (user.startsWith('{')) {
    try {
      const session = (JSON.parse(user) as Record<string, unknown>)['session_id']
      return typeof session === 'string' && session !== '' ? session : undefined
    } catch {
      return undefined
    }
  }
  return /_session_([\w-]{8,})$/.exec(user)?.[1]
}

/** System words and the first words of the user: a conversation that goes on keeps them. */
function beginning(request: PivotRequest): string {
  let text = (request.instructions ?? '').slice(0, PREFIX_CHARACTERS)
  for (const item of request.input) {
    const role = 'role' in item ? String(item['role']) : item.type
    text += `\n${role}:${'content' in item ? wordsOf(item['content']) : ''}`
    if (role === 'user' || text.length > 4 * PREFIX_CHARACTERS) break
  }
  return text
}

/** The first words of a content; a picture counts by its beginning, for it may be megabytes long. */
function wordsOf(content: unknown): string {
  if (typeof content === 'string') return content.slice(0, PREFIX_CHARACTERS)
  if (!Array.isArray(content)) return ''
  return content
    .slice(0, 8)
    .map((part: unknown) =>
      typeof part === 'object' && part !== null
        ? Object.values(part)
            .map((value) => (typeof value === 'string' ? value.slice(0, PREFIX_CHARACTERS) : ''))
            .join(' ')
        : '',
    )
    .join('\n')
}
