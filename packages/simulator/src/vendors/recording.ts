import type { Recording } from '../faults/rules.js'
import { endsAnswer, type WireFrame } from './wire/wire-frame.js'
import type { VendorCall, Wire } from './vendor.js'

/** The frames of a recorded stream as this wire frames them. @throws Error when the recording has no stream */
export function recordedFrames(recording: Recording, call: VendorCall, wire: Wire, done: boolean): WireFrame[] {
  const { sse } = recording
  if (sse !== undefined) {
    return sse.split(/(?<=\n\n)/).map((text) => ({ text, ends: endsAnswer(text, wire) }))
  }
  const lines = linesOf(recording)
  if (lines === undefined) {
    throw new Error(`the recording holds a whole reply only, and ${call.vendor}'s client asked for a stream`)
  }
  const asList = wire === 'generate' && call.alt !== 'sse'
  const frames = lines.map((line, index) => {
    const last = index === lines.length - 1 ? ']' : ''
    const text = asList ? `${index === 0 ? '[' : ',\r\n'}${line}${last}` : framed(line, wire)
    return { text, ends: endsAnswer(line, wire) }
  })
  if (wire === 'chat' && done) frames.push({ text: 'data: [DONE]\n\n', ends: false })
  return frames
}

/** @throws Error when the recording has no whole reply */
export function recordedWhole(recording: Recording, call: VendorCall): string {
  if (recording.whole !== undefined) return recording.whole
  throw new Error(`the recording holds a stream only, and ${call.vendor}'s client asked for a whole reply`)
}

function linesOf({ lines }: Recording): string[] | undefined {
  const all = typeof lines === 'string' ? lines.split(/\r?\n/) : lines
  return all?.filter((line) => line.trim() !== '')
}

/** Event names are told where the vendor's clients go by them. */
function framed(line: string, wire: Wire): string {
  if (wire === 'chat' || wire === 'generate') return `data: ${line}\n\n`
  const { type } = JSON.parse(line) as { type: string }
  return `event: ${type}\ndata: ${line}\n\n`
}
