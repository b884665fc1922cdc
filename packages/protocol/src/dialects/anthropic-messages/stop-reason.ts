import type { PivotResponse } from '../../pivot/index.js'
import type { Ending } from '../answer/index.js'
import { anthropicFields, type StopReason } from './wire.js'

const OWN_WORDS: ReadonlySet<string> = new Set<StopReason>([
  'pause_turn',
  'compaction',
  'model_context_window_exceeded',
  'refusal',
  'max_tokens',
])

/**
 * Why a message ended.
 * A response that is incomplete for a reason that this API has no word for was cut, so it counts as `max_tokens`: a client that
 * takes it for a finished turn would stop working. A call outweighs a refusal beside it, because the client must answer it.
 * Source: Anthropic API reference, stop reasons.
 */
export function stopReason(response: PivotResponse): StopReason {
  if (response.status === 'incomplete') {
    const reason = response.incomplete_details?.reason ?? ''
    if (reason === 'content_filter') return 'refusal'
    return OWN_WORDS.has(reason) ? (reason as StopReason) : 'max_tokens'
  }
  const output = response.output ?? []
  if (output.some(({ type }) => type === 'function_call' || type === 'custom_tool_call')) return 'tool_use'
  if (stopSequence(response) !== null) return 'stop_sequence'
  return output.some(refuses) ? 'refusal' : 'end_turn'
}

/** The stop sequence that ended the message, where an upstream told it. */
export function stopSequence(response: PivotResponse): string | null {
  const told = anthropicFields(response)['stop_sequence']
  return typeof told === 'string' ? told : null
}

function refuses(item: PivotResponse['output'][number]): boolean {
  if (item.type !== 'message') return false
  const content: unknown = item['content']
  return Array.isArray(content) && content.some((part: { type?: unknown } | null) => part?.type === 'refusal')
}

const COMPLETED: Ending = { status: 'completed', incomplete_details: null }

/**
 * The ending that an upstream's `stop_reason` tells. A stop sequence completes the answer; which one it was is kept in the response's
 * `extra`. An unknown word is a completed answer.
 */
export function endingOf(reason: string | null | undefined): Ending {
  switch (reason) {
    case 'max_tokens':
      return { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }
    case 'refusal':
      return { status: 'incomplete', incomplete_details: { reason: 'content_filter' } }
    case 'pause_turn':
    case 'compaction':
    case 'model_context_window_exceeded':
      return { status: 'incomplete', incomplete_details: { reason } }
    default:
      return COMPLETED
  }
}
