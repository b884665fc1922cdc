import type { CustomToolCallItem, FunctionCallItem } from '../../../pivot/index.js'
import { toolCall } from '../answer.js'
import type { ReplyStyle } from '../origin.js'
import type { ChatToolCall } from '../wire.js'
import type { ChunkTemplate } from './chunk-template.js'
import { Told } from '../../told.js'

type CallItem = FunctionCallItem | CustomToolCallItem

/** The calls of one streamed answer: which entry of `tool_calls` each is, and how much of it was told. */
export interface StreamCalls {
  /** How many have begun. */
  readonly count: number
  begin(outputIndex: number, item: CallItem): string
  /** A piece of a call's arguments or input. Before its beginning a call has no name, so the piece waits for the end. */
  piece(outputIndex: number, delta: { escaped: string }): string
  /** The whole arguments or input: what was not told yet. */
  whole(outputIndex: number, text: string): string
  done(outputIndex: number, item: CallItem): string
}

interface Call {
  index: number
  told: Told
  custom: boolean
}

export function streamCalls(chunk: ChunkTemplate, style: ReplyStyle): StreamCalls {
  const calls = new Map<number, Call>()
  const legacy = style.legacyFunctions === true

  function tell(call: Call, escaped: string): string {
    if (escaped === '') return ''
    if (legacy) return call.index === 0 ? chunk.legacyArguments(escaped) : ''
    return call.custom ? chunk.customInput(call.index, escaped) : chunk.toolArguments(call.index, escaped)
  }

  function begin(outputIndex: number, item: CallItem): string {
    if (calls.has(outputIndex)) return ''
    const custom = item.type === 'custom_tool_call' && style.customAsFunctions !== true
    const call: Call = { index: calls.size, told: new Told(), custom }
    calls.set(outputIndex, call)
    if (legacy) return call.index === 0 ? chunk.delta({ function_call: { name: item.name, arguments: '' } }) : ''
    return chunk.delta({ tool_calls: [{ index: call.index, ...unsaid(toolCall(item, style)) }] })
  }

  return {
    get count() {
      return calls.size
    },
    begin,
    piece(outputIndex, delta) {
      const call = calls.get(outputIndex)
      if (call === undefined || delta.escaped === '') return ''
      call.told.add(delta)
      return tell(call, delta.escaped)
    },
    whole(outputIndex, text) {
      const call = calls.get(outputIndex)
      return call === undefined ? '' : tell(call, call.told.rest(text))
    },
    done(outputIndex, item) {
      const started = begin(outputIndex, item)
      const call = calls.get(outputIndex)
      if (call === undefined) return started
      const text = item.type === 'function_call' ? item.arguments : item.input
      const rest = call.told.rest(text)
      if (rest !== '') return started + tell(call, rest)
      const nothing = item.type === 'function_call' && call.told.length === 0
      if (nothing) call.told.add({ escaped: '{}' })
      return nothing ? started + tell(call, '{}') : started
    },
  }
}

/** A call's first entry names it; what it says follows in pieces. */
function unsaid(call: ChatToolCall): ChatToolCall {
  return call.type === 'function'
    ? { ...call, function: { name: call.function.name, arguments: '' } }
    : { ...call, custom: { name: call.custom.name, input: '' } }
}
