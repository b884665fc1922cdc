import type { PivotRequest, ReasoningItem } from '../../../pivot/index.js'
import { isJson } from '../../json.js'
import { anthropicFields } from '../wire.js'

/**
 * What the client sees of reasoning: `shown` with its texts, `signed` as a block that has only the opaque state, or `none`.
 */
export type ThinkingStyle = 'shown' | 'signed' | 'none'

/**
 * A client that did not ask for thinking expects no such block; many scripts read `content[0].text`. With tools it gets the
 * opaque state all the same, because the answer after a tool call is worse without it, and who has tools looks at the type of a block.
 */
export function thinkingStyle(request: PivotRequest): ThinkingStyle {
  const thinking = anthropicFields(request)['thinking']
  if (isJson(thinking) && thinking['type'] !== 'disabled') return thinking['display'] === 'omitted' ? 'signed' : 'shown'
  return (request.tools ?? []).length > 0 ? 'signed' : 'none'
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
