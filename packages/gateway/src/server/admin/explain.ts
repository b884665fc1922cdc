import { FailureError, invalidRequest, type Failure } from '@dragoman/protocol'
import type { TargetExplanation } from '../../relay/index.js'
import type { RouteExplanation } from '../../routing/index.js'
import type { RequestRecord, RequestRecords } from '../../telemetry/index.js'
import { readJson, type BodyBudget, type BodyLimits } from '../read-body.js'
import type { Asked } from '../route-table.js'
import { sendJson } from '../send.js'

/** Where a name leads and who would answer there. */
export interface Explanation {
  model: string
  /** The rules that were looked at. */
  route: RouteExplanation
  targets: readonly TargetExplanation[]
  /** Set when the name leads nowhere. */
  failure?: Failure
}

export interface ExplainHouse {
  explain(model: string): Explanation
  records: RequestRecords
  budget: BodyBudget
  limits(): BodyLimits
}

/**
 * `POST /admin/explain` with `{"model": "…"}`, or `{"request_id": "…"}` of a request that is still remembered: what happened to it, and
 * what would happen now. Asks no upstream.
 */
export function explainRoute(house: ExplainHouse): (asked: Asked) => Promise<void> {
  return async ({ req, res, headers }) => {
    const { value } = await readJson(req, house.limits(), house.budget)
    const { model, request_id: id } = (typeof value === 'object' && value !== null ? value : {}) as Record<
      string,
      unknown
    >
    if (typeof id === 'string') {
      const record = house.records.get(id)
      if (record === undefined) throw new FailureError(forgotten(id))
      sendJson(res, 200, headers, { request: told(record), now: house.explain(record.model) })
    } else if (typeof model === 'string') {
      sendJson(res, 200, headers, house.explain(model))
    } else {
      throw new FailureError(invalidRequest('', 'say {"model": "…"} or {"request_id": "…"}'))
    }
  }
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
