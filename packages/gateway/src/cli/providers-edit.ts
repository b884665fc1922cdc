import type { Command } from 'commander'
import type { ApiKey, BaseUrl, KeyModel, Preset, UsableKey, Wire } from '../providers/keys/index.js'
import type * as Keys from '../providers/keys/index.js'
import type { ApiKeyRecord, NewApiKey } from '../store/index.js'
import type { Secret } from '../telemetry/index.js'
import { CommandError, type Deps } from './deps.js'
import { BY, findKey, shownName } from './providers-find.js'
import { asUsage, keyFrom, type KeyOptions } from './providers-input.js'
import { allowPrivate } from './proxies-allow-private.js'
import { inRoom, type Room } from './room.js'

interface EditOptions extends KeyOptions {
  name?: string
  baseUrl?: string
  models?: string
  wire?: string
  capabilities?: string
  label?: string
  weight?: string
  header?: string[]
  allowPrivate?: boolean
  proxy?: string
  json?: boolean
}

/** The room of keys, loaded when a command needs it and not for `--help`. */
type Words = typeof Keys

/** `providers add|edit`. */
export function providerEditCommands(providers: Command, deps: Deps): void {
  withOptions(providers.command('add <provider>'))
    .description('add an API key: of a known provider (dragoman providers presets) or of a kind')
    .addHelpText(
      'after',
      `${MODELS_HELP}\nThe same key at the same address is changed, not added twice.\n` +
        '\nExamples:\n  dragoman providers add deepseek --key-stdin < key.txt\n' +
        '  dragoman providers add openai --key-env OPENAI_API_KEY --models gpt-5,fast=gpt-5-mini\n' +
        '  dragoman providers add compatible --name mine --base-url https://llm.example.com/v1 --key-env KEY --models all\n' +
        '  dragoman providers add ollama --allow-private',
    )
    .action(async (named: string, options: EditOptions) => {
      const words = await import('../providers/keys/index.js')
      const form = formOf(named, words)
      const apiKey = await keyFrom(options, deps)
      if (apiKey === undefined && form.keysAt !== undefined) {
        throw new CommandError(`say where the key is: --key-stdin or --key-env VARIABLE; get one at ${form.keysAt}`, 2)
      }
      const address = options.baseUrl ?? form.baseUrl
      if (address === undefined) {
        throw new CommandError(form.note ?? 'say where it is: --base-url https://…', 2)
      }
      const told = toldBy(options, words)
      await inRoom(deps, async (room) => {
        const wire = told.wire ?? form.wire
        const baseUrl = reachable(address, wire, options, room, deps, words)
        const key: Omit<NewApiKey, 'models'> = {
          ...told,
          provider: told.provider ?? form.id ?? words.nameByAddress(baseUrl),
          kind: form.kind,
          wire,
          baseUrl,
          capabilities: told.capabilities ?? form.capabilities,
          ...(apiKey === undefined ? {} : { apiKey }),
        }
        const models = await modelsFor(options.models, key as ApiKey & NewApiKey, form.models, room, deps, words)
        const { record, outcome } = await room.store.apiKeys.add({ ...key, models: models.chosen })
        if (models.list !== undefined) await room.store.modelLists.put(`key:${record.id}`, { models: models.list })
        await pin(record.id, options, room)
        tell(record, outcome === 'added' ? 'Added' : 'Updated', options, deps, words)
      })
    })

  withOptions(providers.command('edit <key>'))
    .description('change a key; a running gateway takes it over at once and forgets why the key rested')
    .addHelpText(
      'after',
      `${BY}${MODELS_HELP}\n` +
        '\nExamples:\n  dragoman providers edit deepseek --models all --weight 3\n' +
        '  dragoman providers edit work --key-env NEW_KEY\n  dragoman providers edit work --label "" --proxy direct',
    )
    .action(async (named: string, options: EditOptions) => {
      const words = await import('../providers/keys/index.js')
      const apiKey = await keyFrom(options, deps)
      const told = toldBy(options, words)
      await inRoom(deps, async (room) => {
        const before = keyAndRecord(room, named, words)
        const wire = told.wire ?? before.key.wire
        const baseUrl =
          options.baseUrl === undefined ? undefined : reachable(options.baseUrl, wire, options, room, deps, words)
        const elsewhere = baseUrl !== undefined && new URL(baseUrl).origin !== new URL(before.key.baseUrl).origin
        const bound = before.record.apiKey !== undefined || Object.keys(before.record.headers).length > 0
        if (elsewhere && bound && apiKey === undefined) {
          throw new CommandError('a key belongs to where it was given for: say it again with the new --base-url', 2)
        }
        const change = {
          ...told,
          ...(baseUrl === undefined ? {} : { baseUrl }),
          ...(apiKey === undefined ? {} : { apiKey }),
          // Headers may hold secrets as well.
          ...(elsewhere && told.headers === undefined ? { headers: {} } : {}),
        }
        const next = { ...before.record, ...change, ...(apiKey === undefined ? {} : { apiKey }) }
        const models =
          options.models === undefined
            ? undefined
            : await modelsFor(options.models, next as ApiKey & NewApiKey, [], room, deps, words)
        const { label, ...others } = change
        const record = await room.store.apiKeys.change(before.key.id, {
          ...others,
          ...(options.label === undefined ? {} : { label: label ?? null }),
          ...(models === undefined ? {} : { models: models.chosen }),
        })
        if (record === undefined) throw new CommandError(`${shownName(before.key)} is gone`)
        if (models?.list !== undefined) await room.store.modelLists.put(`key:${record.id}`, { models: models.list })
        await pin(record.id, options, room)
        tell(record, 'Changed', options, deps, words)
      })
    })
}

const MODELS_HELP =
  '\nModels: names, or your-name=upstream-name, comma separated; all takes every name asked for as provider:model; listed takes\n' +
  'those that the provider lists now, which is what add does when nothing is said.'

function withOptions(command: Command): Command {
  return command
    .option('--name <name>', 'the name its models are asked for by, as in name:model')
    .option('--base-url <url>', 'where the API begins')
    .option('--key-stdin', 'read the key from standard input')
    .option('--key-env <variable>', 'read the key from an environment variable')
    .option('--key <key>', 'the key itself; stays in the history of your shell')
    .option('--models <models>', 'what it serves')
    .option('--wire <wire>', 'how it is spoken to: chat, responses, codex-responses, anthropic, gemini')
    .option('--capabilities <list>', 'what it is for: chat, embeddings, images, transcription')
    .option('--label <label>', 'a name to recognise it by')
    .option('--weight <n>', 'its share of the load beside other keys of the same model, 1 to 1000')
    .option('--header <header...>', "'Name: value', sent with every request; kept sealed")
    .option('--allow-private', 'it lies on this machine or in its network: adds it to upstream.allowed_private_hosts')
    .option('--proxy <choice>', 'its way out: global, direct, auto, or a proxy')
    .option('--json', 'one line of JSON')
}

type Form = Omit<Preset, 'id' | 'title'> & { id?: string }

function formOf(named: string, words: Words): Form {
  const preset = words.presetOf(named)
  if (preset !== undefined) return preset
  const kind = words.PROVIDER_KINDS.find((one) => one === named)
  if (kind !== undefined) return words.presetOfKind(kind)
  throw new CommandError(
    `${JSON.stringify(named)} is no known provider; dragoman providers presets shows them, compatible takes any other`,
    2,
  )
}

/** What was said in words, without the key, the address and the models. */
function toldBy(options: EditOptions, words: Words) {
  const { name, wire, capabilities, label, weight, header } = options
  const read = label === undefined ? '' : asUsage(words.labelFrom, label)
  return {
    ...(name === undefined ? {} : { provider: asUsage(words.providerName, name) }),
    ...(wire === undefined ? {} : { wire: asUsage(words.wireFrom, wire) }),
    ...(capabilities === undefined ? {} : { capabilities: asUsage(words.capabilitiesFrom, capabilities) }),
    ...(read === '' ? {} : { label: read }),
    ...(weight === undefined ? {} : { weight: asUsage(words.weightFrom, weight) }),
    ...(header === undefined
      ? {}
      : { headers: Object.fromEntries(header.map((one) => asUsage(words.headerFrom, one))) as Record<string, Secret> }),
  }
}

/** The base URL, once it may be reached. */
function reachable(
  address: string,
  wire: Wire,
  { allowPrivate: mayBePrivate }: EditOptions,
  { config, home }: Room,
  deps: Deps,
  words: Words,
): string {
  const read: BaseUrl = asUsage(
    (written) => words.readBaseUrl(written, wire, config.upstream.allowed_private_hosts),
    address,
  )
  if (read.refused !== undefined) {
    if (mayBePrivate !== true) throw new CommandError(`${read.refused}; or say --allow-private`, 2)
    allowPrivate(home, [read], deps)
    // Read anew by everyone else; this very command asks on.
    config.upstream.allowed_private_hosts.push(read.authority)
  }
  if (read.hint !== undefined) deps.err(`remark: ${read.hint}\n`)
  return read.text
}

/** What the key is to serve, and the provider's list when it was read for that. */
async function modelsFor(
  said: string | undefined,
  key: NewApiKey & { id?: string; wire: string },
  known: readonly KeyModel[],
  { transport }: Room,
  deps: Deps,
  words: Words,
): Promise<{ chosen: 'all' | readonly KeyModel[]; list?: readonly KeyModel[] }> {
  if (said !== undefined && said.trim() !== 'listed') return { chosen: asUsage(words.modelsFrom, said) }
  const usable: UsableKey = {
    key: { id: key.id ?? 'a new key', provider: key.provider, wire: key.wire as Wire, baseUrl: key.baseUrl },
    ...(key.apiKey === undefined ? {} : { apiKey: key.apiKey }),
    headers: Object.fromEntries(Object.entries(key.headers ?? {}).map(([name, value]) => [name, value.reveal()])),
  }
  try {
    const { models } = await words.fetchKeyModels(usable, transport.request)
    const fitting = words.fittingModels(models, key.capabilities as ApiKey['capabilities'])
    if (fitting.length > 0) return { chosen: fitting, list: models }
    throw new Error(`${key.provider} lists no model for ${key.capabilities.join(', ')}`)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    if (said !== undefined) throw new CommandError(why, 1, { cause })
    const instead = known.length > 0 ? 'its well-known models are taken' : 'every name asked for within it is taken'
    deps.err(`remark: ${why}; ${instead}\n`)
    return { chosen: known.length > 0 ? known : 'all' }
  }
}

async function pin(id: string, { proxy }: EditOptions, { proxies }: Room): Promise<void> {
  if (proxy !== undefined) await proxies.pin(id, proxy)
}

/** A key as it is shown and as it is kept. */
export function keyAndRecord(room: Room, named: string, words: Words): { key: ApiKey; record: ApiKeyRecord } {
  const all = room.store.apiKeys.list().flatMap((record) => {
    const key = words.apiKeyOf(record)
    return key === undefined ? [] : [{ ...key, pair: { key, record } }]
  })
  return findKey(all, named).pair
}

function tell(record: ApiKeyRecord, said: string, { json }: EditOptions, deps: Deps, words: Words): void {
  const key = words.apiKeyOf(record)
  if (key === undefined) throw new Error(`API key ${record.id} was not kept as it was given`)
  if (json) return deps.out(`${JSON.stringify({ outcome: said.toLowerCase(), key })}\n`)
  const serves =
    key.models === 'all'
      ? `serves every name asked for as ${key.provider}:model`
      : `serves ${key.models.length} model${key.models.length === 1 ? '' : 's'}`
  deps.out(`${said} ${shownName(key)} (${key.id}); it ${serves}. Try it: dragoman providers test ${key.id}\n`)
}
