import { z } from '@hono/zod-openapi'
import { FailureError, invalidRequest } from '@dragoman/protocol'
import type { Account } from '../../accounts/index.js'
import type { Admin } from '../../sessions/index.js'
import type { ApiKeyRecord, ProxyCheck, ProxyRows } from '../../store/index.js'
import {
  needsAllowing,
  ProxyPoolError,
  type Pin,
  type ProxyPool,
  type ProxyView as Viewed,
  type WrittenProxy,
} from '../../transport/proxies/index.js'
import { problem } from './api.js'
import type { Tasks } from './tasks.js'

export interface ProxiesHouse {
  proxies: ProxyPool
  rows: Pick<ProxyRows, 'list'>
  tasks: Pick<Tasks, 'start'>
  accounts(): readonly Pick<Account, 'id' | 'email' | 'label' | 'plan' | 'status' | 'groups' | 'chatgptAccountId'>[]
  apiKeys(): readonly Pick<ApiKeyRecord, 'id' | 'label' | 'provider' | 'enabled'>[]
  settings(): { default: string; checkMinutes: number; allowedPrivateHosts: readonly string[] }
  /** Changes settings of the configuration, all or none. @throws FailureError or AdminProblem */
  save(changes: Readonly<Record<string, unknown>>, admin: Admin): Promise<unknown>
}

const Check = z.object({
  at: z.string(),
  latencyMs: z.number().nullable(),
  exitIp: z.string().nullable(),
  error: z.string().nullable(),
})

/** A proxy as it may be seen. `status` and `health` are the predecessors' (parity 1.13), the rest is ours. */
export const ProxyView = z
  .object({
    id: z.string(),
    name: z.string(),
    url: z.string().openapi({ description: 'With the password masked.' }),
    protocol: z.string(),
    host: z.string(),
    port: z.int(),
    username: z.string().nullable().openapi({ description: 'Null also for one without a password: often a token.' }),
    hasPassword: z.boolean(),
    enabled: z.boolean(),
    status: z.enum(['active', 'unreachable', 'disabled']),
    state: z.enum(['good', 'unchecked', 'unreachable', 'disabled']),
    health: z
      .object({
        exitIp: z.string().nullable(),
        latencyMs: z.number().nullable(),
        lastChecked: z.string().nullable(),
        error: z.string().nullable(),
      })
      .nullable()
      .openapi({ description: 'Null as long as nothing is known.' }),
    checks: z.array(Check).openapi({ description: 'The last checks since the gateway was started, the newest last.' }),
    owners: z.array(z.string()).openapi({ description: 'Who is assigned to it.' }),
  })
  .openapi('Proxy')
export type ProxyView = z.infer<typeof ProxyView>

export function proxyView(house: Pick<ProxiesHouse, 'proxies'>, proxy: Viewed): ProxyView {
  const { id, name, url, protocol, host, port, username, hasPassword, enabled, state } = proxy
  const known = proxy.checkedAt !== undefined || proxy.error !== undefined
  return {
    id,
    name,
    url,
    protocol,
    host,
    port,
    username: username ?? null,
    hasPassword,
    enabled,
    status: state === 'good' || state === 'unchecked' ? 'active' : state,
    state,
    health: known
      ? {
          exitIp: proxy.exitAddress ?? null,
          latencyMs: proxy.latencyMs ?? null,
          lastChecked: proxy.checkedAt === undefined ? null : new Date(proxy.checkedAt).toISOString(),
          error: proxy.error ?? null,
        }
      : null,
    checks: house.proxies.lastChecks(id).map(checkView),
    owners: [...proxy.owners],
  }
}

function checkView({ at, latencyMs, exitAddress, error }: ProxyCheck): z.infer<typeof Check> {
  return {
    at: new Date(at).toISOString(),
    latencyMs: latencyMs ?? null,
    exitIp: exitAddress ?? null,
    error: error ?? null,
  }
}

export const AssignmentView = z
  .object({
    accountId: z.string().openapi({ description: 'An account, an API key, or `login`: signing in a new account.' }),
    proxyId: z.string().openapi({ description: '`global`, `direct`, `auto`, or the id of a proxy.' }),
    proxyName: z
      .string()
      .nullable()
      .openapi({ description: 'Null when the proxy was removed: then nothing goes out.' }),
  })
  .openapi('ProxyAssignment')

export function assignmentView({ owner, choice, proxyName }: Pin): z.infer<typeof AssignmentView> {
  return { accountId: owner, proxyId: choice, proxyName: proxyName ?? (isWord(choice) ? choice : null) }
}

export function isWord(choice: string): boolean {
  return choice === 'global' || choice === 'direct' || choice === 'auto'
}

/** Whoever goes some way out. */
export interface Owner {
  id: string
  kind: 'account' | 'api_key' | 'login'
  name: string
  detail: string | null
  status: string
  groups: string[]
}

export function ownersOf({ accounts, apiKeys }: Pick<ProxiesHouse, 'accounts' | 'apiKeys'>): Owner[] {
  return [
    ...accounts().map(({ id, label, email, plan, status, groups }) => ({
      id,
      kind: 'account' as const,
      name: label ?? email ?? id,
      detail: plan ?? null,
      status,
      groups: [...groups],
    })),
    ...apiKeys().map(({ id, label, provider, enabled }) => ({
      id,
      kind: 'api_key' as const,
      name: label ?? provider,
      detail: provider,
      status: enabled ? 'active' : 'disabled',
      groups: [],
    })),
    { id: 'login', kind: 'login' as const, name: 'login', detail: null, status: 'active', groups: [] },
  ]
}

/** What the pool says is wrong, as an answer. */
export async function poolErrors<T>(act: () => Promise<T> | T): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof ProxyPoolError)) throw error
    switch (error.code) {
      case 'unknown_proxy':
        throw problem(404, 'unknown_proxy', 'there is no such proxy (any more)')
      case 'bad_name':
        throw new FailureError(invalidRequest('/name', error.message, error.code))
      case 'ambiguous_proxy':
        throw new FailureError(invalidRequest('/proxyId', error.message, error.code))
      case 'taken':
        throw problem(409, 'taken', error.message)
      case 'pinned':
        throw problem(
          409,
          'pinned',
          'somebody goes out through it; say in reassign= which way they go from now on, or force=true to leave them without any',
        )
    }
  }
}

/** Proxies on this machine or in its network that may not be used yet. */
export function privateOnes(house: ProxiesHouse, proxies: readonly WrittenProxy[]): WrittenProxy[] {
  const { allowedPrivateHosts } = house.settings()
  return proxies.filter((proxy) => needsAllowing(proxy, allowedPrivateHosts))
}

/** Lets proxies be used that lie on this machine or in its network. */
export async function allowPrivate(house: ProxiesHouse, proxies: readonly WrittenProxy[], admin: Admin): Promise<void> {
  const places = privateOnes(house, proxies).map(placeOf)
  if (places.length === 0) return
  const hosts = [...new Set([...house.settings().allowedPrivateHosts, ...places])]
  await house.save({ 'upstream.allowed_private_hosts': hosts }, admin)
}

export function placeOf({ host, port }: { host: string; port: number }): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}

export function privateRefusal(place: { host: string; port: number }): string {
  return `${placeOf(place)} lies on this machine or in its network; say allowPrivate if it may be used (it is then added to upstream.allowed_private_hosts)`
}
