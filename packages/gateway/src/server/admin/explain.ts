import { createRoute, z } from '@hono/zod-openapi'
import { FailureError, invalidRequest, type Failure } from '@dragoman/protocol'
import { FALLBACK_CASES } from '../../config/index.js'
import type { TargetExplanation } from '../../relay/index.js'
import { nearestNames, type RouteExplanation } from '../../routing/index.js'
import type { RequestRecord, RequestRecords } from '../../telemetry/index.js'
import { json, jsonBody, NOT_FOUND, PROBLEMS, READS, type AdminApi } from './api.js'

/** Where a name leads and who would answer there. */
export interface Explanation {
  model: string
  /** The rules that were looked at. */
  route: RouteExplanation
  targets: readonly TargetExplanation[]
  /** Set when the name leads nowhere. */
  failure?: Failure
  /** Names that were perhaps meant, when it leads nowhere. */
  nearest?: readonly string[]
}

export interface ExplainHouse {
  explain(model: string): Explanation
  /** Every name that leads somewhere. */
  names(): readonly string[]
  records: RequestRecords
}

const when = z.array(z.enum(FALLBACK_CASES)).readonly().optional()

export const ExplanationView = z
  .object({
    model: z.string(),
    route: z.object({
      asked: z.string(),
      name: z.string().openapi({ description: 'What was looked up: the default, when no model was named.' }),
      rules: z
        .array(
          z.object({
            name: z.string().openapi({ description: 'What was looked up at this rule.' }),
            rule: z.enum([
              'api_key_model',
              'provider_prefix',
              'demo',
              'alias',
              'routes',
              'codex_catalog',
              'patterns',
              'claude_models',
            ]),
            outcome: z.enum(['decided', 'no', 'shadowed']),
            says: z.string(),
            to: z.string().optional().openapi({ description: 'The name or the target that it leads to.' }),
          }),
        )
        .readonly(),
      suffixes: z.array(z.string()).readonly(),
      targets: z
        .array(
          z.object({
            provider: z.enum(['codex', 'keys', 'demo']),
            model: z.string(),
            within: z.string().optional(),
            effort: z.string().optional(),
            serviceTier: z.string().optional(),
            why: z.string(),
            when,
          }),
        )
        .readonly(),
      leftOut: z.array(z.object({ step: z.string(), when, reason: z.string() })).readonly(),
      problem: z.string().optional(),
    }),
    targets: z
      .array(
        z.object({
          target: z.string(),
          why: z.string(),
          when,
          candidates: z
            .array(
              z.object({
                label: z.string(),
                provider: z.string().optional(),
                verdict: z.enum(['taken', 'next', 'skipped']),
                reason: z.string(),
              }),
            )
            .readonly(),
          nobody: z.string().optional().openapi({ description: 'Nobody is ready: what a client would be told.' }),
        }),
      )
      .readonly(),
    failure: z.any().optional(),
    nearest: z.array(z.string()).readonly().optional(),
  })
  .openapi('Explanation')

const ExplainedRequest = z
  .object({ request: z.any().openapi({ description: 'What happened to it.' }), now: ExplanationView })
  .openapi('ExplainedRequest')

/**
 * `POST /admin/explain` with `{"model": "…"}`, or `{"request_id": "…"}` of a request that is still remembered: what happened to it, and
 * what would happen now. Asks no upstream.
 */
export function explainApi(api: AdminApi, house: ExplainHouse): void {
  api.openapi(
    createRoute({
      method: 'post',
      path: '/admin/explain',
      tags: ['models'],
      summary: 'Where a name leads and who would answer, or what happened to a request',
      ...READS,
      request: {
        // What is neither is told what to say, whatever it is.
        body: jsonBody(
          z.any().openapi({
            type: 'object',
            properties: { model: { type: 'string' }, request_id: { type: 'string' } },
          }),
        ),
      },
      responses: {
        200: json(z.union([ExplanationView, ExplainedRequest]), 'The rules that were looked at, and who is ready.'),
        ...PROBLEMS,
        ...NOT_FOUND,
      },
    }),
    (c) => {
      const said: unknown = c.req.valid('json')
      const { model, request_id: id } = (typeof said === 'object' && said !== null ? said : {}) as Record<
        string,
        unknown
      >
      if (typeof id === 'string') {
        const record = house.records.get(id)
        if (record === undefined) throw new FailureError(forgotten(id))
        return c.json({ request: told(record), now: explained(house, record.model) }, 200)
      }
      if (typeof model === 'string') return c.json(explained(house, model), 200)
      throw new FailureError(invalidRequest('', 'say {"model": "…"} or {"request_id": "…"}'))
    },
  )
}

function explained(house: ExplainHouse, model: string): Explanation {
  const found = house.explain(model)
  if (found.failure?.kind !== 'not_found') return found
  return { ...found, nearest: nearestNames(found.route.name, house.names(), 3) }
}

function told({ failure, ...record }: RequestRecord): object {
  return {
    ...record,
    ...(failure === undefined
      ? {}
      : { failure: { kind: failure.kind, scope: failure.scope, message: failure.message } }),
  }
}

function forgotten(id: string): Failure {
  return {
    kind: 'not_found',
    scope: 'request',
    phase: 'unsent',
    retry: 'never',
    pointer: '/request_id',
    message: `no request ${JSON.stringify(id.slice(0, 100))} is remembered; ask for a model instead`,
  }
}
