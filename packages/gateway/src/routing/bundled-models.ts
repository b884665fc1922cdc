/** A model of our own list. */
export interface BundledModel {
  slug: string
  displayName: string
  efforts: readonly string[]
  defaultEffort: string
  contextWindow: number
  maxContextWindow: number
  listed: boolean
  lite: boolean
}

/** When the list below was taken down. */
export const BUNDLED_AT = '2026-11'

const EFFORTS = ['low', 'medium', 'high', 'xhigh', 'max', 'ultra']
const OLDER_EFFORTS = ['minimal', 'low', 'medium', 'high', 'xhigh']

/** As bundled with codex-cli 0.169 (2026-11); the 5.3 and 5.4 models are those that clients of mid-2026 still ask for. */
export const BUNDLED: readonly BundledModel[] = [
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

/** Models since GPT-5.6 take the lite shape of a request; the backend's own list says so of each. Source: upstream-codex 0.2. */
export function isLiteByName(slug: string): boolean {
  return /^gpt-(?:5\.6|6)(?:$|[.-])/.test(slug)
}

function model(
  slug: string,
  displayName: string,
  efforts: readonly string[],
  contextWindow: number,
  maxContextWindow: number,
): BundledModel {
  const lite = isLiteByName(slug)
  return { slug, displayName, efforts, defaultEffort: 'medium', contextWindow, maxContextWindow, listed: true, lite }
}
