import { z } from 'zod'
import { FailureError, invalidRequest } from '@dragoman/protocol'

const amount = z.number().positive().max(1e9)
const count = z.int().positive().max(1e15)

const schema = z.strictObject({
  budgetUsd: z.strictObject({ day: amount, month: amount, total: amount }).partial().optional(),
  tokens: z.strictObject({ day: count, month: count, total: count }).partial().optional(),
  requestsPerMinute: z.int().positive().max(100_000).optional(),
  maxConcurrent: z.int().positive().max(100_000).optional(),
})

/** What a client key may use. Days and months begin at midnight UTC; what is absent has no limit. */
export type KeyLimits = z.infer<typeof schema>

export const BUDGET_PERIODS = ['day', 'month', 'total'] as const
export type BudgetPeriod = (typeof BUDGET_PERIODS)[number]

/** @throws FailureError `invalid_request` that names the place */
export function parseKeyLimits(value: unknown): KeyLimits {
  const read = schema.safeParse(value)
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw new FailureError(
    invalidRequest(`/${['limits', ...(issue?.path ?? [])].join('/')}`, issue?.message ?? 'these are no limits'),
  )
}

/** Limits as they are stored; undefined when they cannot be read, as those of a newer version. */
export function storedKeyLimits(value: unknown): KeyLimits | undefined {
  return schema.safeParse(value ?? {}).data
}
