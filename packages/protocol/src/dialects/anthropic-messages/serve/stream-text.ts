import type { Annotation, MessageItem } from '../../../pivot/index.js'
import { isJson } from '../../json.js'
import { Told } from '../../told.js'
import { citationOf } from '../citations.js'
import { anthropicFields, type AnswerBlock } from '../wire.js'
import { shownText } from './answer-blocks.js'
import type { BlockWriter } from './block-writer.js'

/** One message item while it is streamed: a text block for each of its parts. */
export class StreamText {
  private readonly parts = new Map<number, Part>()
  /** The part whose block is open; another item may have ended it. */
  private current: Part | undefined
  /** Which of the writer's blocks that is. */
  private block = -1

  constructor(private readonly blocks: BlockWriter) {}

  delta(index: number, delta: { escaped: string }): string {
    if (delta.escaped === '') return ''
    const part = this.part(index)
    part.told.add(delta)
    return this.into(part) + this.blocks.text(delta.escaped)
  }

  /** The whole text of a part: what of it was not told yet. */
  whole(index: number, text: string): string {
    const part = this.part(index)
    const rest = part.told.rest(text)
    return rest === '' ? '' : this.into(part) + this.blocks.text(rest)
  }

  /** An annotation that came alone. What it cites is known when the part ends; until then it waits. */
  annotation(index: number, annotation: Annotation): void {
    this.part(index).waiting.push(annotation)
  }

  /** The annotations of a part that is over. */
  cite(index: number, annotations: readonly Annotation[], text: string): string {
    const part = this.part(index)
    let out = ''
    for (const annotation of annotations.slice(part.cited)) {
      const citation = citationOf(annotation, text)
      if (citation !== undefined) out += this.into(part) + this.blocks.citation(citation)
    }
    part.cited = Math.max(part.cited, annotations.length)
    return out
  }

  done(item: MessageItem): string {
    if (typeof item.content === 'string') return this.whole(0, item.content)
    let out = ''
    item.content.forEach((part, index) => {
      const own = anthropicFields(part)['block']
      if (isJson(own)) {
        out += this.blocks.whole(own as AnswerBlock)
        return
      }
      const text = shownText(part)
      if (text === undefined) return
      out += this.whole(index, text)
      if (part.type === 'output_text') out += this.cite(index, part.annotations ?? [], text)
    })
    return out
  }

  /** Annotations that nobody told again at the end of their part. */
  rest(): string {
    let out = ''
    for (const [index, part] of this.parts) out += this.cite(index, part.waiting, '')
    return out
  }

  private part(index: number): Part {
    let found = this.parts.get(index)
    if (found === undefined) this.parts.set(index, (found = { told: new Told(), waiting: [], cited: 0 }))
    return found
  }

  /** The part's block, begun again when something else came in between. */
  private into(part: Part): string {
    if (this.current === part && this.blocks.open && this.blocks.count === this.block) return ''
    const begun = this.blocks.begin({ type: 'text', text: '' })
    this.current = part
    this.block = this.blocks.count
    return begun
  }
}

interface Part {
  told: Told
  waiting: Annotation[]
  /** How many of its annotations were told. */
  cited: number
}
