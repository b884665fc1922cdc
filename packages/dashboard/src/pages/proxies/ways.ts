import { useMemo } from 'react'
import { useTexts } from '../../i18n/index.js'
import type { Proxy } from './data.js'
import { TEXTS } from './texts.js'

export interface Way {
  id: string
  name: string
  about: string
  /** Of a proxy. */
  state?: ShownState
}

/** Every way out: those that are always there, and the proxies. */
export function useWays(proxies: readonly Proxy[]): { ways: Way[]; names: ReadonlyMap<string, string> } {
  const { t } = useTexts(TEXTS)
  return useMemo(() => {
    const ways: Way[] = [
      { id: 'global', name: t('way.global'), about: t('way.globalAbout') },
      { id: 'direct', name: t('way.direct'), about: t('way.directAbout') },
      { id: 'auto', name: t('way.auto'), about: t('way.autoAbout') },
      ...proxies.map((proxy) => ({ id: proxy.id, name: proxy.name, about: proxy.url, state: shownState(proxy) })),
    ]
    return { ways, names: new Map(ways.map(({ id, name }) => [id, name])) }
  }, [proxies, t])
}

/** `doubtful`: it carried the question of the last check, and the answer was no good. */
export type ShownState = Proxy['state'] | 'doubtful'

export function shownState({ state, health }: Proxy): ShownState {
  return state === 'good' && (health?.error ?? null) !== null ? 'doubtful' : state
}

export const STATE_COLORS = {
  good: 'teal',
  doubtful: 'orange',
  unchecked: 'gray',
  unreachable: 'red',
  disabled: 'gray',
} as const
