import { setImmediate } from 'node:timers/promises'
import { createRoute, z } from '@hono/zod-openapi'
import { FailureError, invalidRequest } from '@dragoman/protocol'
import { checkAccounts, runBatch, type BatchResult, type CheckOptions } from '../../accounts/index.js'
import { BackgroundQuery, Started } from './account-schemas.js'
import type { AccountsHouse } from './accounts-house.js'
import { changeAccount, objectOf, settingsFrom, WrittenFields } from './account-settings.js'
import { json, jsonBody, PROBLEMS, type AdminApi } from './api.js'
import type { TaskProgress } from './tasks.js'

/** Ids that one request may name. */
const MOST_IDS = 10_000
const AT_ONCE = 8
/** What stays in the house: after each the pool reads the store again, and those at one time share that. */
const WRITTEN_AT_ONCE = 32
/** What is asked of the login server or the backend is asked of few at a time. */
const ASKED_AT_ONCE = 2

const IDS_ERROR = `ids is a list of at most ${MOST_IDS} ids of accounts`
const Ids = z
  .array(z.string({ error: IDS_ERROR }), { error: IDS_ERROR })
  .max(MOST_IDS, { error: IDS_ERROR })
  .openapi({ description: 'Ids of accounts.' })

const rest = {
  notFound: z.array(z.string()),
  failed: z.array(z.object({ id: z.string(), error: z.string() })).optional(),
}
const Deleted = z.object({ deleted: z.int(), ...rest })
const Updated = z.object({ updated: z.int(), ...rest })

const Report = z
  .object({
    summary: z.object({ total: z.int(), alive: z.int(), dead: z.int(), skipped: z.int() }),
    results: z.array(
      z.object({
        id: z.string(),
        email: z.string().optional(),
        previousStatus: z.string().optional(),
        result: z.enum(['alive', 'dead', 'skipped']),
        error: z.string().optional(),
        durationMs: z.number().optional(),
      }),
    ),
  })
  .openapi('HealthReport')

/** One act on many accounts; with `?background=true` as a task whose progress is told. */
export function accountBatchApi(api: AdminApi, house: AccountsHouse): void {
  const { accounts, tasks } = house
  const tags = ['accounts']

  /** The work of many: known ids one after the other, each end told. */
  async function many(
    ids: readonly string[],
    act: (id: string) => Promise<boolean>,
    concurrency: number,
    progress?: TaskProgress,
  ): Promise<{ count: number; notFound: string[]; failed?: { id: string; error: string }[] }> {
    const wanted = [...new Set(ids)]
    const known = wanted.filter((id) => accounts.get(id) !== undefined)
    for (let n = known.length; n < wanted.length; n++) progress?.step('failed')
    // Whatever else the gateway does goes on between them: what only writes would not let go of the thread by itself.
    const inTurn = async (id: string): Promise<boolean> => {
      await setImmediate()
      return act(id)
    }
    const results = await runBatch(known, inTurn, {
      concurrency,
      ...(progress === undefined ? {} : { signal: progress.signal }),
      onProgress: ({ result }) => progress?.step(result.outcome === 'failed' ? 'failed' : undefined),
    })
    return { count: countOf(results), ...restOf(wanted, results) }
  }

  const route = <Answer extends z.ZodType, Fields extends z.ZodRawShape>(
    path: string,
    summary: string,
    fields: Fields,
    answer: Answer,
  ) =>
    createRoute({
      method: 'post',
      path,
      tags,
      summary,
      request: { query: BackgroundQuery, body: jsonBody(objectOf({ ids: Ids, ...fields })) },
      responses: { 200: json(answer, 'What came of it.'), 202: json(Started, 'It runs.'), ...PROBLEMS },
    })

  api.openapi(route('/auth/accounts/batch-delete', 'Remove many', {}, Deleted), async (c) => {
    const { ids } = c.req.valid('json')
    const run = async (progress?: TaskProgress) => {
      const { count, ...others } = await many(ids, (id) => accounts.remove(id), AT_ONCE, progress)
      return { deleted: count, ...others }
    }
    if (c.req.valid('query').background !== 'true') return c.json(await run(), 200)
    return c.json({ task: tasks.start('batch-delete', new Set(ids).size, run) }, 202)
  })

  const status = z.enum(['active', 'disabled'], { error: 'status is "active" or "disabled"' })
  api.openapi(route('/auth/accounts/batch-status', 'Switch many on or off', { status }, Updated), async (c) => {
    const { ids, status: wanted } = c.req.valid('json')
    const run = async (progress?: TaskProgress) => {
      const { count, ...others } = await many(
        ids,
        (id) => accounts.setEnabled(id, wanted === 'active'),
        WRITTEN_AT_ONCE,
        progress,
      )
      return { updated: count, ...others }
    }
    if (c.req.valid('query').background !== 'true') return c.json(await run(), 200)
    const kind = wanted === 'active' ? 'batch-enable' : 'batch-disable'
    return c.json({ task: tasks.start(kind, new Set(ids).size, run) }, 202)
  })

  const { label: _, ...settable } = WrittenFields
  api.openapi(route('/auth/accounts/batch-settings', 'Say the same of many', settable, Updated), async (c) => {
    const { ids, ...written } = c.req.valid('json')
    // What cannot be is refused before the first is changed.
    const { note, groups, weight, maxConcurrent, converge, proxyId } = written
    const change = settingsFrom({ note, groups, weight, maxConcurrent, converge })
    if (Object.keys(change).length === 0 && proxyId === undefined) {
      throw new FailureError(invalidRequest('', `say what is to change: ${Object.keys(settable).join(', ')}`))
    }
    const act = async (id: string): Promise<boolean> => {
      await changeAccount(house, id, { note, groups, weight, maxConcurrent, converge, proxyId })
      return true
    }
    const run = async (progress?: TaskProgress) => {
      const { count, ...others } = await many(ids, act, WRITTEN_AT_ONCE, progress)
      return { updated: count, ...others }
    }
    if (c.req.valid('query').background !== 'true') return c.json(await run(), 200)
    return c.json({ task: tasks.start('batch-settings', new Set(ids).size, run) }, 202)
  })

  const refresh = async (id: string): Promise<boolean> => {
    const { ok, message } = await accounts.refresh(id)
    if (!ok) throw new ToldError(message)
    return true
  }
  api.openapi(route('/auth/accounts/batch-refresh', 'Renew the tokens of many', {}, Updated), async (c) => {
    const { ids } = c.req.valid('json')
    const run = async (progress?: TaskProgress) => {
      const { count, ...others } = await many(ids, refresh, ASKED_AT_ONCE, progress)
      return { updated: count, ...others }
    }
    if (c.req.valid('query').background !== 'true') return c.json(await run(), 200)
    return c.json({ task: tasks.start('batch-refresh', new Set(ids).size, run) }, 202)
  })

  const readQuota = async (id: string): Promise<boolean> => {
    const account = accounts.get(id)
    if (account === undefined) return false
    const { status: now, reason } = account
    if (now !== 'active' && now !== 'cooling' && now !== 'exhausted') throw new ToldError(reason ?? `It is ${now}.`)
    await house.readUsage(id)
    return true
  }
  api.openapi(route('/auth/accounts/batch-quota', 'Read the quota of many', {}, Updated), async (c) => {
    const { ids } = c.req.valid('json')
    const run = async (progress?: TaskProgress) => {
      const { count, ...others } = await many(ids, readQuota, ASKED_AT_ONCE, progress)
      return { updated: count, ...others }
    }
    if (c.req.valid('query').background !== 'true') return c.json(await run(), 200)
    return c.json({ task: tasks.start('batch-quota', new Set(ids).size, run) }, 202)
  })

  api.openapi(
    createRoute({
      method: 'post',
      path: '/auth/accounts/health-check',
      tags,
      summary: 'Find out which logins still live',
      description: 'By renewing them and by nothing else: the model backend is never asked.',
      request: {
        query: BackgroundQuery,
        body: jsonBody(
          objectOf({
            ids: Ids.optional(),
            stagger_ms: numberFrom('stagger_ms', 500, 30_000).default(3_000),
            concurrency: numberFrom('concurrency', 1, 10).default(2),
          }),
        ),
      },
      responses: { 200: json(Report, 'Of each.'), 202: json(Started, 'It runs.'), ...PROBLEMS },
    }),
    async (c) => {
      const { ids, stagger_ms: staggerMs, concurrency } = c.req.valid('json')
      const check = (options: CheckOptions) => checkAccounts(accounts, ids, { staggerMs, concurrency, ...options })
      if (c.req.valid('query').background === 'true') {
        const total = ids === undefined ? accounts.list().length : new Set(ids).size
        const task = tasks.start('health-check', total, ({ signal, step }) =>
          check({ signal, onProgress: ({ account }) => step(account.result === 'dead' ? 'failed' : undefined) }),
        )
        return c.json({ task }, 202)
      }
      const left = new AbortController()
      c.env.asked.res.once('close', () => left.abort())
      return c.json(await check({ signal: left.signal }), 200)
    },
  )
}

/** Its message is fit to be shown. */
class ToldError extends Error {}

function numberFrom(name: string, least: number, most: number) {
  const error = `${name} is a number from ${least} to ${most}`
  return z.number({ error }).min(least, { error }).max(most, { error })
}

/** How many were there to be changed. */
function countOf(results: readonly BatchResult<boolean>[]): number {
  return results.filter((result) => result.outcome === 'done' && result.value).length
}

function restOf(
  ids: readonly string[],
  results: readonly BatchResult<boolean>[],
): { notFound: string[]; failed?: { id: string; error: string }[] } {
  const failed = results.flatMap((result) =>
    result.outcome === 'failed' ? [{ id: result.id, error: whatFailed(result.error) }] : [],
  )
  const touched = new Set(results.filter((one) => one.outcome !== 'done' || one.value).map(({ id }) => id))
  return {
    notFound: ids.filter((id) => !touched.has(id)),
    ...(failed.length === 0 ? {} : { failed }),
  }
}

function whatFailed(error: Error): string {
  if (error instanceof ToldError || error instanceof FailureError) return error.message
  return 'it could not be changed; the log says why'
}
