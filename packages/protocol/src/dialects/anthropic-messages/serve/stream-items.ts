import { unreachable, type ReplyMeta } from '../../../dialect.js'
import {
  escapeText,
  isKnownItem,
  type Annotation,
  type ContentPartEvent,
  type PivotEvent,
  type PivotItem,
  type WebSearchCallItem,
} from '../../../pivot/index.js'
import { isJson } from '../../json.js'
import { foundSources, searchResult, searchUse, type Source } from '../server-tools.js'
import { calls, refuses, type AnswerFacts } from '../stop-reason.js'
import { anthropicFields, BLOCK_ITEM, type AnswerBlock } from '../wire.js'
import { pictureText } from './answer-blocks.js'
import type { BlockWriter } from './block-writer.js'
import { sourcesOf } from './encode-response.js'
import { notesOf } from './reply-notes.js'
import { StreamCall } from './stream-call.js'
import { StreamText } from './stream-text.js'
import { StreamThought } from './stream-thought.js'
import { thinkingStyle } from './thinking-style.js'

/** An event that belongs to one item of the output. */
export type OutputEvent = Extract<PivotEvent, { output_index: number }>

/** Tells the items of one answer as blocks, whichever item has the floor. */
export class StreamItems {
  readonly facts: AnswerFacts & { searches: number } = { called: false, refused: false, searches: 0 }
  private readonly texts = new Map<number, StreamText>()
  private readonly thoughts = new Map<number, StreamThought>()
  private readonly callsByPlace = new Map<number, StreamCall>()
  private readonly style
  private readonly notes
  /** A search whose upstream does not say what it found: the pages that the answer cites are told instead. */
  private unanswered: WebSearchCallItem | undefined

  constructor(
    private readonly blocks: BlockWriter,
    about: ReplyMeta,
  ) {
    this.style = thinkingStyle(about.request)
    this.notes = notesOf(about)
  }

  tell(event: OutputEvent): string {
    const at = event.output_index
    switch (event.type) {
      case 'response.output_text.delta':
        return this.text(at).delta(event.content_index, event)
      case 'response.refusal.delta':
        this.facts.refused = true
        return this.text(at).delta(event.content_index, event)
      case 'response.output_text.done':
        return this.text(at).whole(event.content_index, event.text)
      case 'response.refusal.done':
        this.facts.refused = true
        return this.text(at).whole(event.content_index, event.refusal)
      case 'response.output_text.annotation.added':
        this.text(at).annotation(event.content_index, event.annotation)
        return ''
      case 'response.reasoning_summary_text.delta':
        return this.thought(at).delta('summary', event.summary_index, event)
      case 'response.reasoning_text.delta':
        return this.thought(at).delta('content', event.content_index, event)
      case 'response.reasoning_summary_text.done':
        return this.thought(at).whole('summary', event.summary_index, event.text)
      case 'response.reasoning_text.done':
        return this.thought(at).whole('content', event.content_index, event.text)
      case 'response.function_call_arguments.delta':
      case 'response.custom_tool_call_input.delta':
        return this.call(at).piece(event)
      case 'response.function_call_arguments.done':
        return this.call(at).whole(event.arguments)
      case 'response.custom_tool_call_input.done':
        return this.call(at).whole(event.input)
      case 'response.output_item.added':
        if (!isCall(event.item)) return ''
        return this.call(at).begin(event.item)
      case 'response.output_item.done':
        return this.done(at, event.item)
      case 'response.content_part.added':
      case 'response.content_part.done':
        return event.type === 'response.content_part.done' ? this.partDone(event) : ''
      case 'response.reasoning_summary_part.added':
      case 'response.reasoning_summary_part.done':
      case 'response.image_generation_call.partial_image':
        return ''
      default:
        return unreachable(event)
    }
  }

  /** The answer ended before this item did. */
  cut(at: number): string {
    const call = this.callsByPlace.get(at)
    if (call !== undefined) {
      this.facts.called = true
      return call.end()
    }
    return (this.texts.get(at)?.rest() ?? '') + this.blocks.end()
  }

  /** What was held back to the end of the answer. */
  rest(): string {
    return this.answer([])
  }

  private done(at: number, item: PivotItem): string {
    if (calls(item)) this.facts.called = true
    if (refuses(item)) this.facts.refused = true
    const place = `/output/${at}`
    if (!isKnownItem(item)) {
      if (item.type === BLOCK_ITEM && isJson(item['block'])) return this.blocks.whole(item['block'] as AnswerBlock)
      this.notes.unknown(item.type, place)
      return ''
    }
    switch (item.type) {
      case 'message': {
        const text = this.text(at)
        const told = text.done(item) + text.rest() + this.blocks.end()
        const cited = typeof item.content === 'string' ? [] : item.content.flatMap(citedBy)
        return cited.length > 0 ? told + this.answer(cited) : told
      }
      case 'reasoning':
        return this.thought(at).done(item)
      case 'function_call':
      case 'custom_tool_call':
        return this.call(at).done(item, place)
      case 'web_search_call':
        return this.search(item)
      case 'image_generation_call': {
        const picture = pictureText(item)
        if (picture === undefined) return ''
        this.notes.picture(place)
        // Base64 and Markdown have no character that JSON escapes, quotes of the title aside.
        const told = this.blocks.begin({ type: 'text', text: '' }) + this.blocks.text(picture.replaceAll('"', '\\"'))
        return told + this.blocks.end()
      }
      case 'function_call_output':
      case 'custom_tool_call_output':
        this.notes.unknown(item.type, place)
        return ''
      default:
        return unreachable(item)
    }
  }

  private search(item: WebSearchCallItem): string {
    this.facts.searches++
    const use = searchUse(item)
    const told = this.answer([]) + this.blocks.begin({ ...use, input: {} })
    const asked = this.blocks.input(escapeText(JSON.stringify(use.input))) + this.blocks.end()
    const knows = foundSources(item).length > 0 || item.status === 'failed' || isJson(anthropicFields(item)['result'])
    if (knows) return told + asked + this.blocks.whole(searchResult(item, []))
    this.unanswered = item
    return told + asked
  }

  /** The result of the search that waits for one. */
  private answer(cited: readonly Source[]): string {
    const item = this.unanswered
    this.unanswered = undefined
    return item === undefined ? '' : this.blocks.whole(searchResult(item, cited))
  }

  private partDone(event: ContentPartEvent): string {
    const { type, text, annotations } = event.part
    if (type !== 'output_text' || typeof text !== 'string') return ''
    const told = this.text(event.output_index)
    const cited = Array.isArray(annotations) ? (annotations.filter(isJson) as unknown as Annotation[]) : []
    return told.whole(event.content_index, text) + told.cite(event.content_index, cited, text)
  }

  private text(at: number): StreamText {
    return known(this.texts, at, () => new StreamText(this.blocks))
  }

  private thought(at: number): StreamThought {
    return known(this.thoughts, at, () => new StreamThought(this.blocks, this.style))
  }

  private call(at: number): StreamCall {
    return known(this.callsByPlace, at, () => new StreamCall(this.blocks, this.notes))
  }
}

function known<T>(map: Map<number, T>, at: number, make: () => T): T {
  let found = map.get(at)
  if (found === undefined) map.set(at, (found = make()))
  return found
}

function isCall(item: PivotItem): item is Parameters<StreamCall['begin']>[0] {
  return calls(item)
}

function citedBy(part: { type: string; annotations?: unknown }): Source[] {
  return sourcesOf(part.annotations)
}
