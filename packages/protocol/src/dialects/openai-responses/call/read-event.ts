import {
  escapeText,
  type Annotation,
  type PivotEvent,
  type PivotItem,
  type PivotResponse,
} from '../../../pivot/index.js'
import { errorWords } from '../../error-words.js'

type Json = Record<string, unknown>

/** One parsed Responses event as a pivot event. What has no meaning elsewhere comes as `other`. */
export function readEvent(data: Json): PivotEvent {
  const type = text(data['type'])
  const output_index = count(data['output_index'])
  const item_id = text(data['item_id'])
  const content_index = count(data['content_index'])
  const summary_index = count(data['summary_index'])
  switch (type) {
    case 'response.created':
    case 'response.queued':
    case 'response.in_progress':
    case 'response.completed':
    case 'response.incomplete':
    case 'response.failed':
      return { type, response: response(data['response']) }
    // The Codex backend's older spelling of the end.
    case 'response.done':
      return { type: 'response.completed', response: response(data['response']) }
    case 'response.output_item.added':
    case 'response.output_item.done':
      return isJson(data['item']) && typeof data['item']['type'] === 'string'
        ? { type, output_index, item: data['item'] as unknown as PivotItem }
        : other(type, data)
    case 'response.content_part.added':
    case 'response.content_part.done':
      return isJson(data['part'])
        ? { type, item_id, output_index, content_index, part: { type: '', ...data['part'] } }
        : other(type, data)
    case 'response.output_text.delta':
      return {
        type,
        item_id,
        output_index,
        content_index,
        escaped: escapeText(text(data['delta'])),
        ...(Array.isArray(data['logprobs']) && data['logprobs'].length > 0 ? { logprobs: data['logprobs'] } : {}),
      }
    case 'response.output_text.done':
      return {
        type,
        item_id,
        output_index,
        content_index,
        text: text(data['text']),
        ...(Array.isArray(data['logprobs']) && data['logprobs'].length > 0 ? { logprobs: data['logprobs'] } : {}),
      }
    case 'response.output_text.annotation.added':
      return isJson(data['annotation'])
        ? {
            type,
            item_id,
            output_index,
            content_index,
            annotation_index: count(data['annotation_index']),
            annotation: data['annotation'] as unknown as Annotation,
          }
        : other(type, data)
    case 'response.refusal.delta':
      return { type, item_id, output_index, content_index, escaped: escapeText(text(data['delta'])) }
    case 'response.refusal.done':
      return { type, item_id, output_index, content_index, refusal: text(data['refusal']) }
    case 'response.reasoning.delta':
    case 'response.reasoning_text.delta':
      return {
        type: 'response.reasoning_text.delta',
        item_id,
        output_index,
        content_index,
        escaped: escapeText(text(data['delta'])),
      }
    case 'response.reasoning.done':
    case 'response.reasoning_text.done':
      return { type: 'response.reasoning_text.done', item_id, output_index, content_index, text: text(data['text']) }
    case 'response.reasoning_summary_part.added':
    case 'response.reasoning_summary_part.done':
      return {
        type,
        item_id,
        output_index,
        summary_index,
        part: { type: 'summary_text', text: isJson(data['part']) ? text(data['part']['text']) : '' },
      }
    case 'response.reasoning_summary_text.delta':
      return { type, item_id, output_index, summary_index, escaped: escapeText(text(data['delta'])) }
    case 'response.reasoning_summary_text.done':
      return { type, item_id, output_index, summary_index, text: text(data['text']) }
    case 'response.function_call_arguments.delta':
    case 'response.custom_tool_call_input.delta':
      return { type, item_id, output_index, escaped: escapeText(text(data['delta'])) }
    case 'response.function_call_arguments.done':
      return { type, item_id, output_index, arguments: text(data['arguments']) }
    case 'response.custom_tool_call_input.done':
      return { type, item_id, output_index, input: text(data['input']) }
    case 'response.image_generation_call.partial_image':
      return {
        type,
        item_id,
        output_index,
        partial_image_index: count(data['partial_image_index']),
        partial_image_b64: text(data['partial_image_b64']),
      }
    case 'error':
      return errorEvent(data)
    default:
      return other(type, data)
  }
}

/** Flat (`{code,message,param}`), nested (`{error:{…}}`), and with a status (WebSocket frames). */
function errorEvent(data: Json): PivotEvent {
  const words = errorWords(isJson(data['error']) ? data : { error: data })
  const status = count(data['status'] ?? data['status_code'])
  return {
    type: 'error',
    code: words.code === '' ? null : words.code,
    message: words.message === '' ? 'the upstream reported an error without words' : words.message,
    param: words.param,
    ...(words.type === '' || words.type === 'error' ? {} : { errorType: words.type }),
    ...(status === 0 ? {} : { status }),
    ...(words.resetsAt === undefined ? {} : { resetsAt: words.resetsAt }),
  }
}

function other(name: string, data: Json): PivotEvent {
  return { type: 'other', name, data }
}

/** Lean upstreams leave fields out; `output` and `id` are what everybody relies on. */
function response(value: unknown): PivotResponse {
  const given = isJson(value) ? value : {}
  return {
    ...given,
    id: text(given['id']),
    output: Array.isArray(given['output']) ? (given['output'] as PivotItem[]) : [],
  }
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function count(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0
}
