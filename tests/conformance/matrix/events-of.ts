import {
  anthropicMessages,
  FailureError,
  gemini,
  ollama,
  openaiChat,
  openaiResponses,
  type Dialect,
  type PivotEvent,
} from '@dragoman/protocol'
import type { RecordedReply } from './recorded-upstreams.js'

/** The dialects whose clients read every answer. */
export const DIALECTS_READ: readonly Dialect[] = [openaiChat, openaiResponses, anthropicMessages, gemini, ollama]

/** What a recorded reply says, in events of the pivot. */
export function eventsOf({ dialect, form, bytes }: RecordedReply): PivotEvent[] {
  const { call } = DIALECTS_READ.find(({ id }) => id === dialect) ?? openaiChat
  if (form === 'whole') {
    try {
      return call.decodeResponse(JSON.parse(new TextDecoder().decode(bytes)))
    } catch (error) {
      // A body that is no answer at all.
      if (error instanceof FailureError) return []
      throw error
    }
  }
  const decoder = call.streamDecoder()
  return [...decoder.push(bytes), ...decoder.end()]
}
