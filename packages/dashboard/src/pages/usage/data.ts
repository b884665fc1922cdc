import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { api } from '../../api/client.js'
import { queryBefore, queryOf, type Asked, type Group } from './asked.js'

/** Everything of this page is read anew together. */
export const USAGE = ['usage'] as const

/** These answers come as CSV only when that is asked for. */
function json<Told>(told: Told | string | undefined): Told {
  if (told === undefined || typeof told === 'string') throw new Error('the gateway did not answer in JSON')
  return told
}

const TABLES = {
  model: (query: Record<string, string>) => api.GET('/admin/usage-stats/models', { params: { query } }),
  account: (query: Record<string, string>) => api.GET('/admin/usage-stats/accounts', { params: { query } }),
  api_key: (query: Record<string, string>) => api.GET('/admin/usage-stats/api-keys', { params: { query } }),
  client_key: (query: Record<string, string>) => api.GET('/admin/usage-stats/client-keys', { params: { query } }),
  client: (query: Record<string, string>) => api.GET('/admin/usage-stats/clients', { params: { query } }),
  provider: (query: Record<string, string>) => api.GET('/admin/usage-stats/providers', { params: { query } }),
} as const

export const TABLE_PATHS: Readonly<Record<Group, string>> = {
  model: 'models',
  account: 'accounts',
  api_key: 'api-keys',
  client_key: 'client-keys',
  client: 'clients',
  provider: 'providers',
}

export const LINES = 8

export function seriesQuery(asked: Asked): Record<string, string> {
  return { ...queryOf(asked), limit: String(LINES), ...(asked.by === 'none' ? {} : { group_by: asked.by }) }
}

export function useSeries(asked: Asked) {
  const query = seriesQuery(asked)
  return useQuery({
    queryKey: [...USAGE, 'series', query],
    queryFn: async () => json((await api.GET('/admin/usage-stats/series', { params: { query } })).data),
    placeholderData: keepPreviousData,
  })
}

export function useTable(asked: Asked) {
  const by = asked.by === 'none' ? 'model' : asked.by
  const query = queryOf(asked)
  return useQuery({
    queryKey: [...USAGE, 'table', by, query],
    queryFn: async () => json((await TABLES[by](query)).data),
    placeholderData: keepPreviousData,
  })
}

/** Of the time that is looked at, of as long a time before, and of all time. */
export function useSummaries(asked: Asked) {
  const of = async (query: Record<string, string>) =>
    json((await api.GET('/admin/usage-stats/summary', { params: { query } })).data)
  return useQuery({
    queryKey: [...USAGE, 'summary', queryOf(asked)],
    queryFn: async () => {
      const earlier = queryBefore(asked, Date.now())
      const [now, before, ever] = await Promise.all([
        of(queryOf(asked)),
        earlier === undefined ? undefined : of(earlier),
        of({ ...asked.only }),
      ])
      return { now, before, ever }
    },
    placeholderData: keepPreviousData,
  })
}

export const ZONE = new Intl.DateTimeFormat().resolvedOptions().timeZone

export function useHours(asked: Asked) {
  const query = { ...queryOf(asked), time_zone: ZONE }
  return useQuery({
    queryKey: [...USAGE, 'hours', query],
    queryFn: async () => {
      const { data } = await api.GET('/admin/usage-stats/hours', { params: { query } })
      if (data === undefined) throw new Error('no answer')
      return data
    },
    placeholderData: keepPreviousData,
  })
}
