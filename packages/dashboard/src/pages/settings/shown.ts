/** A value as one line of text. */
export function shown(value: unknown, empty: string, none: string): string {
  if (value === '' || value === null || value === undefined) return empty
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.length === 0 ? none : value.map((one) => shown(one, empty, none)).join(', ')
  if (typeof value === 'object') {
    const entries = Object.entries(value)
    if (entries.length === 0) return none
    return entries.map(([key, one]) => `${key} → ${shown(one, empty, none)}`).join(', ')
  }
  return JSON.stringify(value)
}
