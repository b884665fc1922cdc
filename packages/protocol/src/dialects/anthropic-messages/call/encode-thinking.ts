import type { UpstreamModel } from '../../../dialect.js'
import { samplingOf, type PivotRequest } from '../../../pivot/index.js'
import { given, isJson, isSet, text, type Json } from '../../json.js'
import type { Noting } from '../../refusing.js'

/** The limit when nobody names one; the wire demands it. */
const MAX_TOKENS = 8_192
/** The smallest budget that Anthropic takes. */
const LEAST = 1_024

const MOST = 32_000
const BUDGETS: Readonly<Record<string, number>> = { low: 1_024, medium: 8_192, high: 16_000, xhigh: MOST }

export interface Thinking {
  max_tokens: number
  thinking?: Json
  effort?: string
}

interface Limit {
  tokens: number
  /** The client asked for it. */
  asked: boolean
}

/** The limit of the answer: the client's, else the model's. */
export function maxTokens(request: PivotRequest, to: UpstreamModel): number {
  return request.max_output_tokens ?? to.maxOutputTokens ?? MAX_TOKENS
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

/** Models from before thinking. Source: Anthropic documentation, extended thinking: Claude 3.7 is the first that does. */
function cannotThink(model: string): boolean {
  return /claude-(?:instant|v?[12](?!\d)|3[.-]5(?!\d)|3-(?:opus|sonnet|haiku))/.test(model)
}

/** Models that do not go on writing where the assistant stopped. Source: Anthropic release notes, Claude Opus 4.6 (2026-02). */
export function wantsUserLast(model: string): boolean {
  return isAdaptive(model)
}

/** Models that think when nothing is said of it. Source: Anthropic documentation, migration to Claude Opus 5. */
function thinksUnasked(model: string): boolean {
  return /claude-(?:opus|sonnet|haiku)-[5-9](?!\d)/.test(model)
}

/** `max_tokens` and how much to think, for a client of another dialect. */
export function encodeThinking(
  request: PivotRequest,
  to: UpstreamModel,
  limits: ThinkingLimits,
  note: Noting,
): Thinking {
  const max_tokens = maxTokens(request, to)
  const limit: Limit = { tokens: max_tokens, asked: isSet(request.max_output_tokens) }
  const asked = text(request.reasoning?.effort)
  if (asked === undefined) return { max_tokens }
  if (asked === 'none') return { max_tokens, ...(thinksUnasked(to.model) ? { thinking: { type: 'disabled' } } : {}) }
  if (limits.forced) {
    note('/reasoning', 'dropped', 'a model that must call a tool cannot think before')
    return { max_tokens }
  }
  if (cannotThink(to.model)) {
    note('/reasoning', 'dropped', 'this model does not think before it answers')
    return { max_tokens }
  }
  if (isAdaptive(to.model)) return adaptive(request, asked, limit, to, note)
  if (limits.thoughtless) {
    note('/reasoning', 'dropped', 'a turn that began without a thought of this model goes on without')
    return { max_tokens }
  }
  return budget(knownEffort(asked, 'xhigh', note), limit, to, note)
}

/** @param highest the effort above which there is none */
function knownEffort(asked: string, highest: string, note: Noting): string {
  const low = asked === 'minimal' ? 'low' : asked === 'ultra' ? 'max' : asked
  const at = EFFORTS.indexOf(low)
  const known = at === -1 ? 'medium' : (EFFORTS[Math.min(at, EFFORTS.indexOf(highest))] ?? low)
  if (known !== asked) note('/reasoning/effort', 'approximated', `the effort '${asked}' became '${known}'`)
  return known
}

const EFFORTS = ['low', 'medium', 'high', 'xhigh', 'max']

/** Source: Anthropic documentation, adaptive thinking: `display` is `omitted` by default on newer models. */
function adaptive(request: PivotRequest, asked: string, limit: Limit, to: UpstreamModel, note: Noting): Thinking {
  const effort =
    !isNewest(to.model) && asked === 'xhigh' ? knownEffort(asked, 'high', note) : knownEffort(asked, 'max', note)
  const shown = isSet(request.reasoning?.summary)
  return {
    max_tokens: withRoom(limit, BUDGETS[effort] ?? MOST, to),
    thinking: { type: 'adaptive', ...(shown ? { display: 'summarized' } : {}) },
    effort,
  }
}

/** Thinking counts as output, so there must be room for an answer beside it. */
function withRoom({ tokens, asked }: Limit, thinking: number, to: UpstreamModel): number {
  return asked ? tokens : Math.min(Math.max(tokens, thinking + MAX_TOKENS), to.maxOutputTokens ?? Infinity)
}

function budget(effort: string, limit: Limit, to: UpstreamModel, note: Noting): Thinking {
  const wanted = BUDGETS[effort] ?? MOST
  const max_tokens = withRoom(limit, wanted, to)
  const answer = Math.max(1, Math.min(LEAST, Math.floor(max_tokens / 4)))
  const budget_tokens = Math.min(wanted, Math.max(max_tokens - answer, LEAST))
  if (budget_tokens >= max_tokens) {
    note('/reasoning', 'dropped', `an answer of at most ${max_tokens} tokens leaves no room to think`)
    return { max_tokens }
  }
  note('/reasoning/effort', 'approximated', `the effort '${effort}' became a budget of ${budget_tokens} tokens`)
  return { max_tokens, thinking: { type: 'enabled', budget_tokens } }
}

/** `temperature`, `top_p`, `top_k` and `stop_sequences`, as far as the model takes them. */
export function encodeSampling(
  request: PivotRequest,
  model: string,
  thinks: boolean,
  own: boolean,
  note: Noting,
): Json {
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
