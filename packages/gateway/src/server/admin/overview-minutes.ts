import type { RequestRecord } from '../../telemetry/index.js'

const MINUTE = 60_000
const KEPT = 60

export interface Minutes {
  /** Where each minute begins, unix ms; the last one is under way. */
  at: number[]
  requests: number[]
  failed: number[]
}

/** Requests of each minute of the last hour, counted in memory as they end. */
export interface TrafficMinutes {
  add(record: Pick<RequestRecord, 'failure'>): void
  /** @param fiveMinutes what is written of five minutes each: of the time before this process, shared out evenly */
  read(fiveMinutes: readonly { at: number; requests: number; failed: number }[]): Minutes
}

export function createTrafficMinutes(now: () => number = Date.now): TrafficMinutes {
  const startedAt = now()
  const minutes = new Map<number, { requests: number; failed: number }>()
  const minuteOf = (at: number): number => Math.floor(at / MINUTE) * MINUTE
  const firstNow = (): number => minuteOf(now()) - (KEPT - 1) * MINUTE
  return {
    add({ failure }) {
      const at = minuteOf(now())
      let minute = minutes.get(at)
      if (minute === undefined) {
        for (const old of minutes.keys()) if (old < firstNow()) minutes.delete(old)
        minutes.set(at, (minute = { requests: 0, failed: 0 }))
      }
      minute.requests += 1
      if (failure !== undefined && failure.kind !== 'cancelled') minute.failed += 1
    },
    read(fiveMinutes) {
      const told = Array.from({ length: KEPT }, (_, n) => {
        const at = firstNow() + n * MINUTE
        return { at, ...(minutes.get(at) ?? { requests: 0, failed: 0 }) }
      })
      for (const bucket of fiveMinutes) {
        const before = (moment: number): boolean => moment + MINUTE <= startedAt
        const unseen = [0, 1, 2, 3, 4].filter((n) => before(bucket.at + n * MINUTE)).length
        const inside = told.filter(({ at: moment }) => moment >= bucket.at && moment < bucket.at + 5 * MINUTE)
        for (const count of ['requests', 'failed'] as const) {
          const seen = inside.reduce((sum, minute) => sum + minute[count], 0)
          for (const minute of inside) {
            if (before(minute.at)) minute[count] = Math.max(0, bucket[count] - seen) / unseen
          }
        }
      }
      return {
        at: told.map(({ at }) => at),
        requests: told.map(({ requests }) => requests),
        failed: told.map(({ failed }) => failed),
      }
    },
  }
}
