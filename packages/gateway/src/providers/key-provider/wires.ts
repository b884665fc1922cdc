import type { DialectId, UpstreamModel } from '@dragoman/protocol'
import type { ApiKey, ProviderKind, Wire } from '../keys/index.js'

/** Who asks, as far as a wire's headers tell it. */
export interface Asker {
  apiKey: string | undefined
  /** Our name and version. */
  userAgent: string
  /** A UUID that stays the same for a conversation and key; for wires that route by it. */
  session: string
  /** Lower-case headers of the client. */
  clientHeaders: Readonly<Record<string, string | undefined>>
  stream: boolean
}

/** How one wire is spoken. Source: upstream-codex 7. */
export interface WireForm {
  dialect: DialectId
  rules(kind: ProviderKind): UpstreamModel['rules']
  /** Appended to the base URL; a query may stand at its end. */
  path(model: string, stream: boolean): string
  /** Name, value, name, value … without content type, accept and the key's own headers. */
  headers(asker: Asker): string[]
}

const bearer = ({ apiKey }: Asker): string[] => (apiKey === undefined ? [] : ['authorization', `Bearer ${apiKey}`])

/** Headers of the client that speak about the protocol, and nothing else of it. Who does not speak the protocol has none of them. */
function relayed({ clientHeaders }: Asker, names: readonly string[]): string[] {
  return names.flatMap((name) => {
    const value = clientHeaders[name]
    return value !== undefined && /^[\t\x20-\x7e]*$/.test(value) ? [name, value] : []
  })
}

/** The betas that the client asked for, but those which say how it logged in: here a key speaks. */
function keptBetas(betas: string | undefined): string | undefined {
  const kept = betas?.split(',').filter((beta) => !/^\s*oauth-/.test(beta))
  return kept === undefined || kept.length === 0 ? undefined : kept.join(',')
}

const responsesRules = (kind: ProviderKind): UpstreamModel['rules'] => (kind === 'compatible' ? 'compatible' : 'openai')

export const WIRE_FORMS: Readonly<Record<Wire, WireForm>> = {
  chat: {
    dialect: 'openai-chat',
    rules: (kind) => (kind === 'openai' ? 'openai' : 'compatible'),
    path: () => '/chat/completions',
    headers: bearer,
  },
  responses: {
    dialect: 'openai-responses',
    rules: responsesRules,
    path: () => '/responses',
    headers: (asker) => [...bearer(asker), ...relayed(asker, ['openai-beta'])],
  },
  'codex-responses': {
    dialect: 'openai-responses',
    rules: () => 'codex',
    path: () => '/responses',
    headers: (asker) => [
      ...bearer(asker),
      ...relayed(asker, ['x-codex-beta-features', 'x-codex-turn-state', 'x-codex-turn-metadata']),
      ...['session-id', 'session_id', 'thread-id', 'thread_id', 'x-client-request-id'].flatMap((name) => [
        name,
        asker.session,
      ]),
    ],
  },
  anthropic: {
    dialect: 'anthropic-messages',
    rules: () => 'compatible',
    path: () => '/messages',
    headers(asker) {
      const { 'anthropic-version': version, 'anthropic-beta': betas } = asker.clientHeaders
      return [
        ...(asker.apiKey === undefined ? [] : ['x-api-key', asker.apiKey]),
        'anthropic-version',
        version !== undefined && /^[\w.-]{1,40}$/.test(version) ? version : '2023-06-01',
        ...relayed({ ...asker, clientHeaders: { 'anthropic-beta': keptBetas(betas) } }, ['anthropic-beta']),
      ]
    },
  },
  gemini: {
    dialect: 'gemini',
    rules: () => 'compatible',
    path(model, stream) {
      const name = encodeURIComponent(model.replace(/^models\//, ''))
      return `/models/${name}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`
    },
    // Never in the URL, where logs would find it.
    headers: ({ apiKey }) => (apiKey === undefined ? [] : ['x-goog-api-key', apiKey]),
  },
}

/** Headers of a request by a key, in the order in which they are sent. The key's own headers come last and win. */
export function requestHeaders(
  key: Pick<ApiKey, 'wire' | 'kind'>,
  asker: Asker,
  own: Readonly<Record<string, string>>,
): string[] {
  const told = [
    'accept',
    asker.stream ? 'text/event-stream' : 'application/json',
    'content-type',
    'application/json',
    'user-agent',
    asker.userAgent,
    // How OpenRouter is told who asks.
    ...(key.kind === 'openrouter' ? ['x-title', 'Dragoman'] : []),
    ...WIRE_FORMS[key.wire].headers(asker),
  ]
  const replaced = new Set(Object.keys(own).map((name) => name.toLowerCase()))
  const out: string[] = []
  for (let at = 0; at < told.length; at += 2) {
    const [name = '', value = ''] = told.slice(at, at + 2)
    if (!replaced.has(name)) out.push(name, value)
  }
  return [...out, ...Object.entries(own).flat()]
}
