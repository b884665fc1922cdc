import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { api, type Schemas } from '../../api/client.js'
import type { Language } from '../../i18n/index.js'

export type Event = Schemas['Event']
export const EVENTS = ['events'] as const
const PAGE = 200

export interface Filter {
  level: Event['level'] | null
  type: Event['type'] | null
  account: string | null
  text: string
}
export const NO_FILTER: Filter = { level: null, type: null, account: null, text: '' }

/** As the admin API takes it. */
export function queryOf({ level, type, account, text }: Filter, language: Language) {
  return {
    language,
    ...(level === null || level === 'info' ? {} : { level }),
    ...(type === null ? {} : { type }),
    ...(account === null ? {} : { account }),
    ...(text.trim() === '' ? {} : { text: text.trim() }),
  }
}

export function useEvents(filter: Filter, language: Language) {
  const query = queryOf(filter, language)
  return useInfiniteQuery({
    queryKey: [...EVENTS, 'list', query],
    initialPageParam: '',
    queryFn: async ({ pageParam }) => {
      const { data } = await api.GET('/admin/events', {
        params: { query: { ...query, limit: PAGE, ...(pageParam === '' ? {} : { before: pageParam }) } },
      })
      return data ?? { events: [], next: null }
    },
    getNextPageParam: ({ next }) => next,
    placeholderData: (before) => before,
  })
}

/** Accounts that something can have happened to. */
export function useAccountNames() {
  return useQuery({
    queryKey: ['accounts', 'names'],
    queryFn: async () => {
      const { data } = await api.GET('/auth/accounts')
      return (data?.accounts ?? []).map(({ id, label, email }) => ({ value: id, label: label ?? email ?? id }))
    },
    staleTime: 60_000,
  })
}

/** Events by the day on which they happened, the newest first. @param dayOf the day as the reader's calendar has it */
export function byDay(
  events: readonly Event[],
  dayOf: (at: number) => string,
): { day: string; at: number; events: Event[] }[] {
  const days: { day: string; at: number; events: Event[] }[] = []
  for (const event of events) {
    const day = dayOf(event.at)
    const last = days.at(-1)
    if (last?.day === day) last.events.push(event)
    else days.push({ day, at: event.at, events: [event] })
  }
  return days
}
