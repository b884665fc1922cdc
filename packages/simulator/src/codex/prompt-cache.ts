import type { PivotRequest } from '@dragoman/protocol'
import { estimateTokensOf } from '../scene/tokens.js'

/** Prompts remembered for one key. A conversation needs only its last; branches and retries need a few more. */
const REMEMBERED = 4

/**
 * A model of prompt caching, not a fact: for one account, session and `prompt_cache_key`, the longest prefix that the prompt shares with an earlier
 * one counts as cached, in steps of 128 tokens and from 1,024 on. OpenAI documents the steps and the minimum; how the backend routes is not known.
 */
export class PromptCache {
  readonly #prompts = new Map<string, string[][]>()

  clear(): void {
    this.#prompts.clear()
  }

  /** Looks a prompt up and remembers it. @returns cached tokens */
  use(key: { accountId: string; session: string }, request: PivotRequest): number {
    const name = JSON.stringify([key.accountId, key.session, request.prompt_cache_key ?? null])
    const prompt = segments(request)
    const known = this.#prompts.get(name) ?? []
    const shared = Math.max(0, ...known.map((other) => sharedCharacters(prompt, other)))
    this.#prompts.set(name, [prompt, ...known].slice(0, REMEMBERED))
    const tokens = Math.floor(estimateTokensOf(shared) / 128) * 128
    return tokens >= 1024 ? tokens : 0
  }
}

const NOT_READ = { id: undefined, status: undefined, internal_chat_message_metadata_passthrough: undefined }

/** What a model would read, in order: instructions, tools, items without what only the transport needs. */
function segments(request: PivotRequest): string[] {
  return [
    request.instructions ?? '',
    JSON.stringify(request.tools ?? []),
    ...request.input.map((item) => JSON.stringify({ ...item, ...NOT_READ })),
  ]
}

function sharedCharacters(one: readonly string[], other: readonly string[]): number {
  let characters = 0
  for (const [index, segment] of one.entries()) {
    const twin = other[index]
    if (twin === segment) {
      characters += segment.length
      continue
    }
    let same = 0
    while (twin !== undefined && same < segment.length && segment.charCodeAt(same) === twin.charCodeAt(same)) same += 1
    return characters + same
  }
  return characters
}
