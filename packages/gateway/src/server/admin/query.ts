import { z } from '@hono/zod-openapi'

/** A time in a query: unix ms, or ISO 8601. Becomes unix ms. */
export const instant = z
  .string()
  .transform((text) => (/^\d+$/.test(text) ? Number(text) : Date.parse(text)))
  .refine((at) => Number.isSafeInteger(at), 'takes a time: unix ms or ISO 8601')
  .openapi({ type: 'string', description: 'Unix ms, or ISO 8601.' })

/** A switch in a query. */
export const yesOrNo = z
  .enum(['true', 'false'])
  .transform((text) => text === 'true')
  .openapi({ type: 'string', enum: ['true', 'false'] })
