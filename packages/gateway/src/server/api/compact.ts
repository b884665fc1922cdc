import { openaiResponses, type PivotResponse, type ReplyMeta } from '@dragoman/protocol'
import type { ClientProtocol } from '../../relay/index.js'
import { readJson } from '../read-body.js'
import type { Asked } from '../route-table.js'
import { clientHeaders, relayed, type ExchangeHouse } from './exchange.js'

/** `POST /v1/responses/compact`: a conversation in, what stands for it out, in one JSON document. */
export function compact(house: ExchangeHouse): (asked: Asked) => Promise<void> {
  return async (asked) => {
    const at = Date.now()
    const headers = clientHeaders(asked)
    const { value } = await readJson(asked.req, house.limits(), house.budget)
    const decoded = openaiResponses.serve.decodeRequest(value, { headers })
    if (decoded.value.stream === true) {
      decoded.receipt.push({ pointer: '/stream', what: 'dropped', why: 'a compaction comes in one piece' })
    }
    const request = { ...decoded.value, stream: false }
    await relayed(house, asked, PROTOCOL, {
      decoded: { value: request, receipt: decoded.receipt },
      headers,
      at,
      task: 'compact',
    })
  }
}

const PROTOCOL: ClientProtocol = {
  id: 'openai-responses',
  serve: { ...openaiResponses.serve, encodeResponse },
}

/**
 * OpenAI's `response.compaction` around what the upstream gave, whose own fields win. A provider that compacts by an ordinary answer
 * gives a whole response, of which only the output is meant. Source: OpenAI API reference, compact a response.
 */
function encodeResponse({ status: _, ...told }: PivotResponse, about: ReplyMeta): object {
  const own = told.object === 'response' ? { output: told.output } : told
  return {
    created_at: about.createdAt,
    ...own,
    id: told.id === '' ? `resp_${about.requestId}` : told.id,
    object: 'response.compaction',
    usage: told.usage ?? estimated(about),
  }
}

/** The Codex backend does not tell what a compaction cost, and the API demands a number: the prompt as counted here. */
function estimated(about: ReplyMeta): object {
  const input = about.inputTokens?.() ?? 0
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 0,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: input,
  }
}
