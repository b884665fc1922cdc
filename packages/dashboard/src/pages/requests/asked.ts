import { useCallback, useMemo } from 'react'
import { useLocation, useSearch } from 'wouter'

/** Hours; the address says them by name. */
export const TIMES = { '15m': 0.25, '1h': 1, '24h': 24, '7d': 168 } as const
export type Time = keyof typeof TIMES
export const SLOW_SECONDS = [1, 5, 15, 60] as const

const FIELDS = ['search', 'status', 'time', 'model', 'account', 'key', 'client', 'provider', 'dialect', 'slow'] as const
export type Field = (typeof FIELDS)[number]

/** What the page is asked for; all of it stands in the address. */
export interface Asked {
  tab: 'requests' | 'errors'
  /** The request that is open: its own id, or the client's. */
  id: string | undefined
  filter: Readonly<Partial<Record<Field, string>>>
}

/** @param search `status=failed&model=gpt-5.5&id=log_…`; what is not understood is left out */
export function readAsked(search: string): Asked {
  const told = new URLSearchParams(search)
  const filter: Partial<Record<Field, string>> = {}
  for (const field of FIELDS) {
    const value = told.get(field)
    if (value !== null && value !== '') filter[field] = value
  }
  return { tab: told.get('tab') === 'errors' ? 'errors' : 'requests', id: told.get('id') ?? undefined, filter }
}

/** The other way round. */
export function writeAsked({ tab, id, filter }: Asked): string {
  const told = new URLSearchParams()
  if (tab === 'errors') told.set('tab', tab)
  for (const field of FIELDS) {
    const value = filter[field]
    if (value !== undefined && value !== '') told.set(field, value)
  }
  if (id !== undefined) told.set('id', id)
  return told.toString()
}

/** Filters as the admin API takes them. */
export function queryOf({ time, slow, ...same }: Asked['filter'], now: number): Record<string, string> {
  const hours = time !== undefined && Object.hasOwn(TIMES, time) ? TIMES[time as Time] : undefined
  const seconds = Number(slow)
  return {
    ...same,
    // In whole minutes, so that two questions of one moment are one.
    ...(hours === undefined ? {} : { since: String(Math.floor(now / 60_000) * 60_000 - hours * 3_600_000) }),
    ...(seconds > 0 ? { slow: String(seconds * 1000) } : {}),
  }
}

export const REQUESTS_PATH = '/requests'

/** What the address asks for, and how to ask for something else. */
export function useAsked(): [Asked, (more: Partial<Asked>, how?: { back: boolean }) => void] {
  const search = useSearch()
  const [, navigate] = useLocation()
  const asked = useMemo(() => readAsked(search), [search])
  const ask = useCallback(
    (more: Partial<Asked>, { back } = { back: false }) => {
      const query = writeAsked({ ...asked, ...more })
      navigate(query === '' ? REQUESTS_PATH : `${REQUESTS_PATH}?${query}`, { replace: !back })
    },
    [asked, navigate],
  )
  return [asked, ask]
}
