import { Secret } from '../telemetry/index.js'
import type { ProxyAddress, Way } from './way.js'

/** How a helper process leaves this machine: decided by the gateway that starts it. */
export interface Egress {
  way: Way
  allowedPrivateHosts: readonly string[]
  connectTimeoutMs: number
  /** As `upstream.system_ca`. */
  systemCa: boolean
}

const VARIABLE = 'DRAGOMAN_EGRESS'

/** For the environment of a child process: a proxy's password must not stand among its arguments, which everybody may read. */
export function egressEnvironment({ way, ...rest }: Egress): Record<string, string> {
  const plain = way === 'direct' ? way : { ...way, password: way.password?.reveal() }
  return { [VARIABLE]: JSON.stringify({ ...rest, way: plain }) }
}

/**
 * What {@link egressEnvironment} wrote.
 * @returns undefined when there is none: then nothing may be sent
 */
export function handedOver(env: NodeJS.ProcessEnv): Egress | undefined {
  const text = env[VARIABLE]
  if (text === undefined) return undefined
  type Plain = Omit<ProxyAddress, 'password'> & { password?: string }
  const { way, ...rest } = JSON.parse(text) as Omit<Egress, 'way'> & { way: 'direct' | Plain }
  if (way === 'direct') return { ...rest, way }
  const { password, ...proxy } = way
  return { ...rest, way: password === undefined ? proxy : { ...proxy, password: new Secret(password) } }
}
