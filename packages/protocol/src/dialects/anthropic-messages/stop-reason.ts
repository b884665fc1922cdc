import type { PivotItem, PivotResponse } from '../../pivot/index.js'
import type { Ending } from '../answer/index.js'
import { anthropicFields, type StopReason } from './wire.js'

const OWN_WORDS: ReadonlySet<string> = new Set<StopReason>([
  'pause_turn',
  'compaction',
  'model_context_window_exceeded',
  'refusal',
  'max_tokens',
])

/** What the answer holds, as far as it decides why it ended. */
export interface AnswerFacts {
  called: boolean
  refused: boolean
}

/**
 * Why a message ended.
 * A response that is incomplete for a reason that this API has no word for was cut, so it counts as `max_tokens`: a client that
 * takes it for a finished turn would stop working. A call outweighs a refusal beside it, because the client must answer it.
 * Source: Anthropic API reference, stop reasons.
 * @param facts of the items that were told; a streamed response may end without its output
 */
export function stopReason(response: PivotResponse, facts = factsOf(response)): StopReason {
  if (response.status === 'incomplete') {
    const reason = response.incomplete_details?.reason ?? ''
    if (reason === 'content_filter') return 'refusal'
    return OWN_WORDS.has(reason) ? (reason as StopReason) : 'max_tokens'
  }
  if (facts.called) return 'tool_use'
  if (stopSequence(response) !== null) return 'stop_sequence'
  return facts.refused ? 'refusal' : 'end_turn'
}

function factsOf(response: PivotResponse): AnswerFacts {
  const output = response.output ?? []
  return { called: output.some(calls), refused: output.some(refuses) }
}

export function calls({ type }: PivotItem): boolean {
  return type === 'function_call' || type === 'custom_tool_call'
}

/** The stop sequence that ended the message, where an upstream told it. */
export function stopSequence(response: PivotResponse): string | null {
  const told = anthropicFields(response)['stop_sequence']
  return typeof told === 'string' ? told : null
}

export function refuses(item: PivotItem): boolean {
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
