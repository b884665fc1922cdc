import type { Command } from 'commander'
import type { Catalog, KeyModels, ListedModel, Routing } from '../routing/index.js'
import { CommandError, type Deps } from './deps.js'
import { inRoom, type Room } from './room.js'
import { table } from './table.js'

/** Where models come from, and how old that knowledge is. */
interface Source {
  /** `codex:plus`, `key:ak_…`, `bundled` */
  source: string
  models?: number
  /** Unix ms. */
  fetchedAt?: number
}

/** `models`: what can be asked for. */
export function modelsCommand(program: Command, deps: Deps): void {
  program
    .command('models')
    .description('the models that can be asked for, and where they come from')
    .option(
      '--refresh',
      'ask the Codex backend, with one account of each plan, and the providers of API keys for their lists',
    )
    .option('--json', 'one line of JSON')
    .action(async (options: { refresh?: boolean; json?: boolean }) => {
      const [{ createCatalog, createRouting, rulesOf }, { createKeyPool }] = await Promise.all([
        import('../routing/index.js'),
        import('../providers/keys/index.js'),
      ])
      await inRoom(deps, async (room) => {
        const { config, store } = room
        const catalog = createCatalog({ lists: store.modelLists, custom: () => config.model.custom_models })
        await catalog.load()
        if (options.refresh) await refreshCodex(room, catalog, deps, await refreshKeys(room, deps))
        const keys = createKeyPool({ rows: store.apiKeys })
        const routing = createRouting(catalog, keys, () => rulesOf(config))
        const sources = await sourcesOf(room, catalog)
        if (options.json) deps.out(`${JSON.stringify(asJson(room, catalog, keys, routing, sources))}\n`)
        else deps.out(asText(room, routing, sources))
      })
    })
}

function asJson({ config }: Room, catalog: Catalog, keys: KeyModels, routing: Routing, sources: readonly Source[]) {
  return {
    models: catalog.list().map((model) => ({ ...model, raw: undefined })),
    keyModels: keys.models(),
    names: routing.names(),
    aliases: config.model.aliases,
    default: config.model.default,
    sources,
  }
}

function asText({ config }: Room, routing: Routing, sources: readonly Source[]): string {
  const rows = routing
    .models()
    .map((model) => [
      model.name,
      model.contextWindow === undefined ? '' : String(model.contextWindow),
      model.efforts.join(' '),
      origin(model, config),
    ])
  const read = sources.map(({ source, models, fetchedAt }) => [
    source,
    models === undefined ? '' : String(models),
    fetchedAt === undefined ? '' : ageOf(fetchedAt, Date.now()),
  ])
  return [
    table(['model', 'context', 'efforts', 'from'], rows),
    ...(read.length === 0 ? [] : [table(['list', 'models', 'read'], read)]),
    `A name takes suffixes: gpt-5.5-high, gpt-5.5-fast, gpt-5.5-high-fast. Default: ${config.model.default}.\n`,
  ].join('\n')
}

function origin(model: ListedModel, { model: { aliases, routes } }: Room['config']): string {
  const alias = Object.hasOwn(aliases, model.name) ? aliases[model.name] : undefined
  if (alias !== undefined) return `alias of ${alias}`
  const route = Object.hasOwn(routes, model.name) ? routes[model.name] : undefined
  switch (model.provider) {
    case 'demo':
      return 'built in, needs no account'
    case 'codex':
      return route === undefined ? model.source : `route to ${route}`
    default:
      return route === undefined || model.owner !== 'dragoman' ? `API key of ${model.provider}` : `route to ${route}`
  }
}

/** `just now`, `5 min ago`, `3 h ago`, `2 days ago` */
export function ageOf(at: number, now: number): string {
  const minutes = Math.floor((now - at) / 60_000)
  if (minutes < 1) return 'just now'
  if (minutes < 120) return `${minutes} min ago`
  const hours = Math.floor(minutes / 60)
  return hours < 48 ? `${hours} h ago` : `${Math.floor(hours / 24)} days ago`
}

/** The lists that were read of Codex, plan by plan, and of API keys. */
async function sourcesOf({ store }: Room, catalog: Catalog): Promise<Source[]> {
  const codex = catalog.sources()
  const others = (await store.modelLists.list()).filter(({ source }) => !source.startsWith('codex:'))
  return [...codex, ...others]
}

/**
 * Asks every provider for what the enabled keys may use; what serves is what each key was given.
 * @returns how many keys there are
 */
async function refreshKeys({ store, transport }: Room, deps: Deps): Promise<number> {
  const { createKeyModelLists, createKeyPool, nameOf } = await import('../providers/keys/index.js')
  const pool = createKeyPool({ rows: store.apiKeys })
  const lists = createKeyModelLists({ rows: store.modelLists, ask: transport.request })
  const keys = pool.states().flatMap(({ key }) => (key.enabled ? [key] : []))
  await Promise.all(
    keys.map(async (key) => {
      try {
        await lists.refresh({ key, ...pool.credential(key.id) })
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error)
        deps.err(`the list of ${nameOf(key)} could not be read: ${why}\n`)
      }
    }),
  )
  return keys.length
}

/**
 * Asks for the list of every plan, with one account after the other until one gets it.
 * @param readKeys API keys that were asked: with some, no account is no mistake
 */
async function refreshCodex(
  { accounts, config, transport }: Room,
  catalog: Catalog,
  deps: Deps,
  readKeys: number,
): Promise<void> {
  const { fetchCodexModels } = await import('../providers/index.js')
  const active = accounts.list().filter(({ status }) => status === 'active')
  if (active.length === 0) {
    if (readKeys > 0) return
    throw new CommandError('no account can ask for the list; sign in: dragoman login')
  }
  const profile = { ...config.client, dragomanVersion: deps.version }
  const plans = Map.groupBy(active, ({ plan }) => plan ?? 'unknown')
  const problems = new Map<string, unknown>()
  for (const [plan, ids] of plans) {
    for (const { id } of ids) {
      try {
        const credential = await accounts.credential(id)
        const list = await fetchCodexModels(config.codex.base_url.replace(/\/+$/, ''), profile, credential, (out) =>
          transport.request({ ...out, owner: id }),
        )
        if (list.models.length === 0) throw new Error('the list is empty')
        await catalog.learn(plan, list)
        problems.delete(plan)
        break
      } catch (error) {
        problems.set(plan, error)
      }
    }
  }
  for (const [plan, cause] of problems) {
    const why = cause instanceof Error ? cause.message : String(cause)
    if (problems.size === plans.size) {
      throw new CommandError(`${why}; without --refresh the last good list is shown`, 1, { cause })
    }
    deps.err(`the list of plan ${plan} could not be read: ${why}\n`)
  }
}
