import type { DialectId, Failure, Note } from '@dragoman/protocol'

/** What the gateway remembers of one request. No bodies, no credentials. */
export interface RequestRecord {
  id: string
  /** Unix ms. */
  at: number
  /** The protocol that the client spoke. */
  dialect: DialectId | 'openai-images' | 'openai-embeddings' | 'openai-audio'
  path: string
  /** As the client named it. */
  model: string
  /** `provider:model`, once it was known. */
  route?: string
  keyId: string
  stream: boolean
  status?: number
  /** Which fallbacks were asked, `codex:gpt-5.5 -> openai:gpt-5.5 (quota)` each. */
  fallbacks?: string[]
  attempts: { candidate: string; outcome: string; ms: number }[]
  /** To the first output, ms. */
  ttftMs?: number
  durationMs?: number
  usage?: { inputTokens: number; cachedTokens: number; outputTokens: number; reasoningTokens: number }
  notes: Note[]
  failure?: Failure
}

export interface RequestRecords {
  add(record: RequestRecord): void
  get(id: string): RequestRecord | undefined
  /** The newest first. */
  list(count?: number): RequestRecord[]
  /** All requests that began after this are here, unix ms. Undefined: nothing was forgotten yet. */
  readonly forgottenUntil: number | undefined
}

/** The last requests, as many as `keep` says at the time; the oldest go first. */
export function createRequestRecords(options: { keep: () => number }): RequestRecords {
  const records = new Map<string, RequestRecord>()
  let forgottenUntil: number | undefined
  return {
    add(record) {
      records.delete(record.id)
      records.set(record.id, record)
      for (const [id, { at }] of records) {
        if (records.size <= options.keep()) break
        records.delete(id)
        forgottenUntil = Math.max(forgottenUntil ?? at, at)
      }
    },
    get: (id) => records.get(id),
    list: (count = Infinity) => [...records.values()].reverse().slice(0, count),
    get forgottenUntil() {
      return forgottenUntil
    },
  }
}
