import { useCallback, useMemo } from 'react'
import { useLocation, useSearch } from 'wouter'

export const RANGES = { '1h': 1, '6h': 6, '24h': 24, '7d': 168, '30d': 720, '90d': 2160 } as const
export type Range = keyof typeof RANGES | 'all' | 'custom'
export const RANGE_NAMES: readonly Range[] = ['1h', '6h', '24h', '7d', '30d', '90d', 'all', 'custom']

/** By what usage is told apart; as the gateway names it. */
export const GROUPS = ['model', 'account', 'api_key', 'client_key', 'client', 'provider'] as const
export type Group = (typeof GROUPS)[number]

export const METRICS = [
  'requests',
  'tokens',
  'input',
  'output',
  'cached',
  'reasoning',
  'hit',
  'cost',
  'ttft_p50',
  'ttft_p95',
  'duration_p50',
  'duration_p95',
  'failed',
  'images',
] as const
export type Metric = (typeof METRICS)[number]

/** What the page is asked for; all of it stands in the address. */
export interface Asked {
  range: Range
  /** Of a custom range, unix ms. */
  from?: number
  to?: number
  /** `none`: one line of all. */
  by: Group | 'none'
  metric: Metric
  kind: 'stacked' | 'line'
  only: Partial<Record<Group, string>>
}

const DEFAULTS = { range: '24h', by: 'model', metric: 'requests', kind: 'stacked' } as const

/** @param search `range=7d&by=account&model=codex%3Agpt-5.5`; what is not understood is left out */
export function readAsked(search: string): Asked {
  const told = new URLSearchParams(search)
  const word = <Word extends string>(name: string, words: readonly Word[], otherwise: Word): Word =>
    words.find((one) => one === told.get(name)) ?? otherwise
  const time = (name: string): number | undefined => {
    const at = Number(told.get(name) ?? NaN)
    return Number.isFinite(at) && at > 0 ? at : undefined
  }
  const from = time('from')
  const to = time('to')
  const only: Asked['only'] = {}
  for (const group of GROUPS) {
    const value = told.get(group)
    if (value !== null) only[group] = value
  }
  return {
    range: from === undefined ? word('range', RANGE_NAMES.slice(0, -1), DEFAULTS.range) : 'custom',
    ...(from === undefined ? {} : { from }),
    ...(from === undefined || to === undefined || to <= from ? {} : { to }),
    by: word('by', [...GROUPS, 'none'], DEFAULTS.by),
    metric: word('metric', METRICS, DEFAULTS.metric),
    kind: word('kind', ['stacked', 'line'], DEFAULTS.kind),
    only,
  }
}

/** The other way round; what is usual is not said. */
export function writeAsked({ range, from, to, by, metric, kind, only }: Asked): string {
  const told = new URLSearchParams()
  if (from !== undefined) told.set('from', String(from))
  else if (range !== DEFAULTS.range && range !== 'custom') told.set('range', range)
  if (from !== undefined && to !== undefined) told.set('to', String(to))
  if (by !== DEFAULTS.by) told.set('by', by)
  if (metric !== DEFAULTS.metric) told.set('metric', metric)
  if (kind !== DEFAULTS.kind) told.set('kind', kind)
  for (const group of GROUPS) {
    const value = only[group]
    if (value !== undefined) told.set(group, value)
  }
  return told.toString()
}

/** The time and the filters as the admin API takes them. */
export function queryOf({ range, from, to, only }: Asked): Record<string, string> {
  return {
    ...(from !== undefined
      ? { from: String(from), ...(to === undefined ? {} : { to: String(to) }) }
      : range === 'all' || range === 'custom'
        ? { hours: 'all' }
        : { hours: String(RANGES[range]) }),
    ...only,
  }
}

/** As long a time right before it; undefined where there is none. */
export function queryBefore(asked: Asked, now: number): Record<string, string> | undefined {
  const { range, from, to = now, only } = asked
  if (from !== undefined) return { from: String(2 * from - to), to: String(from), ...only }
  if (range === 'all' || range === 'custom') return undefined
  const span = RANGES[range] * 3_600_000
  return { from: String(now - 2 * span), to: String(now - span), ...only }
}

/** What the address asks for, and how to ask for something else. */
export function useAsked(): [Asked, (more: Partial<Asked>) => void] {
  const search = useSearch()
  const [, navigate] = useLocation()
  const asked = useMemo(() => readAsked(search), [search])
  const ask = useCallback(
    (more: Partial<Asked>) => {
      const next = { ...asked, ...more }
      const { from: _, to: __, ...rest } = next
      const query = writeAsked(next.range === 'custom' ? next : rest)
      navigate(query === '' ? '/usage' : `/usage?${query}`, { replace: true })
    },
    [asked, navigate],
  )
  return [asked, ask]
}
