import type { ProxyProtocol } from '../transport/index.js'
import { CommandError } from './deps.js'

/** What `--protocol` says. @throws CommandError for what is no protocol of a proxy */
export async function protocolFrom(text: string): Promise<ProxyProtocol> {
  const { isProxyProtocol, PROXY_PROTOCOLS } = await import('../transport/proxies/index.js')
  if (isProxyProtocol(text)) return text
  throw new CommandError(`--protocol takes ${PROXY_PROTOCOLS.join(', ')}`, 2)
}
