import { SegmentedControl, Skeleton, Table, Text, UnstyledButton } from '@mantine/core'
import { lazy, Suspense, useState } from 'react'
import { useCommon, useTexts } from '../i18n/index.js'
import { useChartColors } from './chart-colors.js'
import type { TimeChartProps } from './chart-lines.js'
import { CHART_TEXTS } from './chart-texts.js'
import { timesOf } from './chart-times.js'
import classes from './chart.module.css'

const Plot = lazy(() => import('./chart-plot.js'))

/** More would not be read by anybody. */
const ROWS = 500

/**
 * Values over time: a picture whose lines can be switched off, and the same as a table. Its drawing code is loaded when it is needed.
 * @example <TimeChart label="Requests" at={[t0, t1]} lines={[{ name: 'gpt-5.5', values: [1, 2] }]} format={format.number} />
 */
export function TimeChart({ label, at, lines, format, kind = 'line', height = 260, days = false }: TimeChartProps) {
  const { t } = useTexts(CHART_TEXTS)
  const { language } = useCommon()
  const colors = useChartColors()
  const [asTable, setAsTable] = useState(false)
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set())
  const shown = lines.map((line, index) => {
    const id = line.id ?? line.name
    return { ...line, id, color: colors.line(index), visible: !hidden.has(id) }
  })
  const empty = shown.every(({ values }) => values.every((value) => value === null || value === 0))
  const toggle = (id: string): void => {
    const next = new Set(hidden)
    if (!next.delete(id)) next.add(id)
    setHidden(next)
  }
  return (
    <div>
      <div className={classes.head}>
        <div className={classes.legend} role="group" aria-label={t('lines')}>
          {asTable || lines.length < 2
            ? null
            : shown.map(({ id, name, color, visible }) => (
                <UnstyledButton
                  key={id}
                  className={classes.key}
                  aria-pressed={visible}
                  aria-label={t(visible ? 'shown' : 'hidden', { name })}
                  onClick={() => toggle(id)}
                >
                  <span className={classes.mark} style={{ background: color }} />
                  <span className={classes.name}>{name}</span>
                </UnstyledButton>
              ))}
        </div>
        <SegmentedControl
          size="xs"
          aria-label={label}
          value={asTable ? 'table' : 'picture'}
          onChange={(value) => setAsTable(value === 'table')}
          data={[
            { value: 'picture', label: t('picture') },
            { value: 'table', label: t('table') },
          ]}
        />
      </div>
      {asTable ? (
        <ChartTable label={label} at={at} lines={lines} format={format} days={days} height={height} />
      ) : (
        <div className={classes.plot} style={{ height }} role="img" aria-label={label}>
          <Suspense fallback={<Skeleton height={height} />}>
            <Plot
              at={at}
              lines={shown}
              format={format}
              kind={kind}
              height={height}
              days={days}
              language={language}
              colors={colors}
            />
          </Suspense>
          {empty ? (
            <Text size="sm" c="dimmed" className={classes.nothing}>
              {t('nothing')}
            </Text>
          ) : null}
        </div>
      )}
    </div>
  )
}

function ChartTable({
  label,
  at,
  lines,
  format,
  days,
  height,
}: Pick<TimeChartProps, 'label' | 'at' | 'lines' | 'format'> & { days: boolean; height: number }) {
  const { t } = useTexts(CHART_TEXTS)
  const { language } = useCommon()
  const { full } = timesOf(language, days)
  // The newest first, and only times in which something was.
  const rows = at.map((_, n) => n).filter((n) => lines.some(({ values }) => (values[n] ?? 0) !== 0))
  const last = rows.slice(-ROWS).reverse()
  return (
    <div
      className={classes.table}
      style={{ maxHeight: Math.max(height, 260) }}
      tabIndex={0}
      role="group"
      aria-label={label}
    >
      <Table stickyHeader striped>
        <Table.Caption>
          {last.length === 0 ? t('nothing') : label}
          {rows.length > ROWS ? ` · ${t('rowsLeftOut', { count: ROWS })}` : ''}
        </Table.Caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('time')}</Table.Th>
            {lines.map(({ id, name }) => (
              <Table.Th key={id ?? name} scope="col" ta="end">
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {last.map((n) => (
            <Table.Tr key={at[n]}>
              <Table.Th scope="row" fw={400}>
                {full(at[n] ?? 0)}
              </Table.Th>
              {lines.map(({ id, name, values }) => {
                const value = values[n] ?? null
                return (
                  <Table.Td key={id ?? name} ta="end">
                    {value === null ? '–' : format(value)}
                  </Table.Td>
                )
              })}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  )
}
