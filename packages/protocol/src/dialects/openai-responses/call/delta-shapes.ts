import type { PivotEvent } from '../../../pivot/index.js'

type DeltaEvent = Extract<PivotEvent, { escaped: string }>

/** The frames of one text: all the same but for its number, the text, and what pads it. */
interface Shape {
  /** From the start to the sequence number, or to the text when there is no number before it. */
  head: string
  /** From behind the sequence number to the text; undefined without a number. */
  neck: string | undefined
  /** From the text's closing quote to the end. */
  tail: string
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
const NUMBER = '"sequence_number":'
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

function match(shape: Shape, data: string): DeltaEvent | undefined {
  let from = shape.head.length
  // Comparing slices costs a fifth of `startsWith` and `endsWith`, which look at one character at a time (Node 24).
  if (data.slice(0, from) !== shape.head) return undefined
  if (shape.neck !== undefined) {
    const digits = from
    while (isDigit(data.charCodeAt(from))) from++
    const text = from + shape.neck.length
    if (from === digits || data.slice(from, text) !== shape.neck) return undefined
    from = text
  }
  const end = textEnd(data, from)
  if (end === -1) return undefined
  if (data.length - end !== shape.tail.length || data.slice(end) !== shape.tail) {
    PADDING.lastIndex = end
    if (!PADDING.test(data)) return undefined
  }
  return withText(shape.event, data.slice(from, end))
}

/** Fields that may differ between two frames of one text without saying anything that an event tells. */
const PADDING = /"(?:,"(?:obfuscation":"[A-Za-z0-9]*"|sequence_number":\d+|logprobs":\[\]))*\}$/y

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
  const before = data.slice(0, from)
  if (end === -1 || !endsAtTop(before)) return undefined
  const number = before.lastIndexOf(NUMBER)
  const at = number + NUMBER.length
  let to = at
  if (number !== -1) while (isDigit(before.charCodeAt(to))) to++
  const numbered = number !== -1 && to > at
  return {
    head: numbered ? before.slice(0, at) : before,
    neck: numbered ? before.slice(to) : undefined,
    tail: data.slice(end),
    event,
  }
}

/** Does the text begin in the outermost object, and not in one within it? */
function endsAtTop(before: string): boolean {
  try {
    return (JSON.parse(`${before}"}`) as { delta?: unknown }).delta === ''
  } catch {
    return false
  }
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
      for (const last = at + 4; at < last; ) if (!isHex(data.charCodeAt(++at))) return -1
    } else if (!isEscape(escape)) return -1
  }
  return -1
}

function isDigit(sign: number): boolean {
  return sign >= 0x30 && sign <= 0x39
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
