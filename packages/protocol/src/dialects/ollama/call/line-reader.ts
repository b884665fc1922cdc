import { escapeText, type PivotEvent, type Usage } from '../../../pivot/index.js'
import { AnswerEvents } from '../../answer/index.js'
import { given, isJson, text, type Json } from '../../json.js'
import { readError } from '../../openai-chat/call/read-error.js'
import { ending } from '../done-reason.js'
import { count, DURATIONS, pivotUsage } from '../usage.js'
import { OLLAMA } from '../wire.js'

/** Reads the parsed lines of one answer, of `/api/chat` or `/api/generate`. */
export interface LineReader {
  /** A terminal event has been given; nothing follows it. */
  readonly over: boolean
  line(line: unknown): PivotEvent[]
  /** The answer is whole, whether it says so or not. */
  finish(): PivotEvent[]
  /** A line came that is no JSON. */
  garbage(): PivotEvent[]
}

export function lineReader(): LineReader {
  const answer = new AnswerEvents(OLLAMA)
  let over = false
  let usage: Usage | undefined
  let measured: Json = {}
  let reason: string | undefined

  function fail(error: Parameters<AnswerEvents['fail']>[0], status?: number): PivotEvent[] {
    over = true
    return [answer.fail(error, status)]
  }

  function finished(): PivotEvent[] {
    over = true
    const beside = { ...measured, ...given({ done_reason: reason }) }
    return answer.end(ending(reason), usage, Object.keys(beside).length > 0 ? { extra: { [OLLAMA]: beside } } : {})
  }

  function begin(line: Json): PivotEvent[] {
    const time = text(line['created_at'])
    const at = Date.parse(time ?? '')
    return answer.begin({
      // Ollama's answers have no id; the time, in nanoseconds, tells them apart.
      id: `ollama_${(time ?? '').replaceAll(/[^0-9]/g, '')}`,
      ...given({ model: text(line['model']) }),
      ...(Number.isNaN(at) ? {} : { createdAt: Math.floor(at / 1000) }),
    })
  }

  function said(line: Json, message: Json): PivotEvent[] {
    const out: PivotEvent[] = []
    const thought = text(message['thinking'])
    if (thought !== undefined) out.push(...answer.reasoning(thought, escapeText(thought)))
    const content = text(message['content']) ?? text(line['response'])
    if (content !== undefined) out.push(...answer.text(content, escapeText(content), logprobsOf(line)))
    for (const image of list(message['images'])) out.push(...picture(image))
    out.push(...picture(line['image']))
    for (const call of list(message['tool_calls'])) out.push(...toolCall(call))
    return out
  }

  function picture(image: unknown): PivotEvent[] {
    const base64 = text(image)
    return base64 === undefined ? [] : answer.image(base64, base64.startsWith('/9j/') ? 'jpeg' : 'png')
  }

  function toolCall(value: unknown): PivotEvent[] {
    const fn = isJson(value) ? value['function'] : undefined
    const called = isJson(fn) ? text(fn['name']) : undefined
    if (!isJson(value) || !isJson(fn) || called === undefined) return []
    const { call, events } = answer.beginCall('function', text(value['id']) ?? '', called, {})
    const args = fn['arguments']
    const told = typeof args === 'string' ? args : JSON.stringify(isJson(args) ? args : {})
    return [...events, ...answer.callText(call, told), ...answer.closeCall(call)]
  }

  return {
    get over() {
      return over
    },
    line(line) {
      if (over) return []
      if (!isJson(line)) return fail({ message: 'the upstream sent a line that is no object' })
      const error = readError(line)
      if (error !== undefined) return fail(error.error, error.status)
      const message = line['message']
      const out = [...begin(line), ...said(line, isJson(message) ? message : line)]
      if (line['done'] !== true) return out
      usage = pivotUsage(line)
      reason = text(line['done_reason'])
      measured = given(Object.fromEntries(DURATIONS.map((field) => [field, count(line[field])])))
      return [...out, ...finished()]
    },
    finish: () => (over ? [] : finished()),
    garbage: () => (over ? [] : fail({ message: 'the upstream sent a line that is no JSON' })),
  }
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function logprobsOf(line: Json): unknown[] | undefined {
  const logprobs = list(line['logprobs'])
  return logprobs.length > 0 ? logprobs : undefined
}
