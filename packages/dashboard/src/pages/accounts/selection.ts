import { useMemo, useRef, useState } from 'react'
import { selectedAfter } from './choose.js'

export interface Selection {
  ids: ReadonlySet<string>
  /** The same function always: rows that nothing changed for are not drawn anew. */
  toggle(this: void, id: string, shift: boolean): void
  set(this: void, ids: Iterable<string>): void
  clear(this: void): void
}

/** Which of a list are selected. `order`: as they are seen, for what is between two clicks. */
export function useSelection(order: readonly string[]): Selection {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set())
  const last = useRef<string>(undefined)
  const seen = useRef(order)
  seen.current = order
  const acts = useMemo(
    () => ({
      toggle(id: string, shift: boolean) {
        const from = last.current
        setIds((before) => selectedAfter(before, { id, last: from, shift, order: seen.current }))
        last.current = id
      },
      set: (wanted: Iterable<string>) => setIds(new Set(wanted)),
      clear: () => setIds(new Set()),
    }),
    [],
  )
  return { ids, ...acts }
}
