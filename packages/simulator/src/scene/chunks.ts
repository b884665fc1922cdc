/**
 * Cuts a text into the deltas of a stream: words with the white space before them, or pieces of `size` characters. Joined they give the text.
 * A surrogate pair is never cut, because a JSON string with half a pair is no legal text.
 */
export function chunks(text: string, size?: number): string[] {
  if (text === '') return []
  if (size === undefined) return text.match(/\s*\S+(?:\s+$)?|\s+/gu) ?? [text]
  const step = Math.max(1, size)
  const pieces: string[] = []
  for (let start = 0; start < text.length;) {
    let end = Math.min(text.length, start + step)
    const last = text.charCodeAt(end - 1)
    if (end < text.length && last >= 0xd800 && last <= 0xdbff) end += 1
    pieces.push(text.slice(start, end))
    start = end
  }
  return pieces
}
