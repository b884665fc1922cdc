import { z } from '@hono/zod-openapi'
import { FailureError, invalidRequest } from '@dragoman/protocol'
import { readOwnerSettings, SettingError, type WrittenSettings } from '../../accounts/index.js'
import { ProxyPoolError } from '../../transport/proxies/index.js'
import type { AccountsHouse } from './accounts-house.js'

/** Read by `readOwnerSettings`, which names what can be. */
export const WrittenFields = {
  label: z
    .unknown()
    .optional()
    .openapi({ type: ['string', 'null'], description: 'At most 64 characters; null for none.' }),
  note: z
    .unknown()
    .optional()
    .openapi({ type: ['string', 'null'], description: 'At most 2,000 characters.' }),
  groups: z
    .unknown()
    .optional()
    .openapi({ type: 'array', items: { type: 'string' } }),
  weight: z
    .unknown()
    .optional()
    .openapi({ type: 'number', description: '0 to 1,000; 0 serves only when no other can.' }),
  maxConcurrent: z
    .unknown()
    .optional()
    .openapi({
      type: ['integer', 'null'],
      description: 'Open requests; 0 for any number, null as the configuration says.',
    }),
  converge: z
    .unknown()
    .optional()
    .openapi({ type: 'boolean', description: 'All clients appear upstream as one session.' }),
  proxyId: z.unknown().optional().openapi({ type: 'string', description: '`global`, `direct`, `auto`, or a proxy.' }),
} as const

/** A JSON object; whatever it does not name is let be. */
export function objectOf<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.object(shape, { error: 'the body is a JSON object' })
}

/**
 * What is to change, for one account or many.
 * @throws FailureError that names the setting
 */
export async function changeAccount(
  house: AccountsHouse,
  id: string,
  written: WrittenSettings & { proxyId?: unknown },
): Promise<void> {
  const { proxyId, label, note, groups, weight, maxConcurrent, converge } = written
  const change = settingsFrom({ label, note, groups, weight, maxConcurrent, converge })
  if (Object.keys(change).length > 0) await house.accounts.change(id, change)
  if (proxyId === undefined) return
  if (typeof proxyId !== 'string') throw new FailureError(invalidRequest('/proxyId', 'proxyId is a text'))
  try {
    await house.proxies.pin(id, proxyId)
  } catch (error) {
    if (error instanceof ProxyPoolError) throw new FailureError(invalidRequest('/proxyId', error.message))
    throw error
  }
}

export function settingsFrom(written: WrittenSettings): ReturnType<typeof readOwnerSettings> {
  try {
    return readOwnerSettings(written)
  } catch (error) {
    if (error instanceof SettingError) throw new FailureError(invalidRequest(`/${error.setting}`, error.message))
    throw error
  }
}
