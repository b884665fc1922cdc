import { hash } from 'node:crypto'
import type { PreparedCall } from '../prepare-call.js'

/** Marks a header inside of `client_metadata` (upstream-codex 2.2). */
const AS_HEADER = 'ws_request_header_'

/**
 * What may share a connection: turns of one conversation that say the same of everything that the handshake or the prompt's
 * beginning fixes. Sub-agents have tools, instructions or a name of their own, and so never break the chain of the one that called
 * them.
 */
export function socketKey({ call, body, facts }: PreparedCall): string {
  const first = Array.isArray(body['input']) ? (body['input'] as unknown[])[0] : undefined
  const { relayed } = facts
  const variant = [
    body['model'],
    body['instructions'],
    body['tools'],
    isAdditionalTools(first) ? first['tools'] : undefined,
    facts.serviceTier,
    facts.routingOverride,
    relayed['x-openai-subagent'],
    relayed['x-codex-parent-thread-id'],
    relayed['x-codex-beta-features'],
  ]
  return `${call.conversation}:${hash('sha256', JSON.stringify(variant), 'base64').slice(0, 16)}`
}

/**
 * The text frame that asks for one response.
 *
 * There is no prewarm (`generate: false`) of our own: it pays where a client connects before its user has finished typing, and the gateway hears
 * of a turn when its answer is wanted, so that a prewarm would only put a round trip before it. A native client's prewarm is
 * answered at the gateway's own door.
 * @param known what the connection knows already, so that only the rest of the input is sent
 */
export function turnFrame(prepared: PreparedCall, known?: { responseId: string; items: number }): string {
  const { body } = prepared
  const metadata = { ...record(body['client_metadata']), ...frameMetadata(prepared) }
  return JSON.stringify({
    type: 'response.create',
    ...body,
    ...(Object.keys(metadata).length === 0 ? {} : { client_metadata: metadata }),
    ...(known === undefined
      ? {}
      : { previous_response_id: known.responseId, input: (body['input'] as unknown[]).slice(known.items) }),
  })
}

/** What is of the turn and would be a header over HTTP (upstream-codex 2.2 and 4.2). */
function frameMetadata({ lite, facts: { relayed } }: PreparedCall): Record<string, string> {
  const out: Record<string, string> = {}
  for (const name of ['x-codex-turn-state', 'x-codex-window-id', 'x-codex-turn-metadata'] as const) {
    const value = relayed[name]
    if (value !== undefined) out[name] = value
  }
  if (lite) out[`${AS_HEADER}x_openai_internal_codex_responses_lite`] = 'true'
  return out
}

/**
 * Will there be more turns that gain from a connection? Whoever has been answered before, or brought tools that its own side runs, comes back
 * with the same beginning; a single question is answered sooner over a pooled HTTP connection than after a handshake.
 */
export function goesOn({ body, facts }: PreparedCall): boolean {
  const input = Array.isArray(body['input']) ? (body['input'] as unknown[]) : []
  if (facts.relayed['x-codex-turn-metadata'] !== undefined) return true
  if (Array.isArray(body['tools']) && (body['tools'] as unknown[]).some(runsAtClient)) return true
  return input.some((item) => {
    if (isAdditionalTools(item)) return (item['tools'] as unknown[]).some(runsAtClient)
    const told = record(item)
    return told['role'] === 'assistant' || ANSWERS.test(String(told['type']))
  })
}

const ANSWERS = /^(?:reasoning|compaction|compaction_summary|context_compaction)$|_call$|_call_output$|_output$/

/** Tools that the backend runs itself end with the answer. */
function runsAtClient(tool: unknown): boolean {
  return !/^(?:web_search|image_generation|code_interpreter|file_search|mcp)/.test(String(record(tool)['type']))
}

function isAdditionalTools(item: unknown): item is { tools: unknown[] } & Record<string, unknown> {
  const told = record(item)
  return told['type'] === 'additional_tools' && Array.isArray(told['tools'])
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
}
