import { useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query'
import { api, type Schemas } from '../../api/client.js'
import { useRefreshOn } from '../../api/queries.js'
import { sayFailed } from '../../parts/say.js'

export type Proxy = Schemas['Proxy']
export type Owner = Schemas['ProxyOwner']
export type Preview = Schemas['ProxyImportResult']
export type Pool = Awaited<ReturnType<typeof readPool>>

const POOL = ['proxies', 'pool'] as const
const OWNERS = ['proxies', 'owners'] as const

export function told<T>(data: T | undefined): T {
  if (data === undefined) throw new Error('nothing was told')
  return data
}

async function readPool() {
  return told((await api.GET('/api/proxies')).data)
}

async function readOwners() {
  return told((await api.GET('/api/proxies/assignments')).data).accounts
}

export function usePool() {
  useRefreshOn('proxies', POOL)
  useRefreshOn('config', POOL)
  return useQuery({ queryKey: POOL, queryFn: readPool })
}

export function useOwners() {
  useRefreshOn('proxies', OWNERS)
  useRefreshOn('accounts', OWNERS, 2_000)
  useRefreshOn('api-keys', OWNERS)
  return useQuery({ queryKey: OWNERS, queryFn: readOwners })
}

/** Everything again: a change of one shows in the other. */
export async function refresh(client: QueryClient): Promise<void> {
  await client.invalidateQueries({ queryKey: ['proxies'] })
}

/** Switches a proxy at once on the page, and back when it could not be done. */
export function useSwitch() {
  const client = useQueryClient()
  return async ({ id, enabled }: Proxy): Promise<void> => {
    const before = client.getQueryData<Pool>(POOL)
    client.setQueryData<Pool>(POOL, (pool) =>
      pool === undefined
        ? pool
        : {
            ...pool,
            proxies: pool.proxies.map((proxy) =>
              proxy.id === id ? { ...proxy, enabled: !enabled, state: enabled ? 'disabled' : 'unchecked' } : proxy,
            ),
          },
    )
    const params = { params: { path: { id } } }
    try {
      await (enabled ? api.POST('/api/proxies/{id}/disable', params) : api.POST('/api/proxies/{id}/enable', params))
    } catch (error) {
      client.setQueryData(POOL, before)
      sayFailed(error)
    }
    await refresh(client)
  }
}

/** Sends owners some way: at once on the page, and back when it could not be done. */
export function useAssign() {
  const client = useQueryClient()
  return async (choices: ReadonlyMap<string, string>, names: ReadonlyMap<string, string>): Promise<boolean> => {
    const before = client.getQueryData<Owner[]>(OWNERS)
    await client.cancelQueries({ queryKey: OWNERS })
    client.setQueryData<Owner[]>(OWNERS, (owners) =>
      owners?.map((owner) => {
        const proxyId = choices.get(owner.id)
        return proxyId === undefined ? owner : { ...owner, proxyId, proxyName: names.get(proxyId) ?? proxyId }
      }),
    )
    try {
      const assignments = [...choices].map(([accountId, proxyId]) => ({ accountId, proxyId }))
      await api.POST('/api/proxies/assign-bulk', { body: { assignments } })
      return true
    } catch (error) {
      client.setQueryData(OWNERS, before)
      sayFailed(error)
      return false
    } finally {
      void refresh(client)
    }
  }
}

export function saveText(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }))
  const link = Object.assign(document.createElement('a'), { href: url, download: name })
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
