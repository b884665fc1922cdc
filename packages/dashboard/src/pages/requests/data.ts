import { useQuery } from '@tanstack/react-query'
import { api, type Schemas } from '../../api/client.js'

export type LoggedRequest = Schemas['LoggedRequest']
export type RunningRequest = Schemas['RunningRequest']
export type Detail = Schemas['LoggedRequestDetail']
export type Totals = Schemas['RequestTotals']

/** What every question about requests begins with, so that all can be asked anew. */
export const REQUESTS = ['requests'] as const
export const STATE = [...REQUESTS, 'state'] as const
export const ERRORS = ['errors'] as const

export type Query = Readonly<Record<string, string>>

/** One page, without sums. */
export async function readPage(
  query: Query,
  cursor?: string,
): Promise<{ records: LoggedRequest[]; next: string | null; running: RunningRequest[] }> {
  const { data } = await api.GET('/admin/logs', {
    params: { query: { ...query, limit: 100, totals: 'false', ...(cursor === undefined ? {} : { cursor }) } },
  })
  if (data === undefined) throw new Error('no answer')
  return data
}

/** Sums over everything that fits. */
export function useTotals(query: Query) {
  return useQuery({
    queryKey: [...REQUESTS, 'totals', query],
    queryFn: async () => {
      const { data } = await api.GET('/admin/logs', { params: { query: { ...query, limit: 1 } } })
      return data?.totals ?? null
    },
    placeholderData: (before) => before,
  })
}

export function useLogState() {
  return useQuery({ queryKey: STATE, queryFn: async () => (await api.GET('/admin/logs/state')).data ?? null })
}

/** What there is to choose from in the filters. */
export function useNames() {
  return useQuery({
    queryKey: [...REQUESTS, 'names'],
    queryFn: async () => (await api.GET('/admin/logs/names')).data ?? null,
    staleTime: 30_000,
  })
}

export function useDetail(id: string) {
  return useQuery({
    queryKey: [...REQUESTS, 'one', id],
    queryFn: async () => (await api.GET('/admin/logs/{id}', { params: { path: { id } } })).data ?? null,
    // A request that is over does not change.
    staleTime: Infinity,
  })
}

export function useErrorCount() {
  return useQuery({
    queryKey: [...ERRORS, 'count'],
    queryFn: async () => (await api.GET('/admin/error-logs/count')).data ?? null,
  })
}
