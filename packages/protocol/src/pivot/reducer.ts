import { isTerminal, type PivotEvent } from './events.js'
import type { PivotItem } from './items.js'
import type { PivotResponse } from './response.js'

export interface ResponseReducer {
  push(events: readonly PivotEvent[]): void
  /** The response so far: complete after a terminal event, `in_progress` before. */
  response(): PivotResponse
  readonly ended: boolean
}

/** Folds a stream of events into the response they tell. */
export function responseReducer(): ResponseReducer {
  void isTerminal
  const items = new Map<number, PivotItem>()
  return {
    push() {
      throw new Error('not built yet')
    },
    response: () => ({ id: '', output: [...items.values()] }),
    ended: false,
  }
}
