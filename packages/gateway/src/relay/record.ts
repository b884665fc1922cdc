import type { PivotResponse } from '@dragoman/protocol'
import { clientProgram, type RequestRecord } from '../telemetry/index.js'
import type { Exchange } from './exchange.js'

/** What the model and its image tool took together. */
export function usageOf(response: PivotResponse | undefined): RequestRecord['usage'] {
  const usage = response?.usage
  const tool = imageToolIn(response)
  if (usage == null && tool === undefined) return undefined
  return {
    inputTokens: (usage?.input_tokens ?? 0) + (tool?.input ?? 0),
    cachedTokens: usage?.input_tokens_details?.cached_tokens ?? 0,
    outputTokens: (usage?.output_tokens ?? 0) + (tool?.output ?? 0),
    reasoningTokens: usage?.output_tokens_details?.reasoning_tokens ?? 0,
    ...(tool === undefined ? {} : { imageInputTokens: tool.imageInput, imageOutputTokens: tool.imageOutput }),
  }
}

/**
 * What the image tool took: `tool_usage.image_gen` of a response, seen 2026-08. The `usage` beside it does not contain it: a picture is
 * more tokens than the model's whole output.
 */
function imageToolIn(response: PivotResponse | undefined) {
  const told = fields(fields(response?.['tool_usage'])?.['image_gen'])
  const [input, output] = [count(told?.['input_tokens']) ?? 0, count(told?.['output_tokens']) ?? 0]
  if (input + output === 0) return undefined
  const pictures = (of: string, all: number): number =>
    Math.min(count(fields(told?.[of])?.['image_tokens']) ?? all, all)
  return {
    input,
    output,
    imageInput: pictures('input_tokens_details', input),
    imageOutput: pictures('output_tokens_details', output),
  }
}

function fields(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 ? value : undefined
}

export function recordOf(exchange: Exchange): RequestRecord {
  const client = clientProgram(exchange.headers)
  return {
    id: exchange.id,
    at: exchange.at,
    dialect: exchange.dialect.id,
    path: exchange.path,
    model: exchange.namedModel ?? exchange.request.model,
    keyId: exchange.key.id,
    ...(client === undefined ? {} : { client }),
    stream: exchange.stream,
    attempts: [],
    notes: [...exchange.receipt],
  }
}
