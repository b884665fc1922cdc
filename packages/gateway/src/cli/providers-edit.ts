import type { Command } from 'commander'
import type { ApiKey, BaseUrl, KeyModel, ProviderForm, Wire } from '../providers/keys/index.js'
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
        const chosen = namedModels(options.models, words)
        const before = words.knownBefore(room.store.apiKeys.list(), key)
        const { record: kept, outcome } = await room.store.apiKeys.add({
          ...key,
          models: chosen ?? before?.models ?? (form.models.length > 0 ? form.models : 'all'),
        })
        try {
          // Its own way out, and only then the first question.
          await pin(kept.id, options, room)
          if (chosen === undefined) await takeListed(kept, options, room, deps, words, outcome === 'added')
        } catch (error) {
          if (outcome === 'added') await room.store.apiKeys.remove(kept.id)
          throw error
        }
        const record = room.store.apiKeys.list().find(({ id }) => id === kept.id) ?? kept
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
        const { label, ...others } = told
        const chosen = namedModels(options.models, words)
        const change = {
          ...others,
          ...(baseUrl === undefined ? {} : { baseUrl }),
          ...(apiKey === undefined ? {} : { apiKey }),
          ...(options.label === undefined ? {} : { label: label ?? null }),
          ...(options.models === undefined || chosen === undefined ? {} : { models: chosen }),
        }
        const kept = await room.store.apiKeys.change(
          before.key.id,
          asUsage((written) => words.keptAtHome(before.record, written), change),
        )
        if (kept === undefined) throw new CommandError(`${shownName(before.key)} is gone`)
        await pin(kept.id, options, room)
        if (options.models !== undefined && chosen === undefined)
          await takeListed(kept, options, room, deps, words, false)
        const record = room.store.apiKeys.list().find(({ id }) => id === kept.id) ?? kept
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

function formOf(named: string, words: Words): ProviderForm {
  const form = words.formOf(named)
  if (form !== undefined) return form
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

/** The models that were named. Undefined: those that the provider lists. */
function namedModels(said: string | undefined, words: Words): 'all' | KeyModel[] | undefined {
  return said === undefined || said.trim() === 'listed' ? undefined : asUsage(words.modelsFrom, said)
}

/**
 * Has the key serve what its provider lists. Where nobody asked for that, what cannot be read is only remarked upon.
 * @param added the key is new, and serves for now what its preset knows
 */
async function takeListed(
  record: ApiKeyRecord,
  { models: said }: EditOptions,
  { store, transport }: Room,
  deps: Deps,
  words: Words,
  added: boolean,
): Promise<void> {
  const key = words.apiKeyOf(record)
  if (key === undefined) return
  const lists = words.createKeyModelLists({ rows: store.modelLists, ask: transport.request })
  try {
    const credential = words.createKeyPool({ rows: store.apiKeys }).credential(key.id)
    await store.apiKeys.change(key.id, { models: await words.listedFor({ key, ...credential }, lists) })
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    if (said !== undefined) throw new CommandError(why, 1, { cause })
    const known = added ? 'its well-known models are taken' : 'its models stay as they were'
    deps.err(`remark: ${why}; ${key.models === 'all' ? 'every name asked for within it is taken' : known}\n`)
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
