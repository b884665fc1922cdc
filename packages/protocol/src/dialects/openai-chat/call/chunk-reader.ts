import type { Annotation, PivotEvent, Usage } from '../../../pivot/index.js'
import { escapeText } from '../../../pivot/index.js'
import { ending } from '../finish-reason.js'
import { CHAT } from '../origin.js'
import { thinking } from '../serve/decode-parts.js'
import { pivotUsage } from '../usage.js'
import { given, isJson, type Json, text, without } from '../../json.js'
import { AnswerEvents } from '../../answer/index.js'
import { readError } from './read-error.js'
import { toolCallDeltas } from './tool-call-deltas.js'

/** Reads parsed chunks of one answer, whatever provider wrote them. */
export interface ChunkReader {
  readonly answer: AnswerEvents
  /** A terminal event has been given; nothing follows it. */
  readonly over: boolean
  /** @param chunk a `chat.completion.chunk`, or a whole `chat.completion` whose message takes the place of the delta */
  chunk(chunk: unknown): PivotEvent[]
  /** The data of an event named `error`. */
  error(data: unknown): PivotEvent[]
  /** `[DONE]` came. */
  done(): PivotEvent[]
  /** The upstream closed. Without a finish reason its answer was cut, and no event says that it ended. */
  end(): PivotEvent[]
  /** Data came that is no JSON. */
  garbage(): PivotEvent[]
}

export function chunkReader(): ChunkReader {
  const answer = new AnswerEvents('openai-chat')
  const calls = toolCallDeltas(answer)
  let over = false
  let finish: string | undefined
  let usage: Usage | undefined
  let serviceTier: string | undefined
  let fingerprint: string | undefined

  function fail(error: Parameters<AnswerEvents['fail']>[0], status?: number): PivotEvent[] {
    over = true
    return [answer.fail(error, status)]
  }

  /** A chunk without choices may come first (Azure's filter results) and knows no id yet. */
  function head(chunk: Json, choice?: Json): PivotEvent[] {
    serviceTier = text(chunk['service_tier']) ?? serviceTier
    fingerprint = text(chunk['system_fingerprint']) ?? fingerprint
    return choice === undefined ? [] : begin(chunk)
  }

  function begin(chunk: Json): PivotEvent[] {
    const model = text(chunk['model'])
    const created = chunk['created']
    return answer.begin({
      id: text(chunk['id']) ?? `chatcmpl-${String(created ?? 0)}`,
      ...given({ model }),
      ...(typeof created === 'number' ? { createdAt: created } : {}),
    })
  }

  /** Most tell it once at the end, some in every chunk, Groq (also) in a field of its own, Moonshot in the choice. */
  function learnUsage(chunk: Json, choice: Json | undefined): void {
    const groq = chunk['x_groq']
    usage =
      pivotUsage(chunk['usage']) ??
      pivotUsage(choice?.['usage']) ??
      (isJson(groq) ? pivotUsage(groq['usage']) : undefined) ??
      usage
  }

  function delta(said: Json, logprobs: unknown[] | undefined): PivotEvent[] {
    const out: PivotEvent[] = []
    const details = said['reasoning_details']
    // Providers that tell both names tell the same thought.
    const thought = text(said['reasoning_content']) ?? text(said['reasoning']) ?? detailsText(details)
    if (thought !== undefined) out.push(...answer.reasoning(thought, escapeText(thought)))
    if (Array.isArray(details) && details.length > 0) out.push(...answer.reasoningDetails(details))
    out.push(...content(said['content'], logprobs))
    const refusal = text(said['refusal'])
    if (refusal !== undefined) out.push(...answer.refusal(refusal))
    for (const annotation of list(said['annotations'])) {
      if (isJson(annotation)) out.push(...answer.annotation(flatAnnotation(annotation)))
    }
    for (const call of list(said['tool_calls'])) if (isJson(call)) out.push(...calls.delta(call))
    if (isJson(said['function_call'])) out.push(...calls.legacy(said['function_call']))
    for (const image of list(said['images'])) out.push(...picture(image))
    return out
  }

  /** A text, or the parts of Mistral: thinking and text. */
  function content(value: unknown, logprobs: unknown[] | undefined): PivotEvent[] {
    if (typeof value === 'string') return value === '' ? [] : answer.text(value, escapeText(value), logprobs)
    return list(value).flatMap((part) => {
      if (!isJson(part)) return []
      if (part['type'] === 'thinking') {
        const thought = thinking(part['thinking'])
        return thought === '' ? [] : answer.reasoning(thought, escapeText(thought))
      }
      const said = text(part['text'])
      return said === undefined ? [] : answer.text(said, escapeText(said))
    })
  }

  function picture(image: unknown): PivotEvent[] {
    const where = isJson(image) ? image['image_url'] : undefined
    const url = isJson(where) ? text(where['url']) : undefined
    const data = url === undefined ? null : /^data:image\/([a-z0-9.+-]+);base64,/i.exec(url)
    if (url === undefined || data === null) return []
    return answer.image(url.slice(data[0].length), data[1] ?? 'png')
  }

  function finished(): PivotEvent[] {
    over = true
    return answer.end(ending(finish), usage, {
      ...given({ service_tier: serviceTier }),
      ...(fingerprint === undefined ? {} : { extra: { [CHAT]: { system_fingerprint: fingerprint } } }),
    })
  }

  return {
    answer,
    get over() {
      return over
    },
    chunk(chunk) {
      if (over) return []
      if (!isJson(chunk)) return fail({ message: 'the upstream sent a chunk that is no object' })
      const error = readError(chunk)
      if (error !== undefined) return fail(error.error, error.status)
      const choice = list(chunk['choices']).find((one) => isJson(one) && (one['index'] ?? 0) === 0) as Json | undefined
      learnUsage(chunk, choice)
      const out = head(chunk, choice)
      if (choice === undefined) return out
      const said = choice['delta'] ?? choice['message']
      if (isJson(said)) out.push(...delta(said, logprobsOf(choice)))
      const reason = text(choice['finish_reason'])
      if (reason === 'error') {
        out.push(...fail(readError(choice)?.error ?? { message: 'the upstream broke off its answer with an error' }))
      }
      finish = reason ?? finish
      return out
    },
    error(data) {
      if (over) return []
      const told = isJson(data) ? (readError(data) ?? readError({ error: data })) : readError({ error: data })
      return fail(told?.error ?? {}, told?.status)
    },
    done: () => (over ? [] : [...begin({}), ...finished()]),
    end: () => (over || finish === undefined ? [] : finished()),
    garbage: () => (over ? [] : fail({ message: 'the upstream sent an event that is no JSON' })),
  }
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function logprobsOf(choice: Json): unknown[] | undefined {
  const logprobs = choice['logprobs']
  return isJson(logprobs) && Array.isArray(logprobs['content']) && logprobs['content'].length > 0
    ? logprobs['content']
    : undefined
}

/** Thought that OpenRouter tells only in its details. */
function detailsText(details: unknown): string | undefined {
  return text(
    list(details)
      .map((detail) => (isJson(detail) ? (text(detail['text']) ?? text(detail['summary']) ?? '') : ''))
      .join(''),
  )
}

const ANNOTATION_TYPE: ReadonlySet<string> = new Set(['type'])

function flatAnnotation(annotation: Json): Annotation {
  const type = text(annotation['type']) ?? 'url_citation'
  const nested = annotation[type]
  return { type, ...(isJson(nested) ? nested : without(annotation, ANNOTATION_TYPE)) }
}
