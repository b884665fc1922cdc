import { escapeText } from '../../../pivot/index.js'
import type { Json } from '../../json.js'
import type { AnswerBlock } from '../wire.js'

/** One event as wire text. Clients go by the name of the event, so it stands there and in the data. */
export function eventFrame(type: string, fields: Json): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`
}

/** Keeps intermediaries awake; clients take it even before `message_start`. */
export const PING = 'event: ping\ndata: {"type":"ping"}\n\n'

const CLOSE = '"}}\n\n'

/**
 * Writes the content blocks of one message, one after another: a block that begins ends the one before it. A delta's text is spliced into
 * frames that are ready but for it. Arguments named `escaped` stand between JSON quotes as they are.
 */
export class BlockWriter {
  private next = 0
  private isOpen = false
  private deltaOpen = ''

  /** Is any block begun and not ended? */
  get open(): boolean {
    return this.isOpen
  }

  /** Blocks begun so far. */
  get count(): number {
    return this.next
  }

  begin(block: AnswerBlock): string {
    const before = this.end()
    const index = this.next++
    this.isOpen = true
    this.deltaOpen = `event: content_block_delta\ndata: {"type":"content_block_delta","index":${index},"delta":{"type":"`
    return before + eventFrame('content_block_start', { index, content_block: block })
  }

  text(escaped: string): string {
    return `${this.deltaOpen}text_delta","text":"${escaped}${CLOSE}`
  }

  thinking(escaped: string): string {
    return `${this.deltaOpen}thinking_delta","thinking":"${escaped}${CLOSE}`
  }

  signature(signature: string): string {
    return `${this.deltaOpen}signature_delta","signature":"${escapeText(signature)}${CLOSE}`
  }

  /** A piece of an input. */
  input(escaped: string): string {
    return `${this.deltaOpen}input_json_delta","partial_json":"${escaped}${CLOSE}`
  }

  citation(citation: Json): string {
    return `${this.deltaOpen}citations_delta","citation":${JSON.stringify(citation)}}}\n\n`
  }

  end(): string {
    if (!this.isOpen) return ''
    this.isOpen = false
    return eventFrame('content_block_stop', { index: this.next - 1 })
  }

  /** A block without deltas. */
  whole(block: AnswerBlock): string {
    return this.begin(block) + this.end()
  }
}
