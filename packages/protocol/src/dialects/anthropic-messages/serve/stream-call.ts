import { escapeText, type CustomToolCallItem, type FunctionCallItem } from '../../../pivot/index.js'
import { Told } from '../../told.js'
import { CUSTOM_FIELD, callInput, toolUseBlock } from './answer-blocks.js'
import type { BlockWriter } from './block-writer.js'
import type { ReplyNotes } from './reply-notes.js'

type CallItem = FunctionCallItem | CustomToolCallItem

/** One call while it is streamed. Before its name and id are known its pieces wait for the end, which tells the whole. */
export class StreamCall {
  private readonly told = new Told()
  private begun = false
  private custom = false

  constructor(
    private readonly blocks: BlockWriter,
    private readonly notes: ReplyNotes,
  ) {}

  begin(item: CallItem): string {
    if (this.begun || item.call_id === '' || item.name === '') return ''
    return this.start(item)
  }

  piece(delta: { escaped: string }): string {
    if (!this.begun || delta.escaped === '') return ''
    this.told.add(delta)
    return this.tell(delta.escaped)
  }

  whole(text: string): string {
    if (!this.begun) return ''
    const rest = this.told.rest(text)
    return rest === '' ? '' : this.tell(rest)
  }

  done(item: CallItem, at: string): string {
    const text = item.type === 'function_call' ? item.arguments : item.input
    const begun = this.begun ? '' : this.start(item)
    const nothing = item.type === 'function_call' && this.told.length === 0 && text.trim() === ''
    if (this.custom) this.notes.custom(at)
    if (callInput(item) !== undefined) return begun + (nothing ? this.tell('{}') : this.whole(text)) + this.end()
    this.notes.noObject(at)
    // Clients parse the input when the block ends, so what cannot be parsed is wrapped if there is still time.
    const wrapped = JSON.stringify({ arguments: text })
    return begun + (this.told.length === 0 ? this.tell(escapeText(wrapped)) : this.whole(text)) + this.end()
  }

  /** The answer was cut before the call was whole. */
  end(): string {
    if (!this.begun) return ''
    return (this.custom ? this.blocks.input('\\"}') : '') + this.blocks.end()
  }

  private start(item: CallItem): string {
    this.begun = true
    this.custom = item.type === 'custom_tool_call'
    const block = this.blocks.begin(toolUseBlock(item, {}))
    return this.custom ? block + this.blocks.input(escapeText(`{"${CUSTOM_FIELD}":"`)) : block
  }

  /** Free text stands in a JSON text that stands in a JSON text. */
  private tell(escaped: string): string {
    return this.blocks.input(this.custom ? escapeText(escaped) : escaped)
  }
}
