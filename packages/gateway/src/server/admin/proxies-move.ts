import { createRoute, z } from '@hono/zod-openapi'
import { json, jsonBody, PROBLEMS, READS, type AdminApi } from './api.js'
import { isWord, poolErrors, type ProxiesHouse } from './proxies-house.js'

const tags = ['proxies']
const MOST = 20_000

/** Ids mean nothing in another gateway: accounts are named by their address, proxies by their name as well. */
const Written = z
  .object({
    email: z.string(),
    workspace: z
      .string()
      .optional()
      .openapi({ description: 'The ChatGPT account id; without it all with the address.' }),
    proxyId: z.string().optional(),
    proxyName: z.string().optional(),
  })
  .openapi('WrittenProxyAssignment')
type Written = z.infer<typeof Written>

/** A list, or a map from addresses to proxies. */
const Import = z
  .object({ assignments: z.union([z.array(Written).max(MOST), z.record(z.string(), z.string())]) })
  .openapi('ProxyAssignmentImport')

const Change = z.object({
  accountId: z.string(),
  email: z.string(),
  from: z.string().openapi({ description: 'The way that it goes now, by name.' }),
  to: z.string(),
  proxyId: z.string(),
})
const Preview = z
  .object({
    changes: z.array(Change),
    unchanged: z.int(),
    unknown: z.array(z.object({ email: z.string(), reason: z.enum(['no_account', 'no_proxy']) })),
  })
  .openapi('ProxyAssignmentPreview')
type Preview = z.infer<typeof Preview>

/** Takes the assignments of accounts from one gateway to another. Source of the paths: parity 1.13. */
export function proxyAssignmentMoveApi(api: AdminApi, house: ProxiesHouse): void {
  const { proxies: pool } = house
  const body = jsonBody(Import)

  api.openapi(
    createRoute({
      method: 'get',
      path: '/api/proxies/assignments/export',
      tags,
      summary: 'Who goes which way, by e-mail address',
      responses: { 200: json(z.object({ assignments: z.array(Written) }), 'To be imported elsewhere.'), ...PROBLEMS },
    }),
    (c) => {
      const accounts = new Map(house.accounts().map((account) => [account.id, account]))
      const assignments = pool.pins().flatMap(({ owner, choice, proxyName }): Written[] => {
        const account = accounts.get(owner)
        if (account?.email === undefined) return []
        return [
          {
            email: account.email,
            workspace: account.chatgptAccountId,
            proxyId: choice,
            proxyName: proxyName ?? choice,
          },
        ]
      })
      return c.json({ assignments }, 200)
    },
  )
  api.openapi(
    createRoute({
      method: 'post',
      path: '/api/proxies/assignments/import',
      tags,
      summary: 'What such a list would change; nothing is changed',
      request: { body },
      responses: { 200: json(Preview, 'What would be.'), ...PROBLEMS },
      ...READS,
    }),
    (c) => c.json(previewOf(house, listOf(c.req.valid('json'))), 200),
  )
  api.openapi(
    createRoute({
      method: 'post',
      path: '/api/proxies/assignments/apply',
      tags,
      summary: 'Go by such a list',
      request: { body },
      responses: { 200: json(Preview.extend({ success: z.literal(true) }), 'What was changed.'), ...PROBLEMS },
    }),
    async (c) => {
      const preview = previewOf(house, listOf(c.req.valid('json')))
      await poolErrors(() =>
        pool.pinAll(new Map(preview.changes.map(({ accountId, proxyId }) => [accountId, proxyId]))),
      )
      return c.json({ success: true as const, ...preview }, 200)
    },
  )
}

function listOf({ assignments }: z.infer<typeof Import>): Written[] {
  if (Array.isArray(assignments)) return assignments
  return Object.entries(assignments).map(([email, proxyId]) => ({ email, proxyId }))
}

function previewOf({ accounts, proxies }: ProxiesHouse, list: readonly Written[]): Preview {
  const ids = new Map(proxies.list().flatMap(({ id, name }) => [[name, id] as const, [id, id] as const]))
  const names = new Map(proxies.list().map(({ id, name }) => [id, name]))
  const before = new Map(proxies.pins().map(({ owner, choice }) => [owner, choice]))
  const byEmail = Map.groupBy(accounts(), ({ email }) => (email ?? '').toLowerCase())
  const wordOrId = (named: string | undefined): string | undefined =>
    named !== undefined && isWord(named) ? named : ids.get(named ?? '')
  const changes = new Map<string, Preview['changes'][number]>()
  const unknown: Preview['unknown'] = []
  let unchanged = 0
  for (const { email, workspace, proxyId, proxyName } of list) {
    const meant = (byEmail.get(email.toLowerCase()) ?? []).filter(
      ({ chatgptAccountId }) => workspace === undefined || chatgptAccountId === workspace,
    )
    // An id of this gateway says more than a name; one of another says nothing here.
    const choice = wordOrId(proxyId) ?? wordOrId(proxyName)
    if (meant.length === 0) unknown.push({ email, reason: 'no_account' })
    else if (choice === undefined) unknown.push({ email, reason: 'no_proxy' })
    else {
      for (const { id } of meant) {
        const now = before.get(id) ?? 'global'
        if (now === choice) unchanged += 1
        else {
          const called = (way: string): string => names.get(way) ?? way
          changes.set(id, { accountId: id, email, from: called(now), to: called(choice), proxyId: choice })
        }
      }
    }
  }
  return { changes: [...changes.values()], unchanged, unknown }
}
