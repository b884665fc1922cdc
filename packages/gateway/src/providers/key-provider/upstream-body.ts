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
  /** The client's own body goes upstream. */
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
    const { body, notes, changed } = fitForMaker(key, model, asItIs(dialect.id, call.original, model))
    return { body, notes, verbatim: !changed, request: call.request }
  }
  const rules = WIRE_FORMS[key.wire].rules(key.kind)
  const asked = call.withoutReasoning ? withoutOwnReasoning(call.request, dialect.id) : call.request
  const structured = structuredFor({ ...asked, stream }, rules)
  const { value, receipt } = dialect.call.encodeRequest(structured.request, {
    model,
    rules,
    ...(entry.maxOutputTokens === undefined ? {} : { maxOutputTokens: entry.maxOutputTokens }),
  })
  const fit = fitForMaker(key, model, value)
  return {
    body: fit.body,
    notes: [...structured.notes, ...receipt, ...fit.notes],
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

/** Takes away only what this upstream made of its reasoning; what others thought stays what it is. */
function withoutOwnReasoning(request: PivotRequest, dialect: DialectId): PivotRequest {
  if (dialect === 'openai-responses') {
    return { ...request, input: request.input.filter(({ type }) => type !== 'reasoning') }
  }
  return { ...request, input: request.input.map((item) => withoutExtra(item, dialect)) }
}

function withoutExtra(item: PivotItem, dialect: DialectId): PivotItem {
  const extra = 'extra' in item ? item.extra : undefined
  if (typeof extra !== 'object' || extra === null || !(dialect in extra)) return item
  const { [dialect]: _, ...rest } = extra as Record<string, unknown>
  return { ...item, extra: rest } as PivotItem
}
