import { FailureError } from '../../../failure.js'
import type { PivotEvent, PivotResponse } from '../../../pivot/index.js'
import { readEvent } from './read-event.js'

/**
 * A whole reply as the events that tell it: created, each finished item, the end.
 * @throws FailureError `stream_cut` when the body is no response object
 */
export function decodeResponse(body: unknown): PivotEvent[] {
  const end = readEvent({ type: endOf(body), response: body })
  if (!('response' in end) || end.response.id === '') {
    throw new FailureError({
      kind: 'stream_cut',
      scope: 'provider',
      phase: 'sent',
      retry: 'same',
      message: 'the upstream answered with something that is no response object',
    })
  }
  const begin: PivotResponse = { ...end.response, status: 'in_progress', output: [] }
  return [
    { type: 'response.created', response: begin },
    ...end.response.output.map((item, output_index): PivotEvent => ({
      type: 'response.output_item.done',
      output_index,
      item,
    })),
    end,
  ]
}

function endOf(body: unknown): string {
  const status = typeof body === 'object' && body !== null && 'status' in body ? body.status : undefined
  if (status === 'failed' || status === 'cancelled') return 'response.failed'
  return status === 'incomplete' ? 'response.incomplete' : 'response.completed'
}
