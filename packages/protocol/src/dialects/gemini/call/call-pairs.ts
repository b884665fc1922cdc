import {
  isKnownItem,
  type CustomToolCallItem,
  type CustomToolCallOutputItem,
  type FunctionCallItem,
  type FunctionCallOutputItem,
  type PivotItem,
} from '../../../pivot/index.js'

export type CallItem = FunctionCallItem | CustomToolCallItem
export type OutputItem = FunctionCallOutputItem | CustomToolCallOutputItem

/** Which output answers which call, by their places in the input. */
export interface CallPairs {
  /** Place of the output that answers the call at this place. */
  answerTo(call: number): number | undefined
  /** Does the output at this place answer a call? */
  answers(output: number): boolean
}

/**
 * An output answers the oldest call of its id before it that nothing answers yet: ids may be used again in a later turn. An output before
 * its call, or a second one, answers nothing.
 */
export function callPairs(items: readonly PivotItem[]): CallPairs {
  const waiting = new Map<string, number[]>()
  const answer = new Map<number, number>()
  const outputs = new Set<number>()
  items.forEach((item, at) => {
    if (!isKnownItem(item)) return
    if (item.type === 'function_call' || item.type === 'custom_tool_call') {
      const same = waiting.get(item.call_id)
      if (same === undefined) waiting.set(item.call_id, [at])
      else same.push(at)
    } else if (item.type === 'function_call_output' || item.type === 'custom_tool_call_output') {
      const call = waiting.get(item.call_id)?.shift()
      if (call === undefined) return
      answer.set(call, at)
      outputs.add(at)
    }
  })
  return { answerTo: (call) => answer.get(call), answers: (output) => outputs.has(output) }
}
