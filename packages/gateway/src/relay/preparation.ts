import type { Dialect, Failure, PivotRequest } from '@dragoman/protocol'
import { cannotContinue } from '../conversations/index.js'
import type { Provider } from '../providers/index.js'
import type { RequestRecord } from '../telemetry/index.js'
import type { Exchange, Routed } from './exchange.js'
import { cannotCompact, notAllowed } from './failures.js'
import type { RelayHouse, RelayLimits } from './relay-house.js'
import { shapeRequest } from './shaping/index.js'
import { clientNotes, strictly, wantsStrict } from './strictness.js'

/** An exchange that may be asked upstream, with all that is known before the first attempt. */
export interface Prepared {
  routed: Routed
  upstreamDialect: Dialect
  limits: RelayLimits
  /** What goes upstream: the client's request with the route's wishes and what configuration and key add. */
  request: PivotRequest
  /** Items that the input got at its front. */
  shift: number
  openUpstream: Provider['open']
}

/** Routes, checks and shapes a request. What it finds out on the way stands in the record, also when it ends in a failure. */
export function prepare(house: RelayHouse, exchange: Exchange, record: RequestRecord): Prepared | { failure: Failure } {
  const routed = house.route(exchange.request)
  if ('kind' in routed) return { failure: routed }
  record.route = `${routed.provider.id}:${routed.model}`
  const forbidden = notAllowed(exchange, routed) ?? cannotContinue(exchange.request)
  if (forbidden !== undefined) return { failure: forbidden }
  const compacts = exchange.task === 'compact'
  const ask = compacts ? routed.provider.compact : routed.provider.open
  if (ask === undefined) return { failure: cannotCompact(routed) }

  const upstreamDialect = house.dialects[routed.provider.dialect]
  if (upstreamDialect === undefined) throw new Error(`no dialect ${routed.provider.dialect}`)
  const whole = house.told.resolve(exchange.key.id, exchange.request)
  if ('kind' in whole) return { failure: whole }
  const shaped = shapeRequest(applyRoute(whole.request, routed), {
    dialect: exchange.dialect.id,
    task: exchange.task,
    headers: exchange.headers,
    key: exchange.key,
    settings: house.shaping(),
    provider: routed.provider.id,
  })
  if ('kind' in shaped) return { failure: shaped }
  const { request, shift } = shaped
  const { fieldNames } = exchange.dialect.serve
  record.notes.push(...clientNotes(shaped.notes, fieldNames))
  return {
    routed,
    upstreamDialect,
    limits: compacts ? patient(house.limits()) : house.limits(),
    request,
    shift,
    openUpstream: wantsStrict(exchange.headers, exchange.key)
      ? strictly(ask, (made) => [...record.notes, ...clientNotes(made, fieldNames, shift)])
      : ask,
  }
}

/** Explicit field > suffix or configuration (both in the route) > the model's default. */
function applyRoute(request: PivotRequest, routed: Routed): PivotRequest {
  const out: PivotRequest = { ...request, model: routed.model }
  if (routed.effort !== undefined && request.reasoning?.effort == null) {
    out.reasoning = { ...request.reasoning, effort: routed.effort }
  }
  if (routed.serviceTier !== undefined && request.service_tier == null) out.service_tier = routed.serviceTier
  return out
}

/** A compaction is one document that comes when all the work is done, so its first byte may take as long as a pause. */
function patient(limits: RelayLimits): RelayLimits {
  return { ...limits, firstEventMs: Math.max(limits.firstEventMs, limits.idleMs) }
}
