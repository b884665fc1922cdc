import { z } from '@hono/zod-openapi'
import { FailureError, invalidRequest } from '@dragoman/protocol'
import type { Admin } from '../../sessions/index.js'
import type { ProxyChange as Changed } from '../../store/index.js'
import { Secret } from '../../telemetry/index.js'
import {
  nameFrom,
  PROXY_PROTOCOLS,
  proxyOf,
  readProxy,
  type ProxyReading,
  type WrittenProxy,
} from '../../transport/proxies/index.js'
import { problem } from './api.js'
import { allowPrivate, privateOnes, privateRefusal, type ProxiesHouse } from './proxies-house.js'

const pieces = {
  name: z.string().max(200).optional(),
  protocol: z.enum(PROXY_PROTOCOLS).optional(),
  host: z.string().max(300).optional(),
  port: z.union([z.int(), z.string().max(5)]).optional(),
}
/** A proxy as somebody tells of it. */
export const NewProxy = z
  .object({
    ...pieces,
    url: z.string().max(2_000).optional().openapi({
      description: 'A URL, `host:port:user:password`, or `user:password@host:port`; else send the pieces.',
    }),
    username: z.string().max(1_000).optional(),
    password: z.string().max(1_000).optional(),
    allowPrivate: z.boolean().optional().openapi({ description: 'It may lie on this machine or in its network.' }),
  })
  .openapi('NewProxy')
/** What may be said anew of one. */
export const ProxyChange = z
  .object({
    ...pieces,
    username: z.string().max(1_000).nullable().optional(),
    password: z.string().max(1_000).nullable().optional().openapi({ description: 'Null takes it away.' }),
    enabled: z.boolean().optional(),
    allowPrivate: z.boolean().optional(),
  })
  .openapi('ProxyChange')
type Change = z.infer<typeof ProxyChange>

/** What a proxy is, or what is wrong with it. */
export function readingOf(said: z.infer<typeof NewProxy>): ProxyReading {
  const { url, name, protocol = 'http', host, port, username, password } = said
  if (url === undefined && host === undefined) return { problem: 'send url, or host and port' }
  const reading =
    url === undefined
      ? proxyOf({ protocol, host: host ?? '', port: String(port ?? ''), username, password })
      : readProxy(url, protocol)
  if ('problem' in reading || name === undefined || nameFrom(name) === '') return reading
  return { proxy: { ...reading.proxy, name: nameFrom(name) } }
}

/** @throws FailureError that names the place, and nothing of the text */
export function fit(reading: ProxyReading, pointer: string): WrittenProxy {
  if ('problem' in reading) {
    throw new FailureError(invalidRequest(pointer, `this is no proxy: ${reading.problem}`, 'not_a_proxy'))
  }
  return reading.proxy
}

/** @throws AdminProblem `private_host` when it lies on this machine or in its network, and nobody said that it may */
export async function mayBePrivate(
  house: ProxiesHouse,
  proxy: WrittenProxy,
  allowed: boolean | undefined,
  admin: Admin,
): Promise<void> {
  if (privateOnes(house, [proxy]).length === 0) return
  if (allowed !== true) throw problem(409, 'private_host', privateRefusal(proxy))
  await allowPrivate(house, [proxy], admin)
}

/**
 * A change, checked as a whole. `moved` is the proxy at its new address, when it has one.
 * @throws FailureError that names the place
 */
export function changeOf(house: ProxiesHouse, id: string, said: Change): { to: Changed; moved?: WrittenProxy } {
  const record = house.rows.list().find((one) => one.id === id)
  if (record === undefined) throw problem(404, 'unknown_proxy', 'there is no such proxy (any more)')
  const username = said.username === undefined ? record.username : (said.username ?? undefined)
  const password = said.password === undefined ? record.password?.reveal() : (said.password ?? undefined)
  const proxy = fit(
    proxyOf({
      protocol: said.protocol ?? record.protocol,
      host: said.host ?? record.host,
      port: String(said.port ?? record.port),
      username,
      password,
    }),
    '',
  )
  const moved = proxy.protocol !== record.protocol || proxy.host !== record.host || proxy.port !== record.port
  // Whoever can change an address must not get to see, at another one, a login that this API never tells.
  const hasPassword = record.password !== undefined || record.passwordUnreadable === true
  if (moved && hasPassword && said.password === undefined) throw loginNeeded('password')
  if (moved && !hasPassword && record.username !== undefined && said.username === undefined) {
    throw loginNeeded('username')
  }
  const name = said.name === undefined ? undefined : nameFrom(said.name)
  return {
    to: {
      ...(name === undefined ? {} : { name }),
      protocol: proxy.protocol,
      host: proxy.host,
      port: proxy.port,
      ...(said.username === undefined ? {} : { username: proxy.username ?? null }),
      ...(said.password === undefined
        ? {}
        : { password: proxy.password === undefined ? null : new Secret(proxy.password.reveal()) }),
      ...(said.enabled === undefined ? {} : { enabled: said.enabled }),
    },
    ...(moved ? { moved: proxy } : {}),
  }
}

function loginNeeded(field: 'username' | 'password'): FailureError {
  const message = `the address is another: send the ${field} again, or null for none`
  return new FailureError(invalidRequest(`/${field}`, message, 'password_needed'))
}
