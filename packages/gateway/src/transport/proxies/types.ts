import type { Failure } from '@dragoman/protocol'
import type { AddedProxy, NewProxy, ProxyChange, ProxyCheck } from '../../store/index.js'
import type { WayFor } from '../way.js'

/**
 * What is known of a proxy now. `good`: the last check, or traffic since, went through. `unchecked`: nothing is known.
 * `unreachable`: out of the rotation until a check or a trial goes well. `disabled`: switched off.
 */
export type ProxyState = 'good' | 'unchecked' | 'unreachable' | 'disabled'

/** A proxy as it may be shown. */
export interface ProxyView {
  id: string
  name: string
  /** With the password masked. */
  url: string
  protocol: string
  host: string
  port: number
  /** Absent when it stands without a password: then it is often a token. */
  username?: string
  hasPassword: boolean
  enabled: boolean
  state: ProxyState
  /** Unix ms. */
  checkedAt?: number
  /** The address that the world sees. */
  exitAddress?: string
  latencyMs?: number
  /** Why it is out of the rotation, or what was wrong with the last check. */
  error?: string
  /** Who is pinned to it: ids of accounts and API keys. */
  owners: readonly string[]
}

/** A proxy stopped working, or works again. */
export type ProxyTurn =
  { id: string; name: string; state: 'good' } | { id: string; name: string; state: 'unreachable'; reason: string }

/** What one check found. */
export interface CheckedProxy {
  id: string
  name: string
  /** The check address answered through it with an IP address. */
  ok: boolean
  exitAddress?: string
  latencyMs?: number
  error?: string
}

/** Ways out beside a proxy's id: what `proxy.default` says, none at all, or any proxy that works. */
export const PIN_WORDS = ['global', 'direct', 'auto'] as const

export interface Pin {
  owner: string
  /** One of {@link PIN_WORDS}, or a proxy's id. */
  choice: string
  /** Of the proxy that `choice` names; undefined when there is no such proxy (any more). */
  proxyName?: string
}

export interface ProxySettings {
  /** `proxy.default`: `environment`, `direct`, `auto`, or a proxy's name or id. */
  default: string
  /** `proxy.check_url` */
  checkUrl: string
  /** `proxy.check_minutes`; 0: never. */
  checkMinutes: number
}

/** A mistake of whoever changes the pool; the message is one line that names the way out. */
export class ProxyPoolError extends Error {
  constructor(
    readonly code: 'unknown_proxy' | 'ambiguous_proxy' | 'bad_name' | 'taken' | 'pinned',
    message: string,
  ) {
    super(message)
    this.name = 'ProxyPoolError'
  }
}

/** The outbound proxies: which way each owner goes, which proxies work, and who is pinned to which. */
export interface ProxyPool {
  /** @throws FailureError with scope `proxy` when the owner's way does not work; nothing goes direct instead */
  wayFor: WayFor
  /** What came of a connection through a proxy. Failures of another scope say nothing about it. */
  report(proxyId: string, outcome: 'ok' | Failure): void

  list(): ProxyView[]
  /** @throws ProxyPoolError when the id or name means none or, as the beginning of an id, several */
  find(nameOrId: string): ProxyView
  /**
   * Takes proxies in, or changes the ones that are known. A name that is taken gets a number, one that means something else is left
   * out; with `exactNames` both are mistakes.
   * @throws ProxyPoolError
   */
  add(
    proxies: readonly NewProxy[],
    how?: { exactNames?: boolean },
  ): Promise<{ proxy: ProxyView; outcome: AddedProxy['outcome'] }[]>
  /** What {@link add} would do with each, without its name. */
  foresee(proxies: readonly NewProxy[]): AddedProxy['outcome'][]
  /**
   * Whoever is pinned to it stays so.
   * @throws ProxyPoolError `taken` when there is another one with that address and login
   */
  change(nameOrId: string, to: ProxyChange): Promise<ProxyView>
  setEnabled(nameOrId: string, enabled: boolean): Promise<ProxyView>
  /** @throws ProxyPoolError `pinned` unless `evenIfPinned`: then its owners have no way out until they are pinned anew */
  remove(nameOrId: string, how?: { evenIfPinned?: boolean }): Promise<{ proxy: ProxyView; owners: readonly string[] }>
  /** As YAML that `parseProxyList` reads. */
  exportYaml(how: { passwords: boolean }): string

  /** Asks the check address through one proxy, enabled or not. */
  check(nameOrId: string, signal?: AbortSignal): Promise<CheckedProxy>
  /** The same for all that are enabled, a few at a time. */
  checkAll(signal?: AbortSignal, onEach?: (found: CheckedProxy) => void): Promise<CheckedProxy[]>
  /** What the last checks of this process found, the newest last; at least the one that is stored. */
  lastChecks(id: string): readonly ProxyCheck[]

  /**
   * Told when a proxy stops working, and when it works again. What is known already is no news.
   * @returns how to listen no more
   */
  onTurn(listener: (turn: ProxyTurn) => void): () => void

  pins(): Pin[]
  /** @param choice `global`, `direct`, `auto`, or a proxy's name or id */
  pin(owner: string, choice: string): Promise<Pin>
  /** Many at once, all or none; undefined: pinned no more. @throws ProxyPoolError when there is no such proxy */
  pinAll(choices: ReadonlyMap<string, string | undefined>): Promise<Pin[]>
  /** @returns false when it was not pinned */
  unpin(owner: string): Promise<boolean>
  /** Gives each owner one of the proxies, in turn. */
  assignRoundRobin(owners: readonly string[], proxies: readonly string[]): Promise<Pin[]>

  /** Begins the checks in the background. */
  start(): void
  close(): Promise<void>
}
