import {
  escapeText,
  type Annotation,
  type CustomToolCallItem,
  type FunctionCallItem,
  type ImageGenerationCallItem,
  type MessageItem,
  type MessagePart,
  type PivotEvent,
  type PivotItem,
  type PivotResponse,
  type ReasoningItem,
  type ResponseError,
  type Usage,
} from '../../../pivot/index.js'
import type { Ending } from '../finish-reason.js'
import { withExtra } from '../origin.js'
import { given, type Json } from '../wire.js'
import { AnswerText } from './answer-text.js'

/** What a chat upstream said of its answer as a whole. */
export interface AnswerHead {
  id: string
  model?: string
  createdAt?: number
}

/**
 * Writes the events of one answer: a chat stream tells only deltas, the pivot wants the whole ladder of items and parts
 * around them. Every method gives the events that its news makes.
 *
 * Reasoning ends where text or a call begins; a message ends where a call begins, and stays open while a model thinks
 * again; calls end with the answer, because their pieces may be interleaved.
 */
export class AnswerEvents {
  private readonly output: PivotItem[] = []
  private message: OpenMessage | undefined
  private thought: OpenThought | undefined
  private readonly calls: OpenCall[] = []
  private begun: PivotResponse | undefined

  /** `response.created` and `response.in_progress`, once. */
  begin(head: AnswerHead): PivotEvent[] {
    if (this.begun !== undefined) return []
    this.begun = {
      id: head.id,
      object: 'response',
      ...given({ created_at: head.createdAt }),
      status: 'in_progress',
      ...given({ model: head.model }),
      output: [],
    }
    return [
      { type: 'response.created', response: this.begun },
      { type: 'response.in_progress', response: this.begun },
    ]
  }

  /** More of the text that is being told, without escapes; undefined when it would be more than one event. */
  moreText(delta: string): PivotEvent | undefined {
    const message = this.message
    if (message?.text === undefined || this.thought !== undefined) return undefined
    message.text.text.add(delta)
    return {
      type: 'response.output_text.delta',
      item_id: message.id,
      output_index: message.index,
      content_index: message.text.index,
      escaped: delta,
    }
  }

  /** More of the reasoning that is being told, likewise. */
  moreReasoning(delta: string): PivotEvent | undefined {
    const thought = this.thought
    if (thought === undefined || !thought.spoken) return undefined
    thought.text.add(delta)
    return {
      type: 'response.reasoning_text.delta',
      item_id: thought.id,
      output_index: thought.index,
      content_index: 0,
      escaped: delta,
    }
  }

  /** @param escaped the same text as it stands between JSON quotes */
  text(delta: string, escaped: string, logprobs?: unknown[]): PivotEvent[] {
    const out = this.endThought()
    const message = this.openMessage(out)
    if (message.text === undefined) {
      message.text = { index: message.parts++, text: new AnswerText(), annotations: [], logprobs: [] }
      out.push({ type: 'response.content_part.added', ...place(message, message.text), part: emptyText() })
    }
    message.text.text.add(delta)
    if (logprobs !== undefined) message.text.logprobs.push(...logprobs)
    const told = logprobs === undefined ? {} : { logprobs }
    out.push({ type: 'response.output_text.delta', ...place(message, message.text), escaped, ...told })
    return out
  }

  refusal(delta: string): PivotEvent[] {
    const out = this.endThought()
    const message = this.openMessage(out)
    if (message.refusal === undefined) {
      message.refusal = { index: message.parts++, text: new AnswerText() }
      const part = { type: 'refusal', refusal: '' }
      out.push({ type: 'response.content_part.added', ...place(message, message.refusal), part })
    }
    message.refusal.text.add(delta)
    const escaped = escapeText(delta)
    out.push({ type: 'response.refusal.delta', ...place(message, message.refusal), escaped })
    return out
  }

  annotation(annotation: Annotation): PivotEvent[] {
    const out = this.message?.text === undefined ? this.text('', '') : []
    const message = this.message
    if (message?.text === undefined) return out
    const annotation_index = message.text.annotations.push(annotation) - 1
    const where = place(message, message.text)
    out.push({ type: 'response.output_text.annotation.added', ...where, annotation_index, annotation })
    return out
  }

  reasoning(delta: string, escaped: string): PivotEvent[] {
    const out: PivotEvent[] = []
    const thought = this.openThought(out)
    if (!thought.spoken) {
      thought.spoken = true
      out.push({ type: 'response.content_part.added', ...first(thought), part: { type: 'reasoning_text', text: '' } })
    }
    thought.text.add(delta)
    out.push({ type: 'response.reasoning_text.delta', ...first(thought), escaped })
    return out
  }

  /** What only chat upstreams know of a thought: signatures, encrypted pieces. They go back as they came. */
  reasoningDetails(details: readonly unknown[]): PivotEvent[] {
    const out: PivotEvent[] = []
    this.openThought(out).details.push(...details)
    return out
  }

  beginCall(
    kind: 'function' | 'custom',
    id: string,
    name: string,
    beside: Json,
  ): { call: OpenCall; events: PivotEvent[] } {
    const events = [...this.endThought(), ...this.endMessage()]
    const index = this.output.length
    const call: OpenCall = {
      index,
      id: this.itemId(kind === 'function' ? 'fc' : 'ctc', index),
      kind,
      callId: id === '' ? this.itemId('call', index) : id,
      name,
      beside,
      text: new AnswerText(),
    }
    const item = callItem(call, '', 'in_progress')
    this.output.push(item)
    this.calls.push(call)
    events.push({ type: 'response.output_item.added', output_index: index, item })
    return { call, events }
  }

  callText(call: OpenCall, delta: string): PivotEvent[] {
    if (delta === '') return []
    call.text.add(delta)
    const type =
      call.kind === 'function' ? 'response.function_call_arguments.delta' : 'response.custom_tool_call_input.delta'
    return [{ type, item_id: call.id, output_index: call.index, escaped: escapeText(delta) }]
  }

  image(result: string, format: string): PivotEvent[] {
    const output_index = this.output.length
    const id = this.itemId('ig', output_index)
    const item: ImageGenerationCallItem = {
      type: 'image_generation_call',
      id,
      status: 'completed',
      result,
      output_format: format,
    }
    this.output.push(item)
    return [
      {
        type: 'response.output_item.added',
        output_index,
        item: { type: 'image_generation_call', id, status: 'in_progress', result: null },
      },
      { type: 'response.output_item.done', output_index, item },
    ]
  }

  /** Closes everything and ends the response. */
  end(ending: Ending, usage: Usage | undefined, beside: Partial<PivotResponse>): PivotEvent[] {
    const begun = this.begun
    if (begun === undefined) return []
    const cut = ending.status === 'incomplete'
    const out = [
      ...this.endThought(cut),
      ...this.endMessage(cut),
      ...this.calls.flatMap((call) => this.endCall(call, cut)),
    ]
    const response: PivotResponse = {
      ...begun,
      ...ending,
      output: this.output,
      usage: usage ?? null,
      ...beside,
    }
    out.push({ type: cut ? 'response.incomplete' : 'response.completed', response })
    return out
  }

  /** The error that ends this answer, on a response of its own when it came before everything else. */
  fail(error: ResponseError, status: number | undefined): PivotEvent {
    return {
      type: 'error',
      message: error.message ?? 'the upstream failed without a word',
      code: error.code ?? null,
      param: error.param ?? null,
      errorType: error.type ?? null,
      ...given({ status }),
    }
  }

  private openMessage(out: PivotEvent[]): OpenMessage {
    if (this.message !== undefined) return this.message
    const index = this.output.length
    const message: OpenMessage = { index, id: this.itemId('msg', index), parts: 0, text: undefined, refusal: undefined }
    const item: MessageItem = { type: 'message', id: message.id, role: 'assistant', status: 'in_progress', content: [] }
    this.output.push(item)
    this.message = message
    out.push({ type: 'response.output_item.added', output_index: index, item })
    return message
  }

  private openThought(out: PivotEvent[]): OpenThought {
    if (this.thought !== undefined) return this.thought
    const index = this.output.length
    const thought: OpenThought = {
      index,
      id: this.itemId('rs', index),
      text: new AnswerText(),
      spoken: false,
      details: [],
    }
    const item: ReasoningItem = { type: 'reasoning', id: thought.id, summary: [], status: 'in_progress' }
    this.output.push(item)
    this.thought = thought
    out.push({ type: 'response.output_item.added', output_index: index, item })
    return thought
  }

  private endThought(cut = false): PivotEvent[] {
    const thought = this.thought
    if (thought === undefined) return []
    this.thought = undefined
    const text = thought.text.toString()
    const part = { type: 'reasoning_text' as const, text }
    const item: ReasoningItem = {
      type: 'reasoning',
      id: thought.id,
      summary: [],
      content: thought.spoken ? [part] : [],
      status: cut ? 'incomplete' : 'completed',
      ...withExtra(thought.details.length > 0 ? { reasoning_details: thought.details } : {}),
    }
    this.output[thought.index] = item
    const out: PivotEvent[] = []
    if (thought.spoken) {
      out.push({ type: 'response.reasoning_text.done', ...first(thought), text })
      out.push({ type: 'response.content_part.done', ...first(thought), part })
    }
    out.push({ type: 'response.output_item.done', output_index: thought.index, item })
    return out
  }

  private endMessage(cut = false): PivotEvent[] {
    const message = this.message
    if (message === undefined) return []
    this.message = undefined
    const out: PivotEvent[] = []
    const content: MessagePart[] = []
    if (message.text !== undefined) {
      const { annotations, logprobs } = message.text
      const text = message.text.text.toString()
      const part = { type: 'output_text' as const, text, annotations, ...(logprobs.length > 0 ? { logprobs } : {}) }
      content[message.text.index] = part
      out.push({ type: 'response.output_text.done', ...place(message, message.text), text })
      out.push({ type: 'response.content_part.done', ...place(message, message.text), part })
    }
    if (message.refusal !== undefined) {
      const refusal = message.refusal.text.toString()
      const part = { type: 'refusal' as const, refusal }
      content[message.refusal.index] = part
      out.push({ type: 'response.refusal.done', ...place(message, message.refusal), refusal })
      out.push({ type: 'response.content_part.done', ...place(message, message.refusal), part })
    }
    const status = cut ? 'incomplete' : 'completed'
    const item: MessageItem = { type: 'message', id: message.id, role: 'assistant', status, content }
    this.output[message.index] = item
    out.push({ type: 'response.output_item.done', output_index: message.index, item })
    return out
  }

  private endCall(call: OpenCall, cut: boolean): PivotEvent[] {
    const told = call.text.toString()
    const text = told === '' && call.kind === 'function' ? '{}' : told
    const item = callItem(call, text, cut ? 'incomplete' : 'completed')
    this.output[call.index] = item
    const where = { item_id: call.id, output_index: call.index }
    return [
      call.kind === 'function'
        ? { type: 'response.function_call_arguments.done', ...where, arguments: text }
        : { type: 'response.custom_tool_call_input.done', ...where, input: text },
      { type: 'response.output_item.done', output_index: call.index, item },
    ]
  }

  /** Derived from the answer's id, so that items of different turns never share one. */
  private itemId(prefix: string, index: number): string {
    const of = (this.begun?.id ?? '').replaceAll(/[^A-Za-z0-9]/g, '').slice(-40)
    return `${prefix}_${of}_${index}`
  }
}

interface OpenPart {
  index: number
  text: AnswerText
}
interface OpenMessage {
  index: number
  id: string
  /** Parts begun so far. */
  parts: number
  text: (OpenPart & { annotations: Annotation[]; logprobs: unknown[] }) | undefined
  refusal: OpenPart | undefined
}
interface OpenThought {
  index: number
  id: string
  text: AnswerText
  spoken: boolean
  details: unknown[]
}
export interface OpenCall {
  readonly index: number
  readonly id: string
  readonly kind: 'function' | 'custom'
  readonly callId: string
  readonly name: string
  readonly beside: Json
  readonly text: AnswerText
}

function place(message: OpenMessage, part: OpenPart) {
  return { item_id: message.id, output_index: message.index, content_index: part.index }
}

function first(thought: OpenThought) {
  return { item_id: thought.id, output_index: thought.index, content_index: 0 }
}

function emptyText() {
  return { type: 'output_text', text: '', annotations: [] }
}

function callItem(
  call: OpenCall,
  text: string,
  status: 'in_progress' | 'completed' | 'incomplete',
): FunctionCallItem | CustomToolCallItem {
  const about = { id: call.id, call_id: call.callId, name: call.name, status, ...withExtra(call.beside) }
  return call.kind === 'function'
    ? { type: 'function_call', ...about, arguments: text }
    : { type: 'custom_tool_call', ...about, input: text }
}
