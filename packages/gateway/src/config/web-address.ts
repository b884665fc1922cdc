const LOOPBACK = /^(?:localhost|\[::1\]|127(?:\.\d+){3})$/

/** https, or http on this very machine (a test backend); no credentials, query or fragment. */
export function isUpstreamUrl(text: string): boolean {
  const url = plainUrl(text)
  return url !== undefined && (url.protocol === 'https:' || LOOPBACK.test(url.hostname))
}

/** Where a browser is sent back to: as an upstream's address, and what is named must be one path of one host. */
export function isRedirectUri(text: string): boolean {
  return isUpstreamUrl(text) && !/[\s\\%]/.test(text)
}

/** Where people and programs elsewhere find the gateway: http or https, perhaps below a path. */
export function isPublicUrl(text: string): boolean {
  return plainUrl(text) !== undefined
}

function plainUrl(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  const bare = url.username === '' && url.password === '' && url.search === '' && url.hash === ''
  return bare && (url.protocol === 'https:' || url.protocol === 'http:') ? url : undefined
}
