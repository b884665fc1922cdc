/** https, or http on this very machine (a test backend); no credentials, query or fragment. */
export function isUpstreamUrl(text: string): boolean {
  return isWebhookUrl(text) && new URL(text).search === ''
}

/** Many receivers know their caller by what stands in the query. */
export function isWebhookUrl(text: string): boolean {
  const url = bareUrl(text)
  return url !== undefined && (url.protocol === 'https:' || isThisMachine(url.hostname))
}

/** Where a browser is sent back to. Nothing in it is left to be read in two ways. */
export function isRedirectUri(text: string): boolean {
  return isUpstreamUrl(text) && !/[\s\\%?#]/.test(text)
}

/** Where people and programs elsewhere find the gateway, perhaps below a path. */
export function isPublicUrl(text: string): boolean {
  return bareUrl(text)?.search === ''
}

function bareUrl(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  const bare = url.username === '' && url.password === '' && url.hash === ''
  return bare && (url.protocol === 'https:' || url.protocol === 'http:') ? url : undefined
}

function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname)
}
