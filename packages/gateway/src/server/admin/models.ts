import { createRoute, z } from '@hono/zod-openapi'
import type { Accounts } from '../../accounts/index.js'
import { listedFor, nameOf, type KeyModelLists, type KeyPool } from '../../providers/keys/index.js'
import type { Catalog, CatalogRefresher, ListedModel, Routing } from '../../routing/index.js'
import { priceFor, type PriceList, type Rates } from '../../usage/index.js'
import { json, PROBLEMS, type AdminApi } from './api.js'
import { TaskView, type Tasks } from './tasks.js'

export interface ModelsHouse {
  routing: Pick<Routing, 'models' | 'names' | 'resolve'>
  catalog: Catalog
  refresher: Pick<CatalogRefresher, 'plans' | 'readNow'>
  accounts: Pick<Accounts, 'list'>
  keys: Pick<KeyPool, 'states' | 'credential'>
  lists: KeyModelLists
  prices(): PriceList
  defaultModel(): string
  /** `model.aliases` and `model.routes`, whose names are made here. */
  own(): { aliases: Readonly<Record<string, string>>; routes: Readonly<Record<string, string>> }
  tasks: Tasks
  now?(): number
}

const rates = {
  input: z.number().openapi({ description: 'US dollars per million tokens.' }),
  cached: z.number(),
  output: z.number(),
}

export const ModelView = z
  .object({
    name: z.string().openapi({ description: 'As clients ask for it; suffixes of effort and tier may follow.' }),
    displayName: z.string(),
    description: z.string().nullable(),
    kind: z.enum(['model', 'alias', 'route', 'demo']),
    target: z.string().openapi({ description: 'Who answers: `codex:gpt-5.5`, `deepseek:deepseek-chat`.' }),
    provider: z.string(),
    source: z.enum(['bundled', 'backend', 'configured', 'api key', 'dragoman']),
    sourceDate: z.string().nullable().openapi({ description: 'When its source said so.' }),
    listed: z.boolean().openapi({ description: 'False: it works when it is named, and no list shows it.' }),
    contextWindow: z.number().nullable().openapi({ description: 'Tokens.' }),
    maxContextWindow: z.number().nullable(),
    maxOutputTokens: z.number().nullable(),
    efforts: z.array(z.string()),
    defaultEffort: z.string().nullable(),
    inputModalities: z.array(z.string()).nullable().openapi({ description: 'Null: nobody said.' }),
    outputModalities: z.array(z.string()).nullable(),
    capabilities: z.array(z.string()),
    plans: z.array(z.string()).nullable().openapi({ description: 'Plans whose lists name it; null: no list says.' }),
    price: z
      .object({
        ...rates,
        from: z.string().openapi({ description: 'In force since that day.' }),
        tiers: z.record(z.string(), z.union([z.number(), z.object(rates)])).optional(),
      })
      .nullable(),
    servedBy: z.object({
      accounts: z.int().openapi({ description: 'Accounts whose plan may use it.' }),
      readyAccounts: z.int(),
      keys: z.array(z.object({ id: z.string(), name: z.string(), ready: z.boolean() })),
    }),
  })
  .openapi('Model')
export type ModelView = z.infer<typeof ModelView>

const Listed = z
  .object({
    models: z.array(ModelView),
    defaultModel: z.string(),
    sources: z
      .array(z.object({ source: z.string(), models: z.int(), fetchedAt: z.string() }))
      .openapi({ description: 'Lists of the Codex backend, plan by plan.' }),
    checkedAt: z.string(),
  })
  .openapi('Models')

/** The catalog, and how it is read anew. */
export function modelsApi(api: AdminApi, house: ModelsHouse): void {
  const tags = ['models']
  const now = (): number => house.now?.() ?? Date.now()

  api.openapi(
    createRoute({
      method: 'get',
      path: '/admin/models',
      tags,
      summary: 'Every name that can be asked for, with what is known of it and who serves it now',
      responses: { 200: json(Listed, 'The catalog.'), ...PROBLEMS },
    }),
    (c) =>
      c.json(
        {
          models: modelViews(house, now()),
          defaultModel: house.defaultModel(),
          sources: house.catalog
            .sources()
            .map(({ source, models, fetchedAt }) => ({ source, models, fetchedAt: iso(fetchedAt) })),
          checkedAt: iso(now()),
        },
        200,
      ),
  )

  api.openapi(
    createRoute({
      method: 'post',
      path: '/admin/refresh-models',
      tags,
      summary: 'Read the model lists anew, in the background',
      description: 'One list a plan, asked for by an account of it, and the list of every enabled API key.',
      responses: {
        200: json(z.object({ ok: z.boolean(), message: z.string(), task: TaskView.nullable() }), 'It has begun.'),
        ...PROBLEMS,
      },
    }),
    (c) => {
      const plans = house.refresher.plans()
      const keys = house.keys.states().filter(({ key, status }) => key.enabled && status !== 'unreadable')
      const total = plans.length + keys.length
      if (total === 0) {
        const message = 'there is nobody to ask: sign an account in, or add an API key'
        return c.json({ ok: false, message, task: null }, 200)
      }
      const task = house.tasks.start('refresh-models', total, async ({ signal, step }) => {
        const failed: { source: string; reason: string }[] = []
        const read = async (source: string, ask: () => Promise<unknown>): Promise<void> => {
          if (signal.aborted) return
          try {
            await ask()
            step()
          } catch (error) {
            failed.push({ source, reason: error instanceof Error ? error.message : String(error) })
            step('failed')
          }
        }
        for (const plan of plans) await read(`codex:${plan}`, () => house.refresher.readNow(plan))
        await Promise.all(
          keys.map(({ key }) =>
            read(nameOf(key), () => listedFor({ key, ...house.keys.credential(key.id) }, house.lists)),
          ),
        )
        return { failed }
      })
      return c.json({ ok: true, message: `${total} lists are being read`, task }, 200)
    },
  )
}

function iso(at: number): string {
  return new Date(at).toISOString()
}

function modelViews(house: ModelsHouse, now: number): ModelView[] {
  const { catalog, accounts } = house
  const prices = house.prices()
  const own = house.own()
  const active = accounts.list().filter(({ status }) => status !== 'disabled')
  const keys = keysByModel(house)
  const listed = house.routing.models()
  const names = new Set(listed.map(({ name }) => name))
  const hidden = catalog
    .list()
    .filter(({ slug, listed: shown }) => !shown && !names.has(slug))
    .flatMap(({ slug }) => hiddenModel(house, slug))
  return [...listed, ...hidden].map((model): ModelView => {
    const { name, codex, provider } = model
    const fits = provider === 'codex' ? active.filter(({ plan }) => catalog.openTo(model.model, plan)) : []
    const price = priceFor(prices, model.model, now)
    const plans = provider === 'codex' ? catalog.plansOf(model.model) : undefined
    return {
      name,
      displayName: model.displayName,
      description: textOf(codex?.raw?.['description']),
      kind: kindOf(model, own),
      target: `${provider}:${model.model}`,
      provider,
      source: sourceOf(model.source),
      sourceDate:
        codex?.fetchedAt === undefined
          ? (/\d{4}-\d{2}(?:-\d{2})?/.exec(model.source)?.[0] ?? null)
          : iso(codex.fetchedAt),
      listed: codex?.listed ?? true,
      contextWindow: model.contextWindow ?? null,
      maxContextWindow: model.maxContextWindow ?? null,
      maxOutputTokens: model.maxOutputTokens ?? null,
      efforts: [...model.efforts],
      defaultEffort: model.defaultEffort ?? null,
      inputModalities: wordsOf(codex?.raw?.['input_modalities']),
      outputModalities: wordsOf(codex?.raw?.['output_modalities']),
      capabilities: [...model.capabilities],
      plans: plans === undefined ? null : [...plans],
      price:
        price === undefined
          ? null
          : {
              ...ratesOf(price),
              from: price.from,
              ...(price.tiers === undefined
                ? {}
                : {
                    tiers: Object.fromEntries(
                      Object.entries(price.tiers).map(([tier, one]) => [
                        tier,
                        typeof one === 'number' ? one : ratesOf(one),
                      ]),
                    ),
                  }),
            },
      servedBy: {
        accounts: fits.length,
        readyAccounts: fits.filter(({ status }) => status === 'active').length,
        keys: provider === 'codex' ? [] : (keys.get(model.model) ?? []).filter((one) => serves(one, model)).map(told),
      },
    }
  })
}

interface ServingKey {
  id: string
  provider: string
  name: string
  ready: boolean
}

const told = ({ id, name, ready }: ServingKey) => ({ id, name, ready })

/** A plain name that several providers list may be answered by any of them. */
function serves({ provider }: ServingKey, { name, alsoKnownAs, model }: ListedModel): boolean {
  const owners = [name, ...alsoKnownAs].filter((one) => one.endsWith(`:${model}`)).map((one) => one.split(':')[0])
  return owners.length === 0 || owners.includes(provider)
}

function keysByModel({ keys }: ModelsHouse): Map<string, ServingKey[]> {
  const found = new Map<string, ServingKey[]>()
  for (const { key, status, models: resting } of keys.states()) {
    if (key.models === 'all' || status === 'disabled' || status === 'unreadable') continue
    const name = nameOf(key)
    for (const { id } of key.models) {
      const list = found.get(id) ?? []
      list.push({ id: key.id, provider: key.provider, name, ready: status === 'ready' && !resting.has(id) })
      found.set(id, list)
    }
  }
  return found
}

function hiddenModel({ catalog }: ModelsHouse, slug: string): ListedModel[] {
  const codex = catalog.find(slug)
  if (codex === undefined) return []
  const { displayName, efforts, source, defaultEffort, contextWindow, maxContextWindow, maxOutputTokens } = codex
  return [
    {
      name: slug,
      model: slug,
      alsoKnownAs: [],
      provider: 'codex',
      owner: 'openai',
      displayName,
      efforts,
      source,
      capabilities: ['chat'],
      codex,
      ...(defaultEffort === undefined ? {} : { defaultEffort }),
      ...(contextWindow === undefined ? {} : { contextWindow }),
      ...(maxContextWindow === undefined ? {} : { maxContextWindow }),
      ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    },
  ]
}

function kindOf(
  { name, provider }: ListedModel,
  { aliases, routes }: ReturnType<ModelsHouse['own']>,
): ModelView['kind'] {
  if (Object.hasOwn(aliases, name)) return 'alias'
  if (Object.hasOwn(routes, name)) return 'route'
  return provider === 'demo' ? 'demo' : 'model'
}

function sourceOf(source: string): ModelView['source'] {
  if (source.startsWith('bundled')) return 'bundled'
  return source === 'backend' || source === 'configured' || source === 'api key' ? source : 'dragoman'
}

function ratesOf({ input, cached, output }: Rates) {
  return { input, cached: cached ?? input, output }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.slice(0, 2_000) : null
}

function wordsOf(value: unknown): string[] | null {
  if (!Array.isArray(value)) return null
  return value.filter((one): one is string => typeof one === 'string').slice(0, 20)
}
