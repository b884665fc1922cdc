import { isTerminal, type PivotEvent, type StreamEncoder } from '@dragoman/protocol'
import type { CutFault, FailFault, StreamFault } from '../../faults/fault.js'
import { isPlace } from '../../http/send-stream.js'
import type { Beat } from '../../scene/index.js'
import type { Wire } from '../vendor.js'
import type { Broken } from './error-frames.js'
import { frameBeat, framesIn, type WireFrame } from './wire-frame.js'

export interface WireBeatsPlan {
  wire: Wire
  encoder: StreamEncoder
  /** Changes the frames of one batch, as this vendor writes them. */
  rewrite(frames: readonly WireFrame[]): WireFrame[]
  /** The frames that tell an error. */
  fail(fault: FailFault, broken: Broken): WireFrame[]
  /** Unix seconds. */
  createdAt: number
}

/** A played scene as the frames of a vendor's wire; each wait of the scene stands before the first frame that comes after it. */
export function* wireBeats(beats: Iterable<Beat>, plan: WireBeatsPlan): Generator<Beat> {
  let afterMs = 0
  let gate: string | undefined
  let frames = 0
  let responseId = ''
  for (const beat of beats) {
    afterMs += beat.afterMs
    gate ??= beat.gate
    if (beat.event.type === 'response.created') responseId = beat.event.response.id
    const failed = failureIn(beat.event)
    const told =
      failed === undefined ? framesOf(beat, plan) : plan.fail(failed, { frames, responseId, createdAt: plan.createdAt })
    for (const frame of told) {
      yield frameBeat(frame, gate === undefined ? { afterMs } : { afterMs, gate })
      afterMs = 0
      gate = undefined
      frames += 1
    }
    if (failed !== undefined) return
  }
}

function framesOf(beat: Beat, { wire, encoder, rewrite }: WireBeatsPlan): WireFrame[] {
  if (beat.bytes !== undefined) return [{ text: Buffer.from(beat.bytes).toString(), ends: false }]
  if (beat.json !== undefined && wire === 'responses') {
    const name = beat.event.type === 'other' ? beat.event.name : beat.event.type
    return framesIn(`event: ${name}\ndata: ${beat.json}\n\n`, wire)
  }
  return rewrite(framesIn(encoder.push([beat.event]), wire))
}

/** The error that a scene told, as a fault that strikes here. */
export function failureIn(event: PivotEvent): FailFault | undefined {
  const told = event.type === 'error' ? event : event.type === 'response.failed' ? event.response.error : undefined
  if (told === undefined || told === null) return undefined
  const form = event.type === 'error' ? 'error-flat' : 'response.failed'
  return { type: 'fail', at: 0, form, code: told.code ?? 'internal', message: told.message ?? '' }
}

/** The beats until a scripted error strikes, and what tells it. */
export function* failingBeats(beats: Iterable<Beat>, fault: FailFault, plan: WireBeatsPlan): Generator<Beat> {
  let frames = 0
  for (const beat of beats) {
    if (isPlace(fault.at, frames, isTerminal(beat.event))) {
      const broken = { frames, responseId: 'resp_simulated', createdAt: plan.createdAt }
      for (const frame of plan.fail(fault, broken)) yield frameBeat(frame)
      return
    }
    yield beat
    frames += 1
  }
}

/** A stream fault that breaks the connection. */
export function cutIn(fault: StreamFault | undefined): { fault?: CutFault } {
  return fault?.type === 'cut' ? { fault } : {}
}
