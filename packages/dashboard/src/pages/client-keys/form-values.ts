import type { UseFormReturnType } from '@mantine/form'
import { PERIODS, type ClientKey, type NewClientKey, type Period } from './data.js'

export const EXPIRIES = ['never', '7', '30', '90', '365', 'custom'] as const
export type Expiry = (typeof EXPIRIES)[number]
export const TOOLS = ['web_search', 'image_generation'] as const
export type ToolsMode = 'config' | 'none' | 'chosen'

type Amount = number | ''

/** What the form holds; an empty number is no limit. */
export interface KeyFormValues {
  name: string
  expiry: Expiry | 'kept'
  /** As `<input type="datetime-local">` has it. */
  expiryDate: string
  usd: Record<Period, Amount>
  tokens: Record<Period, Amount>
  rpm: Amount
  concurrency: Amount
  models: string[]
  toolsMode: ToolsMode
  tools: string[]
  strict: boolean
  accounts: string[]
  own: string
}

export type KeyForm = UseFormReturnType<KeyFormValues>

const DAY_MS = 86_400_000

export function valuesOf(key: ClientKey | undefined): KeyFormValues {
  const amount = (value: number | null | undefined): Amount => value ?? ''
  const each = (field: 'max_budget_usd' | 'max_tokens'): Record<Period, Amount> => ({
    day: amount(key?.budgets.day[field]),
    month: amount(key?.budgets.month[field]),
    total: amount(key?.budgets.total[field]),
  })
  return {
    name: key?.name ?? '',
    expiry: (key?.expires_at ?? null) === null ? 'never' : 'kept',
    expiryDate: '',
    usd: each('max_budget_usd'),
    tokens: each('max_tokens'),
    rpm: amount(key?.requests_per_minute),
    concurrency: amount(key?.max_concurrency),
    models: key?.allowed_models ?? [],
    toolsMode: (key?.default_tools ?? null) === null ? 'config' : key?.default_tools?.length === 0 ? 'none' : 'chosen',
    tools: key?.default_tools ?? [],
    strict: key?.strict ?? false,
    accounts: key?.accounts ?? [],
    own: '',
  }
}

/** What is sent: all of it, so that what was emptied is taken away. */
export function bodyOf(values: KeyFormValues, now: number): Omit<NewClientKey, 'key'> {
  const orNull = (amount: Amount): number | null => (amount === '' || amount <= 0 ? null : amount)
  const listOrNull = (list: string[]): string[] | null => (list.length === 0 ? null : list)
  const expires = expiresAt(values, now)
  return {
    name: values.name.trim(),
    ...(expires === undefined ? {} : { expires_at: expires }),
    budgets: Object.fromEntries(
      PERIODS.map((period) => [
        period,
        { max_budget_usd: orNull(values.usd[period]), max_tokens: orNull(values.tokens[period]) },
      ]),
    ),
    requests_per_minute: orNull(values.rpm),
    max_concurrency: orNull(values.concurrency),
    allowed_models: listOrNull(values.models),
    default_tools:
      values.toolsMode === 'config'
        ? null
        : TOOLS.filter((tool) => values.toolsMode === 'chosen' && values.tools.includes(tool)),
    strict: values.strict,
    accounts: listOrNull(values.accounts),
  }
}

/** Undefined: as it is. */
function expiresAt({ expiry, expiryDate }: KeyFormValues, now: number): string | null | undefined {
  if (expiry === 'kept') return undefined
  if (expiry === 'never') return null
  if (expiry === 'custom') return new Date(expiryDate).toISOString()
  return new Date(now + Number(expiry) * DAY_MS).toISOString()
}

/** How many of these say something. */
export function countSet(values: KeyFormValues): { budgets: number; rates: number } {
  const set = (amounts: Amount[]): number => amounts.filter((amount) => amount !== '').length
  return {
    budgets: set([...Object.values(values.usd), ...Object.values(values.tokens)]),
    rates: set([values.rpm, values.concurrency]),
  }
}
