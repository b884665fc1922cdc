import { useMutation, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query'
import { api, type Schemas } from '../../api/client.js'
import { useRefreshOn } from '../../api/queries.js'
import { sayFailed } from '../../parts/say.js'

export type ClientKey = Schemas['ClientKey']
export type NewClientKey = Schemas['NewClientKey']
export type Period = keyof ClientKey['budgets']
export const PERIODS = ['day', 'month', 'total'] as const satisfies readonly Period[]

const KEYS = ['client-keys'] as const
type Listed = Awaited<ReturnType<typeof readKeys>>

async function readKeys() {
  const { data } = await api.GET('/admin/client-keys')
  if (data === undefined) throw new Error('nothing was told')
  return data
}

/** All keys; read anew when one changes, and when one was used. */
export function useClientKeys() {
  useRefreshOn('client-keys', KEYS)
  useRefreshOn('requests', KEYS, 2_000)
  return useQuery({ queryKey: KEYS, queryFn: readKeys })
}

/** Models, accounts and groups to choose from. */
export function useChoices() {
  const models = useQuery({
    queryKey: ['models', 'names'],
    queryFn: async () => (await api.GET('/admin/models')).data?.models.map(({ name }) => name) ?? [],
  })
  const owners = useQuery({
    queryKey: ['proxies', 'owners'],
    queryFn: async () => (await api.GET('/api/proxies/assignments')).data?.accounts ?? [],
  })
  return {
    models: [...new Set(models.data ?? [])],
    accounts: (owners.data ?? []).filter(({ kind }) => kind === 'account'),
  }
}

function put(client: QueryClient, id: string, change: (key: ClientKey) => ClientKey | undefined): void {
  client.setQueryData<Listed>(KEYS, (listed) =>
    listed === undefined
      ? listed
      : { ...listed, keys: listed.keys.flatMap((key) => (key.id === id ? (change(key) ?? []) : [key])) },
  )
}

/** Switches a key at once on the page, and back when it could not be done. */
export function useToggle() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async ({ id, enabled }: { id: string; enabled: boolean }) =>
      api.POST('/admin/client-keys/{id}/toggle', { params: { path: { id } }, body: { enabled } }),
    onMutate: async ({ id, enabled }) => {
      await client.cancelQueries({ queryKey: KEYS })
      const before = client.getQueryData<Listed>(KEYS)
      put(client, id, (key) => ({ ...key, enabled, status: enabled ? statusOn(key) : 'disabled' }))
      return before
    },
    onError: (error, _, before) => {
      client.setQueryData(KEYS, before)
      sayFailed(error)
    },
    onSettled: () => client.invalidateQueries({ queryKey: KEYS }),
  })
}

function statusOn({ expires_at }: ClientKey): ClientKey['status'] {
  return expires_at !== null && Date.parse(expires_at) <= Date.now() ? 'expired' : 'active'
}

export function useKeyActs() {
  const client = useQueryClient()
  return {
    async make(body: NewClientKey) {
      const { data } = await api.POST('/admin/client-keys', { body })
      await client.invalidateQueries({ queryKey: KEYS })
      if (data === undefined) throw new Error('nothing was told')
      return data
    },
    async change(id: string, body: Omit<NewClientKey, 'key'>) {
      await api.PUT('/admin/client-keys/{id}', { params: { path: { id } }, body })
      await client.invalidateQueries({ queryKey: KEYS })
    },
    async reset(id: string) {
      await api.POST('/admin/client-keys/{id}/reset-usage', { params: { path: { id } } })
      await client.invalidateQueries({ queryKey: KEYS })
    },
    async revoke(id: string) {
      await api.DELETE('/admin/client-keys/{id}', { params: { path: { id } } })
      put(client, id, () => undefined)
      await client.invalidateQueries({ queryKey: KEYS })
    },
  }
}

/** The budget of which most is used, from 0 up; 0 without any. */
export function largestShare({ budgets }: ClientKey): number {
  return Math.max(
    0,
    ...PERIODS.flatMap((period) => {
      const { max_budget_usd, used_cost_usd, max_tokens, used_tokens } = budgets[period]
      return [
        ...(max_budget_usd === null ? [] : [used_cost_usd / max_budget_usd]),
        ...(max_tokens === null ? [] : [used_tokens / max_tokens]),
      ]
    }),
  )
}

export const SORTS = ['created', 'name', 'used', 'cost', 'share'] as const
export type Sort = (typeof SORTS)[number]

/** The keys in which some text occurs, in order. */
export function listed(keys: readonly ClientKey[], text: string, sort: Sort): ClientKey[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  const time = (at: string | null): number => (at === null ? 0 : Date.parse(at))
  const by: Record<Sort, (a: ClientKey, b: ClientKey) => number> = {
    name: (a, b) => a.name.localeCompare(b.name),
    created: (a, b) => time(b.created_at) - time(a.created_at),
    used: (a, b) => time(b.last_used_at) - time(a.last_used_at),
    cost: (a, b) => b.used_cost_usd - a.used_cost_usd,
    share: (a, b) => largestShare(b) - largestShare(a),
  }
  return keys
    .filter((key) => {
      const told = [key.name, key.id, key.prefix, ...(key.allowed_models ?? []), ...(key.accounts ?? [])]
      const all = told.join(' ').toLowerCase()
      return words.every((word) => all.includes(word))
    })
    .toSorted(by[sort])
}
