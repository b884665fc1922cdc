import type { Usage } from '@dragoman/protocol'
import type { RequestRecord } from '../telemetry/index.js'
import type { Exchange } from './exchange.js'

export function usageOf(usage: Usage | null | undefined): RequestRecord['usage'] {
  if (usage == null) return undefined
  return {
    inputTokens: usage.input_tokens,
    cachedTokens: usage.input_tokens_details?.cached_tokens ?? 0,
    outputTokens: usage.output_tokens,
    reasoningTokens: usage.output_tokens_details?.reasoning_tokens ?? 0,
  }
}

export function recordOf(exchange: Exchange): RequestRecord {
  return {
    id: exchange.id,
    at: exchange.at,
    dialect: exchange.dialect.id,
    path: exchange.path,
    model: exchange.namedModel ?? exchange.request.model,
    keyId: exchange.key.id,
    stream: exchange.stream,
    attempts: [],
    notes: [...exchange.receipt],
  }
}
