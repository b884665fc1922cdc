/** The names that are least edits away, the nearest first; an exact beginning counts as near. */
export function nearestNames(wanted: string, names: readonly string[], count: number): string[] {
  const low = wanted.toLowerCase().slice(0, 100)
  return names
    .map((name) => ({ name, far: name.toLowerCase().startsWith(low) ? 0 : distance(low, name.toLowerCase()) }))
    .sort((a, b) => a.far - b.far || a.name.localeCompare(b.name))
    .slice(0, count)
    .map(({ name }) => name)
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
