import { stringify } from 'yaml'
import type { ProxyRecord } from '../../store/index.js'

/**
 * The proxies as YAML that {@link parseProxyList} reads again.
 * @param how.passwords without them, importing it where the proxies are known keeps the passwords there
 */
export function proxiesAsYaml(proxies: readonly ProxyRecord[], how: { passwords: boolean }): string {
  const list = proxies.map((proxy) => ({
    name: proxy.name,
    protocol: proxy.protocol,
    host: proxy.host,
    port: proxy.port,
    ...(proxy.username === undefined ? {} : { username: proxy.username }),
    ...(how.passwords && proxy.password !== undefined ? { password: proxy.password.reveal() } : {}),
    ...(proxy.enabled ? {} : { enabled: false }),
  }))
  const left = proxies.filter(({ password }) => password !== undefined).length
  const remark = how.passwords || left === 0 ? '' : `# Without the passwords of ${left}.\n`
  return `${remark}${stringify({ proxies: list }, { lineWidth: 0 })}`
}
