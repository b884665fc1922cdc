import type { Note, PivotRequest } from '@dragoman/protocol'
import type { RelayedHeader } from './headers.js'
import { uuidFrom } from './identity.js'

type Headers = Readonly<Partial<Record<RelayedHeader, string>>>

/**
 * The request without what another account sealed in it: reasoning can be read only by the account that thought it, so the
 * backend would refuse the whole. What was said and done stays. Source: field notes, fact 6.
 * @param count so many items at the front were made with another account
 */
export function withoutForeignReasoning(
  request: PivotRequest,
  count: number,
): { request: PivotRequest; notes: readonly Note[] } {
  const dropped: number[] = []
  const input = request.input.filter((item, at) => {
    const foreign = at < count && item.type === 'reasoning'
    if (foreign) dropped.push(at)
    return !foreign
  })
  if (dropped.length === 0) return { request, notes: [] }
  return {
    request: { ...request, input },
    notes: dropped.map((at) => ({
      pointer: `/input/${at}`,
      what: 'dropped' as const,
      why: 'this reasoning was sealed for another account, which cannot serve now',
    })),
  }
}

/** Fields of `client_metadata` in which a native client names itself and its conversation. */
const ID_FIELDS =
  /(?:session|thread|turn|window|installation|conversation|parent)[-_]?(?:thread[-_]?)?id$|turn_metadata$|turn-metadata$/i
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi

/**
 * What a native client says of itself, as an account may hear it that has not served the conversation from its beginning: every id
 * is exchanged for one that belongs to (id, account), so that no two accounts ever show the same session, and the same id is
 * exchanged for the same each time. The state of a turn belongs to who began it and stays out when the turn moves.
 */
export function asSeenBy(
  secret: string,
  accountId: string,
): {
  body(body: Record<string, unknown>): Record<string, unknown>
  headers(relayed: Headers, moved: boolean): Headers
} {
  // The version stays as it was: the official client makes some of each.
  const exchanged = (id: string): string => uuidFrom(`${secret}\nseen by\n${accountId}\n${id}`, id.charAt(14))
  const exchange = (text: string): string => text.replace(UUID, (id) => exchanged(id.toLowerCase()))

  return {
    body(body) {
      const out = { ...body }
      if (typeof out['prompt_cache_key'] === 'string') out['prompt_cache_key'] = exchange(out['prompt_cache_key'])
      const metadata = out['client_metadata']
      if (typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata)) {
        out['client_metadata'] = Object.fromEntries(
          Object.entries(metadata).map(([name, value]: [string, unknown]) => [
            name,
            typeof value === 'string' && ID_FIELDS.test(name) ? exchange(value) : value,
          ]),
        )
      }
      return out
    },
    headers(relayed, moved) {
      const { 'x-codex-turn-state': turnState, ...rest } = relayed
      const out: Partial<Record<RelayedHeader, string>> = {}
      for (const [name, value] of Object.entries(rest)) out[name as RelayedHeader] = exchange(value)
      if (turnState !== undefined && !moved) out['x-codex-turn-state'] = turnState
      return out
    },
  }
}
