import type { PivotEvent } from '../pivot/index.js'

/**
 * The events of some frames. Where frames are kept, each rides on the first event that it made, and one that made none comes as an event
 * of its own; so joining them gives the stream byte for byte.
 * @param read pushes what one frame tells
 */
export function eventsOfFrames<Frame extends { raw: string }>(
  frames: readonly Frame[],
  keep: boolean,
  read: (frame: Frame, out: PivotEvent[]) => void,
): PivotEvent[] {
  const out: PivotEvent[] = []
  for (const frame of frames) {
    const at = out.length
    read(frame, out)
    if (!keep) continue
    const first = out[at]
    if (first === undefined) out.push({ type: 'other', name: '', frame: frame.raw })
    else first.frame = frame.raw
  }
  return out
}
