import { useQuery } from '@tanstack/react-query'
import { api, type Schemas } from '../../api/client.js'
import type { Language } from '../../i18n/index.js'

export type Overview = Schemas['Overview']

export const OVERVIEW = ['overview'] as const
/** What nobody tells of, such as a window that came to its end, is seen so late. */
const AT_LEAST_EVERY_MS = 30_000

export function useOverview(language: Language) {
  const query = { time_zone: new Intl.DateTimeFormat().resolvedOptions().timeZone, language }
  return useQuery({
    queryKey: [...OVERVIEW, language],
    queryFn: async () => {
      const { data } = await api.GET('/admin/overview', { params: { query } })
      if (data === undefined) throw new Error('no answer')
      return data
    },
    refetchInterval: AT_LEAST_EVERY_MS,
  })
}
