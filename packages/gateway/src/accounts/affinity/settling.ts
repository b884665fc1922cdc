import type { ConversationHome } from '../../store/index.js'
import type { AccountWant } from '../types.js'
import { TOUCH_EVERY_MS } from './homes.js'
import type { Homes } from './homes.js'

/** One request's stay at an account, which may become the home of its chain. */
export interface Stay {
  /** Where the chain is at home until this is answered elsewhere. */
  movedFrom?: ConversationHome
  /** So many items at the front of the input were made with another account. */
  foreignItems: number
  originId: string
  /**
   * @param served it was answered: the chain is at home there
   * @param unreadable it could not read what the input holds of other accounts
   */
  end(served: boolean, unreadable: boolean): void
}

/** Where a request was given a place. */
export interface StayAt {
  accountId: string
  inputItems: number
  /** Its home cannot serve it, so that what belongs to the conversation leaves with it. */
  leaves: boolean
}

/** Decides when a chain of turns changes its home: when it was answered elsewhere, and not before. */
export interface Settling {
  /** Its own home, else that of the conversation that it belongs to. */
  homeOf(want: AccountWant): ConversationHome | undefined
  /** @param home from {@link Settling.homeOf} */
  begin(want: AccountWant, home: ConversationHome | undefined, at: StayAt): Stay
}

export function createSettling(homes: Homes, now: () => number): Settling {
  /** Names whose first request is not answered yet. */
  const unanswered = new Set<string>()

  const namesOf = ({ chain, conversation }: AccountWant): string[] =>
    [chain, conversation].filter((name) => name !== undefined)

  function homeOf(want: AccountWant): ConversationHome | undefined {
    for (const name of namesOf(want)) {
      const home = homes.get(name)
      if (home !== undefined) return home
    }
    return undefined
  }

  /** The conversation itself follows the chain that had to leave the same place, or that keeps to its place. */
  function settle(want: AccountWant, home: ConversationHome, left: ConversationHome | undefined): void {
    const { chain, conversation } = want
    for (const name of namesOf(want)) {
      const known = homes.get(name)
      const follows = known === undefined || known.accountId === home.accountId || known.accountId === left?.accountId
      if (name === conversation && name !== (chain ?? name) && !follows) continue
      homes.set(name, home)
      unanswered.delete(name)
    }
  }

  return {
    homeOf,
    begin(want, home, { accountId, inputItems, leaves }) {
      const movedFrom = home === undefined || home.accountId === accountId ? undefined : home
      const originId = home?.originId ?? accountId
      const foreignItems = movedFrom === undefined ? (home?.foreignItems ?? 0) : inputItems
      const moves = (home?.moves ?? 0) + (movedFrom === undefined ? 0 : 1)
      const isSettled = (of: AccountWant): boolean =>
        home !== undefined &&
        now() - home.at < TOUCH_EVERY_MS &&
        (unanswered.size === 0 || !namesOf(of).some((name) => unanswered.has(name)))
      if (home === undefined) {
        // Two requests that begin a conversation at one time find the same place.
        for (const name of namesOf(want)) {
          homes.set(name, { accountId, originId, foreignItems, moves, at: now() })
          unanswered.add(name)
        }
      }
      return {
        ...(movedFrom === undefined ? {} : { movedFrom }),
        foreignItems,
        originId,
        end(served, unreadable) {
          if (served) {
            if (isSettled(want) && movedFrom === undefined && !unreadable) return
            const current = homeOf(want)
            // Another of its requests may have found a new home meanwhile.
            if (movedFrom === undefined || current === undefined || current.accountId === movedFrom.accountId) {
              const items = unreadable ? Math.max(inputItems, foreignItems) : foreignItems
              settle(
                want,
                { accountId, originId, foreignItems: items, moves, at: now() },
                leaves ? movedFrom : undefined,
              )
            }
          } else if (home === undefined) {
            for (const name of namesOf(want)) if (unanswered.delete(name)) homes.delete(name)
          }
        },
      }
    },
  }
}
