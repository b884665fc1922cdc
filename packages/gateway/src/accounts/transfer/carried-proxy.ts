import type { ProxyRecord, ProxyRows } from '../../store/index.js'
import { Secret } from '../../telemetry/index.js'
import { needsAllowing, readProxy } from '../../transport/proxies/index.js'
import type { CarriedProxy } from './types.js'

const WORDS = ['global', 'direct', 'auto'] as const

/** The way out of an account, as a file carries it. A problem: whoever imports it would go another way. */
export function carriedProxy(
  choice: string,
  proxies: readonly ProxyRecord[],
): { proxy: CarriedProxy } | { problem: string } {
  const word = WORDS.find((one) => one === choice)
  if (word !== undefined) return { proxy: { way: word } }
  const record = proxies.find(({ id }) => id === choice)
  if (record === undefined) {
    return { problem: 'it is pinned to a proxy that is no longer there: the file does not say which way it goes' }
  }
  const { name, enabled } = record
  if (record.passwordUnreadable === true) {
    return {
      problem: `the password of its proxy ${name} cannot be read: the file names the proxy and not how to reach it`,
    }
  }
  return { proxy: { way: 'proxy', name, url: new Secret(urlOf(record)), enabled } }
}

/** As `readProxy` reads it again. */
function urlOf({ protocol, host, port, username, password }: ProxyRecord): string {
  const login =
    username === undefined && password === undefined
      ? ''
      : `${encodeURIComponent(username ?? '')}${password === undefined ? '' : `:${encodeURIComponent(password.reveal())}`}@`
  return `${protocol}://${login}${hostAndPort({ host, port })}`
}

function hostAndPort({ host, port }: { host: string; port: number }): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** What is to be pinned, or why it cannot be. */
export type WayIn =
  | { choice: string; remark?: string }
  /** A proxy that has to be made first. */
  | { make: Parameters<ProxyRows['add']>[0][number]; remark?: string }
  | { remark: string }

/**
 * Finds the way that a file names among the proxies that are here, or says what it takes.
 * @param allowed `upstream.allowed_private_hosts`
 */
export function wayIn(carried: CarriedProxy, proxies: readonly ProxyRecord[], allowed: readonly string[]): WayIn {
  if (carried.way !== 'proxy') return { choice: carried.way }
  const named = carried.name === '' ? undefined : proxies.find(({ name }) => name === carried.name)
  if (carried.url === undefined) {
    if (named !== undefined) return { choice: named.id }
    return { remark: `there is no proxy ${carried.name} here: add it and pin the account to it (dragoman proxies pin)` }
  }
  const reading = readProxy(carried.url.reveal())
  if ('problem' in reading) return { remark: `its proxy cannot be used (${reading.problem}): pin it by hand` }
  const { proxy } = reading
  const remark = needsAllowing(proxy, allowed)
    ? {
        remark: `its proxy ${hostAndPort(proxy)} lies on this machine or in its network: add it to upstream.allowed_private_hosts, or it has no way out`,
      }
    : {}
  const same = proxies.find(
    (one) =>
      one.protocol === proxy.protocol &&
      one.host === proxy.host &&
      one.port === proxy.port &&
      one.username === proxy.username &&
      (one.password?.reveal() ?? proxy.password?.reveal()) === proxy.password?.reveal(),
  )
  if (same !== undefined) return { choice: same.id, ...remark }
  const make = {
    ...proxy,
    ...(carried.name === '' ? {} : { name: carried.name }),
    ...(carried.enabled === undefined ? {} : { enabled: carried.enabled }),
  }
  return { make, ...remark }
}
