import type { Note, Translated, UpstreamModel } from '../../../dialect.js'
import type { PivotRequest } from '../../../pivot/index.js'
import { codexRequest } from './codex-rules.js'

/**
 * The pivot request as a Responses body. Everything passes, known or not; only `extra`, which is ours, stays here, and what the
 * Codex backend is known to refuse.
 */
export function encodeRequest(request: PivotRequest, to: UpstreamModel): Translated<Record<string, unknown>> {
  const receipt: Note[] = []
  const { extra: _, ...passing } = request
  const body: Record<string, unknown> = { ...passing, model: to.model, input: withoutExtra(request.input) }
  if (Array.isArray(body['tools'])) body['tools'] = withoutExtra(body['tools'] as unknown[])
  return to.rules === 'codex' ? { value: codexRequest(body, receipt), receipt } : { value: body, receipt }
}

/** Items and their parts without what is ours; the same objects where there is nothing to take away. */
function withoutExtra(list: readonly unknown[]): unknown[] {
  return list.map((entry) => {
    if (!isJson(entry)) return entry
    const content = Array.isArray(entry['content']) ? entry['content'] : undefined
    const output = Array.isArray(entry['output']) ? entry['output'] : undefined
    const deep = [...(content ?? []), ...(output ?? [])].some((part) => isJson(part) && 'extra' in part)
    if (!('extra' in entry) && !deep) return entry
    const { extra: _, ...rest } = entry
    return {
      ...rest,
      ...(content === undefined ? {} : { content: withoutExtra(content) }),
      ...(output === undefined ? {} : { output: withoutExtra(output) }),
    }
  })
}

function isJson(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
