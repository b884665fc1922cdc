import type { Config } from '../config/index.js'
import type { Log } from '../telemetry/index.js'
import { BUNDLED, BUNDLED_AT, isLiteByName } from './bundled-models.js'

/** One model that the Codex backend offers. */
export interface CatalogModel {
  slug: string
  displayName: string
  /** Efforts that the model takes, the weakest first. */
  efforts: readonly string[]
  defaultEffort?: string
  /** Tokens. */
  contextWindow?: number
  maxContextWindow?: number
  maxOutputTokens?: number
  /** Shown in lists; hidden ones work when named. */
  listed: boolean
  /** Takes the lite shape of a request (upstream-codex 0.2). */
  lite: boolean
  /** `bundled` with the date of our list, `backend`, or `configured`. */
  source: string
  /** Unix ms when the backend told it. */
  fetchedAt?: number
  /** The backend's own entry, every field of it. */
  raw?: Readonly<Record<string, unknown>>
}

/** An entry of the backend's list as it came. */
export type ToldModel = { slug: string } & Readonly<Record<string, unknown>>

export interface ToldList {
  models: readonly ToldModel[]
  etag: string | undefined
}

/** What keeps lists beyond this process. A source is `codex:` and a plan. */
export interface ModelLists {
  list(): Promise<readonly { source: string }[]>
  get(source: string): Promise<{ models: readonly unknown[]; etag?: string | undefined; fetchedAt: number } | undefined>
  put(source: string, list: { models: readonly unknown[]; etag: string | undefined }): Promise<unknown>
}

export interface CatalogOptions {
  lists?: ModelLists
  /** `model.custom_models`, read at every call. */
  custom?: () => Config['model']['custom_models']
  log?: Pick<Log, 'warn'>
  now?: () => number
}

export interface Catalog {
  list(): readonly CatalogModel[]
  find(slug: string): CatalogModel | undefined
  /**
   * Takes over what the backend lists for a plan, in the place of what it listed before. At once in memory; resolves when it
   * is kept. Bundled models that no list names stay: lists depend on plan and client version.
   */
  learn(plan: string, list: ToldList): Promise<void>
  /** Takes over what is kept: at the start, and when another process has learned. Never throws. */
  load(): Promise<void>
  etagOf(plan: string): string | undefined
  /** Of the newest list. */
  readonly etag: string | undefined
  /** The plans whose lists name the model; undefined when no plan's list is known. */
  plansOf(slug: string): ReadonlySet<string> | undefined
  /**
   * May an account on this plan be asked for the model? Yes unless its plan's list is known and does not name it while
   * another's does: a model that no list names may be new, or hidden.
   */
  openTo(slug: string, plan: string | undefined): boolean
  /** Where the models come from, the newest list first. */
  sources(): readonly CatalogSource[]
}

export interface CatalogSource {
  /** `codex:plus` */
  source: string
  models: number
  /** Unix ms. */
  fetchedAt: number
}

interface PlanList {
  models: readonly ToldModel[]
  slugs: ReadonlySet<string>
  etag: string | undefined
  fetchedAt: number
}

const CODEX = 'codex:'

/**
 * The models of the Codex backend: our list until the backend has told its own, one list a plan.
 * @example
 * const catalog = createCatalog({ lists: store.modelLists, custom: () => config().model.custom_models })
 * await catalog.load()
 */
export function createCatalog(options: CatalogOptions = {}): Catalog {
  const { lists, custom = () => [], log, now = Date.now } = options
  const plans = new Map<string, PlanList>()
  let merged: { custom: unknown; models: Map<string, CatalogModel> } | undefined

  function take(plan: string, models: readonly ToldModel[], etag: string | undefined, fetchedAt: number): void {
    plans.set(plan, { models, slugs: new Set(models.map(({ slug }) => slug)), etag, fetchedAt })
    merged = undefined
  }

  function all(): Map<string, CatalogModel> {
    const configured = custom()
    // The configuration is another object after every change, so one look tells whether the list is still right.
    if (merged?.custom !== configured) merged = { custom: configured, models: merge(configured) }
    return merged.models
  }

  function merge(configured: ReturnType<typeof custom>): Map<string, CatalogModel> {
    const models = new Map<string, CatalogModel>()
    for (const bundled of BUNDLED) models.set(bundled.slug, { ...bundled, source: `bundled ${BUNDLED_AT}` })
    for (const { models: told, fetchedAt } of byAge().reverse()) {
      for (const raw of told) models.set(raw.slug, fromBackend(raw, models.get(raw.slug), fetchedAt))
    }
    for (const entry of configured) {
      const model = typeof entry === 'string' ? { id: entry } : entry
      models.set(model.id, fromConfiguration(model, models.get(model.id)))
    }
    return models
  }

  /** The newest first. */
  function byAge(): (PlanList & { plan: string })[] {
    return [...plans].map(([plan, list]) => ({ plan, ...list })).sort((a, b) => b.fetchedAt - a.fetchedAt)
  }

  return {
    list: () => [...all().values()],
    find: (slug) => all().get(slug),
    get etag() {
      return byAge()[0]?.etag
    },
    etagOf: (plan) => plans.get(plan)?.etag,
    async learn(plan, { models, etag }) {
      // An empty list is an answer of a backend in trouble; the last good one stays (upstream-codex 5.3).
      if (models.length === 0) return
      take(plan, models, etag, now())
      try {
        await lists?.put(CODEX + plan, { models, etag })
      } catch (error) {
        log?.warn({ err: error, plan }, 'the model list could not be kept; after a restart an older one is in force')
      }
    },
    async load() {
      try {
        for (const { source } of (await lists?.list()) ?? []) {
          if (!source.startsWith(CODEX)) continue
          const kept = await lists?.get(source)
          const plan = source.slice(CODEX.length)
          const models = (kept?.models ?? []).filter(isTold)
          if (kept === undefined || models.length === 0) continue
          if ((plans.get(plan)?.fetchedAt ?? 0) < kept.fetchedAt) take(plan, models, kept.etag, kept.fetchedAt)
        }
      } catch (error) {
        log?.warn({ err: error }, 'the kept model lists could not be read; the bundled list is in force until they can')
      }
    },
    plansOf(slug) {
      if (plans.size === 0) return undefined
      return new Set([...plans].filter(([, { slugs }]) => slugs.has(slug)).map(([plan]) => plan))
    },
    openTo(slug, plan) {
      const own = plan === undefined ? undefined : plans.get(plan)
      if (own === undefined || own.slugs.has(slug)) return true
      return ![...plans.values()].some(({ slugs }) => slugs.has(slug))
    },
    sources: () =>
      byAge().map(({ plan, models, fetchedAt }) => ({ source: CODEX + plan, models: models.length, fetchedAt })),
  }
}

function isTold(value: unknown): value is ToldModel {
  return typeof value === 'object' && value !== null && 'slug' in value && typeof value.slug === 'string'
}

function fromBackend(raw: ToldModel, before: CatalogModel | undefined, fetchedAt: number): CatalogModel {
  const levels = Array.isArray(raw['supported_reasoning_levels']) ? raw['supported_reasoning_levels'] : []
  const efforts = levels.flatMap((level: unknown) =>
    typeof level === 'object' && level !== null && 'effort' in level && typeof level.effort === 'string'
      ? [level.effort]
      : [],
  )
  const contextWindow = numberOr(raw['context_window'], before?.contextWindow)
  const maxContextWindow = numberOr(raw['max_context_window'], before?.maxContextWindow)
  const maxOutputTokens = numberOr(raw['max_output_tokens'], before?.maxOutputTokens)
  const defaultEffort =
    typeof raw['default_reasoning_level'] === 'string' ? raw['default_reasoning_level'] : before?.defaultEffort
  return {
    slug: raw.slug,
    displayName: typeof raw['display_name'] === 'string' ? raw['display_name'] : raw.slug,
    efforts: efforts.length > 0 ? efforts : (before?.efforts ?? []),
    ...(defaultEffort === undefined ? {} : { defaultEffort }),
    ...(contextWindow === undefined ? {} : { contextWindow }),
    ...(maxContextWindow === undefined ? {} : { maxContextWindow }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    listed: raw['visibility'] === undefined || raw['visibility'] === 'list',
    // What the client takes for an absent flag.
    lite: raw['use_responses_lite'] === true,
    source: 'backend',
    fetchedAt,
    raw,
  }
}

/** What the configuration says of a model goes before what anybody else says; what it leaves open stays. */
function fromConfiguration(
  model: Exclude<Config['model']['custom_models'][number], string>,
  before: CatalogModel | undefined,
): CatalogModel {
  const { id, display_name, efforts, default_effort, context_window, max_output_tokens } = model
  return {
    ...before,
    slug: id,
    displayName: display_name ?? before?.displayName ?? id,
    efforts: efforts ?? before?.efforts ?? [],
    ...(default_effort === undefined ? {} : { defaultEffort: default_effort }),
    ...(context_window === undefined
      ? {}
      : { contextWindow: context_window, maxContextWindow: Math.max(context_window, before?.maxContextWindow ?? 0) }),
    ...(max_output_tokens === undefined ? {} : { maxOutputTokens: max_output_tokens }),
    listed: true,
    lite: before?.lite ?? isLiteByName(id),
    source: 'configured',
  }
}

function numberOr(value: unknown, otherwise: number | undefined): number | undefined {
  return typeof value === 'number' && value > 0 ? value : otherwise
}
