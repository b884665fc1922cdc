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
  /** Shown in lists; hidden ones work when named. */
  listed: boolean
  /** `bundled` with the date of our list, or `backend`. */
  source: string
  /** The backend's own entry, every field of it. */
  raw?: Readonly<Record<string, unknown>>
}

export interface Catalog {
  list(): readonly CatalogModel[]
  find(slug: string): CatalogModel | undefined
  /** Takes over what the backend lists. What it does not list stays as bundled: the list depends on plan and client version. */
  learn(models: readonly ({ slug: string } & Record<string, unknown>)[], etag: string | undefined): void
  readonly etag: string | undefined
}

const EFFORTS = ['low', 'medium', 'high', 'xhigh', 'max', 'ultra']
const OLDER_EFFORTS = ['minimal', 'low', 'medium', 'high', 'xhigh']

/** As bundled with codex-cli 0.169 (2026-11); the 5.3 and 5.4 models are those that clients of mid-2026 still ask for. */
const BUNDLED: readonly Omit<CatalogModel, 'source'>[] = [
  model('gpt-6-astra', 'GPT-6 Astra', EFFORTS, 272_000, 872_000),
  model('gpt-6.1-sol', 'GPT-6.1 Sol', EFFORTS, 272_000, 872_000),
  model('gpt-6.1-terra', 'GPT-6.1 Terra', EFFORTS, 500_000, 872_000),
  model('gpt-6-sol', 'GPT-6 Sol', EFFORTS, 272_000, 872_000),
  model('gpt-6-luna', 'GPT-6 Luna', EFFORTS, 272_000, 872_000),
  model('gpt-5.6-sol', 'GPT-5.6 Sol', EFFORTS, 272_000, 872_000),
  model('gpt-5.6-terra', 'GPT-5.6 Terra', EFFORTS, 272_000, 872_000),
  model('gpt-5.6-luna', 'GPT-5.6 Luna', EFFORTS, 272_000, 872_000),
  model('gpt-5.5', 'GPT-5.5', EFFORTS, 272_000, 272_000),
  model('gpt-5.4', 'GPT-5.4', OLDER_EFFORTS, 272_000, 272_000),
  model('gpt-5.4-mini', 'GPT-5.4 mini', OLDER_EFFORTS, 272_000, 272_000),
  model('gpt-5.3-codex', 'GPT-5.3 Codex', OLDER_EFFORTS, 272_000, 272_000),
  { ...model('codex-auto-review', 'Codex auto review', EFFORTS, 272_000, 272_000), listed: false },
  { ...model('gpt-daybreak-blue-latest', 'Daybreak Blue', EFFORTS, 272_000, 272_000), listed: false },
  { ...model('gpt-daybreak-red-latest', 'Daybreak Red', EFFORTS, 272_000, 272_000), listed: false },
]

function model(
  slug: string,
  displayName: string,
  efforts: readonly string[],
  contextWindow: number,
  maxContextWindow: number,
): Omit<CatalogModel, 'source'> {
  return { slug, displayName, efforts, defaultEffort: 'medium', contextWindow, maxContextWindow, listed: true }
}

/** The models of the Codex backend: our list until the backend has told its own. */
export function createCatalog(): Catalog {
  const models = new Map<string, CatalogModel>()
  for (const bundled of BUNDLED) models.set(bundled.slug, { ...bundled, source: 'bundled 2026-11' })
  let etag: string | undefined

  return {
    list: () => [...models.values()],
    find: (slug) => models.get(slug),
    get etag() {
      return etag
    },
    learn(list, newEtag) {
      // An empty list is an answer of a backend in trouble; the last good one stays (upstream-codex 5.3).
      if (list.length === 0) return
      etag = newEtag
      for (const raw of list) models.set(raw.slug, fromBackend(raw, models.get(raw.slug)))
    },
  }
}

function fromBackend(raw: { slug: string } & Record<string, unknown>, before: CatalogModel | undefined): CatalogModel {
  const levels = Array.isArray(raw['supported_reasoning_levels']) ? raw['supported_reasoning_levels'] : []
  const efforts = levels.flatMap((level: unknown) =>
    typeof level === 'object' && level !== null && 'effort' in level && typeof level.effort === 'string'
      ? [level.effort]
      : [],
  )
  const contextWindow = numberOr(raw['context_window'], before?.contextWindow)
  const maxContextWindow = numberOr(raw['max_context_window'], before?.maxContextWindow)
  const defaultEffort =
    typeof raw['default_reasoning_level'] === 'string' ? raw['default_reasoning_level'] : before?.defaultEffort
  return {
    slug: raw.slug,
    displayName: typeof raw['display_name'] === 'string' ? raw['display_name'] : raw.slug,
    efforts: efforts.length > 0 ? efforts : (before?.efforts ?? []),
    ...(defaultEffort === undefined ? {} : { defaultEffort }),
    ...(contextWindow === undefined ? {} : { contextWindow }),
    ...(maxContextWindow === undefined ? {} : { maxContextWindow }),
    listed: raw['visibility'] === undefined || raw['visibility'] === 'list',
    source: 'backend',
    raw,
  }
}

function numberOr(value: unknown, otherwise: number | undefined): number | undefined {
  return typeof value === 'number' && value > 0 ? value : otherwise
}
