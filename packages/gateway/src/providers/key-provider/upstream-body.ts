import {
  structuredFor,
  type Dialect,
  type DialectId,
  type Note,
  type PivotItem,
  type PivotRequest,
  type Structured,
} from '@dragoman/protocol'
import type { UpstreamCall } from '../types.js'
import type { KeyCandidate } from '../keys/index.js'
import { fitForMaker } from './makers.js'
import { WIRE_FORMS } from './wires.js'

/** What goes upstream, and what its reply needs to be turned back. */
export interface UpstreamBody {
  body: Record<string, unknown>
  notes: readonly Note[]
  /** The client's own body goes upstream, at most fitted to its maker. */
  own: boolean
  /** It goes upstream exactly as it came. */
  verbatim: boolean
  /** What was asked, for the way back of emulated tools. */
  request: PivotRequest
  restore?: Structured['restore']
}

/** Writes the body for one key. @param stream ask for a stream */
export function upstreamBody(
  dialect: Dialect,
  { key, model: entry }: KeyCandidate,
  call: UpstreamCall,
  stream: boolean,
): UpstreamBody {
  const model = entry.upstream ?? entry.id
  if (call.original !== undefined && !call.withoutReasoning) {
    const kept = withoutBackground(dialect.id, asItIs(dialect.id, call.original, model))
    const fit = fitForMaker(key, model, kept.body)
    const notes = [...kept.notes, ...fit.notes]
    return {
      body: fit.body,
      notes,
      own: true,
      verbatim: !fit.changed && kept.notes.length === 0,
      request: call.request,
    }
  }
  const rules = WIRE_FORMS[key.wire].rules(key.kind)
  const asked = call.withoutReasoning ? withoutOwnReasoning(call.request, dialect.id) : call.request
  const structured = structuredFor({ ...asked, stream }, rules)
  const { value, receipt } = dialect.call.encodeRequest(structured.request, {
    model,
    rules,
    ...(entry.maxOutputTokens === undefined ? {} : { maxOutputTokens: entry.maxOutputTokens }),
  })
  const kept = withoutBackground(dialect.id, value)
  const fit = fitForMaker(key, model, kept.body)
  return {
    body: fit.body,
    notes: [...structured.notes, ...receipt, ...kept.notes, ...fit.notes],
    own: false,
    verbatim: false,
    request: structured.request,
    ...(structured.restore === undefined ? {} : { restore: structured.restore }),
  }
}

/**
 * The client's own body with the upstream's name of the model. A chat stream is asked for its usage as well, which no other way
 * tells; the encoder keeps that chunk from a client that did not ask for it.
 */
function asItIs(
  dialect: DialectId,
  original: Readonly<Record<string, unknown>>,
  model: string,
): Record<string, unknown> {
  switch (dialect) {
    case 'gemini':
      // Its model stands in the URL.
      return original
    case 'openai-chat': {
      if (original['stream'] !== true) return { ...original, model }
      const options = original['stream_options']
      const told = typeof options === 'object' && options !== null ? options : {}
      return { ...original, model, stream_options: { ...told, include_usage: true } }
    }
    case 'openai-responses':
    case 'anthropic-messages':
    case 'ollama':
      return { ...original, model }
    default:
      return dialect satisfies never
  }
}

/** An answer that runs on its own would have to be fetched later, from the one key that began it. */
function withoutBackground(
  dialect: DialectId,
  body: Record<string, unknown>,
): { body: Record<string, unknown>; notes: Note[] } {
  if (dialect !== 'openai-responses' || body['background'] !== true) return { body, notes: [] }
  const { background: _, ...rest } = body
  return {
    body: rest,
    notes: [{ pointer: '/background', what: 'dropped', why: 'answers of API keys are told while they are made' }],
  }
}

/** Takes away only what this upstream made of its reasoning; what others thought stays what it is. */
function withoutOwnReasoning(request: PivotRequest, dialect: DialectId): PivotRequest {
  return { ...request, input: request.input.flatMap((item) => withoutState(item, dialect)) }
}

/** Gemini signs calls and words as well; the others keep their state in items of reasoning. */
function withoutState(item: PivotItem, dialect: DialectId): PivotItem[] {
  const thought = item.type === 'reasoning'
  if (dialect === 'openai-responses') {
    return thought && 'encrypted_content' in item && item.encrypted_content != null ? [] : [item]
  }
  const extra = 'extra' in item ? (item.extra as Record<string, unknown> | undefined) : undefined
  const own = extra?.[dialect]
  if (typeof own !== 'object' || own === null || !(thought || dialect === 'gemini')) return [item]
  const { [dialect]: _, ...others } = extra ?? {}
  if (thought) return [{ ...item, extra: others } as PivotItem]
  const { thoughtSignature: signature, ...rest } = own as Record<string, unknown>
  return signature === undefined ? [item] : [{ ...item, extra: { ...others, [dialect]: rest } } as PivotItem]
}
