import type { PivotResponse } from '../../pivot/index.js'
import type { Ending } from '../answer/index.js'
import type { ChatFinishReason } from './wire.js'

/**
 * Why a chat completion ended.
 * A response that is incomplete for a reason chat has no word for counts as `stop`.
 * Source: OpenAI API reference, chat completion object, `finish_reason`.
 * @param calls the answer holds calls that the client must run
 */
export function finishReason(
  response: Pick<PivotResponse, 'status' | 'incomplete_details'>,
  calls: boolean,
  legacyFunctions = false,
): ChatFinishReason {
  if (response.status === 'incomplete') {
    switch (response.incomplete_details?.reason) {
      case 'max_output_tokens':
      case 'max_tokens':
        return 'length'
      case 'content_filter':
        return 'content_filter'
    }
  }
  if (!calls) return 'stop'
  return legacyFunctions ? 'function_call' : 'tool_calls'
}

const COMPLETED: Ending = { status: 'completed', incomplete_details: null }
const CUT_BY_LENGTH: Ending = { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }
const FILTERED: Ending = { status: 'incomplete', incomplete_details: { reason: 'content_filter' } }

/**
 * The ending that an upstream's `finish_reason` tells. An unknown word is a completed answer: providers invent names
 * for "the model stopped" (`eos`, `end_turn`) more often than for anything else.
 */
export function ending(reason: string | undefined): Ending {
  switch (reason) {
    case 'length':
    case 'max_tokens':
    case 'model_length': // Mistral: the context window is full
      return CUT_BY_LENGTH
    case 'content_filter':
    case 'safety':
    case 'SAFETY':
      return FILTERED
    // DeepSeek API reference: the answer was interrupted for want of machines.
    case 'insufficient_system_resource':
      return { status: 'incomplete', incomplete_details: { reason } }
    default:
      return COMPLETED
  }
}
