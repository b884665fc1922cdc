/** What one field of a table holds; null is an empty one. */
export type Cell = string | number | null

/**
 * Lines as RFC 4180 writes them. A text that a spreadsheet would take for a formula gets an apostrophe before it: names in these tables
 * were chosen by others.
 */
export function csv(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [head, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('')
}

/** Spreadsheets overlook space before a formula, and take full-width signs for the others. */
const FORMULA = /^\s*[=+\-@\uff0b\uff0d\uff1d\uff20]|^[\t\r\n]/

function field(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  const safe = FORMULA.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
