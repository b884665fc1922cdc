import { FailureError, safeText, type PivotItem, type StreamDecoder } from '@dragoman/protocol'

/** All that the endpoint takes; it knows neither `stream` nor `store`. Source: upstream-codex 5.4. */
const FIELDS = [
  'model',
  'input',
  'instructions',
  'tools',
  'parallel_tool_calls',
  'reasoning',
  'service_tier',
  'prompt_cache_key',
  'text',
] as const

export function compactionBody(whole: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(FIELDS.flatMap((field) => (whole[field] === undefined ? [] : [[field, whole[field]]])))
}

/** A conversation of images, compacted, still fits; what is larger is no compaction. */
const MAX_BYTES = 64 * 1024 * 1024

/** The endpoint's one JSON document as the one event that ends a response. Its other fields stay fields of the response. */
export function compactionDecoder(): StreamDecoder {
  const chunks: Uint8Array[] = []
  let bytes = 0
  return {
    push(chunk) {
      bytes += chunk.length
      if (bytes > MAX_BYTES) throw unusable(`its compaction is larger than ${MAX_BYTES} bytes`)
      chunks.push(chunk)
      return []
    },
    end() {
      const body = document(Buffer.concat(chunks).toString('utf8'))
      return [{ type: 'response.completed', response: { ...body, status: 'completed' } }]
    },
  }
}

function document(text: string): { id: string; output: PivotItem[] } {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    throw unusable('its compaction is no JSON')
  }
  const told = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
  const { id, output } = told
  if (!Array.isArray(output) || !output.every(isItem)) throw unusable('its compaction has no output')
  return { ...told, id: typeof id === 'string' ? id : '', output }
}

function isItem(value: unknown): value is PivotItem {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

function unusable(why: string): FailureError {
  return new FailureError({
    kind: 'unreachable',
    scope: 'provider',
    phase: 'sent',
    retry: 'other',
    message: safeText(`the Codex backend gave an answer that cannot be used: ${why}`),
  })
}
