import { useEffect, useRef, useState } from 'react'
import UPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import type { Language } from '../i18n/index.js'
import type { ChartColors } from './chart-colors.js'
import { timesOf } from './chart-times.js'
import type { TimeChartProps } from './chart-lines.js'
import classes from './chart.module.css'

interface PlotLine {
  id: string
  name: string
  values: readonly (number | null)[]
  color: string
  visible: boolean
}

interface PlotProps extends Required<Pick<TimeChartProps, 'at' | 'format' | 'kind' | 'height' | 'days'>> {
  lines: readonly PlotLine[]
  language: Language
  colors: ChartColors
}

interface Tip {
  index: number
  left: number
  atRight: boolean
}

/** The drawing itself; the frame around it is `TimeChart`. */
export default function Plot(props: PlotProps) {
  const { at, lines, format, kind, height, days, language, colors } = props
  const holder = useRef<HTMLDivElement>(null)
  const plot = useRef<UPlot>(undefined)
  const latest = useRef(props)
  latest.current = props
  const [tip, setTip] = useState<Tip>()
  const visible = lines.filter((line) => line.visible)
  // Only another look makes another picture; new numbers go into the one that is there.
  const look = JSON.stringify([
    kind,
    height,
    days,
    language,
    colors.dark,
    visible.map(({ id, color }) => [id, color]),
    at.length < 2,
  ])

  useEffect(() => {
    const element = holder.current
    if (element === null) return undefined
    const made = new UPlot(optionsOf(latest.current, element.clientWidth, setTip), dataOf(latest.current), element)
    plot.current = made
    const resize = new ResizeObserver(() => {
      made.setSize({ width: element.clientWidth, height: latest.current.height })
    })
    resize.observe(element)
    return () => {
      resize.disconnect()
      made.destroy()
      plot.current = undefined
    }
  }, [look])
  useEffect(() => {
    plot.current?.setData(dataOf(latest.current))
  }, [at, lines])

  const moment = tip === undefined ? undefined : at[tip.index]
  return (
    <>
      <div ref={holder} aria-hidden />
      {tip === undefined || moment === undefined ? null : (
        <div
          className={classes.tip}
          style={tip.atRight ? { right: `calc(100% - ${tip.left - 12}px)` } : { left: tip.left + 12 }}
        >
          <strong>{timesOf(language, days).full(moment)}</strong>
          {visible.map(({ id, name, color, values }) => {
            const value = values[tip.index] ?? null
            return (
              <div key={id} className={classes.tipRow}>
                <span className={classes.mark} style={{ background: color }} />
                <span className={classes.tipName}>{name}</span>
                <span className={classes.tipValue}>{value === null ? '–' : format(value)}</span>
              </div>
            )
          })}
        </div>
      )}
    </>
  )
}

/** Columns as uPlot takes them: seconds first, then a line each; stacked ones each upon the one before. */
function dataOf({ at, lines, kind }: PlotProps): UPlot.AlignedData {
  const seconds = at.map((one) => one / 1000)
  const visible = lines.filter((line) => line.visible)
  if (kind === 'line') return [seconds, ...visible.map(({ values }) => [...values])]
  const below = new Array<number>(at.length).fill(0)
  const columns = visible.map(({ values }) =>
    at.map((_, n) => {
      below[n] = (below[n] ?? 0) + (values[n] ?? 0)
      return below[n] ?? 0
    }),
  )
  return [seconds, ...(kind === 'bars' ? columns.reverse() : columns)]
}

/** How far apart the times are, seconds. */
function stepOf(at: readonly number[]): number {
  const [first, second] = at
  return first === undefined || second === undefined ? 300 : (second - first) / 1000
}

function optionsOf(props: PlotProps, width: number, setTip: (tip: Tip | undefined) => void): UPlot.Options {
  const { at, kind, height, days, language, colors, format } = props
  const visible = props.lines.filter((line) => line.visible)
  // Bars that stand upon each other are drawn from the highest to the lowest.
  const drawn = kind === 'bars' ? [...visible].reverse() : visible
  const times = timesOf(language, days)
  const axis: UPlot.Axis = {
    stroke: colors.text,
    font: '11px system-ui, sans-serif',
    grid: { stroke: colors.grid, width: 1 },
    ticks: { show: false },
  }
  const bars = UPlot.paths.bars?.({ size: [0.8, 60], align: 1 })
  const smooth = UPlot.paths.spline?.()
  const lonely = at.length < 2
  return {
    width,
    height,
    padding: [8, 24, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: false, y: false },
      points: { size: 7 },
    },
    ...(days ? { tzDate: (second: number) => UPlot.tzDate(new Date(second * 1000), 'Etc/UTC') } : {}),
    scales: {
      // A bar begins where its time does: the last one needs room for itself.
      x: { time: true, range: (_, first, last) => [first, kind === 'bars' ? last + stepOf(at) : last] },
      // Room above, and a ground at zero, so that lines can be compared.
      y: { range: (_, __, most) => [0, most > 0 ? most * 1.08 : 1] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        space: 64,
        size: 28,
        values: (_, splits, __, ___, step) => splits.map((second) => times.axis(second * 1000, step * 1000)),
      },
      {
        ...axis,
        // As wide as its longest number, in letters of this size.
        size: (_, values) => 14 + 6.4 * Math.max(3, ...(values ?? []).map((text) => text.length)),
        values: (_, splits) => splits.map((value) => format(value)),
      },
    ],
    series: [
      {},
      ...drawn.map(({ name, color }, n): UPlot.Series => ({
        label: name,
        stroke: color,
        width: kind === 'bars' ? 0 : 2,
        spanGaps: kind === 'line',
        points: { show: lonely, size: 8, fill: color },
        ...(kind === 'bars' ? { fill: color, ...(bars === undefined ? {} : { paths: bars }) } : {}),
        ...(kind === 'line' && smooth !== undefined ? { paths: smooth } : {}),
        ...(kind === 'line' && drawn.length === 1 ? { fill: `${color}22` } : {}),
        ...(kind === 'stacked' && n === 0 ? { fill: `${color}66` } : {}),
      })),
    ],
    ...(kind === 'stacked'
      ? {
          bands: drawn.slice(1).map(({ color }, n): UPlot.Band => ({ series: [n + 2, n + 1], fill: `${color}66` })),
        }
      : {}),
    hooks: {
      setCursor: [
        (made) => {
          const { idx, left } = made.cursor
          if (idx == null || left === undefined || left < 0) return setTip(undefined)
          const offset = made.over.offsetLeft + left
          setTip({ index: idx, left: offset, atRight: offset > made.root.clientWidth / 2 })
        },
      ],
    },
  }
}
