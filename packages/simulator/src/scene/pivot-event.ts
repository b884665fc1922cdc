import { escapeText, type PivotEvent } from '@dragoman/protocol'

/** Wire events that carry the same fields in the pivot, apart from the escaped delta. */
const SAME_SHAPE: ReadonlySet<string> = new Set([
  'response.created',
  'response.queued',
  'response.in_progress',
  'response.completed',
  'response.incomplete',
  'response.failed',
  'response.output_item.added',
  'response.output_item.done',
  'response.content_part.added',
  'response.content_part.done',
  'response.output_text.delta',
  'response.output_text.done',
  'response.output_text.annotation.added',
  'response.refusal.delta',
  'response.refusal.done',
  'response.reasoning_text.delta',
  'response.reasoning_text.done',
  'response.reasoning_summary_part.added',
  'response.reasoning_summary_part.done',
  'response.reasoning_summary_text.delta',
  'response.reasoning_summary_text.done',
  'response.function_call_arguments.delta',
  'response.function_call_arguments.done',
  'response.custom_tool_call_input.delta',
  'response.custom_tool_call_input.done',
  'response.image_generation_call.partial_image',
])

const WIRE_ONLY: ReadonlySet<string> = new Set(['sequence_number', 'obfuscation', 'delta'])

/** Reads one recorded wire event (JSON text). What is no event of the pivot, or no JSON at all, comes as `other`. */
export function pivotEvent(json: string): PivotEvent {
  const data = parsed(json)
  const type = data?.['type']
  if (data === undefined || typeof type !== 'string') return { type: 'other', name: '' }
  if (type === 'error') {
    const told = (data['error'] ?? data) as { code?: string; message?: string; param?: string; type?: string }
    return { type: 'error', code: told.code ?? null, message: told.message ?? '', param: told.param ?? null }
  }
  if (!SAME_SHAPE.has(type)) return { type: 'other', name: type, data }
  const { delta } = data
  const escaped = typeof delta === 'string' ? { escaped: escapeText(delta) } : {}
  const fields = Object.entries(data).filter(([name]) => !WIRE_ONLY.has(name))
  return { ...Object.fromEntries(fields), ...escaped } as unknown as PivotEvent
}

function parsed(json: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
