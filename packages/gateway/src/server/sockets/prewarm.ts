import { randomBytes } from 'node:crypto'
import type { PivotRequest, PivotResponse, ReplyMeta } from '@dragoman/protocol'
import type { ClientProtocol } from '../../relay/index.js'
import type { FrameOutlet } from './frame-outlet.js'

/**
 * Answers a prewarm (`generate: false`): there is nothing to warm here, but its id and its input may be continued.
 * Source: upstream-codex 4.2.
 * @param at unix ms
 */
export function answerPrewarm(
  dialect: ClientProtocol,
  { id, at, request }: { id: string; at: number; request: PivotRequest },
  outlet: FrameOutlet,
): void {
  const createdAt = Math.floor(at / 1000)
  const about: ReplyMeta = { requestId: id, model: request.model, createdAt, request }
  const response: PivotResponse = {
    id: `resp_${randomBytes(25).toString('hex')}`,
    object: 'response',
    created_at: createdAt,
    status: 'in_progress',
    model: request.model,
    output: [],
  }
  const usage = { input_tokens: 0, output_tokens: 0, total_tokens: 0 }
  outlet.writeHead(200, { 'x-request-id': id })
  outlet.end(
    dialect.serve.streamEncoder(about).push([
      { type: 'response.created', response },
      { type: 'response.completed', response: { ...response, status: 'completed', completed_at: createdAt, usage } },
    ]),
  )
}
