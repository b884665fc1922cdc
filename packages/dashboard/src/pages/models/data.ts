import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useSearch, useLocation } from 'wouter'
import { api, type Schemas } from '../../api/client.js'
import { useRefreshOn } from '../../api/queries.js'
import { doUnlessUndone } from '../../parts/say.js'
import { setLeaving, useWithoutLeaving, type List } from './leaving.js'

export type Model = Schemas['Model']
export type Routing = Schemas['ModelRouting']
export type Change = Schemas['ModelRoutingChange']
export type Leads = Schemas['NameLeads']

const MODELS = ['models'] as const
const ROUTING = ['model-routing'] as const

function present<Data>(data: Data | undefined): Data {
  if (data === undefined) throw new Error('the gateway did not answer in JSON')
  return data
}

/** The catalog, kept fresh. */
export function useModels() {
  useRefreshOn('models', MODELS)
  useRefreshOn('accounts', MODELS, 2_000)
  useRefreshOn('api-keys', MODELS, 2_000)
  useRefreshOn('config', MODELS)
  return useQuery({ queryKey: MODELS, queryFn: async () => present((await api.GET('/admin/models')).data) })
}

/** What the configuration says of names, kept fresh. */
export function useRouting() {
  useRefreshOn('config', ROUTING)
  useRefreshOn('api-keys', ROUTING, 2_000)
  const without = useWithoutLeaving()
  const query = useQuery({
    queryKey: ROUTING,
    queryFn: async () => present((await api.GET('/admin/model-routing')).data),
  })
  return { ...query, data: query.data === undefined ? undefined : without(query.data) }
}

/** Changes what the gateway has, and with its answer what the page shows. */
export function useChangeRouting() {
  const client = useQueryClient()
  return {
    /** As it is kept; with what is removed and can still be taken back. */
    kept: (): Routing | undefined => client.getQueryData<Routing>(ROUTING),
    /** Out of sight at once, and for good when nobody took it back. */
    remove(list: List, name: string, said: { message: string; undo: string }, act: () => Promise<unknown>) {
      setLeaving(list, name, true)
      const bringBack = (): void => setLeaving(list, name, false)
      doUnlessUndone(
        said,
        async () => {
          await act()
          bringBack()
        },
        bringBack,
      )
    },
    /** @throws ApiError with the place, as it was sent */
    async save(change: Change) {
      try {
        const { data } = await api.PATCH('/admin/model-routing', { body: change })
        const saved = present(data)
        client.setQueryData<Routing>(ROUTING, saved.routing)
        void client.invalidateQueries({ queryKey: MODELS })
        return saved
      } catch (error) {
        void client.invalidateQueries({ queryKey: ROUTING })
        throw error
      }
    },
  }
}

/** Where a name would go. */
export function useExplanation(name: string | undefined) {
  return useQuery({
    queryKey: ['models', 'explain', name],
    enabled: name !== undefined,
    staleTime: 0,
    queryFn: async () => {
      const { data } = await api.POST('/admin/explain', { body: { model: name ?? '' } })
      const told = present(data)
      if (!('route' in told)) throw new Error('the gateway told of a request, not of a name')
      return told
    },
  })
}

export const TABS = ['catalog', 'routing', 'explain'] as const
export type Tab = (typeof TABS)[number]

/** What this page is asked for stands in the address: the tab, a model that is looked at, a name that is explained. */
export function usePlace() {
  const asked = new URLSearchParams(useSearch())
  const [, navigate] = useLocation()
  const tab = TABS.find((one) => one === asked.get('tab')) ?? 'catalog'
  return {
    tab,
    model: asked.get('model') ?? undefined,
    name: asked.get('name') ?? undefined,
    go(to: { tab?: Tab; model?: string; name?: string; alias?: string }) {
      const query = new URLSearchParams(Object.entries(to).filter(([, value]) => value !== 'catalog')).toString()
      navigate(query === '' ? '/models' : `/models?${query}`)
    },
    /** The target that an alias is to be made for. */
    alias: asked.get('alias') ?? undefined,
  }
}
