import type { PivotResponse } from '../../pivot/index.js'
import type { Ending } from '../answer/index.js'
import { text } from '../json.js'
import { OLLAMA } from './wire.js'

/**
 * Why an answer is done. Calls end with `stop`, as everything that ended well; what Ollama has no word for keeps the pivot's.
 * Source: Ollama `llm.DoneReason`: `stop`, `length`.
 */
export function doneReason(response: Pick<PivotResponse, 'status' | 'incomplete_details' | 'extra'>): string {
  const own = text(response.extra?.[OLLAMA]?.['done_reason'])
  if (own !== undefined) return own
  if (response.status !== 'incomplete') return 'stop'
  switch (response.incomplete_details?.reason) {
    case 'max_output_tokens':
    case 'max_tokens':
    case 'model_context_window_exceeded':
      return 'length'
    default:
      return text(response.incomplete_details?.reason) ?? 'stop'
  }
}

const COMPLETED: Ending = { status: 'completed', incomplete_details: null }
const CUT_BY_LENGTH: Ending = { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }
const FILTERED: Ending = { status: 'incomplete', incomplete_details: { reason: 'content_filter' } }

/** The ending that an upstream's word tells; an unknown word is a completed answer. */
export function ending(reason: string | undefined): Ending {
  switch (reason) {
    case 'length':
      return CUT_BY_LENGTH
    case 'content_filter':
      return FILTERED
    default:
      return COMPLETED
  }
}
