import {
  decodeCountTokens,
  FailureError,
  invalidRequest,
  type Dialect,
  type DialectId,
  type PivotRequest,
} from '@dragoman/protocol'
import type { Routing } from '../../routing/index.js'
import type { TokenCounter } from '../../usage/index.js'
import { readJson, type BodyBudget, type BodyLimits } from '../read-body.js'
import type { Asked } from '../route-table.js'
import { sendJson } from '../send.js'
import { clientHeaders } from './exchange.js'
import { modelAndMethod } from '../gemini-path.js'

export interface CountHouse {
  dialects: Readonly<Record<DialectId, Dialect>>
  routing: Routing
  tokens: TokenCounter
  budget: BodyBudget
  limits(): BodyLimits
}

type Counting = 'anthropic-messages' | 'gemini' | 'openai-responses'

/**
 * Counts a request's tokens here, without asking an upstream: `POST /v1/messages/count_tokens`, Gemini's `:countTokens`,
 * `POST /v1/responses/input_tokens`.
 */
export function countTokens(house: CountHouse, dialect: Counting): (asked: Asked) => Promise<void> {
  return async (asked) => {
    const { value } = await readJson(asked.req, house.limits(), house.budget)
    const request = decode(house.dialects[dialect], dialect, value, asked)
    const route = house.routing.resolve(request.model)
    if ('kind' in route) throw new FailureError(route)
    sendJson(asked.res, 200, asked.headers, answer(dialect, await house.tokens.count(request)))
  }
}

function decode(dialect: Dialect, id: Counting, body: unknown, asked: Asked): PivotRequest {
  if (!isJson(body)) throw new FailureError(invalidRequest('', 'the body must be a JSON object'))
  const headers = clientHeaders(asked)
  switch (id) {
    case 'anthropic-messages':
      // The one field that a message must have and a count has not.
      return dialect.serve.decodeRequest({ max_tokens: 1, ...body }, { headers }).value
    case 'gemini':
      return decodeCountTokens(body, { headers, path: { model: modelAndMethod(asked.id).model } })
    case 'openai-responses':
      return dialect.serve.decodeRequest(body, { headers }).value
  }
}

function answer(id: Counting, tokens: number): object {
  switch (id) {
    case 'anthropic-messages':
      return { input_tokens: tokens }
    case 'gemini':
      return { totalTokens: tokens, promptTokensDetails: [{ modality: 'TEXT', tokenCount: tokens }] }
    case 'openai-responses':
      return { object: 'response.input_tokens', input_tokens: tokens }
  }
}

function isJson(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
