import { z } from 'zod'
import type { AccountChange } from '../../store/index.js'
import { Secret } from '../../telemetry/index.js'
import { readOwnerSettings, SettingError } from '../owner-settings.js'
import type { Quota } from '../quota/index.js'
import type { AccountDraft, CarriedProxy, FileProblem } from './types.js'
import { MOST_ENTRIES, OWN_TYPE, OWN_VERSION, TransferError } from './types.js'

/** What a file of ours must at least be to be read. */
const envelopeShape = z.looseObject({ type: z.literal(OWN_TYPE), version: z.unknown() })

const time = z.number().min(0).max(8.64e15)
const count = z.number().min(0).max(Number.MAX_SAFE_INTEGER)
const source = z.enum(['usage', 'header', 'refusal'])
const windowShape = z.object({
  limit: z.string(),
  name: z.string().optional(),
  slot: z.enum(['primary', 'secondary']),
  usedPercent: z.number(),
  reached: z.boolean(),
  windowMinutes: z.number().optional(),
  resetAt: z.number().optional(),
  source,
  at: time,
  doubtedAt: z.number().optional(),
})
const quotaShape = z.object({
  windows: z.record(z.string(), windowShape),
  credits: z
    .object({ hasCredits: z.boolean(), unlimited: z.boolean(), balance: z.string().optional(), source, at: time })
    .optional(),
  resetCredits: z.object({ available: z.number(), at: time }).optional(),
  plan: z.string().optional(),
  limitOf: z.record(z.string(), z.string()).optional(),
  at: time,
})
const usageShape = z.object({
  requests: count,
  failed: count,
  inputTokens: count,
  cachedTokens: count,
  outputTokens: count,
  reasoningTokens: count,
  imageInputTokens: count,
  imageOutputTokens: count,
  imageRequests: count,
  imageFailed: count,
  costUsd: count,
})
const proxyShape = z.discriminatedUnion('way', [
  z.object({ way: z.enum(['global', 'direct', 'auto']) }),
  z.object({ way: z.literal('proxy'), name: z.string(), url: z.string().optional(), enabled: z.boolean().optional() }),
])
/** An account as our own files hold it. `token`, `refreshToken` and `label` are named as codex-proxy reads them, too. */
const accountShape = z.object({
  token: z.string().min(1),
  refreshToken: z.string().min(1).optional(),
  idToken: z.string().min(1).optional(),
  accountId: z.string().min(1),
  userId: z.string().optional(),
  email: z.string().optional(),
  planType: z.string().optional(),
  fedramp: z.boolean().optional(),
  label: z.string().optional(),
  note: z.string().optional(),
  groups: z.array(z.string()).optional(),
  weight: z.number().min(0).optional(),
  maxConcurrent: z.int().min(0).nullish(),
  converge: z.boolean().optional(),
  enabled: z.boolean().optional(),
  cookies: z.record(z.string(), z.string()).optional(),
  linkedTo: z.string().min(1).optional(),
  addedAt: time.optional(),
  lastRefreshAt: time.optional(),
  quota: quotaShape.optional(),
  usage: usageShape.optional(),
  proxy: proxyShape.optional(),
})
export type OwnAccount = z.infer<typeof accountShape>

export function isOwnFile(value: unknown): boolean {
  return envelopeShape.safeParse(value).success
}

/** What only a passphrase opens, when the file is sealed. @throws TransferError for a file of a later version */
export function sealedOf(value: unknown): unknown {
  const { version, ...file } = envelopeShape.parse(value)
  if (version !== OWN_VERSION) {
    throw new TransferError(
      'newer_version',
      'this file was written by a later version: update Dragoman, then import it',
    )
  }
  return file['sealed']
}

/** Reads our own file, opened. @throws TransferError for a file without accounts */
export function readOwnFile(value: unknown): { drafts: AccountDraft[]; problems: FileProblem[] } {
  const file = envelopeShape.parse(value)
  const entries = file['accounts']
  if (!Array.isArray(entries)) throw new TransferError('damaged', 'this file of accounts has no list "accounts"')
  if (entries.length > MOST_ENTRIES) throw tooMany()
  const drafts: AccountDraft[] = []
  const problems: FileProblem[] = []
  for (const [index, entry] of entries.entries()) {
    const place = `accounts[${index}]`
    const read = accountShape.safeParse(entry)
    if (read.success) {
      drafts.push({ ...draftOf(place, read.data), ...settingsOf(place, read.data, problems) })
      continue
    }
    // The library's message may repeat what was written.
    const at = read.error.issues[0]?.path.join('.')
    const what = at === undefined || at === '' ? 'it is no JSON object' : `${at} is missing or not what it should be`
    problems.push({ place, message: `${what}: the entry was not taken` })
  }
  return { drafts, problems }
}

export function tooMany(): TransferError {
  return new TransferError('too_many', `a file of accounts has at most ${MOST_ENTRIES} entries: split it`)
}

const SETTINGS = ['label', 'note', 'groups', 'weight', 'maxConcurrent', 'converge'] as const

/** What its owner said of it. A setting that cannot be leaves the rest of the entry alone. */
function settingsOf(place: string, account: OwnAccount, problems: FileProblem[]): Partial<AccountDraft> {
  const settings: Pick<AccountChange, (typeof SETTINGS)[number]> = {}
  for (const name of SETTINGS) {
    if (account[name] === undefined) continue
    try {
      Object.assign(settings, readOwnerSettings({ [name]: account[name] }))
    } catch (error) {
      if (!(error instanceof SettingError)) throw error
      problems.push({ place: `${place}.${name}`, message: `${error.message}; the rest of the entry was taken` })
    }
  }
  const { label, note, ...rest } = settings
  return { ...rest, ...(label == null ? {} : { label }), ...(note == null ? {} : { note }) }
}

function draftOf(place: string, account: OwnAccount): AccountDraft {
  const { enabled, cookies, linkedTo, usage } = account
  return {
    place,
    format: 'dragoman',
    access: new Secret(account.token),
    ...optional('refresh', secret(account.refreshToken)),
    ...optional('idToken', secret(account.idToken)),
    chatgptAccountId: account.accountId,
    ...optional('userId', account.userId),
    ...optional('email', account.email),
    ...optional('plan', account.planType),
    ...optional('fedramp', account.fedramp),
    ...optional('enabled', enabled),
    ...optional('cookies', cookies),
    ...optional('linkedTo', linkedTo),
    // What is absent is absent, not undefined: the shapes of Zod do not tell these apart.
    ...optional('quota', account.quota as Quota | undefined),
    ...optional('usage', usage),
    ...optional('proxy', account.proxy === undefined ? undefined : proxyOf(account.proxy)),
    ...optional('lastRefreshAt', account.lastRefreshAt),
    ...optional('createdAt', account.addedAt),
  }
}

function proxyOf(proxy: NonNullable<OwnAccount['proxy']>): CarriedProxy {
  if (proxy.way !== 'proxy') return proxy
  const { way, name, url, enabled } = proxy
  return { way, name, ...optional('url', secret(url)), ...optional('enabled', enabled) }
}

function secret(text: string | undefined): Secret | undefined {
  return text === undefined ? undefined : new Secret(text)
}

function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: V })
}
