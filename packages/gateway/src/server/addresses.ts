import type { Log } from '../telemetry/index.js'
import type { GatewayServer } from './server.js'

export interface AddressSettings {
  /** Empty for both loopback addresses. */
  host: string
  port: number
  /** The admin has decided that other machines may reach a listener without TLS. */
  insecure_expose: boolean
}

/**
 * Listens where the settings say, the loopback addresses of both families by default.
 * @returns the URLs, the first one to be named to clients
 * @throws the system's error, e.g. EADDRINUSE
 */
export async function listenOn(server: GatewayServer, { host, port }: AddressSettings, log: Log): Promise<string[]> {
  if (host !== '') return [urlOf(callable(host), (await server.listen(host, port)).port)]
  const four = await server.listen('127.0.0.1', port)
  try {
    await server.listen('::1', four.port)
  } catch (error) {
    const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
    // Many containers have no IPv6. A port that is taken there is another matter: "localhost" may mean the other program.
    if (taken) log.warn({ port: four.port }, 'another program listens on this port of [::1]; name 127.0.0.1 to clients')
    else log.debug({ reason: String(error) }, '[::1] is not available')
  }
  return [urlOf('127.0.0.1', four.port)]
}

/** All addresses of this machine are none that can be called; loopback is always among them. */
function callable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  return host === '::' ? '::1' : host
}

/** `http://127.0.0.1:8080`, `http://[::1]:8080`. */
export function urlOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

export interface OutsideSettings {
  /** Empty: it is seen where it listens. */
  public_url: string
  allowed_hosts: readonly string[]
}

/** Where people and programs find the gateway, without a slash at the end: behind a reverse proxy that is not where it listens. */
export function outsideUrl(url: string, { public_url: outside }: Pick<OutsideSettings, 'public_url'>): string {
  return (outside === '' ? url : outside).replace(/\/+$/, '')
}

/** The host names by which the gateway may be called, see `hostAllowed`: that of its public address is meant to be. */
export function hostNames({ public_url: outside, allowed_hosts: names }: OutsideSettings): readonly string[] {
  return outside === '' ? names : [...names, new URL(outside).hostname]
}

/** A host that only this machine reaches. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
}

/**
 * Whoever can reach the port can try keys on it; that must be somebody's decision. Source: reliability-security 3.2.
 * @throws Error that says what to change
 */
export function refuseExposure({ host, insecure_expose: allowed }: AddressSettings): void {
  if (host === '' || isLoopback(host) || allowed) return
  throw new Error(
    `server.host ${host} is reachable from other machines without TLS; put a TLS proxy in front and bind to 127.0.0.1, or set server.insecure_expose: true`,
  )
}
