import type { ProxyRecord, ProxyRows } from '../../store/index.js'
import type { Log } from '../../telemetry/index.js'
import type { Way } from '../way.js'
import type { AskBy } from './ask-for-address.js'
import { createCheckSchedule, type CheckSchedule } from './check-schedule.js'
import { createChecks } from './checks.js'
import { createLastChecks } from './last-checks.js'
import { maskedUrl } from './masked-url.js'
import { isSame, outcomeOf, refuseName, withName } from './naming.js'
import { proxiesAsYaml } from './proxies-as-yaml.js'
import { addressOf, createRoster, whyUnusable } from './roster.js'
import { createRotation, type ProxyHealth } from './rotation.js'
import { PIN_WORDS, ProxyPoolError } from './types.js'
import type { Pin, ProxyPool, ProxySettings, ProxyTurn, ProxyView } from './types.js'
import { wayOut } from './way-out.js'

export interface ProxyPoolOptions {
  rows: ProxyRows
  /** Read at every use. */
  settings(): ProxySettings
  /** The way that the environment names (`HTTPS_PROXY`, `NO_PROXY`). */
  environment(url: URL): Way
  /** `askBy(transport.request)` */
  check: AskBy
  log: Pick<Log, 'info' | 'warn'>
  now?: () => number
  /** From 0 up to 1. */
  random?: () => number
}

/**
 * The pool over the stored proxies. What another process changes in the store is in force here when the store notices it.
 * @example
 * const proxies = createProxyPool({ rows: store.proxies, settings, environment: environmentWay(env), check: askBy(transport.request), log })
 */
export function createProxyPool(options: ProxyPoolOptions): ProxyPool {
  const { rows, settings, log, now = Date.now, random = Math.random } = options
  const rotation = createRotation({ now, onTurn: tellTurn })
  const last = createLastChecks()
  const roster = createRoster(rows, (list) => {
    last.keep(new Set(list.map(({ id }) => id)))
    rotation.sync(list.filter(({ enabled }) => enabled).flatMap(inRotation))
    schedule?.rearm()
  })
  const checks = createChecks({ rows, roster, rotation, last, ask: options.check, url: () => settings().checkUrl, now })
  const listeners = new Set<(turn: ProxyTurn) => void>()
  let schedule: CheckSchedule | undefined

  function tellTurn(id: string, { reason }: ProxyHealth): void {
    const name = roster.lookUp(id)?.name ?? id
    if (reason !== undefined) {
      log.warn({ proxy: name, reason }, 'a proxy does not work; it is out of the rotation')
      schedule?.soon(id)
    } else log.info({ proxy: name }, 'a proxy works again')
    const turn: ProxyTurn =
      reason === undefined ? { id, name, state: 'good' } : { id, name, state: 'unreachable', reason }
    for (const listener of listeners) listener(turn)
  }

  function ownersByProxy(): Map<string, string[]> {
    const owners = new Map<string, string[]>()
    for (const [owner, choice] of rows.pins()) owners.set(choice, [...(owners.get(choice) ?? []), owner])
    return owners
  }

  const viewOf = (record: ProxyRecord): ProxyView => view(record, rotation, ownersByProxy().get(record.id))

  function pinOf(owner: string, choice: string): Pin {
    const proxyName = roster.lookUp(choice)?.name
    return { owner, choice, ...(proxyName === undefined ? {} : { proxyName }) }
  }

  async function pinAll(choices: ReadonlyMap<string, string | undefined>): Promise<Pin[]> {
    await rows.pin(choices)
    return [...choices].flatMap(([owner, choice]) => (choice === undefined ? [] : [pinOf(owner, choice)]))
  }

  function meant(choice: string): string {
    return PIN_WORDS.find((word) => word === choice) ?? roster.find(choice).id
  }

  return {
    wayFor: wayOut({
      rows,
      roster,
      rotation,
      byDefault: () => settings().default,
      environment: (url) => options.environment(url),
    }),

    report(proxyId, outcome) {
      roster.all()
      rotation.report(proxyId, outcome)
    },

    list() {
      const owners = ownersByProxy()
      return roster.all().map((record) => view(record, rotation, owners.get(record.id)))
    },

    find: (named) => viewOf(roster.find(named)),

    async add(proxies, how = {}) {
      const wanted = proxies.map((proxy) => withName(proxy, how.exactNames === true, roster.lookUp))
      const done = await rows.add(wanted)
      return done.map(({ record, outcome }) => ({ proxy: viewOf(record), outcome }))
    },

    foresee: (proxies) =>
      proxies.map((proxy) =>
        outcomeOf(
          proxy,
          roster.all().find((known) => isSame(known, proxy)),
        ),
      ),

    async change(named, to) {
      const { id, name } = roster.find(named)
      if (to.name !== undefined) refuseName(to.name, id, roster.lookUp)
      const done = await rows.change(id, to)
      if (done === 'taken') {
        throw new ProxyPoolError('taken', `there is another proxy with the address that you give ${name}`)
      }
      return viewOf(roster.find(id))
    },

    async setEnabled(named, enabled) {
      const { id } = roster.find(named)
      await rows.setEnabled(id, enabled)
      return viewOf(roster.find(id))
    },

    async remove(named, how = {}) {
      const record = roster.find(named)
      const proxy = viewOf(record)
      const evenIfPinned = how.evenIfPinned === true
      const byDefault = settings().default
      if (!evenIfPinned && (byDefault === record.id || byDefault === record.name))
        throw pinned(record, ['proxy.default'])
      const owners = await rows.remove(record.id, { evenIfPinned })
      if (owners.length > 0) throw pinned(record, owners)
      return { proxy, owners: proxy.owners }
    },

    exportYaml: (how) => proxiesAsYaml(roster.all(), how),
    check: async (named, signal) => checks.one(roster.find(named), signal),
    checkAll: (signal, onEach) =>
      checks.many(
        roster.all().filter(({ enabled }) => enabled),
        signal,
        onEach,
      ),
    lastChecks(id) {
      const checks = last.of(id)
      const stored = roster.lookUp(id)?.check
      return checks.length === 0 && stored !== undefined ? [stored] : checks
    },

    onTurn(listener) {
      roster.all()
      listeners.add(listener)
      return () => listeners.delete(listener)
    },

    pins: () => [...rows.pins()].map(([owner, choice]) => pinOf(owner, choice)),

    async pin(owner, choice) {
      const id = meant(choice)
      await pinAll(new Map([[owner, id]]))
      return pinOf(owner, id)
    },

    pinAll: async (choices) =>
      pinAll(new Map([...choices].map(([owner, choice]) => [owner, choice === undefined ? undefined : meant(choice)]))),

    async unpin(owner) {
      if (!rows.pins().has(owner)) return false
      await rows.pin(new Map([[owner, undefined]]))
      return true
    },

    async assignRoundRobin(owners, proxies) {
      const ids = [...new Set(proxies.map((proxy) => roster.find(proxy).id))]
      const choices = new Map<string, string>()
      for (const owner of new Set(owners)) {
        const id = ids[choices.size % ids.length]
        if (id === undefined) throw new ProxyPoolError('unknown_proxy', 'name the proxies to choose from')
        choices.set(owner, id)
      }
      return pinAll(choices)
    },

    start() {
      schedule ??= createCheckSchedule({
        proxies: () =>
          roster
            .all()
            .filter(({ enabled }) => enabled)
            .map(({ id, check }) => ({ id, ...(check === undefined ? {} : { checkedAt: check.at }) })),
        everyMinutes: () => settings().checkMinutes,
        async check(id) {
          const record = roster.lookUp(id)
          if (record !== undefined) await checks.one(record)
        },
        now,
        random,
      })
    },

    async close() {
      schedule?.close()
      await checks.close()
    },
  }
}

function inRotation(record: ProxyRecord) {
  const address = addressOf(record)
  if (address === undefined) return []
  return [{ address, ...(record.check === undefined ? {} : { check: record.check }) }]
}

function view(
  record: ProxyRecord,
  rotation: { healthOf(id: string): ProxyHealth },
  owners: readonly string[] = [],
): ProxyView {
  const { id, name, protocol, host, port, username, enabled, check } = record
  const hasPassword = record.password !== undefined || record.passwordUnreadable === true
  const usable = addressOf(record) !== undefined
  const health: ProxyHealth = usable ? rotation.healthOf(id) : { state: 'unreachable', reason: whyUnusable(record) }
  const error = health.reason ?? check?.error
  return {
    id,
    name,
    url: maskedUrl({ ...record, hasPassword }),
    protocol,
    host,
    port,
    ...(username === undefined || !hasPassword ? {} : { username }),
    hasPassword,
    enabled,
    state: enabled ? health.state : 'disabled',
    ...(check === undefined ? {} : { checkedAt: check.at }),
    ...(check?.exitAddress === undefined ? {} : { exitAddress: check.exitAddress }),
    ...(check?.latencyMs === undefined ? {} : { latencyMs: check.latencyMs }),
    ...(error === undefined ? {} : { error }),
    owners,
  }
}

function pinned({ name }: ProxyRecord, owners: readonly string[]): ProxyPoolError {
  const few = owners.length > 3 ? `${owners.slice(0, 3).join(', ')} and ${owners.length - 3} more` : owners.join(', ')
  return new ProxyPoolError(
    'pinned',
    `${name} is the way out of ${few}; give them another, or remove it with --force: then they have no way out, and do not go direct`,
  )
}
