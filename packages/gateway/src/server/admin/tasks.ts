import { randomBytes } from 'node:crypto'
import { createRoute, z } from '@hono/zod-openapi'
import { json, NOT_FOUND, problem, PROBLEMS, SUCCESS, type AdminApi } from './api.js'
import type { Live } from './live.js'

export const TaskView = z
  .object({
    id: z.string(),
    kind: z.string().openapi({ description: 'What it does: `health-check`, `batch-delete`.' }),
    state: z.enum(['running', 'done', 'failed', 'cancelled']),
    done: z.int(),
    total: z.int(),
    failed: z.int(),
    startedAt: z.string(),
    endedAt: z.string().nullable(),
    error: z.string().nullable(),
    result: z.any().openapi({ description: 'What it brought, once it is over; its form is its kind’s.' }),
  })
  .openapi('Task')
export type TaskView = z.infer<typeof TaskView>

export interface TaskProgress {
  readonly signal: AbortSignal
  /** One of its parts is over. */
  step(outcome?: 'failed'): void
}

/** Acts that take longer than somebody likes to wait. */
export interface Tasks {
  /** Begins it and returns at once. */
  start(kind: string, total: number, run: (progress: TaskProgress) => Promise<unknown>): TaskView
  get(id: string): TaskView | undefined
  /** The newest first. */
  list(): TaskView[]
  cancel(id: string): boolean
}

const KEPT = 50
const TELL_EVERY_MS = 100

export function createTasks(live: Pick<Live, 'publish'>, now: () => number = Date.now): Tasks {
  const tasks = new Map<string, { view: TaskView; abort: AbortController }>()

  function forgetOld(): void {
    for (const [id, { view }] of tasks) {
      if (tasks.size <= KEPT) return
      if (view.state !== 'running') tasks.delete(id)
    }
  }

  return {
    start(kind, total, run) {
      const abort = new AbortController()
      const view: TaskView = {
        id: `task_${randomBytes(8).toString('hex')}`,
        kind,
        state: 'running',
        done: 0,
        total,
        failed: 0,
        startedAt: new Date(now()).toISOString(),
        endedAt: null,
        error: null,
        result: null,
      }
      tasks.set(view.id, { view, abort })
      forgetOld()
      let told = 0
      const tell = (always: boolean): void => {
        if (!always && now() - told < TELL_EVERY_MS) return
        told = now()
        live.publish('tasks', view)
      }
      const end = (state: TaskView['state'], more: Partial<TaskView>): void => {
        Object.assign(view, more, { state, endedAt: new Date(now()).toISOString() })
        tell(true)
      }
      tell(true)
      run({
        signal: abort.signal,
        step(outcome) {
          view.done += 1
          if (outcome === 'failed') view.failed += 1
          tell(false)
        },
      }).then(
        (result) => end(abort.signal.aborted ? 'cancelled' : 'done', { result: result ?? null }),
        (error: unknown) =>
          end(abort.signal.aborted ? 'cancelled' : 'failed', {
            error: error instanceof Error ? error.message : 'it failed; the log says why',
          }),
      )
      return view
    },
    get: (id) => tasks.get(id)?.view,
    list: () => [...tasks.values()].map(({ view }) => view).reverse(),
    cancel(id) {
      const task = tasks.get(id)
      if (task === undefined || task.view.state !== 'running') return false
      task.abort.abort()
      return true
    },
  }
}

/** Long acts: what runs, how far it is, and how to stop it. */
export function tasksApi(api: AdminApi, tasks: Tasks): void {
  const id = z.object({ id: z.string() })
  api.openapi(
    createRoute({
      method: 'get',
      path: '/admin/tasks',
      tags: ['tasks'],
      summary: 'Long acts, the newest first',
      responses: { 200: json(z.object({ tasks: z.array(TaskView) }), 'The last of them.'), ...PROBLEMS },
    }),
    (c) => c.json({ tasks: tasks.list() }, 200),
  )
  api.openapi(
    createRoute({
      method: 'get',
      path: '/admin/tasks/{id}',
      tags: ['tasks'],
      summary: 'One long act',
      request: { params: id },
      responses: { 200: json(TaskView, 'How far it is.'), ...PROBLEMS, ...NOT_FOUND },
    }),
    (c) => {
      const view = tasks.get(c.req.valid('param').id)
      if (view === undefined) throw problem(404, 'not_found', NO_TASK)
      return c.json(view, 200)
    },
  )
  api.openapi(
    createRoute({
      method: 'post',
      path: '/admin/tasks/{id}/cancel',
      tags: ['tasks'],
      summary: 'Stop a long act after the part that is under way',
      request: { params: id },
      responses: { 200: json(SUCCESS, 'It stops.'), ...PROBLEMS, ...NOT_FOUND },
    }),
    (c) => {
      if (!tasks.cancel(c.req.valid('param').id)) throw problem(404, 'not_found', NO_TASK)
      return c.json({ success: true as const }, 200)
    },
  )
}

const NO_TASK = 'there is no such act under way'
