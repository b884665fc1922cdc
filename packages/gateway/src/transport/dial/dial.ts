import { lookup as resolveName } from 'node:dns/promises'
import type { Socket } from 'node:net'
import { FailureError, type Failure } from '@dragoman/protocol'
import { networkFailure } from '../network-failure.js'
import type { ProxyAddress, Way } from '../way.js'
import { connectFirst } from './connect-first.js'
import { connectRequest } from './connect-request.js'
import {
  addressesOf,
  checkedAddresses,
  checkUnresolved,
  requireHost,
  type EgressPolicy,
  type Lookup,
} from './egress-policy.js'
import { authority } from './host-name.js'
import { blameProxy, proxyFailure, refusedConnect, targetUnreachable, TookTooLong } from './proxy-failure.js'
import { socksRequest } from './socks-request.js'
import { startTls, type SessionSlot } from './start-tls.js'

/** Where to, and how. */
export interface DialOptions {
  /** A name or an address in any spelling, IPv6 with or without brackets. */
  host: string
  port: number
  /** Speak TLS with the target. `servername`: what its certificate must be for; default `host`. */
  tls?: { servername?: string; session?: SessionSlot }
  way: Way
  /** From the first step to a connection that is ready to use. */
  timeoutMs: number
  signal?: AbortSignal
}

export interface Dialler {
  /**
   * Makes one connection that the policy allows. The target has seen nothing yet but what TLS needs.
   * @throws FailureError: phase `unsent`, scope `provider` or `proxy`, with the system's error as its cause; or the signal's reason
   */
  dial(options: DialOptions): Promise<Socket>
}

export interface DiallerOptions {
  /** Hosts that may lie on this machine or in its network: `host` or `host:port`. Asked at every dial. */
  allowedPrivateHosts(): readonly string[]
  /** Default: the system's resolver. */
  lookup?: Lookup
  /** A proxy carried a connection, or failed to. What is the target's fault is not told. */
  onProxyOutcome?(proxyId: string, outcome: 'ok' | Failure): void
}

/** A connection to a proxy is spent on each; names with more addresses are balanced, not broken. */
const MOST_ADDRESSES_THROUGH_A_PROXY = 3

/** Makes the one dialler: whatever leaves this process for another host goes through it. */
export function createDialler(options: DiallerOptions): Dialler {
  const policy: EgressPolicy = {
    allowedPrivateHosts: () => options.allowedPrivateHosts(),
    lookup: options.lookup ?? ((name) => resolveName(name, { all: true })),
  }

  async function dial(to: DialOptions): Promise<Socket> {
    const { way } = to
    try {
      const socket = await withinTime(to, (signal) =>
        way === 'direct' ? direct(to, signal) : throughProxy(to, way, signal),
      )
      if (way !== 'direct') options.onProxyOutcome?.(way.id, 'ok')
      return socket
    } catch (error) {
      if (to.signal?.aborted === true || !(error instanceof Error)) throw error
      const failed = error instanceof FailureError ? error : targetFailure(to, error)
      if (way !== 'direct' && failed.failure.scope === 'proxy') options.onProxyOutcome?.(way.id, failed.failure)
      throw failed
    }
  }

  async function direct(to: DialOptions, signal: AbortSignal): Promise<Socket> {
    const host = requireHost(to.host, 'provider')
    const addresses = await unlessAborted(signal, checkedAddresses(policy, host, to.port, 'provider'))
    const socket = await connectFirst(addresses, to.port, signal)
    return to.tls === undefined ? socket : targetTls(to.tls, host, socket, signal)
  }

  async function throughProxy(to: DialOptions, proxy: ProxyAddress, signal: AbortSignal): Promise<Socket> {
    const host = requireHost(to.host, 'provider')
    const socket = await tunnel(to, proxy, host, signal)
    if (to.tls === undefined) return socket
    try {
      return await targetTls(to.tls, host, socket, signal)
    } catch (error) {
      // What is wrong with the target's TLS is the target's; a tunnel that breaks or stalls is the proxy's.
      throw isCut(error) || error instanceof TookTooLong ? brokenTunnel(proxy, error) : error
    }
  }

  async function tunnel(to: DialOptions, proxy: ProxyAddress, host: string, signal: AbortSignal): Promise<Socket> {
    if (proxy.protocol !== 'socks5') {
      checkUnresolved(policy, host, to.port)
      return askProxy(to, proxy, host, signal)
    }
    const addresses = await unlessAborted(signal, checkedAddresses(policy, host, to.port, 'provider'))
    let failed: unknown = new Error('the name has no address')
    for (const address of addresses.slice(0, MOST_ADDRESSES_THROUGH_A_PROXY)) {
      try {
        return await askProxy(to, proxy, address, signal)
      } catch (error) {
        failed = error
        if (!(error instanceof FailureError) || error.failure.scope === 'proxy') break
      }
    }
    throw failed
  }

  async function askProxy(to: DialOptions, proxy: ProxyAddress, host: string, signal: AbortSignal): Promise<Socket> {
    const target = { host, port: to.port }
    try {
      const socket = await connectToProxy(proxy, signal)
      if (proxy.protocol === 'http' || proxy.protocol === 'https') {
        const answer = await connectRequest(socket, authority(host, to.port), proxy, signal)
        if ('socket' in answer) return answer.socket
        throw refusedConnect(proxy, target, answer.refused)
      }
      const answer = await socksRequest(socket, target, proxy, to.timeoutMs, signal)
      if ('socket' in answer) return answer.socket
      if (answer.refused === 'target') throw targetUnreachable(proxy, target)
      throw answer.refused === 'login'
        ? proxyFailure(proxy, 'proxy_auth_failed', 'refused the login')
        : proxyFailure(proxy, 'proxy_refused', 'refused the connection')
    } catch (error) {
      throw to.signal?.aborted === true ? error : blameProxy(proxy, error)
    }
  }

  async function connectToProxy(proxy: ProxyAddress, signal: AbortSignal): Promise<Socket> {
    const host = requireHost(proxy.host, 'proxy')
    // The environment is the administrator's own: its proxy may lie where it likes.
    const found =
      proxy.id === 'environment' ? addressesOf(policy, host) : checkedAddresses(policy, host, proxy.port, 'proxy')
    const socket = await connectFirst(await unlessAborted(signal, found), proxy.port, signal)
    return proxy.protocol === 'https' ? startTls(socket, host, signal) : socket
  }

  return { dial }
}

function targetTls(
  tls: NonNullable<DialOptions['tls']>,
  host: string,
  socket: Socket,
  signal: AbortSignal,
): Promise<Socket> {
  const name = tls.servername === undefined ? host : requireHost(tls.servername, 'provider')
  return startTls(socket, name, signal, tls.session)
}

function targetFailure(to: DialOptions, error: Error): FailureError {
  const standard = to.tls === undefined ? 80 : 443
  const where = authority(to.host.replace(/^\[(.*)\]$/, '$1'), to.port)
  const origin = `${to.tls === undefined ? 'http' : 'https'}://${to.port === standard ? where.replace(/:\d+$/, '') : where}`
  return new FailureError(networkFailure(error, origin, 'unsent'), { cause: error })
}

function brokenTunnel(proxy: ProxyAddress, error: unknown): FailureError {
  return error instanceof TookTooLong
    ? blameProxy(proxy, error)
    : proxyFailure(proxy, 'proxy_refused', 'cut the connection')
}

function isCut(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE')
}

/** Runs the steps under one signal: the caller's, and that of the time being up. */
async function withinTime<T>(to: DialOptions, steps: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const ending = new AbortController()
  const timer = setTimeout(() => ending.abort(new TookTooLong('connecting took too long')), to.timeoutMs)
  const giveUp = (): void => ending.abort(to.signal?.reason)
  to.signal?.addEventListener('abort', giveUp)
  try {
    to.signal?.throwIfAborted()
    return await steps(ending.signal)
  } finally {
    clearTimeout(timer)
    to.signal?.removeEventListener('abort', giveUp)
  }
}

/** A step that cannot be stopped, left alone when the signal comes. */
function unlessAborted<T>(signal: AbortSignal, step: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(signal.reason as Error)
    signal.addEventListener('abort', giveUp, { once: true })
    step.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp))
  })
}
