import { escapeText, type PivotEvent, type Usage } from '../../../pivot/index.js'
import { AnswerEvents, AnswerText, type Ending } from '../../answer/index.js'
import { given, isJson, text, without, type Json } from '../../json.js'
import { endingOf } from '../finish-reason.js'
import { searchOf } from '../grounding.js'
import { pivotUsage, usageBeside } from '../usage.js'
import { GEMINI, PART_ITEM } from '../wire.js'
import { functionCalls } from './function-calls.js'
import { googleError } from './google-error.js'

/** Reads parsed chunks of one answer. */
export interface ChunkReader {
  /** @param chunk a `GenerateContentResponse`, or a list of them */
  chunk(chunk: unknown): PivotEvent[]
  /** The upstream closed. Without a finish reason its answer was cut, and no event says that it ended. */
  end(): PivotEvent[]
  /** Data came that is no JSON. */
  garbage(): PivotEvent[]
}

/**
 * Chunks of a Gemini answer as events. What the pivot has no place for stands in the `extra` of items and response under the wire's names,
 * see `wire.ts`; a signature of a text is a thought of its own that shows nothing, as in requests.
 * The answer is over when the stream is: counts and sources may follow the finish reason.
 * Source: Gemini API reference, `GenerateContentResponse`; recorded streams.
 */
export function chunkReader(): ChunkReader {
  const answer = new AnswerEvents('gemini', 'summary_text')
  const calls = functionCalls(answer)
  const citations = citing(answer)
  /** Fields of the candidate and of the response, the last word of each. */
  const kept = new Map<string, unknown>()
  let over = false
  /** Thoughts were told. */
  let thinks = false
  let ending: Ending | undefined
  let usage: Usage | undefined
  let beside: Json = {}

  function fail(message: string, code?: string, status?: number, reason?: string): PivotEvent[] {
    over = true
    return [answer.fail(given({ message: text(message), code: text(code), type: reason }), status)]
  }

  function begin(chunk: Json): PivotEvent[] {
    const created = Date.parse(String(chunk['createTime']))
    const model = text(chunk['modelVersion'])
    return answer.begin({
      id: text(chunk['responseId']) ?? text(chunk['createTime']) ?? 'gemini',
      ...(model === undefined ? {} : { model }),
      ...(Number.isNaN(created) ? {} : { createdAt: Math.floor(created / 1000) }),
    })
  }

  function keep(fields: Json): void {
    for (const [name, value] of Object.entries(fields)) if (value !== undefined && value !== null) kept.set(name, value)
  }

  function one(chunk: unknown): PivotEvent[] {
    if (over) return []
    if (!isJson(chunk)) return fail('the upstream sent a chunk that is no object')
    const error = googleError(chunk)
    if (error !== undefined) return fail(error.message, error.status, error.code, error.reason)
    const out = begin(chunk)
    usage = pivotUsage(chunk['usageMetadata']) ?? usage
    beside = { ...beside, ...usageBeside(chunk['usageMetadata']) }
    keep(without(chunk, TRANSLATED))
    const list = chunk['candidates']
    const candidate = Array.isArray(list) ? list.filter(isJson).find(({ index }) => (index ?? 0) === 0) : undefined
    if (candidate !== undefined) out.push(...said(candidate))
    else blocked(chunk['promptFeedback'])
    return out
  }

  function said(candidate: Json): PivotEvent[] {
    keep(without(candidate, CONTENT))
    citations.learn(candidate['groundingMetadata'])
    const content = candidate['content']
    const parts = isJson(content) ? content['parts'] : undefined
    const out = Array.isArray(parts) ? parts.filter(isJson).flatMap(part) : []
    const reason = text(candidate['finishReason'])
    if (reason !== undefined && reason !== UNSPECIFIED) ending = endingOf(reason)
    return out
  }

  /** A prompt that was refused has no candidates. */
  function blocked(feedback: unknown): void {
    if (isJson(feedback) && text(feedback['blockReason']) !== undefined) {
      ending = { status: 'incomplete', incomplete_details: { reason: 'content_filter' } }
    }
  }

  function part(told: Json): PivotEvent[] {
    const signature = text(told['thoughtSignature'])
    const signed = signature === undefined ? {} : { thoughtSignature: signature }
    const { functionCall, inlineData } = told
    if (isJson(functionCall)) {
      const fields = { ...without(told, CALL), ...signed }
      return [...citations.close(), ...carried(signature), ...calls.piece(functionCall, fields)]
    }
    if (isJson(inlineData) && told['thought'] !== true) return [...citations.close(), ...picture(told, inlineData)]
    if (typeof told['text'] === 'string') {
      return told['thought'] === true ? thought(told['text'], signature) : words(told['text'], signature)
    }
    if (Object.keys(told).every((field) => SIGNATURE.has(field))) return words('', signature)
    return [...citations.close(), ...whole(told)]
  }

  /**
   * Clients of some dialects have no place for state on a call, but one on a thought. Where the client is shown thoughts, the one before
   * the call carries it too.
   */
  function carried(signature: string | undefined): PivotEvent[] {
    return signature === undefined || !thinks ? [] : answer.thoughtFields({ callSignature: signature })
  }

  function thought(said: string, signature: string | undefined): PivotEvent[] {
    thinks ||= said !== ''
    const out = said === '' ? [] : answer.reasoning(said, escapeText(said))
    if (signature === undefined) return out
    // What follows a signature is another thought.
    return [...out, ...answer.thoughtFields({ thoughtSignature: signature, on: 'thought' }), ...answer.closeThought()]
  }

  function words(said: string, signature: string | undefined): PivotEvent[] {
    // A signature stands before the text that it belongs to, unless the beginning of that is told already.
    const first = citations.begun ? [] : seal(signature)
    const told = said === '' ? [] : citations.text(said, escapeText(said))
    return [...first, ...told, ...(first.length > 0 ? [] : seal(signature))]
  }

  function seal(signature: string | undefined): PivotEvent[] {
    if (signature === undefined) return []
    const out = answer.closeThought()
    return [...out, ...answer.thoughtFields({ thoughtSignature: signature, on: 'text' }), ...answer.closeThought()]
  }

  function picture(told: Json, { mimeType, data }: Json): PivotEvent[] {
    const format = /^image\/(.+)$/.exec(String(mimeType))?.[1]
    if (format === undefined || typeof data !== 'string') return whole(told)
    return [...answer.closeThought(), ...answer.closeMessage(), ...answer.image(data, format, without(told, PICTURE))]
  }

  /** Parts without a meaning elsewhere: code that Gemini ran, its own tools' calls, sound, what is newer than this. */
  function whole(told: Json): PivotEvent[] {
    return answer.item({ type: PART_ITEM, role: 'model', part: told })
  }

  function responseFields(): Json {
    return {
      ...Object.fromEntries(kept),
      ...(Object.keys(beside).length > 0 ? { usage: beside } : {}),
    }
  }

  return {
    chunk: (chunk) => (Array.isArray(chunk) ? chunk : [chunk]).flatMap(one),
    end() {
      if (over || ending === undefined) return []
      over = true
      const out = [...calls.end(), ...citations.close()]
      const search = citations.search()
      if (search !== undefined) out.push(...answer.item(search))
      const fields = responseFields()
      out.push(...answer.end(ending, usage, Object.keys(fields).length > 0 ? { extra: { [GEMINI]: fields } } : {}))
      return out
    },
    garbage: () => (over ? [] : fail('the upstream sent an event that is no JSON')),
  }
}

const UNSPECIFIED = 'FINISH_REASON_UNSPECIFIED'
/** Fields of a response and a candidate that have a place in the pivot. */
const TRANSLATED: ReadonlySet<string> = new Set(['candidates', 'usageMetadata', 'modelVersion', 'responseId'])
const CONTENT: ReadonlySet<string> = new Set(['content', 'index'])
const CALL: ReadonlySet<string> = new Set(['functionCall', 'thoughtSignature', 'thought'])
const PICTURE: ReadonlySet<string> = new Set(['inlineData', 'thought'])
const SIGNATURE: ReadonlySet<string> = new Set(['thoughtSignature', 'thought'])

/**
 * The texts of an answer and what they cite. Sources come at the end or in between, with places in all of the text so far; what belongs to
 * a message is told before that message is over.
 */
function citing(answer: AnswerEvents) {
  const all = new AnswerText()
  const told = new Set<string>()
  let grounding: Json | undefined
  let length = 0
  /** Where the open message begins in all of the text; undefined when none is open. */
  let from: number | undefined

  return {
    learn(metadata: unknown): void {
      if (isJson(metadata)) grounding = { ...grounding, ...metadata }
    },
    text(said: string, escaped: string): PivotEvent[] {
      from ??= length
      length += said.length
      all.add(said)
      return answer.text(said, escaped)
    },
    /** Text of a message is told that is not over. */
    get begun(): boolean {
      return from !== undefined
    },
    /** The message is over, with what it cites. */
    close(): PivotEvent[] {
      const begin = from
      from = undefined
      if (begin === undefined) return []
      const found = grounding === undefined ? [] : (searchOf(grounding, all.toString())?.citations ?? [])
      const out = found.flatMap((citation) => {
        const { start_index = 0, end_index = 0 } = citation
        const key = `${start_index} ${end_index} ${citation.url ?? ''}`
        if (start_index < begin || told.has(key)) return []
        told.add(key)
        return answer.annotation({ ...citation, start_index: start_index - begin, end_index: end_index - begin })
      })
      return [...out, ...answer.closeMessage()]
    },
    search: () => (grounding === undefined ? undefined : searchOf(grounding, '')?.item),
  }
}
