import { once } from 'node:events'
import { FailureError, openaiChat, safeText, type Failure } from '@dragoman/protocol'
import { mayUse } from '../../routing/index.js'
import { clientProgram, type RequestRecord, type RequestRecords } from '../../telemetry/index.js'
import type { BodyBudget, BodyLimits } from '../read-body.js'
import type { Asked } from '../route-table.js'

/** What some providers do besides answering; none of it goes through the relay, for there is nothing to translate. */
export type CapabilityKind = 'embeddings' | 'transcription' | 'images' | 'image_edits'

/** One provider's door for one model. */
export interface Capability {
  /** `provider:model`, for the record. */
  route: string
  /**
   * Asks once. The body is as the client sent it, checked, its model the client's name for it.
   * @param asking is told who is asked, each time that somebody is
   * @throws FailureError in the words of the upstream
   */
  ask(
    body: Record<string, unknown> | FormData,
    signal: AbortSignal,
    asking?: (who: AskedUpstream) => void,
  ): Promise<CapabilityReply>
}

/** Who is asked, and for what. */
export interface AskedUpstream {
  provider: string
  /** The upstream's own name of the model. */
  model: string
  /** `ak_…` */
  id: string
}

export interface CapabilityReply {
  contentType: string
  /** The upstream's own bytes, which are passed as they are. */
  body: Uint8Array | AsyncIterable<Uint8Array>
  usage?: RequestRecord['usage']
}

export interface CapabilityHouse {
  /** Who can do this with a model of that name; undefined when nobody is configured who can. */
  findCapability(model: string, kind: CapabilityKind): Capability | undefined
  records: RequestRecords
  budget: BodyBudget
  limits(): BodyLimits
}

interface Wanted {
  kind: CapabilityKind
  dialect: RequestRecord['dialect']
  model: string
  body: Record<string, unknown> | FormData
  stream: boolean
  /** Unix ms. */
  at: number
}

/** Hands a checked request to who can do it, and its reply back. Every request leaves a record, the refused ones too. */
export async function askCapability(house: CapabilityHouse, asked: Asked, wanted: Wanted): Promise<void> {
  const { res } = asked
  const client = clientProgram(asked.req.headers)
  const record: RequestRecord = {
    id: asked.requestId,
    at: wanted.at,
    dialect: wanted.dialect,
    path: asked.path,
    model: wanted.model,
    keyId: asked.key?.id ?? '',
    ...(client === undefined ? {} : { client }),
    stream: wanted.stream,
    attempts: [],
    notes: [],
  }
  house.records.begin(record)
  const left = new AbortController()
  const leave = (): void => left.abort()
  res.once('close', leave)
  try {
    const capability = permitted(asked.key, wanted.model, house.findCapability(wanted.model, wanted.kind), wanted.kind)
    record.route = capability.route
    const tier = tierIn(wanted.body)
    if (tier !== undefined) record.serviceTier = tier
    const reply = await capability.ask(wanted.body, left.signal, ({ provider, model, id }) => {
      record.provider = provider
      record.upstreamModel = model
      record.candidateId = id
    })
    if (reply.usage !== undefined) record.usage = reply.usage
    if (!res.destroyed) await send(reply, asked, left.signal)
  } catch (error) {
    record.failure = left.signal.aborted ? LEFT : failureOf(error)
    if (!left.signal.aborted) throw error
  } finally {
    res.off('close', leave)
    record.status = record.failure === undefined ? res.statusCode : openaiChat.serve.encodeError(record.failure).status
    record.durationMs = Date.now() - wanted.at
    house.records.add(record)
  }
}

function tierIn(body: Wanted['body']): string | undefined {
  const tier: unknown = body instanceof FormData ? body.get('service_tier') : body['service_tier']
  return typeof tier === 'string' && tier !== '' ? tier : undefined
}

async function send({ contentType, body }: CapabilityReply, { res, headers }: Asked, left: AbortSignal): Promise<void> {
  const head = {
    'content-type': contentType,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...headers,
  }
  if (body instanceof Uint8Array) {
    res.writeHead(200, { ...head, 'content-length': body.length })
    res.end(body)
  } else {
    res.writeHead(200, head)
    for await (const chunk of body) {
      if (!res.write(chunk)) await once(res, 'drain', { signal: left })
    }
    res.end()
  }
}

function permitted(
  key: Asked['key'],
  model: string,
  capability: Capability | undefined,
  kind: CapabilityKind,
): Capability {
  const only = key?.allowedModels
  if (only !== undefined && !mayUse(only, model)) {
    throw new FailureError({
      ...plain,
      kind: 'forbidden',
      code: 'model_not_allowed',
      message: safeText(`this client key may not use ${model}; it may use ${only.join(', ')}`),
    })
  }
  if (capability !== undefined) return capability
  throw new FailureError({
    ...plain,
    kind: 'not_found',
    code: 'model_not_found',
    pointer: '/model',
    message: safeText(
      `no provider that is configured here ${CAN[kind]} with ${JSON.stringify(model)}: ChatGPT accounts cannot; it takes an API-key provider (${WHO[kind]}), and there is none for this model`,
    ),
  })
}

const CAN: Readonly<Record<CapabilityKind, string>> = {
  embeddings: 'makes embeddings',
  transcription: 'transcribes audio',
  images: 'makes pictures',
  image_edits: 'edits pictures',
}
const WHO: Readonly<Record<CapabilityKind, string>> = {
  embeddings: 'openai, openrouter, gemini or another that speaks /v1/embeddings',
  transcription: 'openai, groq or another that speaks /v1/audio/transcriptions',
  images: 'openai or another that speaks /v1/images/generations',
  image_edits: 'openai or another that speaks /v1/images/edits',
}

const plain = { scope: 'request', phase: 'unsent', retry: 'never' } as const

const LEFT: Failure = { ...plain, kind: 'cancelled', message: 'the client closed the connection' }

function failureOf(error: unknown): Failure {
  return error instanceof FailureError
    ? error.failure
    : { ...plain, scope: 'gateway', kind: 'internal', message: safeText(`the gateway failed: ${String(error)}`) }
}
