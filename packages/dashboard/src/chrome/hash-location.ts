import { useSyncExternalStore } from 'react'

/** `#/usage?range=24h`: the page, and what it is asked for. Both stand after the `#`, so a link of it can be opened anywhere. */
function parts(): [path: string, search: string] {
  const [path = '', ...search] = location.hash.replace(/^#?\/?/, '').split('?')
  return [`/${path}`, search.join('?')]
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener)
  return () => window.removeEventListener('hashchange', listener)
}

/** @param to `/usage?range=24h`; without a question mark nothing is asked for */
function navigate(to: string, { replace = false, state = null }: { replace?: boolean; state?: unknown } = {}): void {
  const oldURL = location.href
  const newURL = new URL(`#/${to.replace(/^#?\/?/, '')}`, oldURL).href
  if (replace) history.replaceState(state, '', newURL)
  else history.pushState(state, '', newURL)
  // Neither of them tells anybody.
  window.dispatchEvent(new HashChangeEvent('hashchange', { oldURL, newURL }))
}

/** For wouter's `Router`: the page in the hash. */
export function useHashPath(): [string, typeof navigate] {
  return [useSyncExternalStore(subscribe, () => parts()[0]), navigate]
}
useHashPath.hrefs = (href: string): string => `#${href}`

/** For wouter's `Router`: what its `useSearch` tells, `range=24h`. */
export function useHashSearch(): string {
  return useSyncExternalStore(subscribe, () => parts()[1])
}
