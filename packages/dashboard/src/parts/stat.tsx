import { Paper, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { Sparkline } from './sparkline.js'
import classes from './stat.module.css'

export interface StatProps {
  label: string
  /** As it is to be read. */
  value: ReactNode
  /** What it is made of, or compared with. */
  note?: ReactNode
  icon?: ReactNode
  /** How it was over time. */
  trend?: readonly (number | null)[]
  /** The page that tells more, `/requests`. */
  to?: string
}

/** A number, what it means, how it was, and the page that tells more. */
export function Stat({ label, value, note, icon, trend, to }: StatProps) {
  const inside = (
    <>
      <Text size="sm" c="dimmed" component="div" className={classes.label}>
        {icon}
        {label}
      </Text>
      <Text fw={700} component="div" className={classes.value}>
        {value}
      </Text>
      {note === undefined ? null : (
        <Text size="xs" c="dimmed" component="div">
          {note}
        </Text>
      )}
      {trend === undefined ? null : (
        <div className={classes.spark}>
          <Sparkline values={trend} />
        </div>
      )}
    </>
  )
  const look = { withBorder: true, px: 'md', py: 'sm', className: classes.card } as const
  if (to === undefined) return <Paper {...look}>{inside}</Paper>
  return (
    <Paper component={Link} href={to} {...look}>
      {inside}
    </Paper>
  )
}
