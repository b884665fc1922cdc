import { openaiResponses, structuredFor, type Note, type PivotRequest, type Structured } from '@dragoman/protocol'
import type { Credential } from '../../accounts/index.js'
import type { UpstreamCall } from '../types.js'
import type { Endpoint } from './endpoints.js'
import { relayedHeaders, type RequestFacts, type ProfileOptions } from './headers.js'
import { identityOf } from './identity.js'
import { LITE_HEADER, liteShape } from './lite-shape.js'
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
}

/** Encodes a call for an account. @throws FailureError when the request cannot be said */
export function prepareCall(from: PreparedFrom): PreparedCall {
  const { endpoint, call, credential, routing, profile } = from
  const identity = identityOf(from.identitySecret, call.conversation, credential.accountId)
  const structured = structuredFor(call.withoutReasoning ? withoutReasoning(call.request) : call.request, 'codex')
  const encoded = openaiResponses.call.encodeRequest(structured.request, { model: call.model, rules: 'codex' })
  const notes = [...structured.notes, ...encoded.receipt]
  let whole = encoded.value
  // A native client may know of the shape before our catalog does.
  const lite = endpoint.hasLite && (from.usesLite(call.model) || call.clientHeaders[LITE_HEADER] === 'true')
  if (lite) {
    const shaped = liteShape(whole)
    whole = shaped.value
    notes.push(...shaped.receipt)
  }
  whole['prompt_cache_key'] ??= identity.sessionId
  const relayed = relayedHeaders(call.clientHeaders)
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

function withoutReasoning(request: PivotRequest): PivotRequest {
  return { ...request, input: request.input.filter((item) => item.type !== 'reasoning') }
}
