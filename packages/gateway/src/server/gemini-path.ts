/** `gpt-5.5:generateContent`, its model perhaps percent-encoded. */
export function modelAndMethod(id: string): { model: string; method: string } {
  const plain = percentDecoded(id)
  const colon = plain.lastIndexOf(':')
  return colon === -1 ? { model: plain, method: '' } : { model: plain.slice(0, colon), method: plain.slice(colon + 1) }
}

/** A path's segment as it was meant; as it stands when its escapes are broken. */
export function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
