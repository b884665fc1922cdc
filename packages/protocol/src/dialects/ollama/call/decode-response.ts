import type { PivotEvent } from '../../../pivot/index.js'
import { lineReader } from './line-reader.js'

/** A whole answer as the events that its stream would have told. */
export function decodeResponse(body: unknown): PivotEvent[] {
  const reader = lineReader()
  const events = reader.line(body)
  events.push(...reader.finish())
  return events
}
