/** From no thinking to the most. Source: OpenAI API reference, reasoning effort; Codex catalog of 2026-11. */
const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max', 'ultra'] as const

/**
 * The effort nearest to the one that was refused, among those that the upstream's refusal names; undefined when it names none, and the
 * model's own default is the best guess then.
 * Form of the refusal: "Unsupported value: 'none' is not supported with the 'gpt-5.5' model. Supported values are: 'low', …".
 */
export function nearestEffort(asked: string, refusal: string): string | undefined {
  const list = /supported values(?: are)?:(.*)$/is.exec(refusal)?.[1] ?? ''
  const wanted = rank(asked)
  const named = EFFORTS.filter((effort) => effort !== asked && list.includes(`'${effort}'`))
  const distance = (effort: string): number => Math.abs(rank(effort) - wanted)
  return named.toSorted((a, b) => distance(a) - distance(b))[0]
}

function rank(effort: string): number {
  const at = (EFFORTS as readonly string[]).indexOf(effort)
  return at === -1 ? EFFORTS.indexOf('medium') : at
}
