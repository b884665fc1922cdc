import { createHash } from 'node:crypto'

/** A model as `GET /codex/models` tells it: the eleven keys the client requires, and those of the optional ones that matter to a gateway. */
export interface ModelInfo {
  slug: string
  display_name: string
  description?: string
  supported_reasoning_levels: { effort: string; description: string }[]
  default_reasoning_level?: string
  shell_type: string
  visibility: 'list' | 'hide' | 'none'
  supported_in_api: boolean
  priority: number
  support_verbosity: boolean
  truncation_policy: { mode: 'bytes' | 'tokens'; limit: number }
  experimental_supported_tools: string[]
  base_instructions: string
  context_window?: number
  max_context_window?: number
  effective_context_window_percent?: number
  use_responses_lite?: boolean
  service_tiers?: { id: string; name: string; description: string }[]
  input_modalities?: string[]
  minimal_client_version?: string
  [field: string]: unknown
}

const EFFORTS: Readonly<Record<string, string>> = {
  low: 'Fast responses with lighter reasoning',
  medium: 'Balances speed and reasoning depth',
  high: 'Greater reasoning depth for complex problems',
  xhigh: 'Extra high reasoning depth',
  max: 'As much reasoning as the model can give',
  ultra: 'Several passes of reasoning',
}

/** Slug, context window, largest context window, lite shape, visibility. Source: upstream notes 0.9 and 5.3 (client 0.169). */
const BUNDLED: readonly (readonly [string, number, number, boolean, 'list' | 'hide'])[] = [
  ['gpt-6-astra', 272_000, 872_000, true, 'list'],
  ['gpt-6.1-sol', 272_000, 872_000, true, 'list'],
  ['gpt-6.1-terra', 500_000, 872_000, true, 'list'],
  ['gpt-6-sol', 272_000, 872_000, true, 'list'],
  ['gpt-6-luna', 272_000, 872_000, true, 'list'],
  ['gpt-5.6-sol', 272_000, 872_000, true, 'list'],
  ['gpt-5.6-terra', 272_000, 872_000, true, 'list'],
  ['gpt-5.6-luna', 272_000, 872_000, true, 'list'],
  ['gpt-5.5', 272_000, 272_000, false, 'list'],
  ['gpt-5.4', 272_000, 272_000, false, 'list'],
  ['gpt-5.4-mini', 272_000, 272_000, false, 'list'],
  ['gpt-daybreak-blue-latest', 272_000, 272_000, false, 'hide'],
  ['gpt-daybreak-red-latest', 272_000, 272_000, false, 'hide'],
  ['codex-auto-review', 272_000, 272_000, false, 'hide'],
]

/** The models that the simulator starts with. */
export function bundledModels(): ModelInfo[] {
  return BUNDLED.map(([slug, context, most, lite, visibility], index) => ({
    slug,
    display_name: slug,
    description: `${slug}, as the simulator plays it`,
    supported_reasoning_levels: levels(lite),
    default_reasoning_level: 'medium',
    shell_type: 'shell_command',
    visibility,
    supported_in_api: true,
    priority: index,
    support_verbosity: true,
    default_verbosity: 'low',
    truncation_policy: { mode: 'tokens', limit: 10_000 },
    experimental_supported_tools: [],
    base_instructions: 'You are Codex, a coding agent.',
    context_window: context,
    max_context_window: most,
    effective_context_window_percent: 95,
    use_responses_lite: lite,
    service_tiers: [{ id: 'priority', name: 'Fast', description: 'Faster answers for more of your limit' }],
    input_modalities: ['text', 'image'],
  }))
}

function levels(lite: boolean): { effort: string; description: string }[] {
  const offered = lite ? Object.keys(EFFORTS) : ['low', 'medium', 'high', 'xhigh']
  return offered.map((effort) => ({ effort, description: EFFORTS[effort] ?? '' }))
}

/** The catalog's `ETag`, also told as `x-models-etag` by every reply. */
export function modelsEtag(models: readonly ModelInfo[]): string {
  return `W/"${createHash('sha256').update(JSON.stringify(models)).digest('hex').slice(0, 32)}"`
}

/** The server shows a client only what its version can use. Versions are compared number by number. */
export function visibleTo(models: readonly ModelInfo[], clientVersion: string): ModelInfo[] {
  return models.filter(({ minimal_client_version: least }) => least === undefined || compare(clientVersion, least) >= 0)
}

function compare(one: string, other: string): number {
  const [a, b] = [one, other].map((version) => version.split('.').map(Number))
  for (let index = 0; index < 3; index += 1) {
    const difference = (a?.[index] ?? 0) - (b?.[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
