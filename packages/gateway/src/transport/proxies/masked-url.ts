import type { ProxyRecord } from '../../store/index.js'
import { authority } from '../dial/index.js'

/** A proxy's address as a URL fit to show. A username that stands alone is often a token, so it is masked too. */
export function maskedUrl(proxy: Pick<ProxyRecord, 'protocol' | 'host' | 'port' | 'username' | 'password'>): string {
  const { protocol, host, port, username, password } = proxy
  const login =
    password === undefined
      ? username === undefined
        ? ''
        : '***@'
      : `${username === undefined ? '' : encodeURIComponent(username)}:***@`
  return `${protocol}://${login}${authority(host, port)}`
}
