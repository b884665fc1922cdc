import { createRoute, z } from '@hono/zod-openapi'
import {
  maskedUrl,
  parseProxyList,
  PROXY_PROTOCOLS,
  type ProxyList,
  type WrittenProxy,
} from '../../transport/proxies/index.js'
import { ANY_BODY, FRESH, json, PROBLEMS, type AdminApi } from './api.js'
import { allowPrivate, placeOf, poolErrors, privateOnes, type ProxiesHouse } from './proxies-house.js'

const tags = ['proxies']
const protocol = z.enum(PROXY_PROTOCOLS).optional().openapi({ description: 'Of lines that name none. Default: http.' })

const Import = z
  .object({
    text: z.string().optional().openapi({
      description: 'YAML or JSON, or lines: URLs, `host:port:user:password`, `user:password@host:port`.',
    }),
    yaml: z.string().optional().openapi({ description: 'The same; the predecessors call it so.' }),
    protocol,
    allowPrivate: z.boolean().optional().openapi({ description: 'Take also those on this machine or in its network.' }),
    dryRun: z.boolean().optional().openapi({ description: 'Only say what would be.' }),
  })
  .openapi('ProxyImport')

const Imported = z
  .object({
    dryRun: z.boolean(),
    added: z.int(),
    updated: z.int(),
    unchanged: z.int(),
    duplicates: z.int().openapi({ description: 'Said again in the same list.' }),
    proxies: z.array(
      z.object({
        name: z.string().nullable(),
        url: z.string().openapi({ description: 'With the password masked.' }),
        outcome: z.enum(['added', 'updated', 'unchanged', 'private']).openapi({
          description: '`private`: on this machine or in its network, and left out.',
        }),
      }),
    ),
    problems: z.array(z.object({ line: z.int(), message: z.string() })).openapi({
      description: 'What is no proxy, by its line. Nothing of the text itself: any piece may be a password.',
    }),
  })
  .openapi('ProxyImportResult')

/** Lists of proxies, out and in. Source of the paths: parity 1.13. */
export function proxyTransferApi(api: AdminApi, house: ProxiesHouse): void {
  const { proxies: pool } = house
  const yaml = (description: string) => ({
    200: { description, content: { 'application/yaml': { schema: z.string() } } },
  })
  const HEADERS = {
    'content-type': 'application/yaml; charset=utf-8',
    'content-disposition': 'attachment; filename="proxies.yaml"',
  }

  api.openapi(
    createRoute({
      method: 'get',
      path: '/api/proxies/export',
      tags,
      summary: 'All proxies as YAML, without their passwords',
      responses: { ...yaml('What import reads.'), ...PROBLEMS },
    }),
    (c) => c.body(pool.exportYaml({ passwords: false }), 200, HEADERS),
  )
  api.openapi(
    createRoute({
      method: 'post',
      path: '/api/proxies/export',
      tags,
      summary: 'All proxies as YAML, with their passwords',
      responses: { ...yaml('What import reads; whoever gets it can use them.'), ...PROBLEMS },
      ...FRESH,
    }),
    (c) => c.body(pool.exportYaml({ passwords: true }), 200, HEADERS),
  )
  api.openapi(
    createRoute({
      method: 'post',
      path: '/api/proxies/import',
      tags,
      summary: 'Take in a list of proxies; good lines are taken even when others are bad',
      request: {
        query: z.object({ dryRun: z.stringbool().optional(), protocol, allowPrivate: z.stringbool().optional() }),
        body: { content: { 'application/json': { schema: Import }, 'text/plain': { schema: z.string() } } },
      },
      responses: { 200: json(Imported, 'What was understood, and what became of it.'), ...PROBLEMS },
      ...ANY_BODY,
    }),
    async (c) => {
      const body = c.req.header('content-type') === 'text/plain' ? await c.req.text() : c.req.valid('json')
      const said: z.infer<typeof Import> = typeof body === 'string' ? { text: body } : body
      const how = { ...c.req.valid('query'), ...said }
      const usual = how.protocol
      const list = parseProxyList(how.text ?? said.yaml ?? '', usual === undefined ? {} : { protocol: usual })
      const left = new Set(how.allowPrivate === true ? [] : privateOnes(house, list.proxies))
      const taken = list.proxies.filter((proxy) => !left.has(proxy))
      if (how.dryRun === true) return c.json(resultOf(list, taken, pool.foresee(taken), true), 200)
      await allowPrivate(house, taken, c.env.admin)
      const added = await poolErrors(() => pool.add(taken))
      const outcomes = added.map(({ outcome }) => outcome)
      return c.json(resultOf(list, taken, outcomes, false), 200)
    },
  )
}

type Outcome = 'added' | 'updated' | 'unchanged'

function resultOf(
  list: ProxyList,
  taken: readonly WrittenProxy[],
  outcomes: readonly Outcome[],
  dryRun: boolean,
): z.infer<typeof Imported> {
  const outcome = new Map(taken.map((proxy, at) => [proxy, outcomes[at]]))
  const count = (of: Outcome): number => outcomes.filter((one) => one === of).length
  return {
    dryRun,
    added: count('added'),
    updated: count('updated'),
    unchanged: count('unchanged'),
    duplicates: list.duplicates,
    proxies: list.proxies.map((proxy) => ({
      name: proxy.name ?? placeOf(proxy),
      url: maskedUrl({ ...proxy, hasPassword: proxy.password !== undefined }),
      outcome: outcome.get(proxy) ?? 'private',
    })),
    problems: list.problems.map(({ line, message }) => ({ line, message })),
  }
}
