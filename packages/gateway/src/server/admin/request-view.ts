import { z } from '@hono/zod-openapi'
import type { LoggedRequest } from '../../request-log/index.js'
import type { RequestRecord } from '../../telemetry/index.js'

/** How an account, an API key or a client key is called. */
export type NameOf = (id: string) => { label?: string; email?: string } | undefined

/** A thing with a name, or null: `.nullable()` would make the name itself one that may be null. */
export function orNull<Schema extends z.ZodType>(schema: Schema) {
  return z.union([schema, z.null()])
}

const Who = z.object({ id: z.string(), name: z.string() }).openapi('Named')

const Tokens = z
  .object({
    inputTokens: z.number(),
    cachedTokens: z.number().openapi({ description: 'Among the input.' }),
    outputTokens: z.number(),
    reasoningTokens: z.number().openapi({ description: 'Among the output.' }),
    imageInputTokens: z.number().optional(),
    imageOutputTokens: z.number().optional(),
  })
  .openapi('RequestTokens')

/** Fields as in parity 9, and ours. */
const RUNNING = {
  requestId: z.string().openapi({ description: '`x-request-id` of the reply.' }),
  timestamp: z.string().openapi({ description: 'When it began, ISO 8601.' }),
  method: z.literal('POST'),
  path: z.string(),
  dialect: z.string().openapi({ description: 'The protocol that the client spoke.' }),
  model: z.string().openapi({ description: 'As the client named it.' }),
  client: z.string().nullable().openapi({ description: 'The program that asked, `codex`.' }),
  key: Who,
  stream: z.boolean(),
}

export const RunningRequest = z.object(RUNNING).openapi('RunningRequest')
export type RunningRequest = z.infer<typeof RunningRequest>

const FINISHED = {
  ...RUNNING,
  id: z.string().openapi({ description: '`log_…`; of two, the one that ended later is greater.' }),
  direction: z.enum(['ingress', 'egress']).openapi({ description: '`egress`: some upstream was asked.' }),
  outcome: z.enum(['ok', 'failed', 'cancelled']).openapi({ description: '`cancelled`: the client left.' }),
  status: z.int().nullable(),
  provider: z.string().nullable().openapi({ description: 'Who answered, or was asked last.' }),
  upstreamModel: z.string().nullable(),
  route: z.string().nullable().openapi({ description: '`provider:model`' }),
  account: orNull(Who).openapi({ description: 'The ChatGPT account or the API key.' }),
  latencyMs: z.number().nullable().openapi({ description: 'From the beginning to the end.' }),
  durationMs: z.number().nullable().openapi({ description: 'The same.' }),
  ttftMs: z.number().nullable().openapi({ description: 'To the first output.' }),
  queuedMs: z.number().nullable().openapi({ description: 'How long it waited for a free account.' }),
  tokensPerSecond: z.number().nullable(),
  costUsd: z.number().nullable().openapi({ description: 'At API prices. Null: its model has no price.' }),
  usage: orNull(Tokens),
  serviceTier: z.string().nullable(),
  attemptCount: z.int(),
  noteCount: z.int().openapi({ description: 'What its translation cost.' }),
  fallbackCount: z.int(),
  moved: z.boolean().openapi({ description: 'Its conversation went to another account.' }),
  error: z.string().nullable(),
  errorKind: z.string().nullable(),
  hasBodies: z.boolean().openapi({ description: 'What was said is kept.' }),
}

export const LoggedRequestView = z.object(FINISHED).openapi('LoggedRequest')
export type LoggedRequestView = z.infer<typeof LoggedRequestView>

const Body = z
  .object({
    json: z.any(),
    cut: z.boolean().openapi({ description: 'Some of it was too long to keep.' }),
    secrets: z.int().openapi({ description: 'Texts that were, or held, secrets; these were taken out.' }),
  })
  .openapi('KeptBody')

export const LoggedRequestDetail = z
  .object({
    ...FINISHED,
    why: z.string().nullable().openapi({ description: 'Which rule led to its route.' }),
    attempts: z.array(
      z.object({
        candidate: z.string(),
        id: z.string().nullable(),
        why: z.string().nullable().openapi({ description: 'Why it was its turn.' }),
        provider: z.string().nullable(),
        model: z.string().nullable(),
        outcome: z.string().openapi({ description: '`ok`, or the kind of its failure.' }),
        message: z.string().nullable(),
        status: z.int().nullable(),
        startMs: z.number().nullable().openapi({ description: 'After the beginning of the request.' }),
        ms: z.number(),
      }),
    ),
    fallbacks: z.array(z.string()),
    move: z.object({ from: Who, to: Who, why: z.string() }).nullable(),
    notes: z.array(
      z.object({
        pointer: z.string().openapi({ description: 'Into the client’s body, a JSON pointer.' }),
        what: z.enum(['dropped', 'approximated', 'emulated']),
        why: z.string(),
      }),
    ),
    failure: z
      .object({
        kind: z.string(),
        scope: z.string(),
        phase: z.string(),
        message: z.string(),
        code: z.string().nullable(),
        pointer: z.string().nullable(),
        retryAt: z.string().nullable(),
        upstream: z
          .object({ status: z.int(), code: z.string().nullable(), requestId: z.string().nullable() })
          .nullable(),
      })
      .nullable(),
    request: orNull(Body).openapi({ description: 'What the client sent, when that is kept.' }),
    upstreamRequests: z
      .array(Body)
      .openapi({ description: 'What went upstream, one for each attempt that got so far.' }),
    response: orNull(Body).openapi({ description: 'What the client was told, in one piece.' }),
    replayable: z.boolean(),
  })
  .openapi('LoggedRequestDetail')
export type LoggedRequestDetail = z.infer<typeof LoggedRequestDetail>

export function named(id: string, nameOf: NameOf): z.infer<typeof Who> {
  const name = nameOf(id)
  return { id, name: name?.label ?? name?.email ?? id }
}

export function runningView(record: RequestRecord, nameOf: NameOf): RunningRequest {
  return {
    requestId: record.id,
    timestamp: new Date(record.at).toISOString(),
    method: 'POST',
    path: record.path,
    dialect: record.dialect,
    model: record.model,
    client: record.client ?? null,
    key: named(record.keyId, nameOf),
    stream: record.stream,
  }
}

export function requestView(entry: LoggedRequest, nameOf: NameOf): LoggedRequestView {
  const { id, record, outcome, costMicroUsd, hasBodies } = entry
  return {
    ...runningView(record, nameOf),
    id,
    direction: record.attempts.length > 0 ? 'egress' : 'ingress',
    outcome,
    status: record.status ?? null,
    provider: record.provider ?? null,
    upstreamModel: record.upstreamModel ?? null,
    route: record.route ?? null,
    account: record.candidateId === undefined ? null : named(record.candidateId, nameOf),
    latencyMs: record.durationMs ?? null,
    durationMs: record.durationMs ?? null,
    ttftMs: record.ttftMs ?? null,
    queuedMs: record.queuedMs ?? null,
    tokensPerSecond: entry.tokensPerSecond ?? null,
    costUsd: costMicroUsd === undefined ? null : costMicroUsd / 1e6,
    usage: record.usage ?? null,
    serviceTier: record.serviceTier ?? null,
    attemptCount: record.attempts.length,
    noteCount: record.notes.length,
    fallbackCount: record.fallbacks?.length ?? 0,
    moved: record.move !== undefined,
    error: record.failure?.message ?? null,
    errorKind: record.failure?.kind ?? null,
    hasBodies,
  }
}

type Detail = Omit<LoggedRequestDetail, 'request' | 'upstreamRequests' | 'response' | 'replayable'>

export function requestDetail(entry: LoggedRequest, nameOf: NameOf): Detail {
  const { record } = entry
  const { failure, move } = record
  return {
    ...requestView(entry, nameOf),
    why: record.why ?? null,
    attempts: record.attempts.map((attempt) => ({
      candidate: attempt.candidate,
      id: attempt.id ?? null,
      why: attempt.why ?? null,
      provider: attempt.provider ?? null,
      model: attempt.model ?? null,
      outcome: attempt.outcome,
      message: attempt.message ?? null,
      status: attempt.status ?? null,
      startMs: attempt.startMs ?? null,
      ms: attempt.ms,
    })),
    fallbacks: record.fallbacks ?? [],
    move: move === undefined ? null : { from: named(move.from, nameOf), to: named(move.to, nameOf), why: move.why },
    notes: record.notes.map(({ pointer, what, why }) => ({ pointer, what, why })),
    failure:
      failure === undefined
        ? null
        : {
            kind: failure.kind,
            scope: failure.scope,
            phase: failure.phase,
            message: failure.message,
            code: failure.code ?? null,
            pointer: failure.pointer ?? null,
            retryAt: failure.retryAt === undefined ? null : new Date(failure.retryAt).toISOString(),
            upstream:
              failure.upstream === undefined
                ? null
                : {
                    status: failure.upstream.status,
                    code: failure.upstream.code ?? null,
                    requestId: failure.upstream.requestId ?? null,
                  },
          },
  }
}
