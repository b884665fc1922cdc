import { createRoute, z } from '@hono/zod-openapi'
import type { LogTail } from '../../telemetry/index.js'
import { json, PROBLEMS, type AdminApi } from './api.js'
import type { Live } from './live.js'

export interface LogTailHouse {
  /** Without it the log goes elsewhere. */
  logTail?: LogTail
  live: Pick<Live, 'publish'>
}

const LEVELS = ['debug', 'info', 'warn', 'error'] as const
const LEVEL_NUMBERS: Readonly<Record<number, (typeof LEVELS)[number]>> = {
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
}

const LogLine = z
  .object({
    time: z.string(),
    level: z.enum(LEVELS),
    message: z.string(),
    fields: z.record(z.string(), z.any()),
  })
  .openapi('LogLine')
export type LogLine = z.infer<typeof LogLine>

/** Lines that come together are told together: a page draws no faster. */
const TELL_EVERY_MS = 150

/** `GET /admin/log-tail`, and the topic `log`: what the gateway logs, as it logs it. */
export function logTailApi(api: AdminApi, { logTail, live }: LogTailHouse): void {
  let waiting: string[] = []
  let timer: NodeJS.Timeout | undefined
  logTail?.onLine((line) => {
    waiting.push(line)
    timer ??= setTimeout(() => {
      timer = undefined
      const lines = waiting.map(readLine)
      waiting = []
      live.publish('log', { lines })
    }, TELL_EVERY_MS).unref()
  })

  api.openapi(
    createRoute({
      method: 'get',
      path: '/admin/log-tail',
      tags: ['diagnostics'],
      summary: 'The last lines of the log, the oldest first',
      request: {
        query: z.object({
          limit: z.coerce.number().int().min(1).max(1000).default(200),
          level: z.enum(LEVELS).default('debug').openapi({ description: 'This level and those above it.' }),
        }),
      },
      responses: { 200: json(z.object({ lines: z.array(LogLine) }), 'The lines, without secrets.'), ...PROBLEMS },
    }),
    (c) => {
      const { limit, level } = c.req.valid('query')
      const least = LEVELS.indexOf(level)
      const lines = linesOf(logTail).filter((line) => LEVELS.indexOf(line.level) >= least)
      return c.json({ lines: lines.slice(-limit) }, 200)
    },
  )
}

export function linesOf(logTail: LogTail | undefined): LogLine[] {
  return (logTail?.lines() ?? []).map(readLine)
}

function readLine(line: string): LogLine {
  try {
    const { time, level, msg, ...fields } = JSON.parse(line) as Record<string, unknown>
    return { time: String(time), level: LEVEL_NUMBERS[Number(level)] ?? 'info', message: String(msg), fields }
  } catch {
    // A secret took a quote with it. The line is safe, only not pretty.
    return { time: new Date().toISOString(), level: 'info', message: line.trim(), fields: {} }
  }
}
