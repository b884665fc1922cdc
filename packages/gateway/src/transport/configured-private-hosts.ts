import type { Config } from '../config/index.js'
import { canonicalHost, isLoopback } from './dial/index.js'

/**
 * The hosts that the configuration itself says lie on this machine or in its network: those that the administrator allows, and the
 * loopback addresses that our own settings may name (a test backend, a receiver of notices). To be read at every dial.
 */
export function configuredPrivateHosts(
  config: Pick<Config, 'upstream' | 'codex' | 'auth' | 'proxy' | 'notices'>,
): readonly string[] {
  const own = [config.codex.base_url, config.auth.issuer, config.proxy.check_url, config.notices.webhook_url]
    .filter((text) => text !== '')
    .filter(isHere)
  return [...config.upstream.allowed_private_hosts, ...own.map((text) => hostAndPort(new URL(text)))]
}

function isHere(text: string): boolean {
  return isLoopback(canonicalHost(new URL(text).hostname) ?? '')
}

function hostAndPort(url: URL): string {
  const standard = url.protocol === 'https:' ? '443' : '80'
  return `${url.hostname}:${url.port === '' ? standard : url.port}`
}
