/**
 * Measures JSON text before it is parsed: deep or crowded documents cost far more to walk and to write again than to read.
 * Looks only at what stands outside of strings, so a body of long texts or pictures costs next to nothing.
 * @returns what is too much, or undefined
 */
export function tooComplex(json: string, limits: { depth: number; nodes: number }): 'depth' | 'nodes' | undefined {
  let depth = 0
  let nodes = 0
  for (let at = 0; at < json.length; at++) {
    switch (json.charCodeAt(at)) {
      case 0x22: // "
        at = endOfString(json, at)
        if (at === -1) return undefined
        break
      case 0x5b: // [
      case 0x7b: // {
        if (++depth > limits.depth) return 'depth'
        if (++nodes > limits.nodes) return 'nodes'
        break
      case 0x5d: // ]
      case 0x7d: // }
        depth--
        break
      case 0x2c: // ,
        if (++nodes > limits.nodes) return 'nodes'
        break
    }
  }
  return undefined
}

/** Index of the closing quote, or -1 when the text ends first (the parser will say so). */
function endOfString(json: string, open: number): number {
  let quote = json.indexOf('"', open + 1)
  while (quote !== -1) {
    let slashes = 0
    while (json.charCodeAt(quote - 1 - slashes) === 0x5c) slashes++
    if (slashes % 2 === 0) return quote
    quote = json.indexOf('"', quote + 1)
  }
  return -1
}
