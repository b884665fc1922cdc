import type { PivotEvent } from '@dragoman/protocol'
import type { Beat } from '../scene/index.js'

export interface Framing {
  crlf: boolean
  eventLines: boolean
  obfuscation: boolean
}

/** Writes one beat as the bytes of a server-sent event; `sequence` goes into events that have no number of their own. */
export type FrameWriter = (beat: Beat, sequence: number) => string | Uint8Array

/** A writer for one stream. It remembers what the deltas of a place have in common, so a long text costs little. */
export function frameWriter(framing: Framing): FrameWriter {
  const places = new Map<string, DeltaPlace>()
  const end = framing.crlf ? '\r\n' : '\n'
  return (beat, sequence) => {
    if (beat.bytes !== undefined) return beat.bytes
    const { event } = beat
    const name = event.type === 'other' ? event.name : event.type
    const head = framing.eventLines && name !== '' ? `event: ${name}${end}` : ''
    const data =
      beat.json ?? ('escaped' in event ? deltaJson(event, sequence, framing, places) : wireJson(event, sequence))
    return `${head}data: ${data}${end}${end}`
  }
}

/** The JSON before and after the sequence number and the text of a delta. */
interface DeltaPlace {
  head: string
  middle: string
  tail: string
}
type Delta = Extract<PivotEvent, { escaped: string }>

function deltaJson(event: Delta, sequence: number, framing: Framing, places: Map<string, DeltaPlace>): string {
  const part = 'content_index' in event ? event.content_index : 'summary_index' in event ? event.summary_index : ''
  const key = `${event.type} ${event.item_id} ${part}`
  let place = places.get(key)
  if (place === undefined) {
    const { type, ...fields } = event
    place = {
      head: `{"type":${JSON.stringify(type)},"sequence_number":`,
      middle: `,${JSON.stringify({ ...fields, escaped: undefined, frame: undefined, logprobs: undefined }).slice(1, -1)},"delta":"`,
      tail: 'logprobs' in fields ? `","logprobs":${JSON.stringify(fields.logprobs)}` : '"',
    }
    places.set(key, place)
  }
  const { escaped } = event
  const noise = framing.obfuscation ? `,"obfuscation":"${NOISE.slice(0, 16 - (escaped.length % 16))}"` : ''
  return `${place.head}${sequence}${place.middle}${escaped}${place.tail}${noise}}`
}

/** The compact JSON of an event that is no delta, fields in the backend's order. */
function wireJson(event: Exclude<PivotEvent, Delta>, sequence: number): string {
  const { type, ...fields } = event.type === 'other' ? (event.data ?? { type: event.name }) : event
  return JSON.stringify({ type, sequence_number: sequence, ...fields, frame: undefined })
}

/** The backend pads deltas so that their length tells nothing; here only the field matters, not its secrecy. */
const NOISE = '2ajSAGIDxXxv2CE8'
