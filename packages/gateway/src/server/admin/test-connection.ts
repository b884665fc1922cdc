import { createRoute, z } from '@hono/zod-openapi'
import { FailureError, safeText } from '@dragoman/protocol'
import type { Accounts } from '../../accounts/index.js'
import { askLocal, type Transport } from '../../transport/index.js'
import { json, PROBLEMS, type AdminApi } from './api.js'

export interface TestConnectionHouse {
  listeners(): readonly string[]
  accounts: Pick<Accounts, 'list'>
  apiKeys(): readonly { enabled: boolean }[]
  /** Undefined when Codex is switched off. */
  backend(): string | undefined
  request: Transport['request']
  /** Reads the usage of one account: no model is asked. @throws FailureError */
  readUsage(accountId: string): Promise<unknown>
}

export const CONNECTION_CHECKS = ['server', 'accounts', 'transport', 'upstream'] as const
type CheckName = (typeof CONNECTION_CHECKS)[number]

/** Source of the fields: parity 1.12. `facts` are ours: what `detail` says, for other languages. */
const Check = z
  .object({
    name: z.enum(CONNECTION_CHECKS),
    status: z.enum(['pass', 'fail', 'skip']),
    latencyMs: z.number(),
    detail: z.string().nullable(),
    error: z.string().nullable(),
    facts: z.record(z.string(), z.union([z.string(), z.number()])),
  })
  .openapi('ConnectionCheck')
type Check = z.infer<typeof Check>

type Outcome = Pick<Check, 'status' | 'facts'> & { detail?: string; error?: string }

const TIMEOUT_MS = 10_000

/** `POST /admin/test-connection`: does each part of the way work? Asks no model, and changes nothing. */
export function testConnectionApi(api: AdminApi, house: TestConnectionHouse): void {
  const checks: Readonly<Record<CheckName, () => Promise<Outcome>>> = {
    server: () => server(house),
    accounts: () => Promise.resolve(accounts(house)),
    transport: () => transport(house),
    upstream: () => upstream(house),
  }
  api.openapi(
    createRoute({
      method: 'post',
      path: '/admin/test-connection',
      tags: ['diagnostics'],
      summary: 'Try each part of the way to an answer, without asking a model',
      request: {
        body: {
          content: {
            'application/json': {
              schema: z.looseObject({
                checks: z.array(z.enum(CONNECTION_CHECKS)).min(1).optional().openapi({ description: 'Default: all.' }),
              }),
            },
          },
        },
      },
      responses: {
        200: json(
          z.object({
            checks: z.array(Check),
            overall: z.enum(['pass', 'fail']),
            timestamp: z.string(),
          }),
          'What works.',
        ),
        ...PROBLEMS,
      },
    }),
    async (c) => {
      const { checks: wanted = CONNECTION_CHECKS } = c.req.valid('json')
      const done = await Promise.all([...new Set(wanted)].map((name) => timed(name, checks[name])))
      const overall = done.some(({ status }) => status === 'fail') ? 'fail' : 'pass'
      return c.json({ checks: done, overall, timestamp: new Date().toISOString() } as const, 200)
    },
  )
}

async function timed(name: CheckName, run: () => Promise<Outcome>): Promise<Check> {
  const started = performance.now()
  const outcome = await run().catch((error: unknown): Outcome => ({
    status: 'fail',
    facts: {},
    error: sentenceOf(error),
  }))
  const { status, facts, detail = null, error = null } = outcome
  return { name, status, latencyMs: Math.round((performance.now() - started) * 10) / 10, detail, error, facts }
}

async function server({ listeners }: TestConnectionHouse): Promise<Outcome> {
  const [url] = listeners()
  if (url === undefined) return { status: 'fail', facts: {}, error: 'the gateway listens nowhere yet' }
  const local = url.replace('//0.0.0.0', '//127.0.0.1').replace('//[::]', '//[::1]')
  const { status } = await askLocal({ url: `${local}/health`, method: 'GET', headers: {}, timeoutMs: TIMEOUT_MS })
  const facts = { url, status }
  if (status !== 200) return { status: 'fail', facts, error: `${url}/health answered ${status}` }
  return { status: 'pass', facts, detail: `${url} answers` }
}

function accounts(house: TestConnectionHouse): Outcome {
  const all = house.accounts.list()
  const active = all.filter(({ status }) => status === 'active').length
  const keys = house.apiKeys().filter(({ enabled }) => enabled).length
  const facts = { active, total: all.length, keys }
  const detail = `${active} of ${all.length} accounts are active, ${keys} API keys are switched on`
  if (active + keys > 0) return { status: 'pass', facts, detail }
  const error = all.length === 0 ? 'there is no account and no API key yet' : `none of ${all.length} accounts is active`
  return { status: 'fail', facts, detail, error }
}

/** Any answer will do: it shows that name, way out and certificate are good. */
async function transport({ backend, request }: TestConnectionHouse): Promise<Outcome> {
  const url = backend()
  if (url === undefined) return { status: 'skip', facts: {}, detail: 'codex.enabled is off' }
  const { host } = new URL(url)
  const { status } = await request({ url, method: 'GET', headers: { accept: '*/*' }, timeoutMs: TIMEOUT_MS })
  return { status: 'pass', facts: { host, status }, detail: `${host} is reached (it answered ${status})` }
}

async function upstream(house: TestConnectionHouse): Promise<Outcome> {
  const account = house.accounts.list().find(({ status }) => status === 'active')
  if (house.backend() === undefined || account === undefined) {
    return { status: 'skip', facts: {}, detail: 'there is no active account to ask with' }
  }
  await house.readUsage(account.id)
  const name = account.label ?? account.email ?? account.id
  return { status: 'pass', facts: { account: name }, detail: `the backend told the usage of ${name}` }
}

function sentenceOf(error: unknown): string {
  if (error instanceof FailureError) return error.failure.message
  return safeText(error instanceof Error ? error.message : String(error))
}
