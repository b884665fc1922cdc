import { Text, VisuallyHidden } from '@mantine/core'
import { useCommon, useTexts } from '../i18n/index.js'
import { CHART_TEXTS } from './chart-texts.js'
import classes from './heat-map.module.css'

/** The first day of a week by language: Sunday is 0. */
const FIRST_DAY = { en: 0, 'zh-CN': 1 } as const
/** 2023-01-01 was a Sunday. */
const SUNDAY = Date.UTC(2023, 0, 1)

/**
 * Hours of the days of a week, the darker the more. A real table: every cell holds its number, for whoever does not see colours and for
 * whoever points at it.
 */
export function HeatMap({
  label,
  values,
  format,
}: {
  label: string
  /** Seven days from Sunday on, of 24 hours each. */
  values: readonly (readonly number[])[]
  format(value: number): string
}) {
  const { t } = useTexts(CHART_TEXTS)
  const { language } = useCommon()
  const most = Math.max(0, ...values.flat())
  const first = FIRST_DAY[language]
  const days = Array.from({ length: 7 }, (_, n) => (n + first) % 7)
  const dayName = new Intl.DateTimeFormat(language, { weekday: 'short', timeZone: 'UTC' })
  const hourName = new Intl.DateTimeFormat(language, { hour: 'numeric', hourCycle: 'h23', timeZone: 'UTC' })
  const hour = (n: number): string => hourName.format(SUNDAY + n * 3_600_000)
  // The root brings out what is small beside one great hour.
  const tint = (value: number): number => (most === 0 || value === 0 ? 0 : 0.12 + 0.88 * Math.sqrt(value / most))
  return (
    <div>
      <div className={classes.scroll} tabIndex={0} role="group" aria-label={label}>
        <table className={classes.grid}>
          <caption>
            <VisuallyHidden>{label}</VisuallyHidden>
          </caption>
          <thead>
            <tr>
              <td className={classes.row} />
              {Array.from({ length: 24 }, (_, n) => (
                <th key={n} scope="col">
                  <VisuallyHidden>{hour(n)}</VisuallyHidden>
                  <span aria-hidden>{n % 3 === 0 ? n : ''}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {days.map((day) => {
              const name = dayName.format(SUNDAY + day * 86_400_000)
              return (
                <tr key={day}>
                  <th scope="row" className={classes.row}>
                    {name}
                  </th>
                  {Array.from({ length: 24 }, (_, n) => {
                    const value = values[day]?.[n] ?? 0
                    return (
                      <td key={n} className={classes.cell} title={`${name} ${hour(n)}: ${format(value)}`}>
                        <span className={classes.tint} style={{ opacity: tint(value) }} />
                        <VisuallyHidden>{format(value)}</VisuallyHidden>
                      </td>
                    )
                  })}
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
      <div className={classes.key} aria-hidden>
        <Text size="xs" c="dimmed">
          {t('less')}
        </Text>
        {[0, 0.25, 0.5, 0.75, 1].map((share) => (
          <span key={share} className={`${classes.cell} ${classes.step}`}>
            <span className={classes.tint} style={{ opacity: share === 0 ? 0 : 0.12 + 0.88 * Math.sqrt(share) }} />
          </span>
        ))}
        <Text size="xs" c="dimmed">
          {t('more')}
        </Text>
      </div>
    </div>
  )
}
