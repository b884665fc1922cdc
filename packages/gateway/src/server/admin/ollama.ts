import { createRoute, z } from '@hono/zod-openapi'
import type { OllamaStatus } from '../ollama-bridge.js'
import { json, PROBLEMS, type AdminApi } from './api.js'

export interface OllamaStatusHouse {
  ollama(): OllamaStatus
}

/** `GET /admin/ollama-status`. Fields: parity 1.12. */
export function ollamaStatusApi(api: AdminApi, house: OllamaStatusHouse): void {
  api.openapi(
    createRoute({
      method: 'get',
      path: '/admin/ollama-status',
      tags: ['settings'],
      summary: 'Does the listener for Ollama clients run, and where?',
      responses: {
        200: json(
          z.object({
            enabled: z.boolean(),
            running: z.boolean(),
            address: z.string().nullable(),
            error: z.string().nullable().openapi({ description: 'Why it does not, and what to do.' }),
          }),
          'As it is now.',
        ),
        ...PROBLEMS,
      },
    }),
    (c) => {
      const { enabled, listening, url = null, error = null } = house.ollama()
      return c.json({ enabled, running: listening, address: url, error }, 200)
    },
  )
}
