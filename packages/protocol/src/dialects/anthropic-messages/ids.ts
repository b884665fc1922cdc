/** What Anthropic takes for the id of a tool use. */
const ALLOWED = /^[a-zA-Z0-9_-]+$/

/** Marks an id whose characters were packed; base64url stays within what is allowed. */
const PACKED = 'x_'

/**
 * An id of another upstream as one that this API allows: behind `prefix`, packed where it has characters that are not allowed here
 * (`functions.ls:0`). {@link pivotId} gives it back exactly.
 */
export function clientId(id: string, prefix: string): string {
  if (ALLOWED.test(id) && !id.startsWith(PACKED)) return prefix + id
  return `${prefix}${PACKED}${btoa(
    Array.from(new TextEncoder().encode(id), (byte) => String.fromCharCode(byte)).join(''),
  )
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')}`
}

/** The id that {@link clientId} was given; undefined when this one was not made here. */
export function pivotId(id: string, prefix: string): string | undefined {
  if (!id.startsWith(prefix)) return undefined
  const told = id.slice(prefix.length)
  if (!told.startsWith(PACKED)) return told
  try {
    const bytes = Uint8Array.from(atob(told.slice(PACKED.length).replaceAll('-', '+').replaceAll('_', '/')), (char) =>
      char.charCodeAt(0),
    )
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

const CALL_PREFIX = 'toolu_dgm_'

/** The id of a call as a tool use has it: unchanged where Anthropic allows it. */
export function toolUseId(callId: string): string {
  return ALLOWED.test(callId) && !callId.startsWith(CALL_PREFIX) ? callId : clientId(callId, CALL_PREFIX)
}

/** The call that a tool use or a tool result names. */
export function callIdOf(toolUseId: string): string {
  return pivotId(toolUseId, CALL_PREFIX) ?? toolUseId
}
