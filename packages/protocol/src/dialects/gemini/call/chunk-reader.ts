import { escapeText, type PivotEvent, type PivotResponse } from '../../../pivot/index.js'
import { AnswerEvents } from '../../answer/index.js'
import { given, isJson, text, type Json } from '../../json.js'
import { endingOf } from '../finish-reason.js'
import { searchOf } from '../grounding.js'
import { pivotUsage, usageBeside } from '../usage.js'
import { FILLERS, PART_ITEM } from '../wire.js'

/** Reads the chunks of one answer; a whole reply is one chunk. */
export interface ChunkReader {
  chunk(chunk: unknown): PivotEvent[]
  /** The upstream closed: the terminal event, if a finish reason was told. */
  end(): PivotEvent[]
}

const PART_FIELDS: ReadonlySet<string> = new Set(['text', 'thought', 'thoughtSignature', 'functionCall'])
const CANDIDATE_FIELDS: readonly string[] = [
  'finishReason',
  'finishMessage',
  'groundingMetadata',
  'citationMetadata',
  'safetyRatings',
  'urlContextMetadata',
  'avgLogprobs',
  'logprobsResult',
]

/**
 * Thoughts are summaries here. Text and thoughts come in pieces, calls and pictures whole. The end is told by no event of its own: a chunk
 * with `finishReason` may be followed by others (usage, grounding), so the answer ends when the upstream closes.
 * Source: Gemini API reference, `GenerateContentResponse`; recorded streams of gemini-3.
 */
export function chunkReader(): ChunkReader {
  const answer = new AnswerEvents('gemini', 'summary_text')
  const candidate: Json = {}
  let usage: unknown
  let promptFeedback: unknown
  let finish: string | undefined
  let failed = false
  let told = ''
  let streamed: { id: string; name: string; args: Json } | undefined

  function begin(chunk: Json): PivotEvent[] {
    const createdAt = Date.parse(text(chunk['createTime']) ?? '')
    return answer.begin({
      id: text(chunk['responseId']) ?? '',
      ...given({ model: text(chunk['modelVersion']) }),
      ...(Number.isNaN(createdAt) ? {} : { createdAt: Math.floor(createdAt / 1000) }),
    })
  }

  function part(value: unknown): PivotEvent[] {
    if (!isJson(value)) return []
    const signature = ownSignature(value)
    if (isJson(value['functionCall'])) return call(value['functionCall'], signature, beside(value))
    const words = value['text']
    if (typeof words === 'string') {
      if (value['thought'] === true) return thought(words, signature)
      return [...textSignature(signature), ...(words === '' ? [] : say(words))]
    }
    const blob = value['inlineData']
    if (isJson(blob) && String(blob['mimeType']).startsWith('image/') && typeof blob['data'] === 'string') {
      return [
        ...textSignature(signature),
        ...answer.image(blob['data'], String(blob['mimeType']).slice('image/'.length)),
      ]
    }
    if (Object.keys(value).every((field) => field === 'thoughtSignature' || field === 'thought')) {
      return textSignature(signature)
    }
    return answer.item({ type: PART_ITEM, role: 'model', part: value })
  }

  function say(words: string): PivotEvent[] {
    told += words
    return answer.text(words, escapeText(words))
  }

  function thought(words: string, signature: string | undefined): PivotEvent[] {
    const events = words === '' ? [] : answer.reasoning(words, escapeText(words))
    return signature === undefined
      ? events
      : [...events, ...answer.thoughtFields({ thoughtSignature: signature, on: 'thought' })]
  }

  /** A signature on a text goes back on a text: it is kept on a thought that shows nothing of its own. */
  function textSignature(signature: string | undefined): PivotEvent[] {
    if (signature === undefined) return []
    return [...answer.thoughtFields({ thoughtSignature: signature, on: 'text' }), ...answer.closeThought()]
  }

  function call(raw: Json, signature: string | undefined, rest: Json): PivotEvent[] {
    const name = text(raw['name'])
    const partial = raw['partialArgs']
    const more = raw['willContinue'] === true
    if (Array.isArray(partial) || more || (name === undefined && streamed !== undefined)) {
      streamed ??= { id: text(raw['id']) ?? '', name: name ?? '', args: {} }
      if (isJson(raw['args'])) Object.assign(streamed.args, raw['args'])
      for (const piece of Array.isArray(partial) ? partial : []) if (isJson(piece)) setPath(streamed.args, piece)
      if (more) return []
      const { id, name: whole, args } = streamed
      streamed = undefined
      return tellCall(id, whole, args, signature, rest)
    }
    return tellCall(text(raw['id']) ?? '', name ?? '', isJson(raw['args']) ? raw['args'] : {}, signature, rest)
  }

  function tellCall(id: string, name: string, args: Json, signature: string | undefined, rest: Json): PivotEvent[] {
    const own = { ...rest, ...(signature === undefined ? {} : { thoughtSignature: signature }) }
    const { call: begun, events } = answer.beginCall('function', id, name, own)
    return [...events, ...answer.callText(begun, JSON.stringify(args))]
  }

  function error(body: Json): PivotEvent[] {
    failed = true
    const code = typeof body['code'] === 'number' ? body['code'] : undefined
    const message = text(body['message'])
    const status = text(body['status'])
    return [
      answer.fail(
        {
          ...given({ message, code: status?.toLowerCase(), type: status }),
        },
        code,
      ),
    ]
  }

  return {
    chunk(value) {
      if (failed || !isJson(value)) return []
      if (isJson(value['error'])) return error(value['error'])
      const out = begin(value)
      if (value['usageMetadata'] !== undefined) usage = value['usageMetadata']
      if (value['promptFeedback'] !== undefined) promptFeedback = value['promptFeedback']
      const first: unknown = Array.isArray(value['candidates']) ? value['candidates'][0] : undefined
      if (!isJson(first)) return out
      const content = isJson(first['content']) ? first['content'] : {}
      for (const one of Array.isArray(content['parts']) ? content['parts'] : []) out.push(...part(one))
      for (const field of CANDIDATE_FIELDS) if (first[field] !== undefined) candidate[field] = first[field]
      finish = text(first['finishReason']) ?? finish
      return out
    },
    end() {
      const blocked = isJson(promptFeedback) ? text(promptFeedback['blockReason']) : undefined
      if (failed || (finish === undefined && blocked === undefined)) return []
      const reason = finish ?? 'SAFETY'
      const out: PivotEvent[] = []
      const search = searchOf(candidate['groundingMetadata'], told)
      for (const citation of search?.citations ?? []) out.push(...answer.annotation(citation))
      if (search !== undefined) out.push(...answer.item(search.item))
      const own = {
        ...candidate,
        finishReason: reason,
        ...(promptFeedback === undefined ? {} : { promptFeedback }),
        ...(Object.keys(usageBeside(usage)).length > 0 ? { usage: usageBeside(usage) } : {}),
      }
      const beside: Partial<PivotResponse> = { extra: { gemini: own } }
      return [...out, ...answer.end(endingOf(reason), pivotUsage(usage), beside)]
    },
  }
}

function ownSignature(part: Json): string | undefined {
  const signature = text(part['thoughtSignature'])
  return signature === undefined || FILLERS.has(signature) ? undefined : signature
}

function beside(part: Json): Json {
  return Object.fromEntries(Object.entries(part).filter(([field]) => !PART_FIELDS.has(field)))
}

/** Arguments that are streamed name their place by a simple JSON path, `$.city` or `$.list[0].name`. */
function setPath(args: Json, piece: Json): void {
  const path = text(piece['jsonPath'])
  const value = piece['stringValue'] ?? piece['numberValue'] ?? piece['boolValue'] ?? null
  const steps = path?.match(/[^.[\]$'"]+/g)
  if (steps === null || steps === undefined) return
  let at: Record<string, unknown> | unknown[] = args
  steps.forEach((step, index) => {
    const key = Array.isArray(at) ? Number(step) : step
    const holder = at as Record<string | number, unknown>
    if (index === steps.length - 1) {
      const before = Object.hasOwn(holder, key) ? holder[key] : undefined
      // A text comes in pieces.
      const next = typeof before === 'string' && typeof value === 'string' ? before + value : value
      Object.defineProperty(holder, key, { value: next, enumerable: true, configurable: true, writable: true })
      return
    }
    if (!Object.hasOwn(holder, key) || typeof holder[key] !== 'object' || holder[key] === null) {
      const made: unknown = /^\d+$/.test(steps[index + 1] ?? '') ? [] : {}
      Object.defineProperty(holder, key, { value: made, enumerable: true, configurable: true, writable: true })
    }
    at = holder[key] as Record<string, unknown> | unknown[]
  })
}
