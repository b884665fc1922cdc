import { plainText } from '../telemetry/index.js'

/** Rows in columns, as wide as they need to be. Nothing in a cell moves the cursor. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const shown = [head.map((title) => title.toUpperCase()), ...rows.map((row) => row.map(plainText))]
  const widths = head.map((_, at) => Math.max(...shown.map((row) => width(row[at] ?? ''))))
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) =>
        at === cells.length - 1 ? cell : cell + ' '.repeat(Math.max(0, (widths[at] ?? 0) - width(cell))),
      )
      .join('  ')
      .trimEnd()
  return `${shown.map(line).join('\n')}\n`
}

/** Columns of a terminal that a text takes: East Asian signs and pictographs take two, combining ones none. */
function width(text: string): number {
  let columns = 0
  for (const sign of text) {
    if (/\p{Mark}|\u200d/u.test(sign)) continue
    columns +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]|\p{Emoji_Presentation}/u.test(
        sign,
      )
        ? 2
        : 1
  }
  return columns
}
