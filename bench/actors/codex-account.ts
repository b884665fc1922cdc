/** A made-up account as Codex CLI keeps it in `auth.json`. Tokens are JWTs without a signature; nobody verifies them. */
export function authFile(): string {
  return JSON.stringify({
    auth_mode: 'chatgpt',
    OPENAI_API_KEY: null,
    tokens: { ...tokens(), account_id: ACCOUNT },
    last_refresh: new Date().toISOString(),
  })
}

/** What the login server answers to a refresh. */
export function tokens(): { id_token: string; access_token: string; refresh_token: string } {
  const claims = {
    iss: 'https://auth.openai.com',
    aud: ['https://api.openai.com/v1'],
    iat: Math.floor(Date.now() / 1000),
    exp: Math.floor(Date.now() / 1000) + 10 * 24 * 60 * 60,
    email: 'bench@example.com',
    'https://api.openai.com/profile': { email: 'bench@example.com', email_verified: true },
    'https://api.openai.com/auth': {
      chatgpt_account_id: ACCOUNT,
      chatgpt_plan_type: 'pro',
      chatgpt_user_id: 'user-benchmark',
      user_id: 'user-benchmark',
    },
  }
  return { id_token: jwt(claims), access_token: jwt(claims), refresh_token: 'rt_benchmark' }
}

/** What `GET /wham/usage` answers. */
export function usage(): object {
  const window = (seconds: number): object => ({
    used_percent: 1,
    limit_window_seconds: seconds,
    reset_after_seconds: seconds,
    reset_at: Math.floor(Date.now() / 1000) + seconds,
  })
  return {
    plan_type: 'pro',
    account_id: ACCOUNT,
    email: 'bench@example.com',
    rate_limit: {
      allowed: true,
      limit_reached: false,
      primary_window: window(18_000),
      secondary_window: window(604_800),
    },
    code_review_rate_limit: null,
    additional_rate_limits: null,
    credits: null,
  }
}

/** What `GET /codex/models` answers: one model with the keys that the Codex client requires. */
export function models(): object {
  return {
    models: [
      {
        slug: 'gpt-5.5',
        display_name: 'GPT-5.5',
        supported_reasoning_levels: ['low', 'medium', 'high'].map((effort) => ({ effort, description: effort })),
        default_reasoning_level: 'medium',
        shell_type: 'shell_command',
        visibility: 'list',
        supported_in_api: true,
        priority: 1,
        support_verbosity: true,
        truncation_policy: { mode: 'tokens', limit: 10_000 },
        experimental_supported_tools: [],
        base_instructions: '',
        context_window: 272_000,
        input_modalities: ['text', 'image'],
      },
    ],
  }
}

const ACCOUNT = '00000000-0000-4000-8000-00000000beef'

function jwt(claims: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.unsigned`
}
