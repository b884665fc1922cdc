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
} from '../../pivot/index.js'
import type { DialectId } from '../../dialect.js'
import type { Extra } from '../../pivot/index.js'
import { given, type Json } from '../json.js'
import { AnswerText } from './answer-text.js'

/** How an answer ended, in the pivot's words. */
export type Ending = Required<Pick<PivotResponse, 'status' | 'incomplete_details'>>

/** What an upstream said of its answer as a whole. */
export interface AnswerHead {
  id: string
  model?: string
  createdAt?: number
}

/** Whether an upstream tells its thoughts word for word or as summaries. */
export type ThoughtKind = 'reasoning_text' | 'summary_text'

/**
 * Writes the events of one answer: upstreams of other dialects tell deltas, the pivot wants the whole ladder of items and
 * parts around them. Every method gives the events that its news makes. What only the upstream's dialect knows of an item is
 * kept in the item's `extra` under that dialect's name.
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

  constructor(
    private readonly dialect: DialectId,
    private readonly thoughtKind: ThoughtKind = 'reasoning_text',
  ) {}

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
    return this.thoughtDelta(thought, delta)
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
      out.push(this.thoughtPart('added', thought, ''))
    }
    thought.text.add(delta)
    out.push(this.thoughtDelta(thought, escaped))
    return out
  }

  /** What only chat upstreams know of a thought: signatures, encrypted pieces. They go back as they came. */
  reasoningDetails(details: readonly unknown[]): PivotEvent[] {
    const out: PivotEvent[] = []
    this.openThought(out).details.push(...details)
    return out
  }

  /** More of what only this dialect knows of the thought that is being told (a signature); begins a thought if none is open. */
  thoughtFields(fields: Json): PivotEvent[] {
    const out: PivotEvent[] = []
    const thought = this.openThought(out)
    thought.beside = { ...thought.beside, ...fields }
    return out
  }

  /** The thought is over, whatever comes next; another one is another item. */
  closeThought(): PivotEvent[] {
    return this.endThought()
  }

  /** The message is over; more text is another message. */
  closeMessage(): PivotEvent[] {
    return this.endMessage()
  }

  /** An item that is told at once (a hosted tool's call). It ends the thought and the message before it. Needs no id. */
  item(item: PivotItem): PivotEvent[] {
    const out = [...this.endThought(), ...this.endMessage()]
    const output_index = this.output.length
    const whole: PivotItem = { ...item, id: item.id ?? this.itemId(item.type.slice(0, 2), output_index) }
    this.output.push(whole)
    out.push({ type: 'response.output_item.added', output_index, item: whole })
    out.push({ type: 'response.output_item.done', output_index, item: whole })
    return out
  }

  /** Replaces an item that {@link item} told, when its end brings more; `at` is the place in the output. */
  replaceItem(at: number, item: PivotItem): void {
    this.output[at] = item
  }

  /** How many items there are so far. */
  get items(): number {
    return this.output.length
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
    const item = callItem(this.dialect, call, '', 'in_progress')
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

  /** The call is over, for upstreams that say so before their answer is. */
  closeCall(call: OpenCall): PivotEvent[] {
    const at = this.calls.indexOf(call)
    if (at === -1) return []
    this.calls.splice(at, 1)
    return this.endCall(call, false)
  }

  /** More of what only this dialect knows of a call, learnt after its beginning. */
  callFields(call: OpenCall, fields: Json): void {
    call.beside = { ...call.beside, ...fields }
  }

  image(result: string, format: string, beside: Json = {}): PivotEvent[] {
    const output_index = this.output.length
    const id = this.itemId('ig', output_index)
    const item: ImageGenerationCallItem = {
      type: 'image_generation_call',
      id,
      status: 'completed',
      result,
      output_format: format,
      ...extraOf(this.dialect, beside),
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
      beside: {},
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
    const summarised = this.thoughtKind === 'summary_text'
    const told = thought.spoken
    const item: ReasoningItem = {
      type: 'reasoning',
      id: thought.id,
      summary: told && summarised ? [{ type: 'summary_text', text }] : [],
      ...(summarised ? {} : { content: told ? [{ type: 'reasoning_text' as const, text }] : [] }),
      status: cut ? 'incomplete' : 'completed',
      ...extraOf(this.dialect, {
        ...(thought.details.length > 0 ? { reasoning_details: thought.details } : {}),
        ...thought.beside,
      }),
    }
    this.output[thought.index] = item
    const out: PivotEvent[] = []
    if (told) {
      out.push(
        summarised
          ? { type: 'response.reasoning_summary_text.done', ...summaryPlace(thought), text }
          : { type: 'response.reasoning_text.done', ...first(thought), text },
        this.thoughtPart('done', thought, text),
      )
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
    const item = callItem(this.dialect, call, text, cut ? 'incomplete' : 'completed')
    this.output[call.index] = item
    const where = { item_id: call.id, output_index: call.index }
    return [
      call.kind === 'function'
        ? { type: 'response.function_call_arguments.done', ...where, arguments: text }
        : { type: 'response.custom_tool_call_input.done', ...where, input: text },
      { type: 'response.output_item.done', output_index: call.index, item },
    ]
  }

  private thoughtPart(edge: 'added' | 'done', thought: OpenThought, text: string): PivotEvent {
    return this.thoughtKind === 'summary_text'
      ? {
          type: `response.reasoning_summary_part.${edge}`,
          ...summaryPlace(thought),
          part: { type: 'summary_text', text },
        }
      : { type: `response.content_part.${edge}`, ...first(thought), part: { type: 'reasoning_text', text } }
  }

  private thoughtDelta(thought: OpenThought, escaped: string): PivotEvent {
    return this.thoughtKind === 'summary_text'
      ? { type: 'response.reasoning_summary_text.delta', ...summaryPlace(thought), escaped }
      : { type: 'response.reasoning_text.delta', ...first(thought), escaped }
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
  beside: Json
}
export interface OpenCall {
  readonly index: number
  readonly id: string
  readonly kind: 'function' | 'custom'
  readonly callId: string
  readonly name: string
  beside: Json
  readonly text: AnswerText
}

function place(message: OpenMessage, part: OpenPart) {
  return { item_id: message.id, output_index: message.index, content_index: part.index }
}

function first(thought: OpenThought) {
  return { item_id: thought.id, output_index: thought.index, content_index: 0 }
}

function summaryPlace(thought: OpenThought) {
  return { item_id: thought.id, output_index: thought.index, summary_index: 0 }
}

function extraOf(dialect: DialectId, fields: Json): { extra?: Extra } {
  return Object.keys(fields).length > 0 ? { extra: { [dialect]: fields } } : {}
}

function emptyText() {
  return { type: 'output_text', text: '', annotations: [] }
}

function callItem(
  dialect: DialectId,
  call: OpenCall,
  text: string,
  status: 'in_progress' | 'completed' | 'incomplete',
): FunctionCallItem | CustomToolCallItem {
  const about = { id: call.id, call_id: call.callId, name: call.name, status, ...extraOf(dialect, call.beside) }
  return call.kind === 'function'
    ? { type: 'function_call', ...about, arguments: text }
    : { type: 'custom_tool_call', ...about, input: text }
}
