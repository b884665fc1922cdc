import type { PivotRequest } from '@dragoman/protocol'
import { estimateTokensOf } from '../scene/tokens.js'

/** Prompts remembered for one key. A conversation needs only its last; branches and retries need a few more. */
const REMEMBERED = 4

/** What replies told of the prompt cache. */
export interface CacheCounts {
  /** Replies that were played to their end and told their usage. */
  readonly requests: number
  readonly inputTokens: number
  /** Of these, known to the cache. */
  readonly cachedTokens: number
}

/** The prompt cache as a test sees it. */
export interface CacheView extends CacheCounts {
  readonly byAccount: Readonly<Record<string, CacheCounts>>
  /** Forgets the prompts of one account, or all of them; what was counted stays. */
  clear(accountId?: string): void
}

const NOTHING: CacheCounts = { requests: 0, inputTokens: 0, cachedTokens: 0 }

/**
 * A model of prompt caching, not a fact: for one account, session and `prompt_cache_key`, the longest prefix that the prompt shares with an earlier
 * one counts as cached, in steps of 128 tokens and from 1,024 on. OpenAI documents the steps and the minimum; how the backend routes is not known.
 */
export class PromptCache {
  /** By account, then by session and key. */
  readonly #prompts = new Map<string, Map<string, Segment[][]>>()
  readonly #counts = new Map<string, CacheCounts>()

  /** As at the start. */
  reset(): void {
    this.#prompts.clear()
    this.#counts.clear()
  }

  /** Looks a prompt up and remembers it. @returns cached tokens */
  use({ accountId, session }: { accountId: string; session: string }, request: PivotRequest): number {
    const own = this.#prompts.get(accountId) ?? new Map<string, Segment[][]>()
    this.#prompts.set(accountId, own)
    const name = JSON.stringify([session, request.prompt_cache_key ?? null])
    const prompt = segments(request)
    const known = own.get(name) ?? []
    const shared = Math.max(0, ...known.map((other) => sharedCharacters(prompt, other)))
    own.set(name, [prompt, ...known].slice(0, REMEMBERED))
    const tokens = Math.floor(estimateTokensOf(shared) / 128) * 128
    return tokens >= 1024 ? tokens : 0
  }

  /** Counts what a reply told. */
  count(accountId: string, told: { inputTokens: number; cachedTokens: number }): void {
    const { requests, inputTokens, cachedTokens } = this.#counts.get(accountId) ?? NOTHING
    this.#counts.set(accountId, {
      requests: requests + 1,
      inputTokens: inputTokens + told.inputTokens,
      cachedTokens: cachedTokens + told.cachedTokens,
    })
  }

  /** Always as it is now. */
  view(): CacheView {
    const [prompts, counts] = [this.#prompts, this.#counts]
    const sum = (field: keyof CacheCounts) => [...counts.values()].reduce((total, one) => total + one[field], 0)
    return {
      get requests() {
        return sum('requests')
      },
      get inputTokens() {
        return sum('inputTokens')
      },
      get cachedTokens() {
        return sum('cachedTokens')
      },
      get byAccount() {
        return Object.fromEntries(counts)
      },
      clear(accountId) {
        if (accountId === undefined) prompts.clear()
        else prompts.delete(accountId)
      },
    }
  }
}

const NOT_READ = new Set(['id', 'status', 'annotations', 'logprobs', 'internal_chat_message_metadata_passthrough'])

interface Segment {
  /** What a model would read. */
  text: string
  /** How much of the request it is, as prompts are counted. */
  characters: number
}

/** In order: instructions, tools, items. */
function segments(request: PivotRequest): Segment[] {
  const whole = (text: string): Segment => ({ text, characters: text.length })
  return [
    whole(request.instructions ?? ''),
    whole(JSON.stringify(request.tools ?? [])),
    ...request.input.map((item) => ({ text: JSON.stringify(read(item)), characters: JSON.stringify(item).length })),
  ]
}

/**
 * One form for an item however it came: what a server said and continues, a client may send back with other marks and in another order of
 * its fields, and a model reads the same.
 */
function read(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(read)
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.entries(value)
    .filter(([name, field]) => field !== null && !NOT_READ.has(name))
    .sort(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(fields.map(([name, field]) => [name, read(field)]))
}

function sharedCharacters(one: readonly Segment[], other: readonly Segment[]): number {
  let shared = 0
  for (const [index, { text, characters }] of one.entries()) {
    const twin = other[index]?.text
    if (twin === text) {
      shared += characters
      continue
    }
    let same = 0
    while (twin !== undefined && same < text.length && text.charCodeAt(same) === twin.charCodeAt(same)) same += 1
    return shared + same
  }
  return shared
}
