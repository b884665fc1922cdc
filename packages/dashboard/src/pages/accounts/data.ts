import { useMutation, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { api } from '../../api/client.js'
import { useLive } from '../../api/live.js'
import { sayFailed } from '../../parts/say.js'
import type { Account } from './choose.js'

export interface Listed {
  accounts: Account[]
  persistence_health: { status: 'ok' | 'set_aside'; setAsideTo: string | null }
}

export const KEY = ['accounts']
const SOON_MS = 700
/** So long lists are not read whole that often. */
const LONG = 100
const LONG_MS = 3_000
/** With more of them all are read. */
const MOST_SINGLE = 60

async function read(ids?: readonly string[]): Promise<Listed> {
  const { data } = await api.GET('/auth/accounts', {
    params: { query: ids === undefined ? {} : { ids: ids.join(',') } },
  })
  return data ?? { accounts: [], persistence_health: { status: 'ok', setAsideTo: null } }
}

/** All accounts, kept as they are now: of what changes, only that is read anew. */
export function useAccounts() {
  const client = useQueryClient()
  const query = useQuery({ queryKey: KEY, queryFn: () => read() })
  const changed = useRef(new Set<string>())
  const all = useRef(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  async function catchUp(): Promise<void> {
    timer.current = undefined
    const ids = [...changed.current]
    const everything = all.current || ids.length > MOST_SINGLE
    changed.current.clear()
    all.current = false
    if (everything) return client.invalidateQueries({ queryKey: KEY })
    const { accounts } = await read(ids)
    const fresh = new Map(accounts.map((account) => [account.id, account]))
    client.setQueryData<Listed>(KEY, (before) =>
      before === undefined
        ? before
        : { ...before, accounts: before.accounts.map((account) => fresh.get(account.id) ?? account) },
    )
  }

  function soon(): void {
    const count = client.getQueryData<Listed>(KEY)?.accounts.length ?? 0
    const wait = all.current && count > LONG ? LONG_MS : SOON_MS
    timer.current ??= setTimeout(() => void catchUp().catch(() => undefined), wait)
  }

  useLive('accounts', (told) => {
    const id: unknown = typeof told === 'object' && told !== null ? Reflect.get(told, 'id') : undefined
    if (typeof id === 'string') changed.current.add(id)
    else all.current = true
    soon()
  })
  useLive('reset', () => {
    all.current = true
    soon()
  })
  useEffect(() => () => clearTimeout(timer.current), [])
  return query
}

/** The account as a change made it stands in the list at once. */
export function put(client: QueryClient, account: Account): void {
  client.setQueryData<Listed>(KEY, (before) =>
    before === undefined
      ? before
      : { ...before, accounts: before.accounts.map((one) => (one.id === account.id ? account : one)) },
  )
}

/** What its owner says of an account; null takes away. */
export interface Written {
  label?: string | null
  note?: string | null
  groups?: string[]
  weight?: number
  maxConcurrent?: number | null
  converge?: boolean
  proxyId?: string
}

/** Changes what the owner says of an account; it is seen at once, and goes back when the gateway refuses. */
export function useChange(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (body: Written) =>
      (await api.PATCH('/auth/accounts/{id}', { params: { path: { id } }, body })).data?.account,
    async onMutate(written) {
      await client.cancelQueries({ queryKey: KEY })
      const before = client.getQueryData<Listed>(KEY)
      const account = before?.accounts.find((one) => one.id === id)
      if (account !== undefined) put(client, foreseen(account, written))
      return before
    },
    onError(error, _, before) {
      client.setQueryData(KEY, before)
      sayFailed(error)
    },
    onSuccess(account) {
      if (account !== undefined) put(client, account)
    },
  })
}

function foreseen(account: Account, { converge, proxyId, ...same }: Written): Account {
  return {
    ...account,
    ...same,
    ...(converge === undefined ? {} : { codexFingerprintMode: converge ? 'session' : 'off' }),
    ...(proxyId === undefined ? {} : { proxyId }),
  }
}

/** Something that is done with one account, which then is as the answer says. */
export function useAct(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (act: (id: string) => Promise<Account | undefined>) => act(id),
    onSuccess(account) {
      if (account !== undefined) put(client, account)
      else void client.invalidateQueries({ queryKey: KEY })
    },
    onError: (error) => {
      sayFailed(error)
      void client.invalidateQueries({ queryKey: KEY })
    },
  })
}

const path = (id: string) => ({ params: { path: { id } } })

/** What can be done with one account. */
export const ACTS = {
  async refresh(id: string) {
    return (await api.POST('/auth/accounts/{id}/refresh', path(id))).data?.account
  },
  async readQuota(id: string) {
    await api.GET('/auth/accounts/{id}/quota', path(id))
    return (await api.GET('/auth/accounts/{id}', path(id))).data?.account
  },
  async quotaIsBack(id: string) {
    return (await api.POST('/auth/accounts/{id}/quota-back', { ...path(id), body: {} })).data?.account
  },
  async resetUsage(id: string) {
    return (await api.POST('/auth/accounts/{id}/reset-usage', path(id))).data?.account
  },
  async enable(id: string) {
    await api.POST('/auth/accounts/batch-status', { body: { ids: [id], status: 'active' } })
    return (await api.GET('/auth/accounts/{id}', path(id))).data?.account
  },
  async disable(id: string) {
    await api.POST('/auth/accounts/batch-status', { body: { ids: [id], status: 'disabled' } })
    return (await api.GET('/auth/accounts/{id}', path(id))).data?.account
  },
}
