export interface ChartLine {
  /** What tells it from the others; the name when there is none. */
  id?: string
  name: string
  /** One for every time; null where nothing was measured. */
  values: readonly (number | null)[]
}

export interface TimeChartProps {
  /** What it shows, for whoever does not see it. */
  label: string
  /** Unix ms, ascending. */
  at: readonly number[]
  lines: readonly ChartLine[]
  /** A value as it is to be read. */
  format(value: number): string
  kind?: 'line' | 'stacked' | 'bars'
  height?: number
  /** The times are days, which begin at midnight UTC. */
  days?: boolean
}
