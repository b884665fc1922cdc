import { randomBytes } from 'node:crypto'
import {
  anthropicMessages,
  gemini,
  openaiChat,
  openaiResponses,
  responseReducer,
  type Dialect,
  type PivotRequest,
  type ReplyMeta,
} from '@dragoman/protocol'
import { sceneFor } from '../brain/index.js'
import type { Seals } from '../codex/seal.js'
import { isStreamFault, type Delivery, type FailFault, type StreamFault } from '../faults/fault.js'
import type { FoundRule } from '../faults/rules.js'
import { wait, type Gates } from '../http/gates.js'
import type { Exchange } from '../http/recorded-request.js'
import { sendPlain } from '../http/send.js'
import { sendStream } from '../http/send-stream.js'
import { estimateTokens, play, playContext, randomId, type Beat, type Scene } from '../scene/index.js'
import { errorReply, type Told } from './errors/index.js'
import { recordedFrames, recordedWhole } from './recording.js'
import { isJson, type Json, type VendorCall, type Wire } from './vendor.js'
import { chatManners, chatRewriter, wholeChat } from './wire/chat-manners.js'
import { complaintOf, errorFrames, faultBody } from './wire/error-frames.js'
import { sealThoughts } from './wire/seal-thoughts.js'
import { cutIn, failingBeats, failureIn, wireBeats, type WireBeatsPlan } from './wire/wire-beats.js'
import { frameBeat, styled, type WireFrame } from './wire/wire-frame.js'

/** What an answer is made from. */
export interface AnswerParts {
  seals: Seals
  gates: Gates
  /** Unix ms. */
  now(): number
}

export interface Answering {
  exchange: Exchange
  call: VendorCall
  wire: Wire
  rule: FoundRule | undefined
  /** What every reply of this vendor says. */
  headers: Readonly<Record<string, string>>
  told: Told
}

const DIALECTS: Readonly<Record<Wire, Dialect>> = {
  chat: openaiChat,
  responses: openaiResponses,
  messages: anthropicMessages,
  generate: gemini,
}

/** Answers one request that was found good: with the rule's recording, the rule's scene, or a scene that fits the request. */
export async function answerCall(answering: Answering, parts: AnswerParts): Promise<void> {
  const { call, rule } = answering
  const fault = rule?.fault !== undefined && isStreamFault(rule.fault) ? rule.fault : undefined
  const recording = rule?.recording
  if (!call.stream) {
    const whole = recording === undefined ? await wholeReply(answering, parts) : recordedWhole(recording, call)
    return whole === undefined ? undefined : sendWhole(answering, whole, fault, parts)
  }
  if (recording === undefined) {
    const { beats, plan } = playedStream(answering, parts)
    return send(answering, beats, plan, fault, parts)
  }
  const delivery = rule?.delivery ?? {}
  const frames = recordedFrames(recording, call, answering.wire, delivery.doneLine !== false)
  const beats = frames.map((frame) => frameBeat(frame))
  return send(answering, beats, planFor(answering, parts), fault, parts)
}

function playedStream(answering: Answering, parts: AnswerParts): { beats: Iterable<Beat>; plan: WireBeatsPlan } {
  const { call, wire } = answering
  const played = playedScene(answering, parts)
  const encoder = DIALECTS[wire].serve.streamEncoder(metaOf(answering, played, parts))
  const plan = { ...planFor(answering, parts), encoder }
  const beats = wireBeats(played.beats, plan)
  // The comments come before the first chunk, and are no event of their own.
  return { beats: call.vendor === 'openrouter' ? prefixed(beats, PROCESSING) : beats, plan }
}

const PROCESSING = ': OPENROUTER PROCESSING\n\n: OPENROUTER PROCESSING\n\n'

function* prefixed(beats: Iterable<Beat>, text: string): Generator<Beat> {
  let first = true
  for (const beat of beats) {
    yield first ? { ...beat, bytes: Buffer.concat([Buffer.from(text), beat.bytes ?? Buffer.alloc(0)]) } : beat
    first = false
  }
}

function planFor({ call, wire, told, exchange, rule }: Answering, parts: AnswerParts): WireBeatsPlan {
  const body = isJson(exchange.record.body) ? exchange.record.body : {}
  const manners = chatManners(call, body, rule?.delivery ?? {})
  return {
    wire,
    encoder: { push: () => '', heartbeat: () => '', fail: () => '' },
    rewrite: wire === 'chat' ? chatRewriter(manners, (usage) => costed(usage, call)) : (frames) => [...frames],
    fail: (fault: FailFault, broken): WireFrame[] => errorFrames(fault, told, broken),
    createdAt: Math.floor(parts.now() / 1000),
  }
}

/** OpenRouter tells what the answer cost. */
function costed(usage: Json, { vendor }: VendorCall): Json {
  if (vendor !== 'openrouter') return usage
  const total = Number(usage['total_tokens'])
  const cost = Math.round(total * 2) / 1_000_000
  return { ...usage, cost, is_byok: false, cost_details: { upstream_inference_cost: null } }
}

interface Played {
  request: PivotRequest
  beats: Iterable<Beat>
  inputTokens: number
}

function playedScene({ exchange, call, wire, rule }: Answering, { seals, now }: AnswerParts): Played {
  const request = pivotRequest(exchange, call, wire)
  const scene =
    typeof rule?.scene === 'function'
      ? rule.scene(request, exchange.record)
      : (rule?.scene ?? sceneFor(thinking(request)))
  const counted = scene.findLast((step) => step.type === 'usage')
  const inputTokens = counted?.inputTokens ?? promptTokens(request)
  const context = playContext({ ...request, model: call.model }, { now, newId: (prefix) => vendorId(prefix, call) })
  const beats = play([{ type: 'usage', inputTokens }, ...scene] as Scene, context)
  return { request, beats: sealThoughts(beats, call, seals), inputTokens }
}

/** Ids of calls as the vendor makes them; Mistral takes back no others than its own form. */
function vendorId(prefix: string, { persona }: VendorCall): string {
  if (prefix !== 'call') return randomId(prefix)
  if (persona === 'mistral') return randomBytes(5).toString('hex').slice(0, 9)
  return randomId(persona === 'anthropic' ? 'toolu' : prefix)
}

/** The body as its dialect reads it. @throws FailureError for what the checks let pass and the dialect does not */
export function pivotRequest({ record }: Exchange, call: VendorCall, wire: Wire): PivotRequest {
  const body = wire === 'chat' && isJson(record.body) ? withUsage(record.body) : record.body
  const path = { model: call.model, stream: call.stream, ...(call.alt === undefined ? {} : { alt: call.alt }) }
  const meta = { headers: record.headers, ...(wire === 'generate' ? { path } : {}) }
  return DIALECTS[wire].serve.decodeRequest(body, meta).value
}

/** Usage is always written; the vendor's manners decide what becomes of it. */
function withUsage(body: Json): Json {
  return { ...body, stream_options: { include_usage: true } }
}

/** Models that think without being asked. */
function thinking(request: PivotRequest): PivotRequest {
  const { reasoning } = request
  if (isJson(reasoning) && (reasoning.effort !== undefined || reasoning.summary !== undefined)) return request
  if (!/reasoner|thinking|magistral|qwq|grok-(3-mini|4)/.test(request.model)) return request
  return { ...request, reasoning: { effort: 'medium', summary: 'auto' } }
}

/** The prompt's size as this simulator's vendors count it. */
export function promptTokens({ instructions, tools, input }: PivotRequest): number {
  return estimateTokens((instructions ?? '') + JSON.stringify(tools ?? '') + JSON.stringify(input))
}

function metaOf({ call }: Answering, { request, inputTokens }: Played, { now }: AnswerParts): ReplyMeta {
  return {
    requestId: randomBytes(12).toString('hex'),
    model: call.model,
    createdAt: Math.floor(now() / 1000),
    request,
    inputTokens: () => inputTokens,
  }
}

/** The whole reply's text; undefined when an error was told instead. */
async function wholeReply(answering: Answering, parts: AnswerParts): Promise<string | undefined> {
  const { exchange, call, wire, told, rule } = answering
  const played = playedScene(answering, parts)
  const reducer = responseReducer()
  for (const { event, afterMs, gate } of played.beats) {
    await wait(afterMs, parts.gates, exchange.signal)
    await wait(gate, parts.gates, exchange.signal)
    const failed = failureIn(event)
    if (failed !== undefined) {
      sendFailure(answering, failed)
      return undefined
    }
    reducer.push([event])
  }
  const reply = DIALECTS[wire].serve.encodeResponse(reducer.response(), metaOf(answering, played, parts)) as Json
  const body = isJson(exchange.record.body) ? exchange.record.body : {}
  if (wire !== 'chat') return JSON.stringify(reply)
  // A document always tells its usage, unless a test says otherwise.
  const manners = chatManners(call, body, { usage: 'own-chunk', ...rule?.delivery })
  return JSON.stringify(wholeChat(reply, manners, (usage) => costed(usage, told.call)))
}

function sendFailure({ exchange, told, headers }: Answering, fault: FailFault): void {
  const whole = { ...told, call: { ...told.call, stream: false }, message: fault.message ?? '' }
  const reply = errorReply(complaintOf(fault.code), whole)
  sendPlain(exchange, { ...reply, body: JSON.stringify(faultBody(fault, whole)) }, headers)
}

function sendWhole(
  answering: Answering,
  text: string,
  fault: StreamFault | undefined,
  parts: AnswerParts,
): Promise<void> {
  if (fault?.type === 'fail') {
    sendFailure(answering, fault)
    return Promise.resolve()
  }
  const beats = [frameBeat({ text, ends: true })]
  const cut = fault === undefined ? {} : { fault: { ...fault, at: 0 } }
  return deliver(answering, beats, cut, 'application/json; charset=utf-8', parts)
}

function send(
  answering: Answering,
  beats: Iterable<Beat>,
  plan: WireBeatsPlan,
  fault: StreamFault | undefined,
  parts: AnswerParts,
): Promise<void> {
  const { call, rule } = answering
  const failing = fault?.type === 'fail' ? failingBeats(beats, fault, plan) : beats
  const type =
    call.vendor === 'gemini' && call.alt !== 'sse'
      ? 'application/json; charset=UTF-8'
      : 'text/event-stream; charset=utf-8'
  return deliver(answering, styledBeats(failing, rule?.delivery ?? {}), cutIn(fault), type, parts)
}

function* styledBeats(beats: Iterable<Beat>, { crlf, noEventLines }: Delivery): Generator<Beat> {
  if (crlf !== true && noEventLines !== true) return yield* beats
  const style = { crlf: crlf === true, noEventLines: noEventLines === true }
  for (const beat of beats) {
    yield beat.bytes === undefined ? beat : { ...beat, bytes: Buffer.from(styled(beat.bytes.toString(), style)) }
  }
}

function deliver(
  { exchange, wire, headers, rule }: Answering,
  beats: Iterable<Beat>,
  cut: ReturnType<typeof cutIn>,
  type: string,
  { gates }: AnswerParts,
): Promise<void> {
  const { doneLine, ...delivery } = rule?.delivery ?? {}
  return sendStream(exchange, {
    beats,
    headers: { 'content-type': type, ...headers },
    // In a chat stream that line is a frame like others.
    delivery: wire === 'chat' || doneLine === undefined ? delivery : { ...delivery, doneLine },
    gates,
    context: playContext({ model: '', input: [] }),
    ...cut,
  })
}
