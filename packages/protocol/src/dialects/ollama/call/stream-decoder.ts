import type { StreamDecoder } from '../../../dialect.js'
import { ndjsonDecoder } from '../../../framing/index.js'
import type { PivotEvent } from '../../../pivot/index.js'
import { lineReader } from './line-reader.js'

/**
 * The stream of an Ollama upstream as events of the pivot. The terminal event comes with the line that says `done`; a stream that ends
 * without one was cut and gets none. A kept frame is its line with a line feed.
 */
export function streamDecoder(options: { keepFrames?: boolean } = {}): StreamDecoder {
  const lines = ndjsonDecoder()
  const reader = lineReader()

  function read(line: string): PivotEvent[] {
    if (reader.over) return []
    let parsed: unknown
    try {
      parsed = JSON.parse(line)
    } catch {
      return reader.garbage()
    }
    return reader.line(parsed)
  }

  function events(list: readonly string[]): PivotEvent[] {
    const out: PivotEvent[] = []
    for (const line of list) {
      const made = read(line)
      if (options.keepFrames === true) {
        const frame = `${line}\n`
        const first = made[0]
        if (first === undefined) made.push({ type: 'other', name: '', frame })
        else first.frame = frame
      }
      for (const event of made) out.push(event)
    }
    return out
  }

  return {
    push: (chunk) => events(lines.push(chunk)),
    // A last line without its line feed may be cut anywhere; only whole JSON counts.
    end: () => events(lines.end().filter(isJsonText)),
  }
}

function isJsonText(line: string): boolean {
  try {
    JSON.parse(line)
    return true
  } catch {
    return false
  }
}
