import type { PivotRequest } from '@dragoman/protocol'
import { badValue } from './refusal.js'

/** Marks a request of the lite shape over HTTP. Source: upstream notes 0.2. */
export const LITE_HEADER = 'x-openai-internal-codex-responses-lite'
/** The same in `client_metadata` of a frame. Source: upstream notes 2.2. */
export const LITE_METADATA = 'ws_request_header_x_openai_internal_codex_responses_lite'

/**
 * The form of a request for a model of the lite shape: its tools are an item of the input, and a header or metadata says so.
 * Whether the real backend refuses a mixture is not known; no client sends one. Source: upstream notes 0.2, 2.3 and 4.2.
 * @param how.required refuse the classic shape, too
 * @throws Refusal 400 that names the first thing that is not of the shape
 */
export function checkLite(request: PivotRequest, how: { saysLite: boolean; required: boolean }): void {
  const holdsTools = request.input.some(({ type }) => type === 'additional_tools')
  if (!how.required && !how.saysLite && !holdsTools) return
  if (!how.saysLite) throw notLite(`${LITE_HEADER} is missing`, null)
  if (request.tools !== undefined) throw notLite('tools belong into an additional_tools item', 'tools')
  // A prewarm of this shape has no input at all.
  if (request.input.length > 0 && request.input[0]?.type !== 'additional_tools') {
    throw notLite('the first input item must be additional_tools', 'input[0]')
  }
  const { context } = (request.reasoning ?? {}) as { context?: unknown }
  if (context !== 'all_turns') throw notLite('reasoning.context must be all_turns', 'reasoning.context')
  if (request.parallel_tool_calls !== false) {
    throw notLite('parallel_tool_calls must be false', 'parallel_tool_calls')
  }
}

function notLite(what: string, param: string | null) {
  return badValue(`This model takes the lite shape: ${what}.`, param, 'invalid_lite_request')
}
