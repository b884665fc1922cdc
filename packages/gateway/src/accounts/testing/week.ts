import type { LimitsPlan } from '@dragoman/simulator'
import type { WorldEvent } from './pool-world.js'

const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
export const WEEK = 7 * DAY

export const MODEL = 'gpt-5.5'
/** Has a limit of its own on every account. */
export const SPARK = 'gpt-5.3-codex-spark'

/** One request of the week. */
export interface Turn {
  /** Unix ms. */
  at: number
  chain: string
  model: string
  tokens: number
  takesMs: number
  inputItems: number
  goesOn: boolean
}

/** What happens to the accounts of a week beside what the world does by itself. */
export type WeekEvent = { at: number } & ({ does: WorldEvent } | { endsLogin: string })

/** Both windows, and the spark model's own. */
export function plan(primaryTokens: number, secondaryTokens: number): LimitsPlan {
  return {
    primary: { windowMinutes: 300, capacityTokens: primaryTokens },
    secondary: { windowMinutes: 10_080, capacityTokens: secondaryTokens },
    additional: [
      {
        limitId: 'codex_bengalfox',
        limitName: 'GPT-5.3-Codex-Spark',
        models: [SPARK],
        primary: { windowMinutes: 300, capacityTokens: primaryTokens / 10 },
        secondary: { windowMinutes: 10_080, capacityTokens: secondaryTokens / 10 },
      },
    ],
  }
}

/**
 * The requests of a week: conversations of some turns, more by day than by night and fewer at its end, with hours in which
 * everybody comes at once.
 */
export function weekOfTurns(startAt: number, requests: number, random: () => number): Turn[] {
  const turns: Turn[] = []
  const rushes = Array.from({ length: 5 }, () => Math.floor(random() * 7 * 24))
  for (let conversation = 0; turns.length < requests; conversation++) {
    const begin = random() * WEEK
    if (random() > busyness(begin, rushes)) continue
    const model = random() < 0.05 ? SPARK : MODEL
    const length = 1 + Math.floor(-Math.log(1 - random()) * 12)
    let at = begin
    for (let turn = 0; turn < length && at < WEEK; turn++) {
      const takesMs = 2 * SECOND + -Math.log(1 - random()) * 20 * SECOND
      turns.push({
        at: startAt + at,
        chain: `c${conversation}`,
        model,
        tokens: Math.round(2_000 + random() * 20_000 + turn * 1_500),
        takesMs,
        inputItems: 1 + turn * 3,
        goesOn: turn > 0,
      })
      at += takesMs + 5 * SECOND + -Math.log(1 - random()) * 3 * MINUTE
    }
  }
  return turns.sort((a, b) => a.at - b.at).slice(0, requests)
}

function busyness(at: number, rushes: readonly number[]): number {
  const hour = Math.floor(at / HOUR)
  const day = Math.floor(at / DAY)
  const ofDay = 0.15 + 0.35 * (1 - Math.cos(((hour % 24) / 24) * 2 * Math.PI)) * (day >= 5 ? 0.5 : 1)
  return rushes.includes(hour) ? 1 : ofDay * 0.85
}

/**
 * What goes wrong in the week, and what goes unexpectedly well.
 * @param longWindow tokens of an account's long window
 */
export function weekOfEvents(
  startAt: number,
  ids: readonly string[],
  longWindow: number,
  random: () => number,
): WeekEvent[] {
  const events: WeekEvent[] = []
  const any = (): string => ids[Math.floor(random() * ids.length)] ?? ''
  const some = (count: number, make: (at: number) => WorldEvent): void => {
    for (let n = 0; n < count; n++) {
      const at = startAt + random() * WEEK
      events.push({ at, does: make(at) })
    }
  }
  const within = (from: number, to: number): number => from + random() * (to - from)
  some(8, (at) => ({ type: 'network_gap', until: at + within(MINUTE, 20 * MINUTE) }))
  some(4, (at) => ({ type: 'storm', until: at + within(MINUTE, 5 * MINUTE), share: 1 }))
  some(6, (at) => ({ type: 'storm', until: at + within(5 * MINUTE, 15 * MINUTE), share: 0.15 }))
  some(20, () => ({ type: 'early_reset', account: any() }))
  some(20, () => ({ type: 'early_reset', account: any(), limit: 'codex', window: 'primary' }))
  some(40, () => ({ type: 'used_elsewhere', account: any(), model: MODEL, tokens: within(0, longWindow / 20) }))
  some(30, (at) => ({ type: 'challenge', account: any(), until: at + within(MINUTE, 10 * MINUTE) }))
  some(6, (at) => ({ type: 'ban', account: any(), until: at + within(MINUTE, 2 * HOUR), as: 'forbidden' }))
  some(6, (at) => ({ type: 'unpaid', account: any(), until: at + within(HOUR, 4 * HOUR) }))
  some(40, () => ({ type: 'expire_access', account: any() }))
  some(1, () => ({ type: 'ban', account: any(), until: Infinity, as: 'deactivated' }))
  events.push({ at: startAt + within(2 * DAY, 5 * DAY), endsLogin: any() })
  // The provider gives everybody the short window back, as it does after troubles of its own.
  for (let n = 0; n < 2; n++) {
    const at = startAt + random() * WEEK
    for (const account of ids) events.push({ at, does: { type: 'early_reset', account, window: 'primary' } })
  }
  return events.sort((a, b) => a.at - b.at)
}
