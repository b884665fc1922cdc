import { SORTS, STATES, type Wish } from './choose.js'

const PLAIN: Wish = { search: '', state: null, plan: null, group: null, sort: 'name', descending: false }

/** What the address asks for: `search`, `state`, `plan`, `group`, `sort` (with a minus: turned round), `account` for one that is open. */
export function wishFrom(search: string): { wish: Wish; openId: string | undefined } {
  const asked = new URLSearchParams(search)
  const state = asked.get('state')
  const sort = asked.get('sort') ?? ''
  return {
    wish: {
      search: asked.get('search') ?? '',
      state: state === 'attention' ? state : (STATES.find((one) => one === state) ?? null),
      plan: asked.get('plan'),
      group: asked.get('group'),
      sort: SORTS.find((one) => one === sort.replace(/^-/, '')) ?? PLAIN.sort,
      descending: sort.startsWith('-'),
    },
    openId: asked.get('account') ?? undefined,
  }
}

/** The same for the address; empty when nothing is asked for. */
export function asSearch(wish: Wish, openId: string | undefined): string {
  const asked = new URLSearchParams()
  for (const name of ['search', 'state', 'plan', 'group'] as const) {
    const value = wish[name]
    if (value !== null && value !== '') asked.set(name, value)
  }
  if (wish.sort !== PLAIN.sort || wish.descending) asked.set('sort', `${wish.descending ? '-' : ''}${wish.sort}`)
  if (openId !== undefined) asked.set('account', openId)
  const text = asked.toString()
  return text === '' ? '' : `?${text}`
}
