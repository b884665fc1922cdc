import type { IncomingMessage, ServerResponse } from 'node:http'
import type { DialectId } from '@dragoman/protocol'
import type { Admin } from '../sessions/index.js'

/** Who may ask: a client key never opens management. Whatever is not in the table needs a key before it is told that it does not exist. */
export type Access = 'public' | 'client key' | 'admin'

/** One request on its way to its route. */
export interface Asked {
  req: IncomingMessage
  res: ServerResponse
  /** Without the query. */
  path: string
  query: string
  requestId: string
  /** Headers that every reply of this request carries. */
  headers: Record<string, string>
  /** What stands in the place of `:id`. */
  id: string
  key: ClientKey | undefined
  /** Set on management's routes alone. */
  admin?: Admin
  /** Where a page that asks this gateway lies, `http://127.0.0.1:8080`. */
  ownOrigin: string
}

export interface ClientKey {
  id: string
  name: string
  allowedModels?: readonly string[]
  /** Hosted tools that its requests get. Undefined: those of the configuration; empty: none. */
  defaultTools?: readonly string[]
  /** A request that would lose something in translation is refused. */
  strict?: boolean
  /** Ids of accounts and names of groups that alone may serve it. Undefined: all. */
  accounts?: readonly string[]
  /** Budgets and rates, as they are stored. */
  limits?: Readonly<Record<string, unknown>>
}

export interface Route {
  methods: readonly string[]
  /** Exact paths; one with `/:id` takes any text there, and after it only what it says itself. */
  paths: readonly string[]
  access: Access
  /** Wants a proof of who is asking that is only minutes old. */
  fresh?: boolean
  /** Changes nothing though it is asked by POST, so that no trail needs to tell of it. */
  reads?: boolean
  /** Whose error shape this path speaks; `by headers` where clients of several protocols share it. */
  dialect: DialectId | 'by headers' | 'management'
  /** Touches no upstream, so no budget and no rate counts it. `id` is what stands in the place of `:id`. Default: it does. */
  local?(id: string): boolean
  answer(asked: Asked): Promise<void> | void
}

export interface Found {
  route: Route
  /** The one of its paths that fits. */
  pattern: string
  /** What stands in the place of `:id`; empty where there is none. */
  id: string
}

export interface RouteTable {
  find(method: string, path: string): Found | undefined
  /** A route of that path for any method; tells a 405 from a 404. */
  anyMethod(path: string): Route | undefined
  readonly routes: readonly Route[]
}

/** Exact look-ups only: no decoding, no normalising, so that no two readers of a path can disagree. */
export function routeTable(routes: readonly Route[]): RouteTable {
  const exact = new Map<string, Route[]>()
  const open: { prefix: string; suffix: string; route: Route; pattern: string }[] = []
  for (const route of routes) {
    for (const path of route.paths) {
      const at = path.indexOf('/:id')
      if (at !== -1) open.push({ prefix: path.slice(0, at + 1), suffix: path.slice(at + 4), route, pattern: path })
      else exact.set(path, [...(exact.get(path) ?? []), route])
    }
  }
  // The more a path says, the sooner it is meant.
  open.sort((a, b) => b.suffix.length - a.suffix.length)

  function all(path: string): Found[] {
    const found = exact.get(path)
    if (found !== undefined) return found.map((route) => ({ route, pattern: path, id: '' }))
    return open
      .filter(
        ({ prefix, suffix }) =>
          path.length > prefix.length + suffix.length && path.startsWith(prefix) && path.endsWith(suffix),
      )
      .map(({ prefix, suffix, route, pattern }) => ({
        route,
        pattern,
        id: path.slice(prefix.length, path.length - suffix.length),
      }))
  }

  return {
    routes,
    find: (method, path) => all(path).find(({ route }) => route.methods.includes(method)),
    anyMethod: (path) => all(path)[0]?.route,
  }
}
