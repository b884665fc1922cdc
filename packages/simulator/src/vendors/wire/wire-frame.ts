import type { PivotEvent } from '@dragoman/protocol'
import type { Beat } from '../../scene/index.js'
import type { Wire } from '../vendor.js'

/** One event of a vendor's stream as its bytes will be. */
export interface WireFrame {
  text: string
  /** It tells how the answer ended; what follows (a usage chunk, `[DONE]`, `message_stop`) only closes the stream. */
  ends: boolean
}

/** The text of an encoder, frame by frame. A list's pieces (Gemini without `alt=sse`) are one frame a batch. */
export function framesIn(text: string, wire: Wire): WireFrame[] {
  if (text === '') return []
  const isEvents = /^(data|event|:)/.test(text)
  const texts = isEvents ? text.split(/(?<=\n\n)/) : [text]
  return texts.map((one) => ({ text: one, ends: endsAnswer(one, wire) }))
}

/** Quotes inside of a model's text stand escaped, so these can be nothing but fields. */
const ENDS: Readonly<Record<Wire, RegExp>> = {
  chat: /"finish_reason": ?"/,
  responses: /"type": ?"(response\.(completed|incomplete|failed)|error)"/,
  messages: /^event: message_delta|"type": ?"message_delta"/,
  generate: /"finishReason": ?"/,
}

export function endsAnswer(text: string, wire: Wire): boolean {
  return ENDS[wire].test(text)
}

const TERMINAL: PivotEvent = { type: 'response.completed', response: { id: '', output: [] } }
const PLAIN: PivotEvent = { type: 'other', name: '' }

/** A frame as a beat that goes out as it is. */
export function frameBeat({ text, ends }: WireFrame, timing: Pick<Beat, 'afterMs' | 'gate'> = { afterMs: 0 }): Beat {
  return { ...timing, event: ends ? TERMINAL : PLAIN, bytes: Buffer.from(text) }
}

/** How the lines of every frame are written. */
export function styled(text: string, style: { crlf?: boolean; noEventLines?: boolean }): string {
  const named = style.noEventLines === true ? text.replace(/^event: .*\n/gm, '') : text
  return style.crlf === true ? named.replaceAll('\n', '\r\n') : named
}
