import { useQuery } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import { api, type Schemas } from '../../api/client.js'
import { useRefreshOn } from '../../api/queries.js'
import type { Shell } from './clients/index.js'

export type ConnectView = Schemas['Connect']

const KEY = ['connect'] as const

/** What the settings of clients are made from, always as it is now. */
export function useConnect() {
  useRefreshOn('config', KEY)
  useRefreshOn('client-keys', KEY)
  useRefreshOn('models', KEY)
  return useQuery({ queryKey: KEY, queryFn: async () => (await api.GET('/admin/connect')).data })
}

/** What somebody chose on these pages, for as long as the page is open: a key is nowhere else. */
export interface Choice {
  address?: string
  model?: string
  shell: Shell
  key: string
  /** Set when the key was made here. */
  keyId?: string | undefined
  keyName?: string | undefined
  keyShown: boolean
}

let choice: Choice = {
  shell: /\bWindows\b/.test(globalThis.navigator?.userAgent ?? '') ? 'powershell' : 'posix',
  key: '',
  keyShown: false,
}
const watchers = new Set<() => void>()

/** @example const [choice, choose] = useChoice(); choose({ model: 'gpt-5.5' }) */
export function useChoice(): [Choice, (change: Partial<Choice>) => void] {
  const now = useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
    () => choice,
  )
  return [
    now,
    (change) => {
      choice = { ...choice, ...change }
      watchers.forEach((watcher) => watcher())
    },
  ]
}
