import { z } from '@hono/zod-openapi'
import { TaskView } from './tasks.js'

const time = (description: string) => z.string().nullable().openapi({ description, format: 'date-time' })

const windowFields = {
  allowed: z.boolean(),
  limit_reached: z.boolean(),
  used_percent: z.number(),
  remaining_percent: z.number(),
  reset_at: z.number().nullable().openapi({ description: 'Unix seconds, as the backend counts.' }),
  limit_window_seconds: z.number().nullable(),
}
const Window = z.object(windowFields).openapi('QuotaWindowNow')

export const QuotaView = z
  .object({
    plan_type: z.string().nullable(),
    rate_limit: Window.nullable(),
    secondary_rate_limit: Window.nullable(),
    code_review_rate_limit: Window.nullable(),
    rate_limits_by_limit_id: z.record(
      z.string(),
      z.object({
        ...z.object(windowFields).partial().shape,
        limit_id: z.string(),
        limit_name: z.string().nullable(),
        secondary_rate_limit: Window.nullable(),
      }),
    ),
    credits: z
      .object({
        has_credits: z.boolean(),
        unlimited: z.boolean(),
        balance: z.string().nullable(),
        source: z.enum(['usage', 'header', 'refusal']),
        told_at: time('When it was told.'),
      })
      .nullable(),
    reset_credits_available: z.number().nullable(),
    windows: z.array(
      z.object({
        ...windowFields,
        limit: z
          .string()
          .openapi({ description: '`codex` is the account’s own; others belong to models or features.' }),
        name: z.string().nullable().openapi({ description: 'As the backend calls the limit.' }),
        slot: z.enum(['primary', 'secondary']),
        source: z.enum(['usage', 'header', 'refusal']).openapi({ description: 'Who said it.' }),
        told_at: time('When it was told.'),
        doubted_at: time('When something spoke against the lock.'),
      }),
    ),
    told_at: time('When the newest of it was told.'),
  })
  .openapi('Quota')
export type QuotaView = z.infer<typeof QuotaView>

const UsageView = z.object({
  request_count: z.number(),
  failed_count: z.number(),
  input_tokens: z.number(),
  output_tokens: z.number(),
  cached_tokens: z.number(),
  reasoning_tokens: z.number(),
  estimated_cost_usd: z.number(),
  image_input_tokens: z.number(),
  image_output_tokens: z.number(),
  image_request_count: z.number(),
  image_request_failed_count: z.number(),
  last_used: time('When it last answered.'),
})

/** Why an account does not serve, for programs; the sentence of `reason` says it to people. */
export const REASON_CODES = [
  'rate_limited',
  'challenged',
  'refused',
  'fresh_token_refused',
  'quota_reached',
  'credit_used_up',
  'login_revoked',
  'login_expired',
  'login_used_elsewhere',
  'login_lost',
  'login_refused',
  'login_ended',
  'linked_file',
  'deactivated',
  'refused_often',
  'switched_off',
  'other',
] as const
export type ReasonCode = (typeof REASON_CODES)[number]

export const Heals = z
  .object({
    how: z.enum(['time', 'sign_in', 'probe', 'owner']).openapi({
      description:
        '`time`: it serves again at `at`. `probe`: it is tried at `at`. `sign_in`: a new login. `owner`: its owner enables it.',
    }),
    at: z.string().optional().openapi({ format: 'date-time' }),
  })
  .openapi('Heals')
export type Heals = z.infer<typeof Heals>

export const AccountView = z
  .object({
    id: z.string(),
    email: z.string().nullable(),
    accountId: z.string(),
    userId: z.string().nullable(),
    label: z.string().nullable(),
    codexFingerprintMode: z.enum(['off', 'session']),
    planType: z.string().nullable(),
    status: z
      .enum(['active', 'rate_limited', 'quota_exhausted', 'expired', 'banned', 'disabled'])
      .openapi({ description: 'In the predecessors’ words.' }),
    state: z.enum(['active', 'cooling', 'exhausted', 'expired', 'suspended', 'disabled']),
    reason: z.string().nullable(),
    reasonCode: z.enum(REASON_CODES).nullable(),
    heals: Heals.nullable(),
    until: time('When it is looked at again.'),
    attention: z.string().nullable().openapi({ description: 'It serves, but not for ever: what its owner should do.' }),
    attentionCode: z.enum(REASON_CODES).nullable(),
    note: z.string().nullable(),
    groups: z.array(z.string()),
    weight: z.number(),
    maxConcurrent: z.number().nullable(),
    open: z.number().openapi({ description: 'Requests that it has open now.' }),
    linkedTo: z.string().nullable(),
    hasCookies: z.boolean(),
    usage: UsageView,
    addedAt: time('When it was added.'),
    expiresAt: time('When its access token ends.'),
    quota: QuotaView.optional(),
    quotaFetchedAt: time('When its quota was told.').optional(),
    quotaVerifyRequired: z.boolean().optional(),
    proxyId: z.string().openapi({ description: '`global`, `direct`, `auto`, or the id of a proxy.' }),
    proxyName: z.string(),
  })
  .openapi('Account')
export type AccountView = z.infer<typeof AccountView>

export const ChangedAccount = z.object({ success: z.literal(true), account: AccountView })

export const IdParam = z.object({ id: z.string() })

/** A long act may be asked for in the background: the answer is a task then, whose result is what would have been answered. */
export const BackgroundQuery = z.object({
  background: z.enum(['true', 'false']).optional().openapi({
    description:
      '`true`: answer at once with a task; `/admin/tasks/{id}` and the live topic `tasks` tell how far it is.',
  }),
})
export const Started = z.object({ task: TaskView })
