import { useCommon, type Language } from './index.js'

/** Numbers, dates and durations as a language writes them. */
export interface Format {
  number(value: number, digits?: number): string
  /** 12,345 → `12.3K` */
  compact(value: number): string
  /** 0.987 → `98.7%` */
  percent(share: number, digits?: number): string
  usd(value: number): string
  bytes(value: number): string
  /** @param at unix ms or ISO 8601 */
  dateTime(at: number | string): string
  date(at: number | string): string
  time(at: number | string): string
  /** `3 minutes ago`, `in 2 hours` */
  relative(at: number | string, now?: number): string
  /** 5,400,000 → `1 h 30 min`; under a second in ms. */
  duration(ms: number): string
}

const STEPS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365 * 86_400_000],
  ['month', 30 * 86_400_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
]

const known = new Map<Language, Format>()

export function useFormat(): Format {
  const { language } = useCommon()
  const format = known.get(language) ?? formatFor(language)
  known.set(language, format)
  return format
}

export function formatFor(language: Language): Format {
  const at = (value: number | string): number => (typeof value === 'number' ? value : Date.parse(value))
  // Making one of them takes far longer than using it, and a list uses hundreds.
  const made = new Map<string, Intl.NumberFormat>()
  const write = (value: number, options: Intl.NumberFormatOptions): string => {
    const key = Object.values(options).join(' ')
    const format = made.get(key) ?? new Intl.NumberFormat(language, options)
    made.set(key, format)
    return format.format(value)
  }
  const unit = (value: number, name: string, digits = 0): string =>
    write(value, { style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: digits })
  const dateTime = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' })
  const date = new Intl.DateTimeFormat(language, { dateStyle: 'medium' })
  const time = new Intl.DateTimeFormat(language, { timeStyle: 'medium' })
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })
  return {
    number: (value, digits = 0) => write(value, { maximumFractionDigits: digits }),
    compact: (value) => write(value, { notation: 'compact', maximumFractionDigits: 1 }),
    percent: (share, digits = 0) => write(share, { style: 'percent', maximumFractionDigits: digits }),
    usd: (value) =>
      write(value, {
        style: 'currency',
        currency: 'USD',
        maximumFractionDigits: value !== 0 && Math.abs(value) < 1 ? 4 : 2,
      }),
    bytes(value) {
      const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte']
      const step = value < 1 ? 0 : Math.min(3, Math.floor(Math.log10(value) / 3))
      return unit(value / 1000 ** step, units[step] ?? 'byte', 1)
    },
    dateTime: (value) => dateTime.format(at(value)),
    date: (value) => date.format(at(value)),
    time: (value) => time.format(at(value)),
    relative(value, now = Date.now()) {
      const difference = at(value) - now
      const [name, size] = STEPS.find(([, step]) => Math.abs(difference) >= step) ?? (['second', 1000] as const)
      return relative.format(Math.round(difference / size), name)
    },
    duration(ms) {
      if (ms < 1000) return unit(Math.round(ms), 'millisecond')
      if (ms < 60_000) return unit(ms / 1000, 'second', 1)
      const minutes = Math.round(ms / 60_000)
      if (minutes < 60) return unit(minutes, 'minute')
      const hours = Math.floor(minutes / 60)
      if (hours < 48)
        return [unit(hours, 'hour'), ...(minutes % 60 === 0 ? [] : [unit(minutes % 60, 'minute')])].join(' ')
      const days = Math.floor(hours / 24)
      return [unit(days, 'day'), ...(hours % 24 === 0 ? [] : [unit(hours % 24, 'hour')])].join(' ')
    },
  }
}
