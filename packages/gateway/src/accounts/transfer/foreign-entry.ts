import { Secret } from '../../telemetry/index.js'
import { importAuthJson } from '../import-auth-json.js'
import { LoginError } from '../login/index.js'
import { readCachedQuota, readCounters } from './codex-proxy-entry.js'
import { loginOf, namesAccount, ownerOf } from './identity.js'
import { fieldsOf, firstFlag, firstText, timeAt } from './object-fields.js'
import type { Fields } from './object-fields.js'
import type { AccountDraft, AccountFileFormat, CarriedProxy, FileProblem } from './types.js'

/** Where others put things, the first hit wins. Source: spec parity 3.8; `access` and `refresh` are opencode's. */
const ACCESS = [
  'token',
  'access_token',
  'accessToken',
  'tokens.access_token',
  'tokens.accessToken',
  'credentials.access_token',
  'credentials.accessToken',
  'credentials.token',
  'access',
]
const REFRESH = [
  'refreshToken',
  'refresh_token',
  'tokens.refreshToken',
  'tokens.refresh_token',
  'credentials.refreshToken',
  'credentials.refresh_token',
  'refresh',
]
const LABEL = ['label', 'name', 'account_name', 'accountName', 'account_note', 'accountNote', 'note']
const NOTE = ['account_note', 'accountNote', 'note', 'notes']
const ID_TOKEN = ['id_token', 'idToken', 'tokens.id_token', 'tokens.id_token.raw_jwt', 'credentials.id_token']
const ACCOUNT_ID = [
  'accountId',
  'account_id',
  'chatgpt_account_id',
  'tokens.account_id',
  'credentials.chatgpt_account_id',
  'credentials.account_id',
]
const USER_ID = ['userId', 'user_id', 'chatgpt_user_id', 'credentials.chatgpt_user_id']
const EMAIL = ['email', 'credentials.email', 'user.email']
const PLAN = ['planType', 'plan_type', 'credentials.plan_type']
const API_KEY = ['OPENAI_API_KEY', 'apiKey', 'api_key', 'credentials.api_key', 'key']
const LAST_REFRESH = ['last_refresh', 'lastRefresh', 'lastRefreshAt']
const ADDED = ['addedAt', 'added_at', 'createdAt', 'created_at']
const LONGEST_LABEL = 64
const LONGEST_NOTE = 10_000

/** What these files call a ChatGPT login. */
const CHATGPT = new Set(['codex', 'openai', 'chatgpt', 'oauth', 'chatgptauthtokens', 'bearer'])

/** An entry, and where it stood. */
export interface Entry {
  place: string
  value: unknown
  format: AccountFileFormat
}

export type ReadEntry = { draft: AccountDraft } | { problem: FileProblem }

/** Does it hold a token somewhere, or what is taken for one? */
export function holdsToken(fields: Fields): boolean {
  return firstText(fields, [...ACCESS, ...REFRESH]) !== undefined
}

/** Reads one entry, whoever wrote it. Works without network. */
export function readEntry({ place, value, format }: Entry): ReadEntry {
  const no = (message: string): ReadEntry => ({ problem: { place, message } })
  if (typeof value === 'string') return readBareToken(place, value)
  const fields = fieldsOf(value)
  if (fields === undefined) return no('this is no JSON object and no token')

  const other = otherLogin(fields, format)
  if (other !== undefined) return no(other)
  const mode = firstText(fields, ['auth_mode'])
  if (mode !== undefined && !CHATGPT.has(mode.toLowerCase())) return no(whyNoToken(fields, place))
  const tokens = tokensOf(fields)
  if (tokens.access === undefined && tokens.refresh === undefined) return no(whyNoToken(fields, place))
  if (isApiKey(tokens.access ?? '')) return no(AN_API_KEY)
  const draft: AccountDraft = {
    place,
    format: formatOf(fields, format),
    ...(tokens.access === undefined ? {} : { access: new Secret(tokens.access) }),
    ...(tokens.refresh === undefined ? {} : { refresh: new Secret(tokens.refresh) }),
    ...optional('idToken', secretOf(firstText(fields, ID_TOKEN))),
    ...optional('chatgptAccountId', firstText(fields, ACCOUNT_ID)),
    ...optional('userId', firstText(fields, USER_ID)),
    ...optional('email', firstText(fields, EMAIL)),
    ...optional('plan', firstText(fields, PLAN)),
    ...aboutOf(fields),
  }
  return refusal(draft) ?? { draft }
}

/** A token that stands alone: what looks like a refresh token is one, everything else an access token. */
export function readBareToken(place: string, written: string): ReadEntry {
  const no = (message: string): ReadEntry => ({ problem: { place, message } })
  const token = withoutBearer(written)
  if (isApiKey(token)) return no(AN_API_KEY)
  if (!/^[\w.~+/=-]{8,16384}$/.test(token)) {
    return no(
      'this is no JSON object: give the auth.json of the Codex CLI, another file of accounts, or one token a line',
    )
  }
  const draft: AccountDraft = {
    place,
    format: 'tokens',
    ...(isRefreshToken(token) ? { refresh: new Secret(token) } : { access: new Secret(token) }),
  }
  return refusal(draft) ?? { draft }
}

const AN_API_KEY = 'this is an API key, not a ChatGPT login: add the key as a provider (dragoman providers add openai)'

/** Without a refresh token the access token must say whose it is. */
function refusal(draft: AccountDraft): ReadEntry | undefined {
  const login = loginOf(draft)
  if (login === undefined || draft.refresh !== undefined) return undefined
  try {
    ownerOf(login, draft)
    return undefined
  } catch (error) {
    if (!(error instanceof LoginError)) throw error
    return { problem: { place: draft.place, message: error.message } }
  }
}

function tokensOf(fields: Fields): { access: string | undefined; refresh: string | undefined } {
  const access = firstText(fields, ACCESS)
  const refresh = firstText(fields, REFRESH)
  const token = access === undefined ? undefined : withoutBearer(access)
  const other = refresh === undefined ? undefined : withoutBearer(refresh)
  if (token !== undefined && isRefreshToken(token)) return { access: undefined, refresh: other ?? token }
  return { access: token === '' ? undefined : token, refresh: other === '' ? undefined : other }
}

function withoutBearer(token: string): string {
  return token.trim().replace(/^Bearer\s+/i, '')
}

function isRefreshToken(token: string): boolean {
  return /^(?:rt[_.]|oaistb_rt_)/.test(token)
}

function isApiKey(token: string): boolean {
  return /^(?:sk-|AIza|gsk_|xai-)/.test(token)
}

/** Why an entry is somebody else's login, as far as it says so. Nothing of it may be shown to the login server of ChatGPT. */
function otherLogin(fields: Fields, format: AccountFileFormat): string | undefined {
  const platform = firstText(fields, ['platform', 'provider'])
  const kind = firstText(fields, ['type'])
  if (format === 'sub2api') {
    if ((platform ?? 'openai') === 'openai' && (kind ?? 'oauth') === 'oauth') return undefined
    return `it is of the platform "${shown(platform)}" and of the type "${shown(kind)}": only ChatGPT logins, openai and oauth, can be taken; add API keys with dragoman providers add`
  }
  if (namesAccount(tokensOf(fields).access)) return undefined
  const foreign = [platform, kind].find((word) => word !== undefined && !CHATGPT.has(word.toLowerCase()))
  if (foreign === undefined) return undefined
  return `it is a login of the kind "${shown(foreign)}", not one of ChatGPT: add what has an API key with dragoman providers add`
}

/** A short word as it stands; anything else could be a secret in the wrong place. */
function shown(word: string | undefined): string {
  return word !== undefined && /^[\w .-]{1,20}$/.test(word) ? word : '?'
}

/** The Codex CLI's own file names its mode; the one place that knows the modes says what to do instead. */
function whyNoToken(fields: Fields, place: string): string {
  const isCodexFile = place === '' || ['auth_mode', 'OPENAI_API_KEY'].some((name) => fields[name] !== undefined)
  if (isCodexFile) {
    try {
      importAuthJson(JSON.stringify(fields))
    } catch (error) {
      if (error instanceof LoginError) return error.message
      throw error
    }
  }
  if (firstText(fields, API_KEY) !== undefined) return AN_API_KEY
  return 'it holds no access token and no refresh token: nothing was taken of it'
}

function formatOf(fields: Fields, format: AccountFileFormat): AccountFileFormat {
  if (format !== 'tokens') return format
  if (fieldsOf(fields['tokens']) !== undefined) return 'codex'
  if (['codexFingerprintMode', 'proxyApiKey', 'cachedQuota'].some((name) => name in fields)) return 'codex-proxy'
  return 'access_token' in fields && 'type' in fields ? 'cliproxyapi' : 'tokens'
}

type About = Omit<AccountDraft, 'place' | 'format' | 'access' | 'refresh' | 'idToken'>

/** Everything beside the tokens and their owner. */
function aboutOf(fields: Fields): About {
  const label = firstText(fields, LABEL)
  const note = firstText(fields, NOTE)
  const status = firstText(fields, ['status'])
  // That it was enabled elsewhere is no wish to enable it here.
  const isOff =
    status === 'disabled' || firstFlag(fields, ['disabled']) === true || firstFlag(fields, ['enabled']) === false
  const mode = firstText(fields, ['codexFingerprintMode'])
  const fetchedAt = timeAt(fields, ['quotaFetchedAt']) ?? 0
  return {
    ...optional('label', label === undefined ? undefined : cut(label, LONGEST_LABEL)),
    ...optional('note', note === undefined || note === label ? undefined : cut(note, LONGEST_NOTE)),
    ...(isOff ? { enabled: false } : {}),
    ...optional('converge', mode === 'session' ? true : mode === 'off' ? false : undefined),
    ...optional('quota', readCachedQuota(fields['cachedQuota'], fetchedAt)),
    ...optional('usage', readCounters(fields['usage'])),
    ...optional('proxy', proxyOf(fields)),
    ...optional('lastRefreshAt', timeAt(fields, LAST_REFRESH)),
    ...optional('createdAt', timeAt(fields, ADDED)),
  }
}

/** Assignments stand beside the accounts there; an entry names its proxy only in what the dashboard shows. */
function proxyOf(fields: Fields): CarriedProxy | undefined {
  const choice = firstText(fields, ['proxyId'])
  if (choice === 'global' || choice === 'direct' || choice === 'auto') return { way: choice }
  const name = firstText(fields, ['proxyName'])
  const url = firstText(fields, ['proxy_url', 'proxyUrl'])
  if (url !== undefined) return { way: 'proxy', name: name ?? '', url: new Secret(url) }
  return name === undefined ? undefined : { way: 'proxy', name }
}

/** Whole characters, and none of them half. */
function cut(text: string, most: number): string {
  return [...text.toWellFormed()].slice(0, most).join('')
}

function secretOf(text: string | undefined): Secret | undefined {
  return text === undefined ? undefined : new Secret(text)
}

function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: V })
}
