import classes from './sparkline.module.css'

/**
 * A line as small as a word, without axes. What it tells is said in words beside it: give `label` only where it is not.
 * @example <Sparkline values={[1, 5, 3, 8]} />
 */
export function Sparkline({
  values,
  height = 36,
  color = 'var(--mantine-primary-color-filled)',
  label,
}: {
  values: readonly (number | null)[]
  height?: number
  color?: string
  label?: string
}) {
  const known = values.map((value) => value ?? 0)
  const most = Math.max(...known, 0)
  const step = known.length > 1 ? 100 / (known.length - 1) : 100
  // A hair of room, so that a line at the top is not cut.
  const y = (value: number): number => (most === 0 ? 29 : 29 - (value / most) * 27)
  const line = known.map((value, n) => `${n === 0 ? 'M' : 'L'}${(n * step).toFixed(2)} ${y(value).toFixed(2)}`).join('')
  return (
    <svg
      className={classes.spark}
      viewBox="0 0 100 30"
      height={height}
      preserveAspectRatio="none"
      {...(label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
    >
      {known.length < 2 ? null : (
        <>
          <path d={`${line}L100 30L0 30Z`} fill={color} opacity={0.14} />
          <path d={line} fill="none" stroke={color} strokeWidth={1.6} vectorEffect="non-scaling-stroke" />
        </>
      )}
    </svg>
  )
}
