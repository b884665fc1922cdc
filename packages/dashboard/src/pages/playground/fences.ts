/** A stretch of a text: prose, or code between fences. */
export type Stretch = { kind: 'prose'; text: string } | { kind: 'code'; language: string; text: string }

/**
 * Takes a text apart at its ``` fences, and does nothing else: what a model writes is text and stays text. A fence that is still open,
 * as while it streams, is code to the end.
 */
export function splitFences(text: string): Stretch[] {
  const out: Stretch[] = []
  let prose: string[] = []
  let code: { fence: string; language: string; lines: string[] } | undefined
  const endProse = (): void => {
    const joined = prose.join('\n').replace(/^\n+|\n+$/g, '')
    if (joined !== '') out.push({ kind: 'prose', text: joined })
    prose = []
  }
  for (const line of text.split('\n')) {
    const fence = /^ {0,3}(`{3,}|~{3,})\s*([^`\s]*)[^`]*$/.exec(line)
    if (code !== undefined) {
      const closes = fence !== null && fence[2] === '' && fence[1]?.startsWith(code.fence) === true
      if (closes) {
        out.push({ kind: 'code', language: code.language, text: code.lines.join('\n') })
        code = undefined
      } else code.lines.push(line)
    } else if (fence !== null) {
      endProse()
      code = { fence: fence[1] ?? '', language: fence[2] ?? '', lines: [] }
    } else prose.push(line)
  }
  if (code === undefined) endProse()
  else out.push({ kind: 'code', language: code.language, text: code.lines.join('\n') })
  return out
}
