import type { PivotEvent } from '../../../pivot/index.js'
import { AnswerEvents } from '../../answer/index.js'
import { given, isJson, isSet, text, type Json } from '../../json.js'
import { endingOf } from '../stop-reason.js'
import { pivotUsage, usageBeside } from '../usage.js'
import { ANTHROPIC } from '../wire.js'
import { blockItem, openBlock, type AnswerState, type OpenBlock } from './answer-blocks.js'
import { readError } from './read-error.js'
import { CallDiffers } from './resumed-call.js'

/** Reads the events of one answer. */
export interface MessageReader {
  /** A terminal event has been given; nothing follows it. */
  readonly over: boolean
  /** @param name of the event, where its data does not say its type */
  event(data: unknown, name: string): PivotEvent[]
  /** More of the text or thought that is being told, without escapes; undefined when it would be more than one event. */
  more(type: 'text' | 'thinking', index: number, piece: string): PivotEvent | undefined
  /** Data came that is no JSON. */
  garbage(): PivotEvent[]
}

export function messageReader(): MessageReader {
  const answer = new AnswerEvents(ANTHROPIC, 'summary_text')
  const state: AnswerState = { answer, searches: new Map(), half: undefined, calls: 0 }
  let over = false
  let begun = false
  let block: { index: unknown; open: OpenBlock } | undefined
  /** Calls that were not over when the next block began: servers that imitate this API tell parallel calls piece by piece. */
  const parked = new Map<unknown, OpenBlock>()
  /** Blocks of this telling of the answer. */
  let blocks = 0
  let usage: Json | undefined
  let stop: Json = {}
  let beside: Json = {}

  function fail(message: string): PivotEvent[] {
    over = true
    return [answer.fail({ message }, undefined)]
  }

  function begin(message: Json): PivotEvent[] {
    begun = true
    learnUsage(message['usage'])
    stop = given({ container: message['container'] })
    const model = text(message['model'])
    const events = answer.begin({ id: text(message['id']) ?? 'msg_0', ...given({ model }) })
    const told = pivotUsage(usage)
    if (told === undefined) return events
    // What the prompt took is known before the first word, and some clients are told it then.
    return events.map((event) =>
      event.type === 'response.created' || event.type === 'response.in_progress'
        ? { ...event, response: { ...event.response, usage: told, ...extraOf({ usage: usageBeside(usage) }) } }
        : event,
    )
  }

  function start(message: Json): PivotEvent[] {
    if (!begun) return begin(message)
    // Some proxies send it twice; others ask their upstream again and splice the second answer to what they have sent of the first.
    learnUsage(message['usage'])
    if (blocks === 0) return []
    if (state.calls > 0 || parked.size > 0 || state.half !== undefined)
      return fail('the upstream began its answer anew after a call')
    blocks = 0
    const open = block?.open
    state.half = open?.cut?.()
    block = undefined
    return open === undefined || state.half !== undefined ? [] : open.stop()
  }

  function learnUsage(told: unknown): void {
    // Counts are of the whole message, and those that are left out stand.
    if (isJson(told)) usage = { ...usage, ...given(told) }
  }

  function openAt(index: unknown, told: Json): PivotEvent[] {
    const before = [...(begun ? [] : begin({})), ...(block?.index === index ? close() : leave()), ...unpark(index)]
    const { half } = state
    if (half !== undefined && TELLING.has(told['type'])) {
      if (told['type'] !== 'tool_use' || told['name'] !== half.name) throw new CallDiffers()
    }
    // What led to the call has been told before it, in the words of the first telling.
    const silent = half !== undefined && THOUGHTS.has(told['type'])
    const { open, events } = silent ? { open: SILENCE, events: [] } : openBlock(told, state)
    block = { index, open }
    blocks++
    return [...before, ...events]
  }

  function close(): PivotEvent[] {
    const open = block?.open
    block = undefined
    return open?.stop() ?? []
  }

  /** Another block begins: a call may go on beside it. */
  function leave(): PivotEvent[] {
    if (block?.open.type !== 'tool_use' || block.index === undefined) return close()
    parked.set(block.index, block.open)
    block = undefined
    return []
  }

  function unpark(index: unknown): PivotEvent[] {
    const open = parked.get(index)
    parked.delete(index)
    return open?.stop() ?? []
  }

  function delta(index: unknown, told: Json): PivotEvent[] {
    if (block !== undefined && (index === undefined || block.index === index)) return block.open.delta(told)
    const waiting = parked.get(index)
    if (waiting !== undefined) return waiting.delta(told)
    // Servers that imitate this API may leave out the begin of a block.
    const type = BLOCK_OF[text(told['type']) ?? '']
    if (type === undefined) return []
    const events = openAt(index, { type })
    return [...events, ...(block?.open.delta(told) ?? [])]
  }

  function messageDelta(told: Json): PivotEvent[] {
    learnUsage(told['usage'])
    const said = isJson(told['delta']) ? told['delta'] : {}
    stop = { ...stop, ...given(said) }
    beside = { ...beside, ...given({ context_management: told['context_management'] }) }
    return begun ? [] : begin({})
  }

  function end(): PivotEvent[] {
    const out = [...(begun ? [] : begin({})), ...[...parked.keys()].flatMap(unpark), ...close()]
    if (state.half !== undefined) throw new CallDiffers()
    // A search without a result: the upstream paused, and goes on when it gets its block back.
    for (const use of state.searches.values()) out.push(...answer.item(blockItem(use)))
    over = true
    const { stop_reason, stop_sequence, stop_details, container } = stop
    const counted = usageBeside(usage)
    const extra = extraOf({
      ...(Object.keys(counted).length > 0 ? { usage: counted } : {}),
      ...given({ stop_sequence, stop_details, container }),
      ...beside,
    })
    return [...out, ...answer.end(endingOf(text(stop_reason)), pivotUsage(usage), extra)]
  }

  function read(data: Json, type: string): PivotEvent[] {
    switch (type) {
      case 'message_start':
        return start(isJson(data['message']) ? data['message'] : {})
      case 'content_block_start':
        return isJson(data['content_block']) ? openAt(data['index'], data['content_block']) : []
      case 'content_block_delta':
        return isJson(data['delta']) ? delta(data['index'], data['delta']) : []
      case 'content_block_stop':
        return block !== undefined && (data['index'] === undefined || data['index'] === block.index)
          ? close()
          : unpark(data['index'])
      case 'message_delta':
        return messageDelta(data)
      case 'message_stop':
        return end()
      case 'error': {
        over = true
        const { error, status } = readError(data)
        return [answer.fail(error, status)]
      }
      case 'ping':
        return []
      case 'message':
        return whole(data)
      default:
        return [{ type: 'other', name: type, data }]
    }
  }

  /** An answer that was not streamed. */
  function whole(message: Json): PivotEvent[] {
    const content = Array.isArray(message['content']) ? message['content'].filter(isJson) : []
    const { stop_reason, stop_sequence, stop_details, container, context_management } = message
    const out = start(message)
    content.forEach((told, index) => out.push(...openAt(index, told), ...close()))
    const delta = { stop_reason, stop_sequence, stop_details, container }
    out.push(...messageDelta({ delta, context_management }), ...end())
    return out
  }

  return {
    get over() {
      return over
    },
    event(data, name) {
      if (over) return []
      if (!isJson(data)) return fail('the upstream sent an event that is no object')
      const type = text(data['type']) ?? (isSet(data['error']) ? 'error' : name)
      try {
        return read(data, type)
      } catch (error) {
        if (!(error instanceof CallDiffers)) throw error
        return fail('the upstream began its answer anew in the midst of a call and then told another one')
      }
    },
    more: (type, index, piece) =>
      !over && block?.index === index && block.open.type === type ? block.open.more?.(piece) : undefined,
    garbage: () => (over ? [] : fail('the upstream sent an event that is no JSON')),
  }
}

function extraOf(fields: Json): { extra?: { [ANTHROPIC]: Json } } {
  return Object.keys(fields).length > 0 ? { extra: { [ANTHROPIC]: fields } } : {}
}

/** Blocks of an answer that a client sees or acts upon. */
const TELLING: ReadonlySet<unknown> = new Set(['text', 'tool_use', 'server_tool_use'])

const THOUGHTS: ReadonlySet<unknown> = new Set(['thinking', 'redacted_thinking'])
const SILENCE: OpenBlock = { type: 'silence', delta: () => [], stop: () => [] }

/** The block that a delta belongs to, where it was not begun. */
const BLOCK_OF: Readonly<Record<string, string>> = {
  text_delta: 'text',
  thinking_delta: 'thinking',
}
