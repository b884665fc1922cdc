import type { Language } from '../i18n/index.js'

/** Times at the foot of a chart, and in its tips. Days begin at midnight UTC and are named as there. */
export function timesOf(language: Language, days: boolean) {
  const zone = days ? { timeZone: 'UTC' } : {}
  const day = new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric', ...zone })
  const hour = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', ...zone })
  const month = new Intl.DateTimeFormat(language, { year: 'numeric', month: 'short', ...zone })
  const whole = new Intl.DateTimeFormat(
    language,
    days ? { dateStyle: 'medium', ...zone } : { dateStyle: 'medium', timeStyle: 'short' },
  )
  return {
    full: (at: number) => whole.format(at),
    /** @param stepMs how far apart the marks are */
    axis(at: number, stepMs: number): string {
      if (stepMs >= 28 * 86_400_000) return month.format(at)
      const moment = new Date(at)
      const midnight = moment.getHours() === 0 && moment.getMinutes() === 0
      return stepMs >= 86_400_000 || days || midnight ? day.format(at) : hour.format(at)
    },
  }
}
