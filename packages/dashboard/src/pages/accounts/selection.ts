import { useState } from 'react'
import { selectedAfter } from './choose.js'

export interface Selection {
  ids: ReadonlySet<string>
  toggle(id: string, shift: boolean): void
  set(ids: Iterable<string>): void
  clear(): void
}

/** Which of a list are selected. `order`: as they are seen, for what is between two clicks. */
export function useSelection(order: readonly string[]): Selection {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set())
  const [last, setLast] = useState<string>()
  return {
    ids,
    toggle(id, shift) {
      setIds((before) => selectedAfter(before, { id, last, shift, order }))
      setLast(id)
    },
    set: (wanted) => setIds(new Set(wanted)),
    clear: () => setIds(new Set()),
  }
}
