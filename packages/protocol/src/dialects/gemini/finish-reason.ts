import type { PivotResponse } from '../../pivot/index.js'
import type { Ending } from '../answer/index.js'
import { geminiFields } from './wire.js'

/**
 * Why a candidate ended. Calls end with `STOP` as everything that ended well.
 * Source: Gemini API reference, `FinishReason`.
 * @param refused the answer holds a refusal
 */
export function finishReason(
  response: Pick<PivotResponse, 'status' | 'incomplete_details' | 'extra'>,
  refused: boolean,
): string {
  const own = geminiFields(response)['finishReason']
  if (typeof own === 'string') return own
  if (response.status === 'incomplete') {
    switch (response.incomplete_details?.reason) {
      case 'max_output_tokens':
      case 'max_tokens':
      case 'model_context_window_exceeded':
        return 'MAX_TOKENS'
      case 'content_filter':
        return 'SAFETY'
      default:
        return 'OTHER'
    }
  }
  return refused ? 'SAFETY' : 'STOP'
}

const COMPLETED: Ending = { status: 'completed', incomplete_details: null }
const CUT_BY_LENGTH: Ending = { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }
const FILTERED: Ending = { status: 'incomplete', incomplete_details: { reason: 'content_filter' } }

/** Words for an answer that somebody's rules ended. */
const FILTERS: ReadonlySet<string> = new Set([
  'SAFETY',
  'RECITATION',
  'BLOCKLIST',
  'PROHIBITED_CONTENT',
  'SPII',
  'IMAGE_SAFETY',
  'IMAGE_PROHIBITED_CONTENT',
  'IMAGE_RECITATION',
  'MODEL_ARMOR',
])

/** The ending that an upstream's word tells; the word itself is kept beside it. */
export function endingOf(reason: string): Ending {
  if (reason === 'STOP' || reason === 'FINISH_REASON_UNSPECIFIED') return COMPLETED
  if (reason === 'MAX_TOKENS') return CUT_BY_LENGTH
  if (FILTERS.has(reason)) return FILTERED
  return { status: 'incomplete', incomplete_details: { reason: reason.toLowerCase() } }
}
