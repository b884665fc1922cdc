import { useChartColors } from './chart-colors.js'
import classes from './sparkline.module.css'

/**
 * A line as small as a word, without axes. What it tells is said in words beside it: give `label` only where it is not.
 * @param values null where nothing was measured: the line has a gap there
 * @example <Sparkline values={[1, 5, 3, 8]} />
 */
export function Sparkline({
  values,
  height = 36,
  color,
  label,
}: {
  values: readonly (number | null)[]
  height?: number
  color?: string
  label?: string
}) {
  const colors = useChartColors()
  const stroke = color ?? colors.line(0)
  const most = Math.max(0, ...values.map((value) => value ?? 0))
  const step = values.length > 1 ? 100 / (values.length - 1) : 100
  // A hair of room, so that a line at the top is not cut.
  const y = (value: number): number => (most === 0 ? 29 : 29 - (value / most) * 27)
  return (
    <svg
      className={classes.spark}
      viewBox="0 0 100 30"
      height={height}
      preserveAspectRatio="none"
      {...(label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
    >
      {stretches(values).map(({ from, known }) => {
        // A lonely value is half a step wide on either side.
        const places = known.length === 1 ? [from - 0.5, from + 0.5] : known.map((_, n) => from + n)
        const x = (place: number): string => Math.min(100, Math.max(0, place * step)).toFixed(2)
        const points = places.map((place, n) => `${x(place)} ${y(known[n] ?? known[0] ?? 0).toFixed(2)}`)
        const line = `M${points.join('L')}`
        const [begin = 0] = places
        const end = places.at(-1) ?? begin
        return (
          <g key={from}>
            <path d={`${line}L${x(end)} 30L${x(begin)} 30Z`} fill={stroke} opacity={0.14} />
            <path d={line} fill="none" stroke={stroke} strokeWidth={1.6} vectorEffect="non-scaling-stroke" />
          </g>
        )
      })}
    </svg>
  )
}

/** Values that follow each other without a gap, and where they begin. */
function stretches(values: readonly (number | null)[]): { from: number; known: number[] }[] {
  const found: { from: number; known: number[] }[] = []
  let open: { from: number; known: number[] } | undefined
  for (const [n, value] of values.entries()) {
    if (value === null) open = undefined
    else if (open === undefined) found.push((open = { from: n, known: [value] }))
    else open.known.push(value)
  }
  return found
}
