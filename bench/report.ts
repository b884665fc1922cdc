import { GOALS, verdict, type Goal, type GoalId, type Verdict } from './goals.js'

/** One row as it was measured; without a value, the reason why there is none. */
export interface Row {
  id: GoalId
  value?: number
  reason?: string
}

/** The table for people: a row a goal, in the order of the goals. */
export function table(rows: readonly Row[]): string {
  const lines = [['metric', 'measured', 'must', 'aim', 'verdict']]
  for (const goal of GOALS) {
    const row = rows.find(({ id }) => id === goal.id)
    if (row === undefined) continue
    const measured = row.value === undefined ? '–' : shown(goal, row.value)
    lines.push([goal.metric, measured, mark(goal, goal.must), mark(goal, goal.aim), judged(goal, row)])
  }
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  return lines
    .map((line) =>
      line
        .map((cell, column) =>
          column === 0 || column === 4 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** The same for programs. */
export function record(rows: readonly Row[], details: Readonly<Record<string, string>>, about: object): object {
  return {
    ...about,
    rows: rows.map((row) => {
      const goal = GOALS.find(({ id }) => id === row.id)
      return goal === undefined
        ? row
        : { ...row, metric: goal.metric, unit: goal.unit, must: goal.must, aim: goal.aim, verdict: judged(goal, row) }
    }),
    details,
  }
}

function judged(goal: Goal, { value, reason }: Row): Verdict | `failed: ${string}` {
  return value === undefined ? `failed: ${reason ?? 'not measured'}` : verdict(goal, value)
}

function mark(goal: Goal, value: number): string {
  if (value === 0) return '0'
  return `${goal.better === 'more' ? '≥' : '≤'} ${value}${goal.unit === '×' ? '×' : ` ${goal.unit}`}`
}

function shown({ unit }: Goal, value: number): string {
  if (unit === '') return String(value)
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2
  return `${value.toFixed(digits)}${unit === '×' ? '×' : ` ${unit}`}`
}
