import { escapeText, type Annotation, type PivotEvent, type PivotItem } from '../../../pivot/index.js'
import type { AnswerEvents, OpenCall } from '../../answer/index.js'
import { given, isJson, text, without, type Json } from '../../json.js'
import { annotationOf } from '../citations.js'
import { callIdOf } from '../ids.js'
import { webSearchItem } from '../server-tools.js'
import { BLOCK_ITEM } from '../wire.js'
import { ResumedCall } from './resumed-call.js'

/** A block while it is told; each type gives what it can as it comes, and the rest when it ends. */
export interface OpenBlock {
  readonly type: string
  /** More of a text or a thought, without escapes; undefined when it would be more than one event. */
  more?(piece: string): PivotEvent | undefined
  delta(delta: Json): PivotEvent[]
  stop(): PivotEvent[]
  /** The answer begins anew before the block has ended. */
  cut?(): ResumedCall | undefined
}

/** What blocks of one answer know of each other. */
export interface AnswerState {
  readonly answer: AnswerEvents
  /** Searches that wait for their results, by id. */
  readonly searches: Map<string, Json>
  /** A call that was cut when the upstream began its answer anew. */
  half: ResumedCall | undefined
  /** Calls that were told to their end. */
  calls: number
}

export function openBlock(block: Json, state: AnswerState): { open: OpenBlock; events: PivotEvent[] } {
  const type = text(block['type']) ?? ''
  switch (type) {
    case 'text':
      return textBlock(block, state.answer)
    case 'thinking':
      return thinkingBlock(block, state.answer)
    case 'redacted_thinking':
      return redactedBlock(block, state.answer)
    case 'tool_use':
      return toolUseBlock(block, state)
    default:
      return { open: otherBlock(type, block, state), events: [] }
  }
}

/** What a text cites is the block that the citation stands in, so citations wait for its end. */
function textBlock(block: Json, answer: AnswerEvents): { open: OpenBlock; events: PivotEvent[] } {
  const citations: Json[] = Array.isArray(block['citations']) ? block['citations'].filter(isJson) : []
  let length = 0

  function tell(value: unknown): PivotEvent[] {
    const piece = text(value)
    if (piece === undefined) return []
    length += piece.length
    return answer.text(piece, escapeText(piece))
  }

  const events = tell(block['text'])
  return {
    events,
    open: {
      type: 'text',
      more(piece) {
        const event = answer.moreText(piece)
        if (event !== undefined) length += piece.length
        return event
      },
      delta(delta) {
        if (delta['type'] === 'text_delta') return tell(delta['text'])
        const citation = delta['citation']
        if (delta['type'] === 'citations_delta' && isJson(citation)) citations.push(citation)
        return []
      },
      stop() {
        const cited: Annotation[] = citations.map((citation) => annotationOf(citation, 0, length))
        // Each block is a message of its own, so that it can be told again as the block that it was.
        return [...cited.flatMap((annotation) => answer.annotation(annotation)), ...answer.closeMessage()]
      },
    },
  }
}

const THINKING_FIELDS: ReadonlySet<string> = new Set(['type', 'thinking', 'signature'])

function thinkingBlock(block: Json, answer: AnswerEvents): { open: OpenBlock; events: PivotEvent[] } {
  function thought(value: unknown): PivotEvent[] {
    const piece = text(value)
    return piece === undefined ? [] : answer.reasoning(piece, escapeText(piece))
  }
  function signature(value: unknown): PivotEvent[] {
    const signed = text(value)
    return signed === undefined ? [] : answer.thoughtFields({ signature: signed })
  }

  const beside = given(without(block, THINKING_FIELDS))
  const events = [
    ...answer.closeThought(),
    ...thought(block['thinking']),
    ...signature(block['signature']),
    ...(Object.keys(beside).length > 0 ? answer.thoughtFields(beside) : []),
  ]
  return {
    events,
    open: {
      type: 'thinking',
      more: (piece) => answer.moreReasoning(piece),
      delta(delta) {
        if (delta['type'] === 'thinking_delta') return thought(delta['thinking'])
        return delta['type'] === 'signature_delta' ? signature(delta['signature']) : []
      },
      stop: () => answer.closeThought(),
    },
  }
}

function redactedBlock(block: Json, answer: AnswerEvents): { open: OpenBlock; events: PivotEvent[] } {
  const redacted = text(block['data'])
  const events = redacted === undefined ? [] : [...answer.closeThought(), ...answer.thoughtFields({ redacted })]
  return { events, open: { type: 'redacted_thinking', delta: () => [], stop: () => answer.closeThought() } }
}

const USE_FIELDS: ReadonlySet<string> = new Set(['type', 'id', 'name', 'input'])

function toolUseBlock(block: Json, state: AnswerState): { open: OpenBlock; events: PivotEvent[] } {
  const { answer } = state
  const name = text(block['name']) ?? ''
  const resumed = state.half?.name === name ? state.half : undefined
  if (resumed !== undefined) state.half = undefined
  const begun: { call: OpenCall; events: PivotEvent[] } =
    resumed === undefined
      ? answer.beginCall('function', callIdOf(text(block['id']) ?? ''), name, given(without(block, USE_FIELDS)))
      : { call: resumed.call, events: [] }
  const { call } = begun
  let told = ''

  function tell(piece: string): PivotEvent[] {
    told += piece
    return answer.callText(call, resumed === undefined ? piece : resumed.more(piece))
  }

  return {
    events: begun.events,
    open: {
      type: 'tool_use',
      delta(delta) {
        const piece = delta['type'] === 'input_json_delta' ? text(delta['partial_json']) : undefined
        return piece === undefined ? [] : tell(piece)
      },
      stop() {
        const whole = block['input']
        const out = told === '' && isJson(whole) && Object.keys(whole).length > 0 ? tell(JSON.stringify(whole)) : []
        resumed?.end()
        state.calls++
        // An input that was cut stays open: how the answer ends says what became of it.
        return told === '' || isWhole(told) ? [...out, ...answer.closeCall(call)] : out
      },
      cut: () => new ResumedCall(call, name, told),
    },
  }
}

function isWhole(input: string): boolean {
  try {
    JSON.parse(input)
    return true
  } catch {
    return false
  }
}

const SEARCH_RESULT = 'web_search_tool_result'

/** Tools that run at the upstream, and what is not known yet. Such blocks are told when they are whole. */
function otherBlock(type: string, begun: Json, state: AnswerState): OpenBlock {
  const { answer, searches } = state
  let block = begun
  let input = ''
  return {
    type,
    delta(delta) {
      if (delta['type'] === 'input_json_delta') input += text(delta['partial_json']) ?? ''
      else block = { ...block, ...without(delta, DELTA_TYPE) }
      return []
    },
    stop() {
      if (input !== '') block = { ...block, input: parsed(input) ?? block['input'] }
      const id = text(block['id'])
      if (type === 'server_tool_use' && block['name'] === 'web_search' && id !== undefined) {
        searches.set(id, block)
        return []
      }
      const use = type === SEARCH_RESULT ? searches.get(text(block['tool_use_id']) ?? '') : undefined
      if (use === undefined) return answer.item(blockItem(block))
      searches.delete(text(block['tool_use_id']) ?? '')
      return answer.item(webSearchItem(use, block))
    },
  }
}

const DELTA_TYPE: ReadonlySet<string> = new Set(['type'])

function parsed(input: string): unknown {
  try {
    return JSON.parse(input) as unknown
  } catch {
    return undefined
  }
}

export function blockItem(block: Json): PivotItem {
  return { type: BLOCK_ITEM, role: 'assistant', block }
}
