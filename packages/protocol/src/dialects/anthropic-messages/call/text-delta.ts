/** A delta that is text and nothing else, and has no escapes. */
export interface PlainDelta {
  type: 'text' | 'thinking'
  index: number
  text: string
}

const BEGIN = '{"type":"content_block_delta","index":'
const KINDS = [
  { type: 'text', begin: ',"delta":{"type":"text_delta","text":"' },
  { type: 'thinking', begin: ',"delta":{"type":"thinking_delta","thinking":"' },
] as const

/** Anything that would have to be parsed. */
// eslint-disable-next-line no-control-regex -- a control character is no JSON
const NOT_PLAIN = /["\\\u0000-\u001f]/

/**
 * Most of a stream is deltas of plain text, always written in the same way: these are read without parsing. Undefined for everything
 * else.
 */
export function plainDelta(data: string): PlainDelta | undefined {
  if (!data.startsWith(BEGIN)) return undefined
  const comma = data.indexOf(',', BEGIN.length)
  const digits = data.slice(BEGIN.length, comma)
  if (!/^\d{1,6}$/.test(digits)) return undefined
  const kind = KINDS.find(({ begin }) => data.startsWith(begin, comma))
  if (kind === undefined) return undefined
  const from = comma + kind.begin.length
  const end = data.lastIndexOf('"')
  if (end <= from || !/^"\}\s*\}\s*$/.test(data.slice(end))) return undefined
  const told = data.slice(from, end)
  return NOT_PLAIN.test(told) ? undefined : { type: kind.type, index: Number(digits), text: told }
}
