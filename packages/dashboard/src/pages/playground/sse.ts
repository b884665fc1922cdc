/** One event of a stream: its data as it came, and parsed when it is JSON. */
export interface StreamEvent {
  event?: string
  data: string
  json?: unknown
}

/**
 * Splits a stream of server-sent events; pieces may end anywhere.
 * @example const split = splitEvents(); split('data: {"a"'); split(':1}\n\n') // [{ data: '{"a":1}', json: { a: 1 } }]
 */
export function splitEvents(): (piece: string) => StreamEvent[] {
  let rest = ''
  return (piece) => {
    // A pair of \r\n may come in two pieces; the \r waits for its other half.
    const text = rest + piece
    const held = text.endsWith('\r') ? '\r' : ''
    const frames = text
      .slice(0, text.length - held.length)
      .replaceAll('\r\n', '\n')
      .split('\n\n')
    rest = (frames.pop() ?? '') + held
    return frames.flatMap((frame) => {
      const event = readFrame(frame)
      return event === undefined ? [] : [event]
    })
  }
}

function readFrame(frame: string): StreamEvent | undefined {
  let event: string | undefined
  const data: string[] = []
  for (const line of frame.split('\n')) {
    const colon = line.indexOf(':')
    // A comment keeps the connection awake and says nothing.
    if (colon === 0) continue
    const field = colon === -1 ? line : line.slice(0, colon)
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (field === 'event') event = value
    if (field === 'data') data.push(value)
  }
  if (data.length === 0) return undefined
  const text = data.join('\n')
  const json = parsed(text)
  return { ...(event === undefined ? {} : { event }), data: text, ...(json === undefined ? {} : { json }) }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
