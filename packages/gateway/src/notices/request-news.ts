import type { RequestRecord } from '../telemetry/index.js'
import type { News } from './notice.js'

/** What a finished request has to tell: that a fallback answered, that its conversation moved. */
export function newsOfRequest(record: RequestRecord): News[] {
  const { id, fallbacks, move, failure, usage, keyId } = record
  const news: News[] = []
  const step = /^(.+) -> (.+) \((.+)\)$/.exec(fallbacks?.at(-1) ?? '')
  if (step !== null && failure === undefined) {
    const [from = '', to = '', why = ''] = step.slice(1)
    news.push({ type: 'fallback_used', clientKeyId: keyId, data: { from, to, why, requestId: id } })
  }
  if (move !== undefined && failure === undefined) {
    const after = usage === undefined ? {} : { cachedTokensAfter: usage.cachedTokens }
    news.push({ type: 'conversation_moved', accountId: move.to, clientKeyId: keyId, data: { ...move, ...after } })
  }
  return news
}
