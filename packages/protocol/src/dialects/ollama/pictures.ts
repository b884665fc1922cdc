import { refuse, string } from '../refusing.js'

/** How the base64 of each kind of picture begins. */
const BEGINNINGS: readonly (readonly [begin: string, mediaType: string])[] = [
  ['iVBORw0KGgo', 'image/png'],
  ['/9j/', 'image/jpeg'],
  ['R0lGOD', 'image/gif'],
  ['UklGR', 'image/webp'],
]

/**
 * A picture of a message as the URL that the pivot holds. Ollama takes bare base64 and looks into it for the kind; URLs are read too, because
 * clients that speak several APIs send them.
 */
export function pictureUrl(value: unknown, pointer: string): string {
  const told = string(value, pointer)
  if (/^(?:data:|https?:\/\/)/i.test(told)) return told
  const base64 = /\s/.test(told) ? told.replace(/\s+/g, '') : told
  if (!isBase64(base64)) refuse(pointer, 'expected a picture in base64')
  return `data:${mediaType(base64)};base64,${base64}`
}

/** No pattern that could backtrack: pictures are megabytes. */
function isBase64(text: string): boolean {
  if (text === '' || /[^A-Za-z0-9+/=]/.test(text)) return false
  const padding = text.indexOf('=')
  return (padding === -1 ? text.length : padding) % 4 !== 1 && (padding === -1 || padding >= text.length - 2)
}

/** What it is not known to be it is not called; the upstream says what it thinks of it. */
function mediaType(base64: string): string {
  return BEGINNINGS.find(([begin]) => base64.startsWith(begin))?.[1] ?? 'application/octet-stream'
}

/** The base64 of a `data:` URL; undefined for any other URL, which an Ollama server does not fetch. */
export function base64Of(url: string): string | undefined {
  const comma = url.indexOf(',')
  return /^data:/i.test(url) && comma !== -1 && /;base64$/i.test(url.slice(0, comma)) ? url.slice(comma + 1) : undefined
}
