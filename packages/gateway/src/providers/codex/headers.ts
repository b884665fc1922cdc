import { arch, release, type } from 'node:os'
import type { Credential } from '../../accounts/index.js'
import type { Identity } from './identity.js'

export type ClientProfile = 'dragoman' | 'codex_cli' | 'codex_desktop' | 'opencode' | 'pi' | 'custom'

export interface ProfileOptions {
  profile: ClientProfile
  /** Version of the Codex client whose catalog we ask for; also in the user agent of the Codex profiles. */
  version: string
  originator: string
  user_agent: string
  /** Our own version. */
  dragomanVersion: string
}

/** `originator` and `user-agent` of a profile. The default says who we are. */
export function profileOf(options: ProfileOptions): { originator: string; userAgent: string } {
  const system = `${type()} ${release()}; ${arch()}`
  const own = `dragoman/${options.dragomanVersion} (${system})`
  switch (options.profile) {
    case 'dragoman':
      return { originator: 'dragoman', userAgent: own }
    case 'codex_cli':
      return {
        originator: 'codex_cli_rs',
        userAgent: `codex_cli_rs/${options.version} (${system}) unknown (codex_cli_rs; ${options.version})`,
      }
    case 'codex_desktop':
      return {
        originator: 'Codex Desktop',
        userAgent: `Codex Desktop/${options.version} (${system}) unknown (Codex Desktop; ${options.version})`,
      }
    case 'opencode':
      return { originator: 'opencode', userAgent: `opencode/${options.version} (${system})` }
    case 'pi':
      return { originator: 'pi', userAgent: `pi/${options.version} (${system})` }
    case 'custom':
      return { originator: options.originator || 'dragoman', userAgent: options.user_agent || own }
  }
}

/** Headers of a native Codex client that mean something to the backend and name no account. */
const RELAYED = [
  'x-codex-beta-features',
  'x-codex-turn-state',
  'x-codex-window-id',
  'x-codex-parent-thread-id',
  'x-openai-subagent',
  'x-codex-turn-metadata',
  'x-openai-internal-codex-responses-lite',
] as const

export interface ResponsesHeaders {
  profile: ProfileOptions
  credential: Credential
  identity: Identity
  accept: string
  model: string
  serviceTier: string | undefined
  /** `zstd`, or undefined for a plain body. */
  contentEncoding: string | undefined
  cookie: string | undefined
  clientHeaders: Readonly<Record<string, string | undefined>>
}

/**
 * Headers of `POST /codex/responses` and its kin as name, value, name, value, in the order in which codex-cli 0.169 sends them
 * (upstream-codex 2.1).
 */
export function responsesHeaders(about: ResponsesHeaders): string[] {
  const { profile, credential, identity, clientHeaders } = about
  const names = profileOf(profile)
  const out: string[] = []
  const put = (name: string, value: string | undefined): void => {
    if (value !== undefined && value !== '') out.push(name, value)
  }
  if (profile.profile.startsWith('codex_')) put('version', profile.version)
  const relayed = new Map<string, string>()
  for (const name of RELAYED) {
    const value = clientHeaders[name]
    if (value !== undefined && /^[\t\x20-\x7e]*$/.test(value)) relayed.set(name, value)
  }
  put('x-codex-beta-features', relayed.get('x-codex-beta-features'))
  put('x-codex-turn-state', relayed.get('x-codex-turn-state'))
  put('x-codex-window-id', relayed.get('x-codex-window-id') ?? identity.windowId)
  put('x-codex-parent-thread-id', relayed.get('x-codex-parent-thread-id'))
  put('x-openai-subagent', relayed.get('x-openai-subagent'))
  put('x-codex-turn-metadata', relayed.get('x-codex-turn-metadata'))
  put('x-openai-internal-codex-responses-lite', relayed.get('x-openai-internal-codex-responses-lite'))
  put(
    'x-codex-routing-hint',
    `model=${about.model}${about.serviceTier === undefined ? '' : `;tier=${about.serviceTier}`}`,
  )
  put('x-client-request-id', identity.sessionId)
  put('session-id', identity.sessionId)
  put('thread-id', identity.sessionId)
  put('accept', about.accept)
  put('content-encoding', about.contentEncoding)
  put('content-type', 'application/json')
  put('authorization', `Bearer ${credential.accessToken.reveal()}`)
  put('chatgpt-account-id', credential.chatgptAccountId)
  put('x-openai-fedramp', credential.fedramp ? 'true' : undefined)
  put('originator', names.originator)
  put('user-agent', names.userAgent)
  put('cookie', about.cookie)
  return out
}

/** Headers of the small calls (models, usage). */
export function plainHeaders(profile: ProfileOptions, credential: Credential): Record<string, string> {
  const names = profileOf(profile)
  return {
    authorization: `Bearer ${credential.accessToken.reveal()}`,
    'chatgpt-account-id': credential.chatgptAccountId,
    originator: names.originator,
    'user-agent': names.userAgent,
    accept: '*/*',
  }
}
