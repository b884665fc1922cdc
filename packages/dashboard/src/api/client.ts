import createClient, { type Middleware } from 'openapi-fetch'
import type { components, paths } from './schema.js'
import { session } from './session.js'

/** What the gateway said is wrong. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly pointer?: string,
  ) {
    super(message)
  }
}

const carrySession: Middleware = {
  onRequest({ request }) {
    const value = session.value()
    if (value !== null) request.headers.set('x-dragoman-session', value)
    return request
  },
  async onResponse({ request, response }) {
    if (response.ok) return undefined
    throw await errorOf(response, request.headers.get('x-dragoman-session'))
  },
}

/**
 * The admin API, typed by its own document (`npm run api-types`). Everything that is not 2xx is thrown as an {@link ApiError}.
 * @example const { data } = await api.GET('/admin/tasks')
 */
export const api = createClient<paths>({ baseUrl: '/', credentials: 'same-origin' })
api.use(carrySession)

export type Schemas = components['schemas']

/** The same door for what has no types: streams, files, protocol routes. */
export async function rawFetch(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers)
  const value = session.value()
  if (value !== null) headers.set('x-dragoman-session', value)
  if (init.body != null && !headers.has('content-type')) headers.set('content-type', 'application/json')
  const response = await fetch(path, { ...init, headers, credentials: 'same-origin' })
  if (!response.ok) throw await errorOf(response, value)
  return response
}

async function errorOf(response: Response, asked: string | null): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => undefined)
  const told = (name: string): string | undefined => {
    const value: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined
    return typeof value === 'string' ? value : undefined
  }
  const code = told('code') ?? `http_${response.status}`
  if (code === 'session_over' || code === 'sign_in_needed') session.over(asked)
  return new ApiError(
    response.status,
    code,
    told('error') ?? `${response.status} ${response.statusText}`,
    told('pointer'),
  )
}
