import {
  isKnownItem,
  type CustomToolCallItem,
  type CustomToolCallOutputItem,
  type FunctionCallItem,
  type FunctionCallOutputItem,
  type PivotItem,
} from '../../../pivot/index.js'
import { toolUseId } from '../ids.js'

export type CallItem = FunctionCallItem | CustomToolCallItem
export type OutputItem = FunctionCallOutputItem | CustomToolCallOutputItem

/** A call as this API is told of it. */
export interface PairedCall {
  /** Of the tool use. */
  id: string
  /** Its outputs, and where they stand in the input. More than one is a mistake of the client. */
  outputs: { item: OutputItem; index: number }[]
}

export interface PairedCalls {
  /** By the call's place in the input. */
  calls: ReadonlyMap<number, PairedCall>
  /** Places of the outputs that answer a call; the others come before it, or without one. */
  answers: ReadonlySet<number>
}

/**
 * Which output answers which call. Some clients name their calls anew in every turn (`call_0`), so an output answers the calls of
 * the turn before it first, one after the other; and such names are told apart, because Anthropic demands that ids are unique.
 */
export function pairCalls(items: readonly PivotItem[], rules: { own: boolean }): PairedCalls {
  const calls = new Map<number, PairedCall>()
  const answers = new Set<number>()
  const ids = new Set<string>()
  const known = new Map<string, { turn: number; waiting: PairedCall[]; last: PairedCall }>()
  let turn = 0
  let calling = false
  items.forEach((item, index) => {
    if (isCall(item)) {
      if (!calling) turn++
      calling = true
      const call: PairedCall = { id: rules.own ? toolUseId(item.call_id) : uniqueId(item.call_id, ids), outputs: [] }
      calls.set(index, call)
      const same = known.get(item.call_id)
      const waiting = same?.turn === turn ? [...same.waiting, call] : [call]
      known.set(item.call_id, { turn, waiting, last: call })
      return
    }
    if (isOutput(item)) {
      calling = false
      const same = known.get(item.call_id)
      const call = same?.waiting.shift() ?? same?.last
      if (call === undefined) return
      call.outputs.push({ item, index })
      answers.add(index)
    } else if (item.type === 'message' && item['role'] === 'user') calling = false
  })
  return { calls, answers }
}

function uniqueId(callId: string, ids: Set<string>): string {
  const first = toolUseId(callId)
  let id = first
  for (let count = 2; ids.has(id); count++) id = `${first}_${count}`
  ids.add(id)
  return id
}

function isCall(item: PivotItem): item is CallItem {
  return isKnownItem(item) && (item.type === 'function_call' || item.type === 'custom_tool_call')
}

function isOutput(item: PivotItem): item is OutputItem {
  return isKnownItem(item) && (item.type === 'function_call_output' || item.type === 'custom_tool_call_output')
}
