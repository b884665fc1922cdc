import { openaiResponses } from '@dragoman/protocol'
import type { Asked } from '../route-table.js'
import { exchangeRoute, type ExchangeHouse } from './exchange.js'

/** `POST /v1/responses/review`: an answer that the upstream is told to be a code review, as Codex's own reviewer tells it. */
export function review(house: ExchangeHouse): (asked: Asked) => Promise<void> {
  return exchangeRoute(house, openaiResponses, { headers: { 'x-openai-subagent': 'review' } })
}
