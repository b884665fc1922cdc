import { openaiResponses, structuredFor, type Note, type PivotRequest, type Structured } from '@dragoman/protocol'
import type { Credential } from '../../accounts/index.js'
import type { UpstreamCall } from '../types.js'
import type { Endpoint } from './endpoints.js'
import { relayedHeaders, type RequestFacts, type ProfileOptions } from './headers.js'
import { identityOf } from './identity.js'
import { LITE_HEADER, liteShape } from './lite-shape.js'
import { asSeenBy, withoutForeignReasoning } from './other-accounts-state.js'
import type { Routing } from './routing-discovery.js'

/** One request to one account, ready to go out over either transport. */
export interface PreparedCall {
  endpoint: Endpoint
  call: UpstreamCall
  credential: Credential
  /** `https://…`; over a WebSocket the same with its scheme. */
  url: URL
  body: Record<string, unknown>
  /** The body has the lite shape. */
  lite: boolean
  /** Without the cookie, which is looked up when the request leaves. */
  facts: Omit<RequestFacts, 'cookie'>
  restore: Structured['restore']
  notes: readonly Note[]
}

export interface PreparedFrom {
  endpoint: Endpoint
  call: UpstreamCall
  credential: Credential
  routing: Routing
  baseUrl: string
  profile: ProfileOptions
  identitySecret: string
  usesLite(model: string): boolean
  /** All conversations of the account appear as one session. */
  converge: boolean
}

/** Encodes a call for an account. @throws FailureError when the request cannot be said */
export function prepareCall(from: PreparedFrom): PreparedCall {
  const { endpoint, call, credential, routing, profile } = from
  const { accountId } = credential
  const identity = identityOf(from.identitySecret, call.conversation, accountId, from.converge)
  const readable = call.withoutReasoning
    ? { request: withoutReasoning(call.request), notes: [] }
    : withoutForeignReasoning(call.request, call.foreignItems ?? 0)
  const structured = structuredFor(readable.request, 'codex')
  const encoded = openaiResponses.call.encodeRequest(structured.request, { model: call.model, rules: 'codex' })
  const notes = [...readable.notes, ...structured.notes, ...encoded.receipt]
  const seen = call.isOrigin === false ? asSeenBy(from.identitySecret, accountId) : undefined
  let whole = seen === undefined ? encoded.value : seen.body(encoded.value)
  // A native client may know of the shape before our catalog does.
  const lite = endpoint.hasLite && (from.usesLite(call.model) || call.clientHeaders[LITE_HEADER] === 'true')
  if (lite) {
    const shaped = liteShape(whole)
    whole = shaped.value
    notes.push(...shaped.receipt)
  }
  whole['prompt_cache_key'] ??= identity.threadId
  if (from.converge) whole = inOneSession(whole, identity.sessionId)
  const said = relayedHeaders(call.clientHeaders)
  const relayed = seen === undefined ? said : seen.headers(said, call.moved === true)
  const tier = whole['service_tier']
  const configured = new URL(`${from.baseUrl}${endpoint.path}`)
  return {
    endpoint,
    call,
    credential,
    url: routing.origin === undefined ? configured : new URL(configured.pathname, routing.origin),
    body: endpoint.body(whole),
    lite,
    facts: {
      profile,
      credential,
      identity,
      model: call.model,
      serviceTier: typeof tier === 'string' ? tier : undefined,
      routingOverride: routing.override,
      relayed: endpoint.subagent === undefined ? relayed : { 'x-openai-subagent': endpoint.subagent, ...relayed },
    },
    restore: structured.restore,
    notes,
  }
}

/** A native client names its session in the body, too. */
function inOneSession(body: Record<string, unknown>, sessionId: string): Record<string, unknown> {
  const metadata = body['client_metadata']
  if (typeof metadata !== 'object' || metadata === null || !('session_id' in metadata)) return body
  return { ...body, client_metadata: { ...metadata, session_id: sessionId } }
}

function withoutReasoning(request: PivotRequest): PivotRequest {
  return { ...request, input: request.input.filter((item) => item.type !== 'reasoning') }
}
