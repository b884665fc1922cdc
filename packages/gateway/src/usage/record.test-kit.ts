import type { RequestRecord } from '../telemetry/index.js'

/** A request that is over, as a test wants it. */
export function recordOf(more: Partial<RequestRecord> = {}): RequestRecord {
  return {
    id: 'req_1',
    at: 0,
    dialect: 'openai-chat',
    path: '/v1/chat/completions',
    model: 'gpt-5.5',
    provider: 'codex',
    upstreamModel: 'gpt-5.5',
    candidateId: 'acc_1',
    keyId: 'key_1',
    stream: false,
    attempts: [],
    notes: [],
    ...more,
  }
}

export function used(inputTokens: number, outputTokens: number, cachedTokens = 0): Required<RequestRecord>['usage'] {
  return { inputTokens, outputTokens, cachedTokens, reasoningTokens: 0 }
}
