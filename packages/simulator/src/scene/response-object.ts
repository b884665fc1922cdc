import type { PivotRequest, PivotResponse, PivotTool } from '@dragoman/protocol'

/**
 * A response object with every field that Open Responses' `ResponseResource` requires, echoing the request as the backend does.
 * `changes` override the state of a response that has just begun.
 */
export function responseObject(
  request: PivotRequest,
  facts: { id: string; createdAt: number },
  changes: Partial<PivotResponse> = {},
): PivotResponse {
  return {
    id: facts.id,
    object: 'response',
    created_at: facts.createdAt,
    status: 'in_progress',
    background: false,
    completed_at: null,
    error: null,
    frequency_penalty: 0,
    incomplete_details: null,
    instructions: request.instructions ?? null,
    max_output_tokens: request.max_output_tokens ?? null,
    max_tool_calls: null,
    model: request.model,
    output: [],
    parallel_tool_calls: request.parallel_tool_calls ?? true,
    presence_penalty: 0,
    previous_response_id: request.previous_response_id ?? null,
    prompt_cache_key: request.prompt_cache_key ?? null,
    prompt_cache_retention: null,
    reasoning: { effort: request.reasoning?.effort ?? null, summary: request.reasoning?.summary ?? null },
    safety_identifier: request.safety_identifier ?? null,
    service_tier: request.service_tier ?? 'auto',
    store: request.store ?? false,
    temperature: request.temperature ?? 1,
    text: { format: request.text?.format ?? { type: 'text' }, verbosity: request.text?.verbosity ?? 'medium' },
    tool_choice: request.tool_choice ?? 'auto',
    tools: (request.tools ?? []).map(echoedTool),
    top_logprobs: 0,
    top_p: request.top_p ?? 1,
    truncation: request.truncation ?? 'disabled',
    usage: null,
    user: request.user ?? null,
    metadata: request.metadata ?? {},
    ...changes,
  }
}

/** Open Responses requires all five fields of a function tool in an answer, although a request may leave three out. */
function echoedTool(tool: PivotTool): PivotTool {
  return tool.type === 'function' ? { description: null, parameters: null, strict: true, ...tool } : tool
}
