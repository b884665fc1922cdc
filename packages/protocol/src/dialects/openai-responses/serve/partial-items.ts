import { deltaText, type ItemStatus, type PivotItem } from '../../../pivot/index.js'
import { wholeItem, wholePart } from './response-resource.js'

type Json = Record<string, unknown>

export type PartKind = 'output_text' | 'refusal' | 'reasoning_text' | 'summary_text'

/** What deltas have told of one part. */
export interface ToldPart {
  kind: PartKind
  index: number
  /** Still escaped. */
  told: string[]
}

/** The item that a delta of this kind belongs to, when its upstream never said. */
export function itemFor(kind: PartKind): PivotItem {
  return kind === 'output_text' || kind === 'refusal'
    ? { type: 'message', role: 'assistant', content: [] }
    : { type: 'reasoning', summary: [] }
}

export const FUNCTION_CALL: PivotItem = { type: 'function_call', call_id: '', name: '', arguments: '' }
export const CUSTOM_CALL: PivotItem = { type: 'custom_tool_call', call_id: '', name: '', input: '' }

export function emptyPart(kind: PartKind): Json {
  return kind === 'refusal' ? { type: 'refusal', refusal: '' } : wholePart({ type: kind, text: '' })
}

/** An item as it stands at its beginning: nothing of its content yet. */
export function emptied(item: PivotItem, id: string): Json {
  const whole = wholeItem(item, id)
  switch (item.type) {
    case 'message':
      return { ...whole, status: 'in_progress', content: [] }
    case 'reasoning':
      return { ...whole, summary: [], ...('content' in whole ? { content: [] } : {}) }
    case 'function_call':
      return { ...whole, status: 'in_progress', arguments: '' }
    case 'custom_tool_call':
      return { ...whole, status: 'in_progress', input: '' }
    default:
      return whole
  }
}

/** An item that its upstream never finished, with what was told of it. `input` is that of a call, still escaped. */
export function asTold(
  item: PivotItem,
  parts: readonly ToldPart[],
  input: readonly string[],
  status: ItemStatus,
): PivotItem {
  const text = (told: readonly string[]): string => deltaText({ escaped: told.join('') })
  const texts = (...kinds: PartKind[]): Json[] =>
    parts
      .filter(({ kind }) => kinds.includes(kind))
      .sort((a, b) => a.index - b.index)
      .map(({ kind, told }) => ({ type: kind, [kind === 'refusal' ? 'refusal' : 'text']: text(told) }))
  switch (item.type) {
    case 'message':
      return { ...item, status, content: texts('output_text', 'refusal') }
    case 'reasoning': {
      const content = texts('reasoning_text')
      return { ...item, summary: texts('summary_text'), ...(content.length > 0 ? { content } : {}) }
    }
    case 'function_call':
      return { ...item, status, arguments: text(input) }
    case 'custom_tool_call':
      return { ...item, status, input: text(input) }
    default:
      return item
  }
}
