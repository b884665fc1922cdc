import { useSyncExternalStore } from 'react'
import type { Schemas } from '../../api/client.js'

type Routing = Schemas['ModelRouting']

/** The lists whose entries can be removed. */
export type List = 'aliases' | 'routes' | 'patterns' | 'claudeModels' | 'fallbacks' | 'customModels'

/** Removed here, and still kept until nobody can take it back: whatever is read in between does not bring it back. */
let leaving: ReadonlySet<string> = new Set()
const listeners = new Set<() => void>()

const mark = (list: List, name: string): string => `${list}\n${name}`

export function setLeaving(list: List, name: string, isLeaving: boolean): void {
  const next = new Set(leaving)
  if (isLeaving) next.add(mark(list, name))
  else next.delete(mark(list, name))
  leaving = next
  listeners.forEach((listener) => listener())
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** What is left of the lists once that is gone. */
export function useWithoutLeaving(): (routing: Routing) => Routing {
  const marks = useSyncExternalStore(subscribe, () => leaving)
  return (routing) => {
    if (marks.size === 0) return routing
    const stays =
      (list: List) =>
      ({ name }: { name: string }): boolean =>
        !marks.has(mark(list, name))
    return {
      ...routing,
      aliases: routing.aliases.filter(stays('aliases')),
      routes: routing.routes.filter(stays('routes')),
      patterns: routing.patterns.filter(stays('patterns')),
      claudeModels: routing.claudeModels.filter(stays('claudeModels')),
      fallbacks: routing.fallbacks.filter(stays('fallbacks')),
      customModels: routing.customModels.filter(({ id }) => stays('customModels')({ name: id })),
    }
  }
}
