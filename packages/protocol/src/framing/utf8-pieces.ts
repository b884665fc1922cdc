/**
 * Reads UTF-8 that comes in pieces: a sign that a network read cut in two waits for its rest, and what is no UTF-8 becomes U+FFFD.
 * A byte-order mark stays in the text. Called without bytes at the end, it gives what still waits.
 */
export function utf8Pieces(): (chunk?: Uint8Array) => string {
  // A decoder without memory is several times faster; the other one is asked only around a cut sign.
  const whole = new TextDecoder('utf-8', { ignoreBOM: true })
  const cut = new TextDecoder('utf-8', { ignoreBOM: true })
  let waiting = false
  return (chunk) => {
    if (chunk === undefined) return cut.decode()
    const last = chunk[chunk.length - 1]
    if (last === undefined) return ''
    const wasWaiting = waiting
    waiting = last >= 0x80
    return wasWaiting || waiting ? cut.decode(chunk, { stream: true }) : whole.decode(chunk)
  }
}
