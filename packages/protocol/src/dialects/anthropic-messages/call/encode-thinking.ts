import type { UpstreamModel } from '../../../dialect.js'
import { samplingOf, type PivotRequest } from '../../../pivot/index.js'
import { given, isJson, isSet, text, type Json } from '../../json.js'
import type { Noting } from '../../refusing.js'
import { anthropicFields } from '../wire.js'

/** The limit when nobody names one; the wire demands it. */
const MAX_TOKENS = 8_192
/** The smallest budget that Anthropic takes. */
const LEAST = 1_024

const BUDGETS: Readonly<Record<string, number>> = { low: 1_024, medium: 8_192, high: 16_000, xhigh: 32_000 }

export interface Thinking {
  max_tokens: number
  thinking?: Json
  effort?: string
}

/** What the request says of the turn that decides whether a budget may be given. */
export interface ThinkingLimits {
  /** A tool must be called. */
  forced: boolean
  /** The turn that goes on began without a thought of Anthropic's. */
  thoughtless: boolean
}

/** Models that decide themselves how long they think; a budget is out of date there. Source: Claude Code 2.1 as recorded (2026-11). */
function isAdaptive(model: string): boolean {
  return /claude-[a-z]+-(?:4[.-][6-9]|[5-9])(?!\d)/.test(model)
}

/** Models that refuse sampling parameters, and know the effort `xhigh`. Source: Anthropic documentation of Claude Opus 4.7. */
function isNewest(model: string): boolean {
  return /claude-[a-z]+-(?:4[.-][7-9]|[5-9])(?!\d)/.test(model)
}

/** `max_tokens` and how much to think, for a client of another dialect. */
export function encodeThinking(
  request: PivotRequest,
  to: UpstreamModel,
  limits: ThinkingLimits,
  note: Noting,
): Thinking {
  const given = isSet(request.max_output_tokens)
  const max_tokens = request.max_output_tokens ?? to.maxOutputTokens ?? MAX_TOKENS
  const asked = text(request.reasoning?.effort)
  if (asked === undefined) return { max_tokens }
  if (asked === 'none') return { max_tokens, thinking: { type: 'disabled' } }
  if (limits.forced) {
    note('/reasoning', 'dropped', 'a model that must call a tool cannot think before')
    return { max_tokens }
  }
  const known = effortOf(asked, note)
  if (isAdaptive(to.model)) return { max_tokens, ...adaptive(request, known, to.model, note) }
  if (limits.thoughtless) {
    note('/reasoning', 'dropped', 'a turn that began without a thought of this model goes on without')
    return { max_tokens }
  }
  return { ...budget(known, max_tokens, given, to, note) }
}

function effortOf(asked: string, note: Noting): string {
  if (Object.hasOwn(BUDGETS, asked)) return asked
  const known = asked === 'minimal' ? 'low' : asked === 'max' || asked === 'ultra' ? 'xhigh' : 'medium'
  note('/reasoning/effort', 'approximated', `the effort '${asked}' became '${known}'`)
  return known
}

function adaptive(request: PivotRequest, known: string, model: string, note: Noting): Omit<Thinking, 'max_tokens'> {
  const effort = known === 'xhigh' && !isNewest(model) ? 'high' : known
  if (effort !== known) note('/reasoning/effort', 'approximated', `this model's highest effort is '${effort}'`)
  const shown = isSet(request.reasoning?.summary)
  return { thinking: { type: 'adaptive', ...(shown ? { display: 'summarized' } : {}) }, effort }
}

function budget(effort: string, limit: number, given: boolean, to: UpstreamModel, note: Noting): Thinking {
  const wanted = BUDGETS[effort] ?? LEAST
  // Thinking counts as output, so there must be room for an answer beside it.
  const max_tokens = given ? limit : Math.min(Math.max(limit, wanted + MAX_TOKENS), to.maxOutputTokens ?? Infinity)
  const room = Math.max(1, Math.min(LEAST, Math.floor(max_tokens / 4)))
  const budget_tokens = Math.min(wanted, Math.max(max_tokens - room, LEAST))
  if (budget_tokens >= max_tokens) {
    note('/reasoning', 'dropped', `an answer of at most ${max_tokens} tokens leaves no room to think`)
    return { max_tokens }
  }
  note('/reasoning/effort', 'approximated', `the effort '${effort}' became a budget of ${budget_tokens} tokens`)
  return { max_tokens, thinking: { type: 'enabled', budget_tokens } }
}

/** `temperature`, `top_p`, `top_k` and `stop_sequences`, as far as the model takes them. */
export function encodeSampling(request: PivotRequest, model: string, thinks: boolean, own: boolean, note: Noting): Json {
  const { stop, top_k } = samplingOf(request)
  const { temperature, top_p } = request
  const stops = stop?.filter((one) => own || one.trim() !== '') ?? []
  if (stops.length < (stop?.length ?? 0)) note('/stop', 'dropped', 'a stop sequence must be more than blanks')
  const said = { ...(stops.length > 0 ? { stop_sequences: stops } : {}) }
  if (own) return { ...said, ...given({ temperature, top_p, top_k }) }
  const drop = (field: string, why: string) => note(`/${field}`, 'dropped', why)
  const unusual = given({
    temperature: temperature === 1 ? undefined : temperature,
    top_p: top_p === 1 ? undefined : top_p,
    top_k: isSet(top_k) && top_k > 0 ? top_k : undefined,
  })
  if (isNewest(model) || thinks) {
    const why = thinks ? 'a model that thinks samples as it does' : 'this model samples as it does'
    const { top_p: nearly, ...others } = unusual
    const kept = thinks && !isNewest(model) && isSet(nearly) && nearly >= 0.95 && nearly <= 1
    for (const field of Object.keys(kept ? others : unusual)) drop(field, why)
    return { ...said, ...(kept ? { top_p: nearly } : {}) }
  }
  if (isSet(unusual.temperature) && unusual.temperature > 1) {
    note('/temperature', 'approximated', "Anthropic's temperature ends at 1")
    unusual.temperature = 1
  }
  if (isSet(unusual.temperature) && isSet(unusual.top_p)) {
    drop('top_p', 'Anthropic takes a temperature or a top_p')
    delete unusual.top_p
  }
  return { ...said, ...unusual }
}

/** Is the model asked to think? Models that do so by default are not asked. */
export function thinks(thinking: unknown): boolean {
  return isJson(thinking) && thinking['type'] !== 'disabled'
}

/** `thinking` as a client of this dialect asked for it. */
export function ownThinking(request: PivotRequest): unknown {
  return anthropicFields(request)['thinking']
}
