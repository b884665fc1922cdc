import type { PivotEvent } from '../../../pivot/index.js'
import { isJson } from '../../json.js'
import { messageReader } from './message-reader.js'

/** A whole message as the events that its stream would have told. */
export function decodeResponse(body: unknown): PivotEvent[] {
  const reader = messageReader()
  if (!isJson(body)) return reader.garbage()
  return reader.event(body, 'message')
}
