import type { Failure, PivotRequest } from '@dragoman/protocol'
import { cannotContinue } from '../conversations/index.js'
import type { Provider } from '../providers/index.js'
import { targetName } from '../routing/index.js'
import type { RequestRecord } from '../telemetry/index.js'
import type { Exchange, Routed } from './exchange.js'
import { cannotCompact, notAllowed } from './failures.js'
import type { RelayHouse, RelayLimits } from './relay-house.js'
import { shapeRequest } from './shaping/index.js'
import { clientNotes, strictly, wantsStrict } from './strictness.js'

/** Where an exchange leads, and what of it stays the same wherever it leads. */
export interface RoutedExchange {
  targets: readonly [Routed, ...Routed[]]
  /** The client's request with every reference to earlier items resolved. */
  request: PivotRequest
}

/** An exchange that may be asked at one target, with all that is known before the first attempt. */
export interface Prepared {
  routed: Routed
  limits: RelayLimits
  /** What goes upstream: the client's request with the route's wishes and what configuration and key add. */
  request: PivotRequest
  /** Nothing of the client's request was changed but the model's name. */
  untouched: boolean
  /** Items that the input got at its front. */
  shift: number
  openUpstream: Provider['open']
}

/** Routes and checks a request. */
export function routeOf(
  house: RelayHouse,
  exchange: Exchange,
  record: RequestRecord,
): RoutedExchange | { failure: Failure } {
  const targets = house.route(exchange.request)
  if ('kind' in targets) return { failure: targets }
  const [first] = targets
  record.route = nameOfTarget(first)
  record.why = first.why
  const forbidden = notAllowed(exchange, first) ?? cannotContinue(exchange.request)
  if (forbidden !== undefined) return { failure: forbidden }
  const whole = house.told.resolve(exchange.key.id, exchange.request)
  return 'kind' in whole ? { failure: whole } : { targets, request: whole.request }
}

/** Shapes a routed request for one of its targets. What it finds out on the way stands in the record. */
export function prepare(
  house: RelayHouse,
  exchange: Exchange,
  record: RequestRecord,
  { request: whole }: RoutedExchange,
  routed: Routed,
): Prepared | { failure: Failure } {
  const compacts = exchange.task === 'compact'
  const ask = compacts ? routed.provider.compact : routed.provider.open
  if (ask === undefined) return { failure: cannotCompact(routed) }
  const wished = applyRoute(whole, routed)
  const shaped = shapeRequest(wished, {
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
    limits: compacts || asksForDocument(exchange, routed) ? patient(house.limits()) : house.limits(),
    request,
    untouched:
      request === wished &&
      whole === exchange.request &&
      request.reasoning === whole.reasoning &&
      request.service_tier === whole.service_tier,
    shift,
    openUpstream: wantsStrict(exchange.headers, exchange.key)
      ? strictly(ask, (made, verbatim) => [...(verbatim ? [] : record.notes), ...clientNotes(made, fieldNames, shift)])
      : ask,
  }
}

/** `codex:gpt-5.5`, `deepseek:deepseek-chat`; of a model that several providers serve, the pool's name. */
export function nameOfTarget(routed: Routed): string {
  return targetName({ ...routed, provider: routed.provider.id })
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

/** Everybody but the Codex backend may be asked for the whole answer in one piece. */
function asksForDocument(exchange: Exchange, { provider }: Routed): boolean {
  return !exchange.stream && provider.id !== 'codex'
}

/** One document comes when all the work is done, so its first byte may take as long as a pause. */
function patient(limits: RelayLimits): RelayLimits {
  return { ...limits, firstEventMs: Math.max(limits.firstEventMs, limits.idleMs) }
}
