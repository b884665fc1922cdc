import { FailureError } from '@dragoman/protocol'
import type { ClientKeys } from '../../store/index.js'
import type { RequestRecords } from '../../telemetry/index.js'
import type { Asked, ClientKey } from '../route-table.js'
import { sendJson } from '../send.js'

export interface OwnKeyHouse {
  keys: Pick<ClientKeys, 'findById'>
  records: Pick<RequestRecords, 'list' | 'forgottenUntil'>
  /** When this gateway started, unix ms. */
  startedAt: number
}

/** `GET /v1/sub-key/info` and `/v1/key/info`: what a client key may know of itself. */
export function ownKey(house: OwnKeyHouse): (asked: Asked) => void {
  return ({ res, headers, key }) => {
    if (key === undefined) {
      throw new FailureError({
        kind: 'unauthenticated',
        scope: 'request',
        phase: 'unsent',
        retry: 'never',
        message: 'this path tells a client key about itself; send one',
      })
    }
    sendJson(res, 200, headers, aboutKey(house, key))
  }
}

/**
 * The fields of the predecessors' `sub-key/info`, and what is ours. Times are ISO 8601 in UTC. Null says that a thing has no limit or that
 * nobody counts it yet. Requests and tokens are those that the gateway still remembers, from `since` on: no totals of a key's life.
 */
export function aboutKey(house: OwnKeyHouse, key: ClientKey): Record<string, unknown> {
  // Keys that live in memory only, such as the demo's, are not stored.
  const stored = house.keys.findById(key.id)
  const used = house.records.list().filter(({ keyId }) => keyId === key.id)
  return {
    object: 'client_key',
    id: key.id,
    name: key.name,
    status: 'active',
    created_at: time(stored?.createdAt),
    expires_at: time(stored?.expiresAt),
    allowed_models: key.allowedModels ?? null,
    default_tools: key.defaultTools ?? null,
    strict: key.strict === true,
    limits: stored?.limits ?? null,
    max_budget_usd: null,
    used_cost_usd: null,
    remaining_budget_usd: null,
    max_tokens: null,
    remaining_tokens: null,
    since: time(Math.max(house.startedAt, house.records.forgottenUntil ?? 0)),
    request_count: used.length,
    used_tokens: used.reduce((sum, { usage }) => sum + (usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0), 0),
    last_used_at: time(used.reduce<number | undefined>((last, { at }) => Math.max(last ?? at, at), undefined)),
  }
}

function time(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString()
}
