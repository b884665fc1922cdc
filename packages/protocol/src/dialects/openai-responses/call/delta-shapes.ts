import type { PivotEvent } from '../../../pivot/index.js'

type DeltaEvent = Extract<PivotEvent, { escaped: string }>

/** A stretch that all frames of a text share, and what follows it that may differ. */
interface Stretch {
  same: string
  then: 'number' | 'letters' | 'text' | 'end'
}

/** The frames of one text: all the same but for their number, the text, and what pads it. */
interface Shape {
  stretches: readonly Stretch[]
  event: DeltaEvent
}

export interface DeltaShapes {
  /** The event of a frame that looks like one seen before; undefined when it must be parsed. */
  read(data: string): DeltaEvent | undefined
  /** Remembers what a parsed delta frame looks like. */
  learn(data: string, event: DeltaEvent): void
}

/** Several texts may stream at once (parallel calls); more than this are parsed. */
const MOST = 4
const TEXT = '"delta":"'

/**
 * Reads delta frames without parsing them: the first of a text is parsed and its shape learned, the others are compared with it. What
 * differs in any place that is not the sequence number, the text or its padding is parsed again, so an unusual upstream costs time
 * and nothing else. The text stays escaped and is checked on the way, because encoders splice it.
 */
export function deltaShapes(): DeltaShapes {
  const shapes: Shape[] = []
  let last: Shape | undefined

  return {
    read(data) {
      if (last === undefined) return undefined
      const event = match(last, data)
      if (event !== undefined) return event
      for (const shape of shapes) {
        if (shape === last) continue
        const other = match(shape, data)
        if (other === undefined) continue
        last = shape
        return other
      }
      return undefined
    },
    learn(data, event) {
      const shape = shapeOf(data, event)
      if (shape === undefined) return
      if (shapes.length >= MOST) shapes.shift()
      shapes.push(shape)
      last = shape
    },
  }
}

function match({ stretches, event }: Shape, data: string): DeltaEvent | undefined {
  let at = 0
  let escaped = ''
  for (const { same, then } of stretches) {
    const from = at + same.length
    // Comparing slices costs a fifth of `startsWith`, which looks at one character at a time (Node 24).
    if (data.slice(at, from) !== same) return undefined
    at = from
    if (then === 'number') at = numberEnd(data, from)
    else if (then === 'letters') at = lettersEnd(data, from)
    else if (then === 'text') {
      at = textEnd(data, from)
      escaped = data.slice(from, at)
    }
    if (at === -1) return undefined
  }
  return at === data.length ? withText(event, escaped) : undefined
}

function withText(event: DeltaEvent, escaped: string): DeltaEvent {
  const { item_id, output_index } = event
  switch (event.type) {
    case 'response.output_text.delta':
    case 'response.refusal.delta':
    case 'response.reasoning_text.delta':
      return { type: event.type, item_id, output_index, content_index: event.content_index, escaped }
    case 'response.reasoning_summary_text.delta':
      return { type: event.type, item_id, output_index, summary_index: event.summary_index, escaped }
    case 'response.function_call_arguments.delta':
    case 'response.custom_tool_call_input.delta':
      return { type: event.type, item_id, output_index, escaped }
  }
}

function shapeOf(data: string, event: DeltaEvent): Shape | undefined {
  if ('logprobs' in event) return undefined
  const key = data.indexOf(TEXT)
  if (key === -1) return undefined
  const from = key + TEXT.length
  const end = textEnd(data, from)
  if (end === -1 || !isWhole(data.slice(0, from), data.slice(end))) return undefined
  const before = stretches(data.slice(0, from), 'text')
  return { stretches: [...before, ...stretches(data.slice(end), 'end')], event }
}

/** Cuts a part of a frame where frames of one text may differ. A key is never found inside of text, where its quotes are escaped. */
function stretches(part: string, then: Stretch['then']): Stretch[] {
  const list: Stretch[] = []
  let from = 0
  for (const found of part.matchAll(VARIES)) {
    const [, number, letters] = found
    const same = number ?? letters ?? ''
    list.push({
      same: part.slice(from, found.index + same.length),
      then: number === undefined ? 'letters' : 'number',
    })
    from = found.index + found[0].length
  }
  return [...list, { same: part.slice(from), then }]
}

/** OpenAI numbers its events and pads deltas with random letters. */
const VARIES = /("sequence_number":)(?:0|[1-9]\d*)(?=[,}])|("obfuscation":")[A-Za-z0-9]*(?=")/g

/** Is what stands between these the event's text, and not that of an object within it? */
function isWhole(before: string, tail: string): boolean {
  try {
    return (JSON.parse(`${before}?${tail}`) as { delta?: unknown }).delta === '?'
  } catch {
    return false
  }
}

function lettersEnd(data: string, from: number): number {
  let at = from
  while (isLetter(data.charCodeAt(at))) at++
  return at
}

/** Index behind a whole number as JSON writes it, or -1. */
function numberEnd(data: string, from: number): number {
  let at = from
  while (isDigit(data.charCodeAt(at))) at++
  const zero = data.charCodeAt(from) === 0x30
  return at === from || (zero && at > from + 1) ? -1 : at
}

/** Index of the quote that closes a JSON string, or -1 when what stands before it is no JSON string. */
function textEnd(data: string, from: number): number {
  for (let at = from; at < data.length; at++) {
    const sign = data.charCodeAt(at)
    if (sign === 0x22) return at
    if (sign < 0x20) return -1
    if (sign !== 0x5c) continue
    at++
    const escape = data.charCodeAt(at)
    if (escape === 0x75) {
      for (const last = at + 4; at < last;) if (!isHex(data.charCodeAt(++at))) return -1
    } else if (!isEscape(escape)) return -1
  }
  return -1
}

function isDigit(sign: number): boolean {
  return sign >= 0x30 && sign <= 0x39
}

function isLetter(sign: number): boolean {
  return isDigit(sign) || (sign >= 0x41 && sign <= 0x5a) || (sign >= 0x61 && sign <= 0x7a)
}

function isHex(sign: number): boolean {
  return isDigit(sign) || (sign >= 0x41 && sign <= 0x46) || (sign >= 0x61 && sign <= 0x66)
}

/** `"`, `/`, `\`, b, f, n, r, t */
function isEscape(sign: number): boolean {
  return (
    sign === 0x6e ||
    sign === 0x22 ||
    sign === 0x5c ||
    sign === 0x74 ||
    sign === 0x72 ||
    sign === 0x2f ||
    sign === 0x62 ||
    sign === 0x66
  )
}
