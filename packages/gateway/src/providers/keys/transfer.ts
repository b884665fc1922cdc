import { z } from 'zod'
import { openWithPassphrase, sealWithPassphrase, StoreError, type ApiKeyRecord } from '../../store/index.js'
import { apiKeyOf, apiKeyShape } from './api-key.js'
import { readBaseUrl, type BaseUrl } from './base-url.js'
import {
  capabilitiesFrom,
  checkedModels,
  header,
  labelFrom,
  nameByAddress,
  providerName,
  secretKey,
  weightFrom,
  wireFrom,
  type KeyDraft,
} from './key-draft.js'
import { presetOf, presetOfKind, type Preset } from './presets.js'
import { PROVIDER_KINDS, type KeyModel } from './types.js'

const TYPE = 'dragoman-api-keys'
const VERSION = 1
const MOST_ENTRIES = 10_000

/** What a file of keys holds. */
export interface ReadKeys {
  keys: readonly { draft: KeyDraft; baseUrl: BaseUrl }[]
  /** Entries that cannot be taken, by their place: `/keys/3`. Holds no key. */
  problems: readonly { at: string; message: string }[]
}

/**
 * Keys as a file that {@link readKeyFile} takes.
 * @param passphrase undefined: the keys stand in it for everybody to read
 */
export async function writeKeyFile(records: readonly ApiKeyRecord[], passphrase?: string): Promise<string> {
  const keys = records.flatMap((record) => {
    const key = apiKeyOf(record)
    if (key === undefined || record.unreadable === true) return []
    const { provider, kind, wire, baseUrl, label, models, capabilities, enabled, weight } = key
    const headers = Object.entries(record.headers).map(([name, value]) => [name, value.reveal()])
    return [
      {
        ...{ provider, kind, wire, baseUrl, label, models, capabilities, enabled, weight },
        apiKey: record.apiKey?.reveal(),
        ...(headers.length === 0 ? {} : { headers: Object.fromEntries(headers) as Record<string, string> }),
      },
    ]
  })
  const about = { type: TYPE, version: VERSION }
  if (passphrase === undefined) return `${JSON.stringify({ ...about, keys }, null, 2)}\n`
  const sealed = await sealWithPassphrase(JSON.stringify({ keys }), passphrase, TYPE)
  return `${JSON.stringify({ ...about, sealed }, null, 2)}\n`
}

/** Is it a file that only a passphrase opens? False for what is no file of keys at all. */
export function isSealed(text: string): boolean {
  const file = parsed(text)
  return typeof file === 'object' && file !== null && 'sealed' in file
}

/**
 * Reads our own files, sealed or not, and those of codex-proxy, where each model is an entry of its own.
 * @param allowed `upstream.allowed_private_hosts`
 * @throws Error in one line: no such file, another version, a wrong passphrase
 */
export async function readKeyFile(
  text: string,
  { passphrase, allowed }: { passphrase?: string; allowed: readonly string[] },
): Promise<ReadKeys> {
  let file = parsed(text)
  if (typeof file === 'object' && file !== null && 'sealed' in file) {
    if ('version' in file && file.version !== VERSION) throw new Error('this file was written by a later version')
    if (passphrase === undefined) throw new Error('this file is sealed: its passphrase is needed')
    file = parsed(await opened(file.sealed, passphrase))
  }
  const entries = Array.isArray(file)
    ? file
    : typeof file === 'object' && file !== null
      ? Reflect.get(file, 'keys')
      : undefined
  if (!Array.isArray(entries)) throw new Error('this is no file of API keys: it has no list "keys"')
  if (entries.length > MOST_ENTRIES) throw new Error(`a file of API keys has at most ${MOST_ENTRIES} entries`)
  const problems: { at: string; message: string }[] = []
  const read = entries.flatMap((entry: unknown, at) => {
    try {
      return [draftOf(entry, allowed)]
    } catch (error) {
      problems.push({ at: `/keys/${at}`, message: error instanceof Error ? error.message : String(error) })
      return []
    }
  })
  return { keys: merged(read), problems }
}

async function opened(sealed: unknown, passphrase: string): Promise<string> {
  try {
    return await openWithPassphrase(sealed, passphrase, TYPE)
  } catch (error) {
    throw error instanceof StoreError ? new Error(error.message, { cause: error }) : error
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown
  } catch {
    // What stands there may be a key: nothing of it is repeated.
    throw new Error('this is no file of API keys: it is no JSON')
  }
}

/** Absent and null are the same to whoever wrote these files. */
const maybe = <Shape extends z.ZodType>(shape: Shape) => shape.nullish()
const entryShape = z.object({
  provider: z.string(),
  kind: maybe(z.enum(PROVIDER_KINDS)),
  wire: maybe(z.string()),
  baseUrl: maybe(z.string()),
  label: maybe(z.string()),
  model: maybe(z.string().min(1)),
  models: maybe(z.unknown()),
  capabilities: maybe(z.array(z.string())),
  enabled: maybe(z.boolean()),
  status: maybe(z.string()),
  weight: maybe(z.number()),
  apiKey: maybe(z.string()),
  headers: maybe(z.record(z.string(), z.string())),
})
type Entry = z.infer<typeof entryShape>

function draftOf(value: unknown, allowed: readonly string[]): { draft: KeyDraft; baseUrl: BaseUrl } {
  const read = entryShape.safeParse(value)
  if (!read.success) {
    const [issue] = read.error.issues
    throw new Error(`${issue?.path.join('.') || 'the entry'} is not what it should be: ${issue?.message ?? ''}`)
  }
  const entry = read.data
  const like = formOf(entry)
  const address = entry.baseUrl ?? like.baseUrl
  if (address === undefined) throw new Error('it has no baseUrl')
  const wire = entry.wire == null ? like.wire : wireFrom(entry.wire)
  const baseUrl = readBaseUrl(address, wire, allowed)
  const label = entry.label == null ? '' : labelFrom(entry.label)
  const draft: KeyDraft = {
    provider: entry.provider === 'custom' ? nameByAddress(baseUrl.text) : providerName(entry.provider),
    kind: entry.kind ?? like.kind,
    wire,
    baseUrl: baseUrl.text,
    ...(label === '' ? {} : { label }),
    models: modelsOf(entry),
    capabilities: entry.capabilities == null ? like.capabilities : capabilitiesFrom(entry.capabilities.join(',')),
    enabled: entry.enabled ?? entry.status !== 'disabled',
    ...(entry.weight == null ? {} : { weight: weightFrom(entry.weight) }),
    ...(entry.apiKey == null || entry.apiKey === '' ? {} : { apiKey: secretKey(entry.apiKey) }),
    ...(entry.headers == null
      ? {}
      : { headers: Object.fromEntries(Object.entries(entry.headers).map(([name, text]) => header(name, text))) }),
  }
  return { draft, baseUrl }
}

/** What an entry leaves out is as its provider usually has it. Whoever says nothing of capabilities could only converse. */
function formOf({ provider, kind }: Entry): Omit<Preset, 'id' | 'title'> {
  const known = kind == null ? presetOf(provider) : presetOfKind(kind)
  return { ...(known ?? presetOfKind('compatible')), capabilities: ['chat'] }
}

function modelsOf({ model, models }: Entry): 'all' | KeyModel[] {
  if (models === 'all') return 'all'
  const list = models ?? (model == null ? undefined : [model])
  if (list === undefined) return 'all'
  if (!Array.isArray(list)) throw new Error('models must be a list, or "all"')
  const plain = list.map((one: unknown) => (typeof one === 'string' ? { id: one } : one))
  const read = apiKeyShape.shape.models.safeParse(plain)
  if (!read.success || read.data === 'all') throw new Error('models must be names, or objects with an id')
  return checkedModels(read.data)
}

/** Entries of one key at one address are one key, with the models of all. */
function merged(read: readonly { draft: KeyDraft; baseUrl: BaseUrl }[]): ReadKeys['keys'] {
  const groups = Map.groupBy(read, ({ draft }) =>
    JSON.stringify([draft.provider, draft.baseUrl, draft.wire, draft.apiKey?.reveal() ?? null]),
  )
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    const drafts = group.map(({ draft }) => draft)
    const models = new Map(drafts.flatMap(({ models }) => (models === 'all' ? [] : models.map((one) => [one.id, one]))))
    const labels = new Set(drafts.map(({ label }) => label))
    const { label, ...draft } = first.draft
    return [
      {
        baseUrl: first.baseUrl,
        draft: {
          ...draft,
          // One label for each model would name none of them.
          ...(label === undefined || labels.size > 1 ? {} : { label }),
          models: drafts.some(({ models }) => models === 'all') ? 'all' : [...models.values()],
          capabilities: [...new Set(drafts.flatMap(({ capabilities }) => capabilities))],
          enabled: drafts.some(({ enabled }) => enabled === true),
        },
      },
    ]
  })
}
