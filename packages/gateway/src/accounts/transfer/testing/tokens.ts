import { jwt } from '../../testing/login-server.js'

export interface Made {
  account?: string
  user?: string
  email?: string
  plan?: string
  /** Unix ms. */
  issuedAt?: number
  /** Unix ms. */
  expiresAt?: number
}

export const NOW = Date.UTC(2026, 10, 21)
const DAY = 86_400_000

/** An access token as the login server would give it. */
export function accessToken(made: Made = {}): string {
  const { account = 'ws-1', user = 'user-1', email = 'ann@example.com', plan = 'plus' } = made
  return jwt({
    iat: Math.floor((made.issuedAt ?? NOW - DAY) / 1000),
    exp: Math.floor((made.expiresAt ?? NOW + 9 * DAY) / 1000),
    'https://api.openai.com/auth': {
      chatgpt_account_id: account,
      chatgpt_user_id: user,
      chatgpt_plan_type: plan,
    },
    'https://api.openai.com/profile': { email },
  })
}

/** One file of each foreign form, written by its list of fields (spec parity 3.1, 3.8, 3.9). All tell of ann. */
export function foreignFiles(access: string, refresh: string) {
  const quotaAt = new Date(NOW - DAY).toISOString()
  const codexProxyEntry = {
    id: '0123456789abcdef',
    token: access,
    refreshToken: refresh,
    email: 'ann@example.com',
    accountId: 'ws-1',
    userId: 'user-1',
    label: 'work',
    codexFingerprintMode: 'session',
    planType: 'plus',
    proxyApiKey: `codex-proxy-${'0'.repeat(48)}`,
    status: 'disabled',
    addedAt: '2026-01-02T03:04:05.678Z',
    cachedQuota: {
      plan_type: 'plus',
      rate_limit: {
        allowed: true,
        limit_reached: false,
        used_percent: 40,
        remaining_percent: 60,
        reset_at: 1_795_000_000,
        limit_window_seconds: 18_000,
      },
      secondary_rate_limit: {
        limit_reached: true,
        used_percent: 100,
        remaining_percent: 0,
        reset_at: 1_796_000_000,
        limit_window_seconds: 604_800,
      },
      code_review_rate_limit: null,
      rate_limits_by_limit_id: {
        codex_bengalfox: {
          limit_id: 'codex_bengalfox',
          limit_name: 'GPT-5.3-Codex-Spark',
          allowed: true,
          limit_reached: false,
          used_percent: 7,
          remaining_percent: 93,
          reset_at: 1_795_100_000,
          limit_window_seconds: 18_000,
        },
      },
      credits: { has_credits: true, unlimited: false, overage_limit_reached: false, balance: '12.5' },
      reset_credits_available: 2,
    },
    quotaFetchedAt: quotaAt,
    quotaVerifyRequired: false,
    usage: {
      request_count: 12,
      input_tokens: 3400,
      output_tokens: 560,
      cached_tokens: 1200,
      estimated_cost_usd: 1.25,
      image_input_tokens: 5,
      image_output_tokens: 6,
      image_request_count: 2,
      image_request_failed_count: 1,
      empty_response_count: 3,
      last_used: quotaAt,
      window_request_count: 4,
    },
  }
  const flat = {
    access_token: access,
    refresh_token: refresh,
    account_id: 'ws-1',
    last_refresh: '2026-11-20T00:00:00.000Z',
    email: 'ann@example.com',
    type: 'codex',
    expired: '2026-11-30T00:00:00.000Z',
  }
  return {
    codex: {
      auth_mode: 'chatgpt',
      OPENAI_API_KEY: null,
      tokens: { id_token: access, access_token: access, refresh_token: refresh, account_id: 'ws-1' },
      last_refresh: '2026-11-20T00:00:00.000Z',
    },
    codexProxy: { accounts: [codexProxyEntry] },
    codexProxyMinimal: { accounts: [{ refreshToken: refresh, label: 'work' }] },
    codexProapi: [
      { name: 'work', access_token: access, id_token: access, account_id: 'ws-1', email: 'ann@example.com' },
    ],
    cliproxyapi: { ...flat, id_token: access, disabled: true },
    cockpitTools: [flat],
    sub2api: {
      exported_at: '2026-11-20T00:00:00Z',
      proxies: [],
      accounts: [
        {
          name: 'work',
          platform: 'openai',
          type: 'oauth',
          credentials: { access_token: access, refresh_token: refresh, chatgpt_account_id: 'ws-1' },
          concurrency: 0,
          priority: 0,
        },
      ],
      type: 'sub2api-data',
      version: 1,
    },
    opencode: { openai: { type: 'oauth', refresh, access, expires: NOW + DAY, accountId: 'ws-1' } },
  }
}
