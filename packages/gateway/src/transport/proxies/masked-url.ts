import { authority } from '../dial/index.js'

export interface ShownAddress {
  protocol: string
  host: string
  port: number
  username?: string
  hasPassword: boolean
}

/** A proxy's address as a URL fit to show. A username that stands alone is often a token, so it is masked too. */
export function maskedUrl({ protocol, host, port, username, hasPassword }: ShownAddress): string {
  const alone = username === undefined ? '' : '***@'
  const login = hasPassword ? `${encodeURIComponent(username ?? '')}:***@` : alone
  return `${protocol}://${login}${authority(host, port)}`
}
