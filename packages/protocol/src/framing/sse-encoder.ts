/**
 * One server-sent event as wire text. `event` is left out when empty; data of several lines becomes several `data:` lines.
 * Source: HTML standard, section 9.2.
 */
export function sseFrame(event: string, data: string): string {
  const name = event === '' ? '' : `event: ${event}\n`
  return data.includes('\n') || data.includes('\r')
    ? `${name}${data
        .split(/\r\n|\n|\r/)
        .map((line) => `data: ${line}\n`)
        .join('')}\n`
    : `${name}data: ${data}\n\n`
}

/** Keeps intermediaries awake; every client skips it. */
export const SSE_HEARTBEAT = ': hb\n\n'
