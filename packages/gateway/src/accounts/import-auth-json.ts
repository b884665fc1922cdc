import { Secret } from '../telemetry/index.js'
import { readClaims } from './jwt.js'
import { LoginError, identify, readObject, text } from './login/index.js'
import type { Login } from './login/index.js'

/**
 * Reads the Codex CLI's `auth.json`, in all forms that carry a ChatGPT login. Works without network.
 * Source: spec upstream-codex 1.7.
 * @throws LoginError `bad_file` or `bad_tokens`, with what to do instead
 */
export function importAuthJson(file: string): Login {
  const body = readObject(file.replace(/^\uFEFF/, ''))
  if (body === undefined) throw bad('this is no JSON object: give the auth.json of the Codex CLI')
  const tokens = objectOf(body['tokens'])
  const mode = modeOf(body, tokens)
  if (mode !== 'chatgpt' && mode !== 'chatgptAuthTokens') throw bad(notALogin(mode))

  const access = text(tokens?.['access_token'])
  if (access === undefined) throw bad('this auth.json holds no access token: run "codex login" and import it again')
  const refresh = text(tokens?.['refresh_token'])
  const id = idTokenOf(tokens?.['id_token'])
  const accountId = text(tokens?.['account_id'])
  const lastRefresh = Date.parse(text(body['last_refresh']) ?? '')
  const issuedAt = readClaims(access)?.issuedAt
  const lastRefreshAt = Number.isNaN(lastRefresh) ? issuedAt : lastRefresh
  const login: Login = {
    accessToken: new Secret(access),
    ...(refresh === undefined ? {} : { refreshToken: new Secret(refresh) }),
    ...(id === undefined ? {} : { idToken: new Secret(id) }),
    ...(accountId === undefined ? {} : { chatgptAccountId: accountId }),
    ...(lastRefreshAt === undefined ? {} : { lastRefreshAt }),
  }
  identify(login)
  return login
}

/** The file names its mode, or it is told by what the file holds. */
function modeOf(body: Record<string, unknown>, tokens: Record<string, unknown> | undefined): string {
  const named = text(body['auth_mode'])
  if (named !== undefined) return named
  if (text(body['OPENAI_API_KEY']) !== undefined) return 'apikey'
  if (tokens === undefined && objectOf(body['agent_identity']) !== undefined) return 'agentIdentity'
  if (tokens === undefined && text(body['personal_access_token']) !== undefined) return 'personalAccessToken'
  return 'chatgpt'
}

function notALogin(mode: string): string {
  switch (mode) {
    case 'apikey':
      return 'this auth.json holds an API key, not a ChatGPT login: add the key as a provider (dragoman providers add openai), or run "codex login" first'
    case 'agentIdentity':
    case 'personalAccessToken':
      return `this auth.json holds a login of the kind "${mode}", which cannot be used here: run "codex login" with your ChatGPT account first`
    default:
      return `this auth.json holds a login of the unknown kind "${mode.slice(0, 40)}": run "codex login" with your ChatGPT account first`
  }
}

/** Some versions wrote the decoded token beside the raw one. */
function idTokenOf(value: unknown): string | undefined {
  return text(value) ?? text(objectOf(value)?.['raw_jwt'])
}

function objectOf(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined
}

function bad(message: string): LoginError {
  return new LoginError('bad_file', message)
}
