import { fitnessOf, isAmong, openedAt } from './fitness.js'
import type { Fitness, FitnessRules } from './fitness.js'
import type { Entry } from './roster.js'
import type { Contender, Strategy, Wish } from './selection/strategy.js'
import type { Account, AccountWant } from './types.js'

/** Who could be asked for one request now, and why each other one could not. */
export interface Choice {
  /** In the order in which they are asked, whether or not they are busy. */
  ready: readonly Entry[]
  /** Locked ones whose lock may be tested when nobody else can serve; the one that waited longest first. */
  probes: readonly Entry[]
  refused: readonly Refused[]
}

export interface Refused {
  entry: Entry
  reason: string
  /** Unix ms when it may serve again, where that is known. */
  until?: number
  /** What it waits for until then. */
  heals?: 'rest' | 'quota'
  /** No waiting helps: the client key is bound to others, or its plan has no such model. */
  never?: 'bound' | 'plan'
}

export interface ChoiceRules extends FitnessRules {
  strategy: Strategy
  /** For what goes on somewhere, nobody knows where: the same in every instance. */
  byDraw: Strategy
  view(entry: Entry): Account
}

export interface ChoiceWish extends Wish {
  /** Where it is at home; asked first. */
  home: string | undefined
  /** It goes on with what was said before, but where is not known: every instance should look in the same place. */
  byDrawAlone: boolean
}

export function choose(entries: readonly Entry[], want: AccountWant, wish: ChoiceWish, rules: ChoiceRules): Choice {
  const ready: Entry[] = []
  const probes: { entry: Entry; since: number }[] = []
  const refused: Refused[] = []
  const reset: { entry: Entry; since: number }[] = []
  for (const entry of entries) {
    if (want.tried?.has(entry.record.id) === true) continue
    if (!isAmong(entry, want.among)) {
      refused.push({ entry, reason: 'The client key is bound to other accounts.', never: 'bound' })
      continue
    }
    const fitness = fitnessOf(entry, want.model, rules, wish.now)
    switch (fitness.may) {
      case 'serve':
        ready.push(entry)
        break
      case 'try':
        if (fitness.since !== undefined) reset.push({ entry, since: fitness.since })
        else if (entry.open === 0) ready.push(entry)
        else refused.push({ entry, reason: tryReason(fitness), until: wish.now })
        break
      case 'probe':
        probes.push({ entry, since: fitness.since })
        refused.push({ entry, reason: fitness.reason, until: fitness.until, heals: 'quota' })
        break
      case 'not':
        refused.push({ entry, ...withoutMay(fitness) })
        break
      default:
        fitness satisfies never
    }
  }
  const due = new Set(opened(reset, ready.length === 0, wish.now))
  for (const one of reset) {
    if (due.has(one) && one.entry.open === 0) ready.push(one.entry)
    else refused.push({ entry: one.entry, reason: JUST_RESET, until: wish.now })
  }
  return {
    ready: ordered(ready, wish, rules),
    probes: probes.sort((a, b) => a.since - b.since).map(({ entry }) => entry),
    refused,
  }
}

const JUST_RESET = 'Its limit has just been reset: one request at a time sees whether it is open.'

function tryReason({ why }: Extract<Fitness, { may: 'try' }>): string {
  return `One request at a time: ${why}.`
}

function withoutMay({ may: _, ...rest }: Extract<Fitness, { may: 'not' }>): Omit<Refused, 'entry'> {
  return rest
}

/** Of those that were reset, whose turn has come; where nobody else is ready, the first at once. */
function opened<One extends { entry: Entry; since: number }>(
  reset: readonly One[],
  needed: boolean,
  now: number,
): One[] {
  const times = reset.map((one) => ({ one, at: openedAt(one.entry.record.id, one.since, reset.length - 1) }))
  times.sort((a, b) => a.at - b.at)
  const due = times.filter(({ at }) => at <= now)
  const [first] = times
  return (due.length === 0 && needed && first !== undefined ? [first] : due).map(({ one }) => one)
}

function ordered(ready: readonly Entry[], wish: ChoiceWish, rules: ChoiceRules): Entry[] {
  const at = ready.findIndex(({ record }) => record.id === wish.home)
  const home = ready[at]
  const others = home === undefined ? ready : ready.filter((entry) => entry !== home)
  const rest = byStrategy(others, wish, wish.byDrawAlone ? rules.byDraw : rules.strategy, rules.view)
  return home === undefined ? rest : [home, ...rest]
}

function byStrategy(entries: readonly Entry[], wish: Wish, strategy: Strategy, view: ChoiceRules['view']): Entry[] {
  const entryOf = new Map<Contender, Entry>()
  for (const entry of entries) {
    const { quota, lastUsedAt, open, requests } = entry
    entryOf.set(
      {
        account: view(entry),
        ...(quota === undefined ? {} : { quota }),
        open,
        requests,
        ...(lastUsedAt === undefined ? {} : { lastUsedAt }),
      },
      entry,
    )
  }
  return strategy([...entryOf.keys()], wish).flatMap((contender) => entryOf.get(contender) ?? [])
}
