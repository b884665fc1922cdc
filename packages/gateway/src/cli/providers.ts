import type { Command } from 'commander'
import type { ApiKey, KeyModel } from '../providers/keys/index.js'
import { CommandError, type Deps } from './deps.js'
import { keyAndRecord, providerEditCommands } from './providers-edit.js'
import { BY, shownName } from './providers-find.js'
import { providerFileCommands } from './providers-files.js'
import { ageOf } from './models.js'
import { inRoom, type Room } from './room.js'
import { table } from './table.js'

/** `providers …`: API keys of other providers. */
export function providersCommand(program: Command, deps: Deps): void {
  const providers = program.command('providers').description('API keys of OpenAI, Anthropic, Gemini and many others')

  providers
    .command('list')
    .description('show all keys')
    .option('--json', 'one line of JSON')
    .action(async (options: { json?: boolean }) => {
      const keys = await inRoom(deps, statesIn)
      if (options.json) return deps.out(`${JSON.stringify(keys)}\n`)
      if (keys.length === 0) return deps.out('No API key yet. Add one: dragoman providers add deepseek --key-stdin\n')
      deps.out(
        table(
          ['id', 'provider', 'label', 'key', 'models', 'for', 'weight', 'way', 'state'],
          keys.map((key) => [
            key.id,
            key.provider,
            key.label ?? '',
            key.hint ?? 'none',
            key.models === 'all' ? 'all' : String(key.models.length),
            key.capabilities.join(', '),
            String(key.weight),
            key.way ?? '',
            key.state,
          ]),
        ),
      )
    })

  providers
    .command('presets')
    .description('show the providers that are known beforehand')
    .option('--json', 'one line of JSON')
    .action(async (options: { json?: boolean }) => {
      const { PRESETS } = await import('../providers/keys/index.js')
      if (options.json) return deps.out(`${JSON.stringify(PRESETS)}\n`)
      deps.out(
        table(
          ['name', 'provider', 'base url', 'wire', 'get a key at'],
          PRESETS.map((one) => [one.id, one.title, one.baseUrl ?? 'yours', one.wire, one.keysAt ?? 'needs none']),
        ),
      )
    })

  providerEditCommands(providers, deps)

  providers
    .command('show <key>')
    .description('show one key, its models and where it goes')
    .option('--json', 'one line of JSON')
    .addHelpText('after', BY)
    .action(async (named: string, options: { json?: boolean }) => {
      await inRoom(deps, async (room) => {
        const { key, record } = keyAndRecord(room, named, await import('../providers/keys/index.js'))
        const about = { ...stateOf(key, room), headers: Object.keys(record.headers) }
        deps.out(options.json ? `${JSON.stringify(about)}\n` : asText(about))
      })
    })

  for (const [command, enabled, said] of [
    ['enable', true, 'Enabled'],
    ['disable', false, 'Disabled'],
  ] as const) {
    providers
      .command(`${command} <key>`)
      .description(enabled ? 'let it serve again' : 'let it rest; it is kept')
      .addHelpText('after', BY)
      .action((named: string) =>
        inRoom(deps, async (room) => {
          const { key } = keyAndRecord(room, named, await import('../providers/keys/index.js'))
          await room.store.apiKeys.change(key.id, { enabled })
          deps.out(`${said} ${shownName(key)}.\n`)
        }),
      )
  }

  providers
    .command('remove <key>')
    .description('forget it; at its provider it stays valid')
    .addHelpText('after', BY)
    .action((named: string) =>
      inRoom(deps, async (room) => {
        const { key } = keyAndRecord(room, named, await import('../providers/keys/index.js'))
        await room.proxies.unpin(key.id)
        await room.store.apiKeys.remove(key.id)
        deps.out(`Removed ${shownName(key)}. At ${key.provider} it is still valid: take it back there.\n`)
      }),
    )

  providers
    .command('models <key>')
    .description('show what its provider lists, from memory or asked anew')
    .option('--refresh', 'ask the provider now')
    .option('--json', 'one line of JSON')
    .addHelpText('after', `${BY}\nTo serve what is listed: dragoman providers edit <key> --models listed`)
    .action(async (named: string, options: { refresh?: boolean; json?: boolean }) => {
      const words = await import('../providers/keys/index.js')
      await inRoom(deps, async (room) => {
        const { key } = keyAndRecord(room, named, words)
        const lists = words.createKeyModelLists({ rows: room.store.modelLists, ask: room.transport.request })
        const pool = words.createKeyPool({ rows: room.store.apiKeys })
        const list = options.refresh
          ? await lists.refresh({ key, ...pool.credential(key.id) })
          : await lists.read(key.id)
        if (list === undefined) {
          throw new CommandError(
            `the list of ${shownName(key)} was never read; read it: dragoman providers models ${key.id} --refresh`,
          )
        }
        if (options.json) return deps.out(`${JSON.stringify({ key: key.id, ...list })}\n`)
        deps.out(modelTable(list.models))
        const old = list.old ? '; that is long ago, --refresh asks anew' : ''
        deps.out(`\nRead ${ageOf(list.fetchedAt, Date.now())}${old}.\n`)
      })
    })

  providers
    .command('test <key>')
    .description('have it answer one word; exit code 1 when it does not')
    .option('--model <name>', 'the model to ask')
    .option('--json', 'one line of JSON')
    .addHelpText('after', `${BY}\nA disabled or resting key is asked too; one that answers no longer rests.`)
    .action(async (named: string, options: { model?: string; json?: boolean }) => {
      const [words, { testApiKey }] = await Promise.all([
        import('../providers/keys/index.js'),
        import('../upstreams.js'),
      ])
      await inRoom(deps, async (room) => {
        const { key, record } = keyAndRecord(room, named, words)
        const result = await testApiKey(record, { transport: room.transport, version: deps.version, ...options })
        // Whoever runs takes an edited key as new.
        if (result.ok) await room.store.apiKeys.change(key.id, {})
        if (options.json) deps.out(`${JSON.stringify({ key: key.id, ...result })}\n`)
        else if (result.ok) deps.out(`good  ${shownName(key)}: ${result.message}\n`)
        if (!result.ok) throw new CommandError(`${shownName(key)}: ${result.message}`)
      })
    })

  providerFileCommands(providers, deps)
}

type State = ApiKey & { state: 'enabled' | 'disabled' | 'unreadable'; way?: string }

async function statesIn(room: Room): Promise<State[]> {
  const { apiKeyOf } = await import('../providers/keys/index.js')
  return room.store.apiKeys.list().flatMap((record) => {
    const key = apiKeyOf(record)
    return key === undefined ? [] : [stateOf(key, room)]
  })
}

function stateOf(key: ApiKey, { store }: Room): State {
  const unreadable = store.apiKeys.list().some((record) => record.id === key.id && record.unreadable === true)
  const way = store.proxies.pins().get(key.id)
  return {
    ...key,
    state: unreadable ? 'unreadable' : key.enabled ? 'enabled' : 'disabled',
    ...(way === undefined ? {} : { way }),
  }
}

function asText(key: State & { headers: readonly string[] }): string {
  const rows = [
    ['id', key.id],
    ['provider', key.provider],
    ['label', key.label ?? ''],
    ['key', key.hint ?? 'none'],
    ['kind', key.kind],
    ['wire', key.wire],
    ['base url', key.baseUrl],
    ['for', key.capabilities.join(', ')],
    ['weight', String(key.weight)],
    ['headers', key.headers.join(', ')],
    ['way out', key.way ?? ''],
    ['state', key.state],
    ['models', key.models === 'all' ? `every name asked for as ${key.provider}:model` : String(key.models.length)],
  ].filter(([, value]) => value !== '')
  return `${table(['about', ''], rows)}${key.models === 'all' ? '' : `\n${modelTable(key.models)}`}`
}

function modelTable(models: readonly KeyModel[]): string {
  return table(
    ['model', 'upstream', 'context', 'longest answer', 'for'],
    models.map((model) => [
      model.id,
      model.upstream ?? '',
      model.contextWindow === undefined ? '' : String(model.contextWindow),
      model.maxOutputTokens === undefined ? '' : String(model.maxOutputTokens),
      model.capabilities?.join(', ') ?? '',
    ]),
  )
}
