import type { PivotEvent } from '@dragoman/protocol'
import type { Beat } from '../scene/index.js'

export interface Framing {
  crlf: boolean
  eventLines: boolean
  obfuscation: boolean
}

/** One beat as the bytes of a server-sent event. `sequence` goes into events that have no number of their own. */
export function wireFrame(beat: Beat, sequence: number, framing: Framing): string | Uint8Array {
  if (beat.bytes !== undefined) return beat.bytes
  const { event } = beat
  const end = framing.crlf ? '\r\n' : '\n'
  const data = beat.json ?? wireJson(event, sequence, framing.obfuscation)
  const name = event.type === 'other' ? event.name : event.type
  const head = framing.eventLines && name !== '' ? `event: ${name}${end}` : ''
  return `${head}data: ${data}${end}${end}`
}

/** The compact JSON of an event, fields in the backend's order. */
export function wireJson(event: PivotEvent, sequence: number, obfuscation = false): string {
  if (event.type === 'other') {
    const { type, ...fields } = event.data ?? { type: event.name }
    return JSON.stringify({ type, sequence_number: sequence, ...fields })
  }
  const { type, ...fields } = event
  delete fields.frame
  if (!('escaped' in fields)) return JSON.stringify({ type, sequence_number: sequence, ...fields })
  const { escaped, ...place } = fields
  const head = JSON.stringify({ type, sequence_number: sequence, ...place, logprobs: undefined }).slice(0, -1)
  const logprobs = 'logprobs' in place ? `,"logprobs":${JSON.stringify(place.logprobs)}` : ''
  const noise = obfuscation ? `,"obfuscation":"${NOISE.slice(0, 16 - (escaped.length % 16))}"` : ''
  return `${head},"delta":"${escaped}"${logprobs}${noise}}`
}

/** The backend pads deltas so that their length tells nothing; here only the field matters, not its secrecy. */
const NOISE = '2ajSAGIDxXxv2CE8'
