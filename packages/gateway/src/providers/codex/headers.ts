import { arch, release, type } from 'node:os'
import type { Credential } from '../../accounts/index.js'
import type { Identity } from './identity.js'
import { LITE_HEADER } from './lite-shape.js'

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
] as const

export type RelayedHeader = (typeof RELAYED)[number]

/** What a native client says that the backend should hear, as far as it is fit for a header. */
export function relayedHeaders(
  clientHeaders: Readonly<Record<string, string | undefined>>,
): Readonly<Partial<Record<RelayedHeader, string>>> {
  const relayed: Partial<Record<RelayedHeader, string>> = {}
  for (const name of RELAYED) {
    const value = clientHeaders[name]
    if (value !== undefined && value !== '' && /^[\t\x20-\x7e]*$/.test(value)) relayed[name] = value
  }
  return relayed
}

/** What the headers of a request tell, over either transport. */
export interface RequestFacts {
  profile: ProfileOptions
  credential: Credential
  identity: Identity
  model: string
  serviceTier: string | undefined
  /** Where the account's workspace is bound to. */
  routingOverride: string | undefined
  cookie: string | undefined
  relayed: Readonly<Partial<Record<RelayedHeader, string>>>
}

export interface ResponsesHeaders extends RequestFacts {
  accept: string
  lite: boolean
  /** `zstd`, or undefined for a plain body. */
  contentEncoding: string | undefined
}

/**
 * Headers of `POST /codex/responses` and its kin as name, value, name, value, in the order in which codex-cli 0.169 sends them
 * (upstream-codex 2.1).
 */
export function responsesHeaders(about: ResponsesHeaders): string[] {
  const { profile, credential, identity, relayed } = about
  const names = profileOf(profile)
  return present([
    ['version', versionOf(profile)],
    ['x-codex-beta-features', relayed['x-codex-beta-features']],
    ['x-codex-turn-state', relayed['x-codex-turn-state']],
    ['x-codex-window-id', relayed['x-codex-window-id'] ?? identity.windowId],
    ['x-codex-parent-thread-id', relayed['x-codex-parent-thread-id']],
    ['x-openai-subagent', relayed['x-openai-subagent']],
    ['x-codex-turn-metadata', relayed['x-codex-turn-metadata']],
    [LITE_HEADER, about.lite ? 'true' : undefined],
    ['x-openai-account-routing-override', about.routingOverride],
    ['x-codex-routing-hint', routingHint(about)],
    ['x-client-request-id', identity.threadId],
    ['session-id', identity.sessionId],
    ['thread-id', identity.threadId],
    ['accept', about.accept],
    ['content-encoding', about.contentEncoding],
    ['content-type', 'application/json'],
    ['authorization', `Bearer ${credential.accessToken.reveal()}`],
    ['chatgpt-account-id', credential.chatgptAccountId],
    ['x-openai-fedramp', credential.fedramp ? 'true' : undefined],
    ['originator', names.originator],
    ['user-agent', names.userAgent],
    ['cookie', about.cookie],
  ])
}

/** The protocol's version (upstream-codex 4.1). */
const SOCKET_BETA = 'responses_websockets=2026-02-06'

/**
 * Headers of a WebSocket's handshake in the order of codex-cli 0.169 (upstream-codex 4.1). Turn state and the lite mark are of a
 * turn and travel in its frame.
 */
export function handshakeHeaders(about: RequestFacts): string[] {
  const { profile, credential, identity, relayed } = about
  const names = profileOf(profile)
  return present([
    ['chatgpt-account-id', credential.chatgptAccountId],
    ['authorization', `Bearer ${credential.accessToken.reveal()}`],
    ['user-agent', names.userAgent],
    ['originator', names.originator],
    ['openai-beta', SOCKET_BETA],
    ['version', versionOf(profile)],
    ['x-codex-beta-features', relayed['x-codex-beta-features']],
    ['x-client-request-id', identity.threadId],
    ['session-id', identity.sessionId],
    ['thread-id', identity.threadId],
    ['x-codex-window-id', relayed['x-codex-window-id'] ?? identity.windowId],
    ['x-codex-parent-thread-id', relayed['x-codex-parent-thread-id']],
    ['x-openai-subagent', relayed['x-openai-subagent']],
    ['x-codex-turn-metadata', relayed['x-codex-turn-metadata']],
    ['x-openai-account-routing-override', about.routingOverride],
    ['x-codex-routing-hint', routingHint(about)],
    ['x-openai-fedramp', credential.fedramp ? 'true' : undefined],
    ['cookie', about.cookie],
  ])
}

function versionOf(profile: ProfileOptions): string | undefined {
  return profile.profile.startsWith('codex_') ? profile.version : undefined
}

function routingHint({ model, serviceTier }: RequestFacts): string {
  return `model=${model}${serviceTier === undefined ? '' : `;tier=${serviceTier}`}`
}

function present(headers: readonly (readonly [string, string | undefined])[]): string[] {
  return headers.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [name, value]))
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
