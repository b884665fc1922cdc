import { escapeText, type ReasoningItem } from '../../../pivot/index.js'
import { Told } from '../../told.js'
import { BETWEEN_TEXTS, type ThinkingStyle } from '../wire.js'
import type { BlockWriter } from './block-writer.js'
import { redactedBlock, signatureOf } from './thoughts.js'
import { saysSomething } from './thinking-style.js'

/** Summaries stand before raw reasoning, as in a block that is told at once. */
export type ThoughtKind = 'summary' | 'content'

const GAP = escapeText(BETWEEN_TEXTS)

/** One reasoning item while it is streamed: one thinking block, signed at its end. */
export class StreamThought {
  private readonly parts = new Map<number, Told>()
  private last = -1
  private begun = false
  /** The texts came in the order in which the signature would cut them. */
  private ordered = true

  constructor(
    private readonly blocks: BlockWriter,
    private readonly style: ThinkingStyle,
  ) {}

  delta(kind: ThoughtKind, index: number, delta: { escaped: string }): string {
    if (this.style !== 'shown' || delta.escaped === '') return ''
    const place = placeOf(kind, index)
    this.part(place).add(delta)
    return this.into(place) + this.blocks.thinking(delta.escaped)
  }

  whole(kind: ThoughtKind, index: number, text: string): string {
    if (this.style !== 'shown') return ''
    const place = placeOf(kind, index)
    const rest = this.part(place).rest(text)
    return rest === '' ? '' : this.into(place) + this.blocks.thinking(rest)
  }

  done(item: ReasoningItem): string {
    const redacted = redactedBlock(item)
    if (redacted !== undefined && !this.begun) return this.blocks.whole(redacted)
    if (this.style === 'none' || !(this.begun || saysSomething(item))) return ''
    let out = ''
    item.summary.forEach((part, index) => (out += this.whole('summary', index, part.text)))
    item.content?.forEach((part, index) => (out += this.whole('content', index, part.text)))
    out += this.begin()
    return out + this.blocks.signature(signatureOf(item, this.style === 'shown' && this.told(item))) + this.blocks.end()
  }

  /** Is what was told exactly what the item says? Else its texts must travel in the signature. */
  private told(item: ReasoningItem): boolean {
    const texts = [
      ...item.summary.map((part, index) => [placeOf('summary', index), part.text] as const),
      ...(item.content ?? []).map((part, index) => [placeOf('content', index), part.text] as const),
    ]
    // An empty text leaves no gap in a stream.
    return this.ordered && texts.every(([place, text]) => text !== '' && this.parts.get(place)?.length === text.length)
  }

  private part(place: number): Told {
    let found = this.parts.get(place)
    if (found === undefined) this.parts.set(place, (found = new Told()))
    return found
  }

  private into(place: number): string {
    if (place === this.last) return ''
    const first = this.last === -1
    if (place < this.last) this.ordered = false
    this.last = place
    return first ? this.begin() : this.blocks.thinking(GAP)
  }

  private begin(): string {
    if (this.begun) return ''
    this.begun = true
    return this.blocks.begin({ type: 'thinking', thinking: '', signature: '' })
  }
}

function placeOf(kind: ThoughtKind, index: number): number {
  return kind === 'summary' ? index : 1_000_000 + index
}
