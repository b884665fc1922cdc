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
  /** Which rule led there. */
  why?: string
  keyId: string
  /** The program that asked, as far as it says: `codex`, `claude-code`, `curl`; see `client-program.ts`. */
  client?: string
  stream: boolean
  status?: number
  /** Which fallbacks were asked, `codex:gpt-5.5 -> openai:gpt-5.5 (quota)` each. */
  fallbacks?: string[]
  attempts: RequestAttempt[]
  /** The provider that answered, or was asked last: `codex`, `deepseek`. */
  provider?: string
  /** The upstream's own name of the model. */
  upstreamModel?: string
  /** The ChatGPT account or the API key (`acc_…`, `ak_…`) that answered, or was asked last. */
  candidateId?: string
  /** As asked of the upstream: `fast`, `flex`. */
  serviceTier?: string
  /** Which chain of turns it belongs to: a hash. */
  chain?: string
  /** How long it waited for a free account, ms. */
  queuedMs?: number
  /** Its conversation went to another account, which has to read it from the start. */
  move?: { from: string; to: string; why: string }
  /** To the first output, ms. */
  ttftMs?: number
  durationMs?: number
  usage?: RequestUsage
  notes: Note[]
  failure?: Failure
}

/** One candidate asked. */
export interface RequestAttempt {
  /** Fit to show. */
  candidate: string
  /** `acc_…`, `ak_…` */
  id?: string
  /** Why it was its turn. */
  why?: string
  provider?: string
  /** The upstream's own name of the model. */
  model?: string
  /** `ok`, or the kind of its failure. */
  outcome: string
  /** What the upstream said, of one that failed. */
  message?: string
  /** Its HTTP status, of one that failed. */
  status?: number
  /** After the beginning of the request, ms. */
  startMs?: number
  ms: number
}

/** Tokens. `cachedTokens` are among the input, `reasoningTokens` among the output, images among either. */
export interface RequestUsage {
  inputTokens: number
  cachedTokens: number
  outputTokens: number
  reasoningTokens: number
  imageInputTokens?: number
  imageOutputTokens?: number
}

export interface RequestRecords {
  /** A request has begun; its record grows until {@link add}. */
  begin(record: RequestRecord): void
  /** Told every request that the relay takes on. */
  onBegin(listener: (record: RequestRecord) => void): () => void
  add(record: RequestRecord): void
  /** Told every record when its request is over, in the order in which they end. */
  onAdd(listener: (record: RequestRecord) => void): () => void
  /** Those under way, the newest first. */
  running(): RequestRecord[]
  get(id: string): RequestRecord | undefined
  /** The newest first. */
  list(count?: number): RequestRecord[]
  /** All requests that began after this are here, unix ms. Undefined: nothing was forgotten yet. */
  readonly forgottenUntil: number | undefined
}

/** The last requests, as many as `keep` says at the time; the oldest go first. */
export function createRequestRecords(options: { keep: () => number }): RequestRecords {
  const records = new Map<string, RequestRecord>()
  const listeners = new Set<(record: RequestRecord) => void>()
  const beginners = new Set<(record: RequestRecord) => void>()
  const underWay = new Set<RequestRecord>()
  let forgottenUntil: number | undefined
  return {
    begin(record) {
      underWay.add(record)
      for (const listener of beginners) listener(record)
    },
    onBegin(listener) {
      beginners.add(listener)
      return () => beginners.delete(listener)
    },
    onAdd(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    running: () => [...underWay].reverse(),
    add(record) {
      underWay.delete(record)
      for (const listener of listeners) listener(record)
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
