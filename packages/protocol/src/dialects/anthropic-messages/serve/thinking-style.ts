import type { PivotRequest, ReasoningItem } from '../../../pivot/index.js'
import { isJson, type Json } from '../../json.js'
import { keptFields, type ThinkingStyle } from '../wire.js'

/**
 * A client that did not ask for thinking expects no such block; many scripts read `content[0].text`. With tools it gets the
 * opaque state all the same, because the answer after a tool call is worse without it, and who has tools looks at the type of a block.
 */
export function askedStyle(body: Json): ThinkingStyle {
  const thinking = body['thinking']
  if (isJson(thinking) && thinking['type'] !== 'disabled') return thinking['display'] === 'omitted' ? 'signed' : 'shown'
  return Array.isArray(body['tools']) && body['tools'].length > 0 ? 'signed' : 'none'
}

export function thinkingStyle(request: PivotRequest): ThinkingStyle {
  return keptFields(request).thinking ?? 'shown'
}

/** Is there anything in this item that a client could give back? */
export function saysSomething(item: ReasoningItem): boolean {
  return (
    typeof item.encrypted_content === 'string' ||
    item.extra !== undefined ||
    item.summary.some(({ text }) => text !== '') ||
    (item.content ?? []).some(({ text }) => text !== '')
  )
}
