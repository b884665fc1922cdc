import { useCallback, useMemo } from 'react'
import { useLocation, useSearch } from 'wouter'
import { FIRST, isSection, type SectionName } from './sections.js'

/** What the page is asked for; it stands in the address: `#/settings?s=accounts`, `#/settings?q=port`. */
export interface Asked {
  section: SectionName
  search: string
}

export function useAsked(): Asked & { ask(change: Partial<Asked>): void } {
  const told = useSearch()
  const [, navigate] = useLocation()
  const asked = useMemo((): Asked => {
    const params = new URLSearchParams(told)
    const name = params.get('s')
    return { section: isSection(name) ? name : FIRST, search: params.get('q') ?? '' }
  }, [told])
  const ask = useCallback(
    (change: Partial<Asked>) => {
      const { section, search } = { ...asked, ...change }
      const params = new URLSearchParams()
      if (section !== FIRST) params.set('s', section)
      if (search !== '') params.set('q', search)
      const query = params.toString()
      // A part is a place to come back to; letters of a search are not.
      navigate(query === '' ? '/settings' : `/settings?${query}`, { replace: change.section === undefined })
    },
    [asked, navigate],
  )
  return { ...asked, ask }
}
