import type { Recipe } from './clients/index.js'

/** What these pages read of a request that was told live. */
export interface LiveRecord {
  /** `x-request-id` of its reply. */
  id: string
  /** By which the log knows it. */
  logId?: string
  path: string
  model: string
  keyId: string
  client?: string
  status?: number
  ttftMs?: number
  durationMs?: number
  tokensPerSecond?: number
  inputTokens?: number
  outputTokens?: number
  costUsd?: number
  /** Why it failed. */
  failure?: string
}

/** @returns undefined for what is no request, or one that still runs */
export function readRecord(data: unknown): LiveRecord | undefined {
  const told = field(data, 'entry')
  const id = text(told, 'requestId')
  if (id === undefined || field(data, 'phase') !== 'finished') return undefined
  const usage = field(told, 'usage')
  const record: LiveRecord = {
    id,
    path: text(told, 'path') ?? '',
    model: text(told, 'model') ?? '',
    keyId: text(field(told, 'key'), 'id') ?? '',
  }
  const optional = {
    logId: text(told, 'id'),
    client: text(told, 'client'),
    status: number(told, 'status'),
    ttftMs: number(told, 'ttftMs'),
    durationMs: number(told, 'durationMs'),
    tokensPerSecond: number(told, 'tokensPerSecond'),
    inputTokens: number(usage, 'inputTokens'),
    outputTokens: number(usage, 'outputTokens'),
    costUsd: number(told, 'costUsd'),
    failure: text(told, 'error'),
  }
  for (const [name, value] of Object.entries(optional)) {
    if (value !== undefined) Object.assign(record, { [name]: value })
  }
  return record
}

function text(of: unknown, name: string): string | undefined {
  const value = field(of, name)
  return typeof value === 'string' ? value : undefined
}

function number(of: unknown, name: string): number | undefined {
  const value = field(of, name)
  return typeof value === 'number' ? value : undefined
}

function field(of: unknown, name: string): unknown {
  return typeof of === 'object' && of !== null ? (Reflect.get(of, name) as unknown) : undefined
}

/** Requests of the pages themselves. */
const OWN_KEYS: readonly string[] = ['playground']

/**
 * Is this the request that somebody waits for? `sure`: it says so itself, or shows the key that was made for it. `likely`: nothing
 * speaks against it.
 */
export function fit(record: LiveRecord, recipe: Recipe, keyId: string | undefined): 'sure' | 'likely' | 'no' {
  if (OWN_KEYS.includes(record.keyId)) return 'no'
  if (keyId !== undefined && record.keyId === keyId) return 'sure'
  if (record.client !== undefined && recipe.programs.includes(record.client)) return 'sure'
  if (recipe.needsOllama === true && record.path.startsWith('/api/')) return 'likely'
  // Whoever names itself is somebody else, unless it is an SDK, a runtime or a browser that the client may be made of.
  if (record.client !== undefined && !VESSELS.includes(record.client)) return 'no'
  if (recipe.seen !== undefined && NAME_THEMSELVES.includes(recipe.id)) return 'no'
  return recipe.paths.some((path) => record.path === path || (path.endsWith('/') && record.path.startsWith(path)))
    ? 'likely'
    : 'no'
}

const VESSELS: readonly string[] = ['node', 'python', 'ai-sdk', 'browser']
/** These were seen to say who they are in every request (clients 2 to 6). */
const NAME_THEMSELVES: readonly string[] = ['codex', 'claude-code', 'gemini-cli', 'opencode', 'continue', 'curl']
