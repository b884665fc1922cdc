import type { DialectId } from '../dialect.js'
import type { PivotRequest } from '../pivot/index.js'
import { isJson } from './json.js'
import { step, type Noting } from './refusing.js'

/**
 * Fields that a client's dialect keeps for upstreams of its own kind and that ask others for nothing: translated besides
 * (`thinking` stands in `reasoning` too), hints to a cache or a server's memory, the shape of the reply, and what a gateway does itself.
 */
const SILENT: Readonly<Record<DialectId, ReadonlySet<string>>> = {
  'openai-chat': new Set([
    'stream_options',
    'web_search_options',
    'reasoning',
    'functions',
    'function_call',
    'usage',
    'cache_control',
    'cache_prompt',
    'keep_alive',
    'session_id',
    'include_reasoning',
  ]),
  'openai-responses': new Set(),
  'anthropic-messages': new Set(['thinking', 'output_config', 'metadata', 'cache_control', 'betas', 'anthropic_beta']),
  gemini: new Set([]),
  ollama: new Set([
    'keep_alive',
    'think',
    'format',
    'truncate',
    'shift',
    // Options of the machine, of memory, or of another option.
    'num_ctx',
    'num_keep',
    'num_batch',
    'num_gpu',
    'num_thread',
    'num_gqa',
    'main_gpu',
    'numa',
    'low_vram',
    'f16_kv',
    'use_mmap',
    'use_mlock',
    'vocab_only',
    'logits_all',
    'embedding_only',
    'rope_frequency_base',
    'rope_frequency_scale',
    'repeat_last_n',
    'penalize_newline',
    'mirostat_tau',
    'mirostat_eta',
  ]),
}

/**
 * Notes what a client of another dialect asked for and only an upstream of that dialect understands. The pointer is into the client's body.
 * @param own the upstream's dialect
 * @param done fields of the client's dialect that the encoder has translated itself
 */
export function noteForeignFields(
  request: PivotRequest,
  own: DialectId,
  note: Noting,
  done: ReadonlySet<string> = NOTHING,
): void {
  for (const [dialect, fields] of Object.entries(request.extra ?? {})) {
    const silent = SILENT[dialect as DialectId]
    if (dialect === own || silent === undefined) continue
    const why = WHY[dialect as DialectId]
    for (const [field, value] of Object.entries(fields)) {
      if (silent.has(field) || done.has(field) || asksNothing(field, value)) continue
      if (!NESTING.has(field) || !isJson(value)) note(`/${step(field)}`, 'dropped', why)
      else {
        for (const [inner, one] of Object.entries(value)) {
          if (!silent.has(inner) && !asksNothing(inner, one)) note(`/${step(field)}/${step(inner)}`, 'dropped', why)
        }
      }
    }
  }
}

/** Objects whose fields are options of their own. */
const NESTING: ReadonlySet<string> = new Set(['generationConfig', 'options'])

const NOTHING: ReadonlySet<string> = new Set()

const WHY: Readonly<Record<DialectId, string>> = {
  'openai-chat': 'only chat upstreams understand it',
  'openai-responses': 'only Responses upstreams understand it',
  'anthropic-messages': 'only Anthropic upstreams understand it',
  gemini: 'only Gemini upstreams understand it',
  ollama: 'only Ollama upstreams understand it',
}

/** What OpenAI's own API does when nothing is said. */
const DEFAULTS: Readonly<Record<string, unknown>> = { parallel_tool_calls: true, truncation: 'disabled' }

/**
 * Notes the pivot's own fields that ask for something and that the upstream has no field for.
 * @param spoken what the encoder has translated, or knows to be nothing to this upstream
 */
export function noteUnknownFields(request: PivotRequest, spoken: ReadonlySet<string>, why: string, note: Noting): void {
  for (const [field, value] of Object.entries(request)) {
    if (spoken.has(field) || asksNothing(field, value) || DEFAULTS[field] === value) continue
    note(`/${step(field)}`, 'dropped', why)
  }
}

/** Off, empty, or the default of its field. */
function asksNothing(field: string, value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === '') return true
  if (Array.isArray(value)) {
    return value.length === 0 || (field === 'modalities' && value.every((one) => one === 'text'))
  }
  return (isJson(value) && Object.keys(value).length === 0) || value === OFF[field]
}

/** How an option says that it is off. */
const OFF: Readonly<Record<string, number>> = { top_logprobs: 0, mirostat: 0, tfs_z: 1, typical_p: 1 }
