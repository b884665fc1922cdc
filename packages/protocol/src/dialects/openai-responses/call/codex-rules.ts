import type { Note } from '../../../dialect.js'
import { isJson, type Json } from '../../json.js'
import { withCodexIds } from './codex-ids.js'
import type { PlacedItem } from './encode-items.js'

/** What the backend answers with `Unsupported parameter` (upstream-codex 2.3, 2026-11). */
const REFUSED: Readonly<Record<string, string>> = {
  max_output_tokens: 'the Codex backend takes no token limit',
  max_completion_tokens: 'the Codex backend takes no token limit',
  max_tokens: 'the Codex backend takes no token limit',
  temperature: 'the Codex backend takes no sampling parameters',
  top_p: 'the Codex backend takes no sampling parameters',
  top_logprobs: 'the Codex backend gives no log probabilities',
  presence_penalty: 'the Codex backend takes no sampling parameters',
  frequency_penalty: 'the Codex backend takes no sampling parameters',
  repetition_penalty: 'the Codex backend takes no sampling parameters',
  stop: 'the Codex backend takes no sampling parameters',
  seed: 'the Codex backend takes no sampling parameters',
  top_k: 'the Codex backend takes no sampling parameters',
  min_p: 'the Codex backend takes no sampling parameters',
  logit_bias: 'the Codex backend takes no sampling parameters',
  n: 'one request gives one answer',
  truncation: 'the Codex backend does not truncate',
  user: 'the Codex backend knows the account alone',
  metadata: 'the Codex backend keeps no metadata',
  context_management: 'the Codex backend has no context management',
  prompt_cache_retention: 'the Codex backend keeps its cache as it sees fit',
  prompt_cache_options: 'the Codex backend keeps its cache as it sees fit',
  safety_identifier: 'the Codex backend knows the account alone',
  background: 'the Codex backend answers while one waits',
  max_tool_calls: 'the Codex backend does not count tool calls',
  conversation: 'the Codex backend keeps no conversations',
  prompt: 'the Codex backend has no stored prompts',
  previous_response_id: 'the Codex backend keeps nothing over HTTP',
  stream_options: 'the Codex backend takes no stream options',
}

/** Said in silence by most SDKs; taking these away loses nothing. */
const DEFAULTS: Readonly<Record<string, unknown>> = {
  temperature: 1,
  top_p: 1,
  top_logprobs: 0,
  presence_penalty: 0,
  frequency_penalty: 0,
  repetition_penalty: 1,
  n: 1,
  truncation: 'disabled',
  background: false,
}

const ENCRYPTED = 'reasoning.encrypted_content'

/**
 * Makes a Responses body that the ChatGPT Codex backend takes. What it refuses is taken out and noted; what it demands is put in.
 * Unknown fields, items and tools pass: the backend knows more than we do.
 * @param items the body's input, each item with its place in the client's
 */
export function codexRequest(body: Json, items: readonly PlacedItem[], receipt: Note[]): Json {
  const out: Json = { ...body }
  for (const field in REFUSED) {
    if (!(field in out)) continue
    const value = out[field]
    if (field === 'stream_options' && keepsStreamOptions(value)) continue
    delete out[field]
    if (value === null || value === undefined || isEmpty(value) || DEFAULTS[field] === value) continue
    receipt.push({ pointer: `/${field}`, what: 'dropped', why: REFUSED[field] ?? '' })
  }
  out['stream'] = true
  if (out['store'] === true) {
    receipt.push({ pointer: '/store', what: 'dropped', why: 'the Codex backend stores nothing' })
  }
  out['store'] = false
  const include = Array.isArray(out['include']) ? (out['include'] as unknown[]) : []
  out['include'] = include.includes(ENCRYPTED) ? include : [...include, ENCRYPTED]
  serviceTier(out, receipt)
  out['input'] = codexInput(items, receipt)
  for (const field of ['instructions', 'tools', 'tool_choice', 'parallel_tool_calls', 'reasoning', 'text']) {
    if (out[field] === null) delete out[field]
  }
  // Older models refuse a request without instructions; newer clients put theirs into a developer message.
  if (out['instructions'] === undefined && !(out['input'] as unknown[]).some(isDeveloper)) out['instructions'] = ''
  return out
}

/** The one stream option that the official client sends, behind a beta flag. */
function keepsStreamOptions(value: unknown): boolean {
  return isJson(value) && 'reasoning_summary_delivery' in value && Object.keys(value).length === 1
}

function serviceTier(out: Json, receipt: Note[]): void {
  const tier = out['service_tier']
  switch (tier) {
    case undefined:
      return
    case 'priority':
    case 'flex':
      return
    case 'fast':
      out['service_tier'] = 'priority'
      return
    default:
      delete out['service_tier']
      if (tier === null || tier === 'auto' || tier === 'default') return
      receipt.push({
        pointer: '/service_tier',
        what: 'dropped',
        why: 'the Codex backend knows the tiers priority and flex',
      })
  }
}

function codexInput(placed: readonly PlacedItem[], receipt: Note[]): unknown[] {
  const input = placed.map(({ item, at }) => ({ item: withCodexIds(item), at }))
  const answered = new Set<unknown>()
  const asked = new Set<unknown>()
  for (const { item } of input) {
    if (!isJson(item)) continue
    if (OUTPUTS.has(item['type'])) answered.add(item['call_id'])
    if (CALLS.has(item['type'])) asked.add(item['call_id'])
  }
  const out: unknown[] = []
  for (const { item, at } of input) {
    if (!isJson(item)) {
      out.push(item)
      continue
    }
    const pointer = `/input/${at}`
    if (item['type'] === 'message') out.push(codexMessage(item, pointer, receipt))
    else if (OUTPUTS.has(item['type']) && !asked.has(item['call_id'])) {
      receipt.push({
        pointer,
        what: 'approximated',
        why: 'a tool result without its call is told as a message of the user',
      })
      out.push(orphan(item))
    } else out.push(codexOutput(item))
    if (CALLS.has(item['type']) && !answered.has(item['call_id'])) {
      receipt.push({
        pointer,
        what: 'emulated',
        why: 'a tool call without a result gets an empty one; the backend refuses it otherwise',
      })
      out.push({ type: `${String(item['type'])}_output`, call_id: item['call_id'], output: '' })
    }
  }
  return out
}

const CALLS: ReadonlySet<unknown> = new Set(['function_call', 'custom_tool_call'])
const OUTPUTS: ReadonlySet<unknown> = new Set(['function_call_output', 'custom_tool_call_output'])

function orphan(item: Json): Json {
  const output = item['output']
  const parts = Array.isArray(output)
    ? (output as unknown[])
    : [{ type: 'input_text', text: typeof output === 'string' ? output : JSON.stringify(output ?? '') }]
  return { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Tool result:' }, ...parts] }
}

/** A tool's result may be parts too, and parts may carry cache marks. */
function codexOutput(item: Json): Json {
  const output = item['output']
  if (!OUTPUTS.has(item['type']) || !Array.isArray(output)) return item
  const parts = (output as unknown[]).map(withoutCacheMark)
  return parts.some((part, at) => part !== output[at]) ? { ...item, output: parts } : item
}

/** Role, content form and part types as the backend wants them. */
function codexMessage(item: Json, pointer: string, receipt: Note[]): Json {
  const role = item['role']
  const content = item['content']
  let changed: Json | undefined
  if (role === 'system') {
    receipt.push({
      pointer: `${pointer}/role`,
      what: 'approximated',
      why: 'the backend takes developer where others say system',
    })
    changed = { ...item, role: 'developer' }
  }
  if (typeof content === 'string') {
    changed = { ...(changed ?? item), content: [{ type: textType(role), text: content }] }
  } else if (Array.isArray(content)) {
    const parts = (content as unknown[]).map((part) => codexPart(part, role))
    if (parts.some((part, at) => part !== content[at])) changed = { ...(changed ?? item), content: parts }
  }
  return changed ?? item
}

function codexPart(part: unknown, role: unknown): unknown {
  if (!isJson(part)) return part
  let out = part
  const type = part['type']
  const wrongText =
    role === 'assistant' ? type === 'input_text' || type === 'text' : type === 'output_text' || type === 'text'
  if (wrongText) {
    out = role === 'assistant' ? { ...part, type: 'output_text' } : { type: 'input_text', text: part['text'] }
  }
  return withoutCacheMark(out)
}

/** Refused inside of parts (2026-08); it only ever was a hint. */
function withoutCacheMark(part: unknown): unknown {
  if (!isJson(part) || !('prompt_cache_breakpoint' in part)) return part
  const { prompt_cache_breakpoint: _, ...rest } = part
  return rest
}

function textType(role: unknown): string {
  return role === 'assistant' ? 'output_text' : 'input_text'
}

function isDeveloper(item: unknown): boolean {
  return isJson(item) && item['role'] === 'developer'
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0
  return isJson(value) && Object.keys(value).length === 0
}
