import type { Schemas } from '../../api/client.js'

export type Account = Schemas['Account']
export type State = Account['state']

export const STATES: readonly State[] = ['active', 'cooling', 'exhausted', 'expired', 'suspended', 'disabled']

export const SORTS = ['name', 'state', 'plan', 'left', 'resets', 'used', 'requests', 'expires', 'added'] as const
export type Sort = (typeof SORTS)[number]

/** What of all accounts is to be seen, and in which order. */
export interface Wish {
  search: string
  state: State | 'attention' | null
  plan: string | null
  group: string | null
  sort: Sort
  descending: boolean
}

export function nameOf({ label, email, id }: Pick<Account, 'label' | 'email' | 'id'>): string {
  return label ?? email ?? id
}

/** Something that only its owner can put right. */
export function needsOwner({ state, attention }: Account): boolean {
  return state === 'expired' || state === 'suspended' || attention !== null
}

/** How many are how, and which plans and groups there are. */
export interface Figures {
  states: Readonly<Record<State, number>>
  attention: number
  plans: readonly string[]
  groups: readonly string[]
}

export function figuresOf(accounts: readonly Account[]): Figures {
  const states = { active: 0, cooling: 0, exhausted: 0, expired: 0, suspended: 0, disabled: 0 }
  const [plans, groups] = [new Set<string>(), new Set<string>()]
  let attention = 0
  for (const account of accounts) {
    states[account.state] += 1
    if (needsOwner(account)) attention += 1
    if (account.planType !== null) plans.add(account.planType)
    for (const group of account.groups) groups.add(group)
  }
  return { states, attention, plans: [...plans].toSorted(), groups: [...groups].toSorted() }
}

/** The account's own windows: the share that is left of the fullest, and when the next begins anew (unix seconds). */
export function leftOf({ quota }: Account): { left: number; resetAt: number | null } | undefined {
  const own = quota?.windows.filter(({ limit }) => limit === 'codex') ?? []
  if (own.length === 0) return undefined
  const resets = own.flatMap(({ reset_at: at }) => (at === null ? [] : [at]))
  return {
    left: Math.min(...own.map((window) => (window.limit_reached ? 0 : window.remaining_percent))),
    resetAt: resets.length === 0 ? null : Math.min(...resets),
  }
}

/** Those that are wished for, in the order that is wished for; equal ones by name. */
export function chosen(accounts: readonly Account[], wish: Wish): Account[] {
  const words = wish.search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  const found = accounts.filter(
    (account) =>
      (wish.state === null || (wish.state === 'attention' ? needsOwner(account) : account.state === wish.state)) &&
      (wish.plan === null || account.planType === wish.plan) &&
      (wish.group === null || account.groups.includes(wish.group)) &&
      (words.length === 0 || hasAll(textOf(account), words)),
  )
  const keyed = found.map((account) => ({
    account,
    key: keyOf(account, wish.sort),
    name: nameOf(account).toLowerCase(),
  }))
  const way = wish.descending ? -1 : 1
  keyed.sort((a, b) => {
    // What is not known comes last, whichever way.
    if (a.key === undefined || b.key === undefined) {
      return a.key === b.key ? compare(a.name, b.name) : a.key === undefined ? 1 : -1
    }
    return way * compare(a.key, b.key) || compare(a.name, b.name)
  })
  return keyed.map(({ account }) => account)
}

function hasAll(text: string, words: readonly string[]): boolean {
  return words.every((word) => text.includes(word))
}

function textOf({ id, email, label, accountId, userId, planType, note, groups, proxyName }: Account): string {
  return [id, email, label, accountId, userId, planType, note, ...groups, proxyName]
    .filter((word) => word !== null)
    .join('\n')
    .toLowerCase()
}

function keyOf(account: Account, sort: Sort): string | number | undefined {
  switch (sort) {
    case 'name':
      return nameOf(account).toLowerCase()
    case 'state':
      return STATES.indexOf(account.state)
    case 'plan':
      return account.planType ?? undefined
    case 'left':
      return leftOf(account)?.left
    case 'resets':
      return leftOf(account)?.resetAt ?? undefined
    case 'used':
      return timeOf(account.usage.last_used)
    case 'requests':
      return account.usage.request_count
    case 'expires':
      return timeOf(account.expiresAt)
    case 'added':
      return timeOf(account.addedAt)
    default:
      return sort satisfies never
  }
}

function timeOf(at: string | null): number | undefined {
  return at === null ? undefined : Date.parse(at)
}

function compare<T extends string | number>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** What is selected after a click, with the shift key from the last one that was clicked to this one. */
export function selectedAfter(
  before: ReadonlySet<string>,
  click: { id: string; last: string | undefined; shift: boolean; order: readonly string[] },
): Set<string> {
  const { id, last, shift, order } = click
  const selected = new Set(before)
  const [from, to] = [last === undefined ? -1 : order.indexOf(last), order.indexOf(id)]
  const adds = !before.has(id)
  const range = shift && from !== -1 && to !== -1 ? order.slice(Math.min(from, to), Math.max(from, to) + 1) : [id]
  for (const one of range) {
    if (adds) selected.add(one)
    else selected.delete(one)
  }
  return selected
}
