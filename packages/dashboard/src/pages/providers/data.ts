import { useQuery, useQueryClient } from '@tanstack/react-query'
import { api, type Schemas } from '../../api/client.js'
import { useRefreshOn } from '../../api/queries.js'

export type Key = Schemas['ApiKey']
export type Preset = Schemas['ProviderPreset']
export type KeyModel = Schemas['KeyModel']

export const KEYS = ['api-keys'] as const

/** Removed here, and still there until nobody can take it back. */
const leaving = new Set<string>()

/** All keys, kept fresh. */
export function useKeys() {
  useRefreshOn('api-keys', KEYS)
  return useQuery({
    queryKey: KEYS,
    queryFn: async () => ((await api.GET('/auth/api-keys')).data?.keys ?? []).filter(({ id }) => !leaving.has(id)),
  })
}

/** Providers that are known beforehand. */
export function usePresets() {
  return useQuery({
    queryKey: ['api-keys', 'catalog'],
    queryFn: async () => (await api.GET('/auth/api-keys/catalog')).data?.providers ?? [],
    staleTime: Infinity,
  })
}

/** Changes what the page shows of the keys before the gateway has answered. */
export function useShownKeys() {
  const client = useQueryClient()
  return {
    show: (change: (keys: Key[]) => Key[]) =>
      client.setQueryData<Key[]>(KEYS, (keys) => (keys === undefined ? keys : change(keys))),
    hide(id: string) {
      leaving.add(id)
      client.setQueryData<Key[]>(KEYS, (keys) => keys?.filter((key) => key.id !== id))
    },
    bringBack(id: string) {
      leaving.delete(id)
      void client.invalidateQueries({ queryKey: KEYS, exact: true })
    },
    readAgain: () => client.invalidateQueries({ queryKey: KEYS, exact: true }),
  }
}

/** What a person calls a key. */
export function nameOf({ label, provider, apiKey }: Pick<Key, 'label' | 'provider' | 'apiKey'>): string {
  return label ?? (apiKey === null ? provider : `${provider} ${apiKey}`)
}

export interface Group {
  provider: string
  /** A name for people. */
  title: string
  keys: Key[]
}

/** Keys of one provider together; a provider in trouble keeps its place. */
export function grouped(keys: readonly Key[], presets: readonly Preset[]): Group[] {
  const groups = new Map<string, Group>()
  for (const key of keys) {
    const group = groups.get(key.provider) ?? {
      provider: key.provider,
      title: presets.find(({ id }) => id === key.provider)?.title ?? key.provider,
      keys: [],
    }
    group.keys.push(key)
    groups.set(key.provider, group)
  }
  return [...groups.values()]
}

export type Filter = 'every' | 'active' | 'trouble' | 'off'

/** Where a key belongs when they are filtered. */
export function filterOf({ status, health }: Key): Exclude<Filter, 'every'> {
  if (status === 'disabled') return 'off'
  return status === 'error' || health.state !== 'ready' ? 'trouble' : 'active'
}

export function fits(key: Key, text: string): boolean {
  const models = key.models === 'all' ? [] : key.models.map(({ id }) => id)
  const words = [nameOf(key), key.provider, key.baseUrl, key.id, key.wire, ...models].join('\n').toLowerCase()
  return words.includes(text.trim().toLowerCase())
}
